"""Walking through lists that Sinch hands out page by page.

Sinch API: pagination (`pageSize`, `pageToken`, `nextPageToken`, `totalSize`).
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from enum import StrEnum
from functools import partial
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, AliasChoices, Field
from pydantic_core import from_json, to_json

from sinch_numbers._models._base import ApiModel

Item = TypeVar("Item")
StateT = TypeVar("StateT", bound=StrEnum)


class Page(ApiModel, Generic[Item]):
    """One page of a list.

    `next_page_token` is None on the last page. `total_size` counts the matches of the whole list; never use it to
    end a loop.
    """

    items: tuple[Item, ...] = Field(
        default=(),
        validation_alias=AliasChoices(
            "activeNumbers",
            "availableNumbers",
            "availableRegions",
            "hostingOrders",
            "importedNumbers",
            "numbers",
            "qualifiedNumbers",
        ),
    )
    next_page_token: Annotated[str | None, AfterValidator(lambda token: token or None)] = None
    total_size: int | None = None


def without_other_numbers(page: bytes, member: str, only: Collection[str]) -> bytes:
    """The JSON of a page without the records of other numbers: of a long list they are most of what it costs to read.

    `member` is that of the records. What is no such page stays as it is.
    """
    try:
        read = from_json(page)
        wanted = [record for record in read[member] if record["phoneNumber"] in only]
    except (KeyError, TypeError, ValueError):
        return page
    return page if len(wanted) == len(read[member]) else to_json({**read, member: wanted})


async def iterate_pages(fetch: Callable[..., Awaitable[Page[Item]]]) -> AsyncIterator[Item]:
    """Every item of every page. `fetch` takes `page_token` by keyword, None for the first page."""
    page_token: str | None = None
    while True:
        page = await fetch(page_token=page_token)
        for item in page.items:
            yield item
        page_token = page.next_page_token
        if page_token is None:
            return


async def iterate_states(
    states: Iterable[StateT], fetch: Callable[..., Awaitable[Page[Item]]], *, in_one_request: bool
) -> AsyncIterator[Item]:
    """Every item in any of `states`: one list for all of them, or one a state. `fetch` takes them by position.

    One list a state visits the states in the order of a resource's life, not in the order given: a resource that
    moves on between two requests may then be seen twice, but it cannot slip through unseen.
    """
    ordered = in_order_of_life(states)
    for listed in [ordered] if in_one_request else [(state,) for state in ordered]:
        async for item in iterate_pages(partial(fetch, *listed)):
            yield item


def in_order_of_life(states: Iterable[StateT]) -> tuple[StateT, ...]:
    """`states` without repetition, in the order in which their enum declares them."""
    return tuple(sorted(set(states), key=lambda state: tuple(type(state).__members__.values()).index(state)))
