"""Pages of a list: ``pageSize``, opaque ``pageToken``, ``orderBy``. Sinch API: pagination.

A token remembers the last item shown, not an offset, so that items added between two pages neither repeat nor
hide others; in creation order a page costs no more than the items it walks over.
"""

import base64
import binascii
import zlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from starlette.datastructures import QueryParams

from simulator.errors import FieldViolation, invalid

DEFAULT_PAGE_SIZE = 20
LARGEST_PAGE_SIZE = 1000


class Listed(Protocol):
    """An item of a list kept in creation order; ``sequence`` grows along it, with gaps where items were deleted."""

    sequence: int
    updated: float


Item = TypeVar("Item", bound=Listed)


@dataclass(frozen=True)
class Page(Generic[Item]):
    """The items of one page and the token of the next; an empty token is the end of the list."""

    items: list[Item]
    next_page_token: str


@dataclass(frozen=True)
class PageRequest:
    """A validated request for one page: how many items, in which order, after which one."""

    size: int
    by_updated_time: bool
    after: tuple[float, int] | None
    fingerprint: int

    @classmethod
    def of(cls, query: QueryParams) -> "PageRequest":
        """Read the paging parameters of a query; raises ApiError 400 when one is malformed."""
        order_by = query.get("orderBy", "")
        if order_by not in {"", "createdTime", "updatedTime"}:
            raise invalid(FieldViolation("orderBy", f"'{order_by}' is neither createdTime nor updatedTime"))
        filters = sorted(item for item in query.multi_items() if item[0] not in {"pageToken", "pageSize"})
        fingerprint = zlib.crc32(repr(filters).encode())
        return cls(
            size=_size(query.get("pageSize", "")),
            by_updated_time=order_by == "updatedTime",
            after=_position(query.get("pageToken", ""), fingerprint),
            fingerprint=fingerprint,
        )

    def cut(self, in_creation_order: Sequence[Item], matches: Callable[[Item], bool]) -> Page[Item]:
        """The requested page of the items that match."""
        found: list[Item] = []
        for item in self._candidates(in_creation_order):
            if matches(item):
                if len(found) == self.size:
                    return Page(found, self._token(found[-1]))
                found.append(item)
        return Page(found, "")

    def _candidates(self, in_creation_order: Sequence[Item]) -> Iterable[Item]:
        if self.by_updated_time:
            after = self.after
            return sorted(
                (item for item in in_creation_order if after is None or _update_of(item) > after),
                key=_update_of,
            )
        start = 0
        if self.after is not None:
            start = bisect_right(in_creation_order, self.after[1], key=lambda item: item.sequence)
        return (in_creation_order[place] for place in range(start, len(in_creation_order)))

    def _token(self, last: Listed) -> str:
        text = f"{self.fingerprint} {last.updated!r} {last.sequence}"
        return base64.b64encode(text.encode()).decode()


def _update_of(item: Listed) -> tuple[float, int]:
    return item.updated, item.sequence


def _size(text: str) -> int:
    if not text:
        return DEFAULT_PAGE_SIZE
    if not text.isascii() or not text.isdigit():
        raise invalid(FieldViolation("pageSize", f"'{text}' is not a whole number from 0 on"))
    return min(int(text), LARGEST_PAGE_SIZE) or DEFAULT_PAGE_SIZE


def _position(token: str, fingerprint: int) -> tuple[float, int] | None:
    if not token:
        return None
    try:
        token_fingerprint, updated, sequence = base64.b64decode(token, validate=True).decode().split(" ")
        position = float(updated), int(sequence)
    except (binascii.Error, ValueError):
        raise invalid(FieldViolation("pageToken", "not a token that this list has given out")) from None
    if token_fingerprint != str(fingerprint):
        raise invalid(FieldViolation("pageToken", "the token was given out for other filters or another order"))
    return position
