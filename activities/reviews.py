"""Reading where qualified numbers stand, in the cheapest way: single reads, or one listing shared by all groups.

Qualification has no callbacks and its list is project-wide. So that 200 groups do not list 200 times, a listing
is made by one of them at a time and serves all that can do with its age.
"""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sinch_numbers import GlobalProcessState, NotFound, QualifiedNumber, SinchNumbers

PAGE_SIZE = 1000
_READS_AT_ONCE = 8

States = tuple[GlobalProcessState, ...]

ALL_STATES: States = tuple(state for state in GlobalProcessState if state is not GlobalProcessState.UNSPECIFIED)
REVIEW_STATES: States = (
    GlobalProcessState.ELIGIBLE,
    GlobalProcessState.NOT_ELIGIBLE,
    GlobalProcessState.VERIFICATION_PENDING,
    GlobalProcessState.VERIFICATION_FAILED,
    GlobalProcessState.VERIFICATION_BLOCKED,
    GlobalProcessState.VERIFIED,
)
"""States that tell a number under review something new; a number in none of them has not moved."""

HOSTING_FAILED: States = (GlobalProcessState.HOSTING_FAILED,)


class ReviewedNumber(NamedTuple):
    """What is kept of a qualified number: a project has a hundred thousand of them.

    `state` is the literal without `GLOBAL_PROCESS_STATE_`, whichever way Sinch wrote it.
    """

    phone_number: str
    state: str
    error: str
    updated: datetime | None


def reviewed(number: QualifiedNumber) -> ReviewedNumber:
    """Where the number stands, with the first error that Sinch gives for it."""
    return ReviewedNumber(
        phone_number=number.phone_number,
        state=_literal(number.global_process_state),
        error=number.ownership_verification.error or number.osr_eligibility.error or number.hosted_number.error,
        updated=number.updated_time,
    )


def _literal(state: str) -> str:
    return state.removeprefix("GLOBAL_PROCESS_STATE_")


@dataclass
class _Listing:
    """The last listing of some states. `requests` is what it cost, and so what single reads compete with."""

    states: States
    requests: int
    read_at: float = float("-inf")
    numbers: dict[str, ReviewedNumber] = field(default_factory=dict)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class QualifiedNumberReader:
    """Reads qualified numbers of one project."""

    def __init__(self, sinch: SinchNumbers) -> None:
        """One reader a worker process, so that its groups share listings."""
        self._sinch = sinch
        kinds = (ALL_STATES, REVIEW_STATES, HOSTING_FAILED)
        self._listings: dict[States, _Listing] = {kind: _Listing(states=kind, requests=len(kind)) for kind in kinds}

    async def read(
        self, phone_numbers: Sequence[str], states: States, younger_than: float
    ) -> dict[str, ReviewedNumber]:
        """The numbers that Sinch has in one of `states`, from a listing younger than `younger_than` seconds.

        Raises SinchError.
        """
        listing = self._listings[states]
        if len(phone_numbers) <= listing.requests:
            return await self._read_each(phone_numbers, states)
        asked_at = time.monotonic()
        async with listing.lock:
            if listing.read_at < asked_at - younger_than:
                await self._list(listing)
        return {number: listing.numbers[number] for number in phone_numbers if number in listing.numbers}

    async def _read_each(self, phone_numbers: Iterable[str], states: States) -> dict[str, ReviewedNumber]:
        limit = asyncio.Semaphore(_READS_AT_ONCE)

        async def read_one(phone_number: str) -> ReviewedNumber | None:
            async with limit:
                try:
                    return reviewed(await self._sinch.qualified_numbers.get(phone_number))
                except NotFound:
                    return None

        found = await asyncio.gather(*(read_one(phone_number) for phone_number in phone_numbers))
        wanted = {_literal(state) for state in states}
        return {
            number.phone_number: number
            for number in found
            if number is not None and (number.state in wanted or states is ALL_STATES)
        }

    async def _list(self, listing: _Listing) -> None:
        started, requests, numbers = time.monotonic(), 0, dict[str, ReviewedNumber]()
        for state in listing.states:
            token: str | None = None
            while True:
                page = await self._sinch.qualified_numbers.list_page(state, page_size=PAGE_SIZE, page_token=token)
                requests += 1
                for number in map(reviewed, page.items):
                    known = numbers.get(number.phone_number)
                    numbers[number.phone_number] = number if known is None else _newer(known, number)
                token = page.next_page_token
                if not token:
                    break
        listing.read_at, listing.requests, listing.numbers = started, requests, numbers


def _newer(known: ReviewedNumber, found: ReviewedNumber) -> ReviewedNumber:
    """A number that moved while the states were listed one after the other is seen twice: the later news counts."""
    if known.updated and found.updated and known.updated > found.updated:
        return known
    return found
