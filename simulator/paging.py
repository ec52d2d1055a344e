"""Pages of a list: ``pageSize``, opaque ``pageToken``, ``orderBy``. Sinch API: pagination.

A token remembers the last item shown, not an offset, so that items added between two pages neither repeat nor
hide others; in creation order a page costs no more than the items it walks over. The size of the whole list is
counted for its first page; tokens remember it.
"""

import base64
import binascii
import json
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from starlette.datastructures import QueryParams

from simulator.errors import FieldViolation, invalid

DEFAULT_PAGE_SIZE = 20
LARGEST_PAGE_SIZE = 1000


class Listed(Protocol):
    """An item of a list kept in creation order; ``sequence`` grows along it, with gaps where items were deleted."""

    sequence: int


Item = TypeVar("Item", bound=Listed)

SortKey = Callable[[Any], str]

TIME_ORDERS: Mapping[str, SortKey | None] = {
    "createdTime": None,
    "updatedTime": lambda item: f"{item.updated:.6f}",
}
"""What a list is ordered by, by the literal of ``orderBy``; None is the creation order that the list is kept in."""


@dataclass(frozen=True)
class Page(Generic[Item]):
    """The items of one page, the token of the next (empty at the end of the list), and the size of the whole list."""

    items: list[Item]
    next_page_token: str
    total_size: int


@dataclass(frozen=True)
class PageRequest:
    """A validated request for one page: how many items, in which order, after which one (its key and sequence)."""

    size: int
    sort_key: SortKey | None
    after: tuple[str, int] | None
    total_size: int | None
    fingerprint: int

    @classmethod
    def of(cls, query: QueryParams, orders: Mapping[str, SortKey | None] = TIME_ORDERS) -> "PageRequest":
        """Read the paging parameters of a query; raises ApiError 400 when one is malformed."""
        order_by = query.get("orderBy", "")
        if order_by not in {"", *orders}:
            raise invalid(FieldViolation("orderBy", f"'{order_by}' is none of {', '.join(orders)}"))
        filters = sorted(item for item in query.multi_items() if item[0] not in {"pageToken", "pageSize"})
        fingerprint = zlib.crc32(repr(filters).encode())
        total_size, after = _position(query.get("pageToken", ""), fingerprint)
        return cls(
            size=page_size(query),
            sort_key=orders.get(order_by),
            after=after,
            total_size=total_size,
            fingerprint=fingerprint,
        )

    def cut(
        self, in_creation_order: Sequence[Item], matches: Callable[[Item], bool], total_size: int | None = None
    ) -> Page[Item]:
        """The requested page of the items that match; who knows how many do can save counting them."""
        total = self.total_size if total_size is None else total_size
        if total is None:
            in_creation_order = [item for item in in_creation_order if matches(item)]
            total = len(in_creation_order)
        found: list[Item] = []
        for item in self._candidates(in_creation_order) if total else ():
            if matches(item):
                if len(found) == self.size:
                    return Page(found, self._token(found[-1], total), total)
                found.append(item)
        return Page(found, "", total)

    def _candidates(self, in_creation_order: Sequence[Item]) -> Iterable[Item]:
        if self.sort_key is not None:
            after = self.after
            return sorted(
                (item for item in in_creation_order if after is None or self._place_of(item) > after),
                key=self._place_of,
            )
        start = 0
        if self.after is not None:
            start = bisect_right(in_creation_order, self.after[1], key=lambda item: item.sequence)
        return (in_creation_order[place] for place in range(start, len(in_creation_order)))

    def _place_of(self, item: Listed) -> tuple[str, int]:
        return "" if self.sort_key is None else self.sort_key(item), item.sequence

    def _token(self, last: Listed, total_size: int) -> str:
        return base64.b64encode(json.dumps([self.fingerprint, total_size, *self._place_of(last)]).encode()).decode()


def page_size(query: QueryParams, name: str = "pageSize") -> int:
    """How many items are asked for at most; raises ApiError 400 when that is no number."""
    text = query.get(name, "")
    if not text:
        return DEFAULT_PAGE_SIZE
    if not text.isascii() or not text.isdigit():
        raise invalid(FieldViolation(name, f"'{text}' is not a whole number from 0 on"))
    return min(int(text), LARGEST_PAGE_SIZE) or DEFAULT_PAGE_SIZE


def _position(token: str, fingerprint: int) -> tuple[int | None, tuple[str, int] | None]:
    """The size of the list and the place of the last item shown, both None before the first page."""
    if not token:
        return None, None
    try:
        token_fingerprint, total_size, key, sequence = json.loads(base64.b64decode(token, validate=True))
        position = int(total_size), (str(key), int(sequence))
    except (binascii.Error, ValueError, TypeError):
        raise invalid(FieldViolation("pageToken", "not a token that this list has given out")) from None
    if token_fingerprint != fingerprint:
        raise invalid(FieldViolation("pageToken", "the token was given out for other filters or another order"))
    return position
