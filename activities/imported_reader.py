"""Reading imported numbers of a service plan and campaign: by lists that everyone who asks at the same time shares.

A list holds all numbers of a plan and campaign, 1,000 a page. Orders on one plan that end at about the same time must
not each read it from the first page on, and of a long one only the blocks of a thousand that the wanted numbers are in
are listed: carriers are given numbers by such blocks, and one of them is one page. Sinch API: Imported Numbers (list,
get).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass, field
from functools import partial

from sinch_numbers import (
    ImportedNumberResponse,
    ImportedNumbersSearchPattern,
    InvalidArgument,
    NotFound,
    NumberPattern,
    Page,
    SinchNumbers,
)

Found = dict[str, ImportedNumberResponse]

_PAGE_SIZE = 1000
_SINGLE_READS_AT_MOST = 5
_READS_AT_ONCE = 8
_BLOCK_LENGTH = len("+12125550")
_START = ImportedNumbersSearchPattern.START


@dataclass
class _Listing:
    """One listing that has not begun yet, and whom it is for."""

    numbers: set[str] = field(default_factory=set)
    found: asyncio.Task[Found] | None = None


@dataclass
class _List:
    """The listings of one plan and campaign: one at a time, with as long a pause after each as it took.

    The longer the list, the more of those who ask share it.
    """

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    next: _Listing = field(default_factory=_Listing)
    rest_until: float = 0.0


class ImportedNumberReader:
    """Reads imported numbers of one project."""

    def __init__(self, sinch: SinchNumbers) -> None:
        """One reader a worker process, so that its orders share listings."""
        self._sinch = sinch
        self._lists: dict[tuple[str, str], _List] = {}

    async def read(self, phone_numbers: Collection[str], service_plan_id: str, campaign_id: str) -> Found:
        """Those of the numbers that Sinch has, as they are after the call began.

        A few are read one by one; many by list, and singly where the list, which is of one plan and campaign (`""`
        for none), has them not. Raises SinchError.
        """
        missing = set(phone_numbers)
        found: Found = {}
        if len(missing) > _SINGLE_READS_AT_MOST:
            listed = await self._listed(missing, (service_plan_id, campaign_id))
            found = {number: listed[number] for number in missing & listed.keys()}
        return found | await self._read_each(missing - found.keys())

    async def _listed(self, phone_numbers: set[str], key: tuple[str, str]) -> Found:
        """From the next listing that begins."""
        of = self._lists.setdefault(key, _List())
        listing = of.next
        listing.numbers |= phone_numbers
        if listing.found is None:
            listing.found = asyncio.create_task(self._take_turn(of, key))
        return await asyncio.shield(listing.found)

    async def _take_turn(self, of: _List, key: tuple[str, str]) -> Found:
        async with of.turn:
            await asyncio.sleep(of.rest_until - time.monotonic())
            listing, of.next = of.next, _Listing()
            began = time.monotonic()
            try:
                return await self._list(listing.numbers, *key)
            finally:
                ended = time.monotonic()
                of.rest_until = ended + (ended - began)

    async def _list(self, phone_numbers: Collection[str], service_plan_id: str, campaign_id: str) -> Found:
        """Page by page until all are found, or it is cheaper to read the rest one by one.

        Sinch documents the campaign filter as mandatory without saying what it is for numbers that have none: where
        the list is refused, it is done without.
        """
        found: Found = {}
        pages = 0
        try:
            async for page in self._pages(phone_numbers, service_plan_id, campaign_id):
                pages += 1
                found |= {number.phone_number: number for number in page.items}
                if pages >= len(phone_numbers) - len(found):
                    break
        except InvalidArgument:
            return found
        return found

    async def _pages(
        self, phone_numbers: Collection[str], service_plan_id: str, campaign_id: str
    ) -> AsyncIterator[Page[ImportedNumberResponse]]:
        """The pages of the whole list, or of one list a block where these are fewer, with these numbers alone."""
        read = partial(
            self._sinch.imported_numbers.list_page,
            service_plan_id=service_plan_id,
            campaign_id=campaign_id,
            page_size=_PAGE_SIZE,
            only=phone_numbers,
        )
        first = await read()
        yield first
        if first.next_page_token is None:
            return
        blocks = sorted({number[:_BLOCK_LENGTH] for number in phone_numbers})
        patterns = [NumberPattern(pattern=digits, search_pattern=_START) for digits in blocks]
        is_long = (first.total_size or 0) > (1 + len(blocks)) * _PAGE_SIZE
        lists = [(pattern, None) for pattern in patterns] if is_long else [(None, first.next_page_token)]
        for pattern, next_page_token in lists:
            page = await read(number_pattern=pattern, page_token=next_page_token)
            yield page
            while page.next_page_token is not None:
                page = await read(number_pattern=pattern, page_token=page.next_page_token)
                yield page

    async def _read_each(self, phone_numbers: Collection[str]) -> Found:
        limit = asyncio.Semaphore(_READS_AT_ONCE)

        async def read_one(number: str) -> ImportedNumberResponse | None:
            async with limit:
                try:
                    return await self._sinch.imported_numbers.get(number)
                except NotFound:
                    return None

        singly = await asyncio.gather(*map(read_one, sorted(phone_numbers)))
        return {number.phone_number: number for number in singly if number is not None}
