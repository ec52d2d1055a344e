"""Onboarding without Temporal: one asyncio script that forgets everything when it dies.

The same requests, groups, polls, callbacks and confirming reads as the product's, so that the difference is the price
of durability.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from benchmarks.baselines.sinch_calls import NUMBERS_A_REQUEST, SinchCalls, sinch_calls
from benchmarks.batch_files import SERVICE_PLAN
from benchmarks.http_load import sink
from benchmarks.measure import BenchmarkFailed
from benchmarks.sinch import SinchKey, busy_sinch, new_ports
from benchmarks.waiting import until
from onboarding.chunks import in_chunks
from onboarding.contracts.batch import BatchRequest

POLL_SECONDS = 2.0
"""As `poll_first` of the batches that the product runs here."""
_WINDOW: int = BatchRequest.model_fields["window"].default
_EVENTS_A_NUMBER = 4
_PATIENCE, _LOOK_EVERY = 600.0, 0.05


async def seconds_without_durability(folder: Path, numbers: Sequence[str], day_seconds: float) -> float:
    """Seconds until every number is hosted and every callback is answered."""
    ports, key = new_ports(), SinchKey()
    async with busy_sinch(folder, ports, key, day_seconds), sinch_calls(ports, key) as sinch:
        script = _Script(sinch)
        async with sink(script.got_callback) as url:
            started = time.monotonic()
            await script.onboard(numbers, url)
            return time.monotonic() - started


class _SharedList:
    """A list that one caller reads while the others wait for it, as the product's groups and orders share theirs."""

    def __init__(self, read: Callable[[], Awaitable[Mapping[str, str]]]) -> None:
        self._read = read
        self._turn = asyncio.Lock()
        self._began = 0.0
        self._found: Mapping[str, str] = {}

    async def younger_than(self, seconds: float) -> Mapping[str, str]:
        """Number -> what the list says of it."""
        asked = time.monotonic()
        async with self._turn:
            if self._began < asked - seconds:
                self._began, self._found = time.monotonic(), await self._read()
        return self._found


class _Script:
    def __init__(self, sinch: SinchCalls) -> None:
        self._sinch = sinch
        self._events_missing: dict[str, int] = {}
        self._states = _SharedList(sinch.states)
        self._links = _SharedList(sinch.linked_plans)

    async def onboard(self, numbers: Sequence[str], callback_url: str) -> None:
        room = asyncio.Semaphore(_WINDOW)

        async def one_group(group: Sequence[str]) -> None:
            async with room:
                await self._group(group, callback_url)

        await asyncio.gather(*(one_group(group) for group in in_chunks(numbers, NUMBERS_A_REQUEST)))

    def got_callback(self, body: bytes) -> None:
        self._events_missing[json.loads(body)["resourceId"]] -= 1

    async def _group(self, numbers: Sequence[str], callback_url: str) -> None:
        self._events_missing |= dict.fromkeys(numbers, _EVENTS_A_NUMBER)
        await self._sinch.qualify(numbers)
        await self._sinch.mail_invoice(numbers)
        await until(partial(self._are_verified, numbers), "numbers are verified", every=POLL_SECONDS, within=_PATIENCE)
        order = await self._sinch.order(numbers, callback_url)
        await until(partial(self._have_all_events, numbers), "callbacks come", every=_LOOK_EVERY, within=_PATIENCE)
        await self._sinch.is_completed(order)
        await self._sinch.read_numbers(order)
        await self._confirm(order, numbers)

    async def _confirm(self, order: str, numbers: Sequence[str]) -> None:
        await self._sinch.read_numbers(order)
        links = await self._links.younger_than(0)
        if not all(links[number] == SERVICE_PLAN for number in numbers):
            raise BenchmarkFailed(f"not all numbers of order {order} are linked to {SERVICE_PLAN}")

    async def _have_all_events(self, numbers: Sequence[str]) -> bool:
        return not any(self._events_missing[number] for number in numbers)

    async def _are_verified(self, numbers: Sequence[str]) -> bool:
        states = await self._states.younger_than(POLL_SECONDS / 2)
        return all(states.get(number) == "VERIFIED" for number in numbers)
