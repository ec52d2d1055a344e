"""Numbers that are verified by voice: a `VerifyNumber` workflow each, and a person who types the code in."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence

import httpx
from temporalio.client import Client

from benchmarks.batch_files import phone_numbers, write_batch
from benchmarks.batch_runs import stages_at_the_end
from benchmarks.histories import history_cost
from benchmarks.measure import BenchmarkFailed, Measure, at_most, told
from benchmarks.scale import Scale
from benchmarks.site import Site, running_site
from onboarding.stages import Stage
from starter.batches import start_batch
from starter.challenges import open_challenges, submit_code
from starter.input import read_batch
from starter.settings import document_store

EVENTS_AT_MOST = 32
_BATCH = "voice"
_DAY_SECONDS = 20.0
"""A code is good for one virtual day: long enough for somebody to type it in."""
_POLL_FIRST, _POLL_LONGEST = "5s", "30s"
"""Six virtual hours, and a day and a half."""
_WAVE = "10m"
"""Longer than it takes to type all codes in, so that the numbers share one order."""
_AT_ONCE = 20
_PATIENCE = 300.0
_LOOK_EVERY_SECONDS = 0.5
_LIST_LAG_SECONDS = 3.0


async def measure(scale: Scale) -> AsyncIterator[Measure]:
    """One batch in which every number is called."""
    numbers = phone_numbers(scale.voice)
    async with running_site(_DAY_SECONDS) as site:
        workflow_id = await _started(site, numbers)
        person = asyncio.create_task(_type_codes_in(site.client, site.sinch_ports.control_url))
        end = asyncio.create_task(stages_at_the_end(site.client, workflow_id))
        try:
            await asyncio.wait([person, end], timeout=_PATIENCE, return_when=asyncio.FIRST_COMPLETED)
            if not end.done():
                raise BenchmarkFailed("not all codes were typed in") from (
                    person.exception() if person.done() else None
                )
            stages = await end
        finally:
            person.cancel()
            end.cancel()
        if stages != {Stage.DONE: len(numbers)}:
            raise BenchmarkFailed(f"the batch ended with {stages}")
        await asyncio.sleep(_LIST_LAG_SECONDS)
        cost = await history_cost(site.client, f'OnboardingBatch="{_BATCH}"')
    kinds = ", ".join(f"{kind.lower()} {count / len(numbers):.1f}" for kind, count in cost.kinds.items())
    of = f"voice path, {len(numbers)} numbers"
    yield at_most(f"history events per number, {of}", cost.events / len(numbers), "events", EVENTS_AT_MOST, kinds)
    yield told(f"Temporal Cloud Actions per number, {of}", cost.actions / len(numbers), "Actions", "queries left out")


async def _started(site: Site, numbers: Sequence[str]) -> str:
    """The batch in the rhythm of its virtual days; its workflow id."""
    path = write_batch(
        site.folder,
        _BATCH,
        numbers,
        verification="voice",
        poll_first=_POLL_FIRST,
        poll_longest=_POLL_LONGEST,
        wave=_WAVE,
    )
    given = read_batch(path, None, sys.stdin.buffer)
    return (await start_batch(site.client, document_store(), given)).workflow_id


async def _type_codes_in(client: Client, simulator_control: str) -> None:
    """Enter every code that a phone has heard, until cancelled."""
    entered: set[str] = set()
    room = asyncio.Semaphore(_AT_ONCE)

    async def answer(number: str, phones: httpx.AsyncClient) -> None:
        calls = (await phones.get(f"/_sim/phones/{number}")).raise_for_status().json()["calls"]
        if not calls or number in entered:
            return
        entered.add(number)
        async with room:
            await submit_code(client, number, calls[-1]["code"])

    async with httpx.AsyncClient(base_url=simulator_control) as phones:
        while True:
            challenges = await open_challenges(client, _BATCH)
            await asyncio.gather(*(answer(challenge.phone_number, phones) for challenge in challenges))
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
