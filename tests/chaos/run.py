"""One chaos run: batches on a stack whose processes are killed and whose world is unreliable, to their end."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from temporalio.client import RPCTimeoutOrCancelledError
from temporalio.service import RPCError

from starter.exits import Exit
from tests.chaos.checker import Entry, Evidence, Violation, violations
from tests.chaos.killer import Killer
from tests.chaos.mischief import FAULT_OF_STATUS, let_loose
from tests.chaos.numbers import numbers_of_batch
from tests.chaos.schedule import Victim, kills_by_victim, schedule
from tests.chaos.stalls import Stalls
from tests.end_to_end.batches import End, ends, expected_ends, write_batch
from tests.end_to_end.site import Site, running_site
from tests.end_to_end.voice_operator import VoiceOperator
from tests.starter.onboard_command import Ended

Answer = TypeVar("Answer")

_AWAY = (RPCError, RPCTimeoutOrCancelledError, RuntimeError)
"""What a call to Temporal raises while Temporal or its worker is being killed."""
_AGAIN_AFTER_SECONDS = 0.5
_TRIED_FOR_SECONDS = 120.0
_FOR_EVER_HOURS = 100_000
"""A voice code must not expire while a day takes seconds and its operator is cut off."""
_CALLBACK_PAUSES_SECONDS = (3.0, 12.0)
"""As 5 minutes and an hour are to a restart: a receiver is back before the last try."""
_HOURS_A_DAY = 24
_CARRIED_OUT = (Exit.DONE, Exit.NUMBERS_FAILED)
"""How commands end that did what they were told; numbers fail where their cards demand it."""


@dataclass(frozen=True)
class Plan:
    """What a run is made of. `batches_at_a_time` go on beside each other, new ones begin until the kills are done.

    A batch that is not through after `batch_seconds` is given up, and its open numbers count as lost.
    """

    seed: int
    kills: int
    numbers_a_batch: int
    cards: tuple[str, ...]
    batches_at_a_time: int
    day_seconds: float
    batch_seconds: float
    pace: Mapping[str, Any]
    """Waits of a batch file, as TOML."""


@dataclass(frozen=True)
class Outcome:
    """What happened, and every promise that was broken."""

    plan: Plan
    kills: Mapping[Victim, int]
    faults: Mapping[str, int]
    events: Mapping[str, int]
    batches: int
    ends_as_demanded: int
    numbers: int
    orders: int
    longest_stall: float
    ended_by_themselves: tuple[str, ...]
    violations: tuple[Violation, ...]

    @property
    def promises_kept(self) -> bool:
        """Nothing was lost, wrong or doubled, and no process ended that was not killed."""
        return not self.violations and not self.ended_by_themselves


async def run(plan: Plan, folder: Path) -> Outcome:
    """Let the batches of a plan come through its kills and faults; files and logs stay in `folder`."""
    pauses = tuple(seconds / plan.day_seconds * _HOURS_A_DAY for seconds in _CALLBACK_PAUSES_SECONDS)
    async with running_site(
        folder, plan.day_seconds, seed=plan.seed, voice_code_hours=_FOR_EVER_HOURS, callback_pauses_hours=pauses
    ) as site:
        return await _Run(plan, site).carry_through()


@dataclass
class _Run:
    plan: Plan
    site: Site
    demanded: dict[str, End] = field(default_factory=dict)
    shown: dict[str, End] = field(default_factory=dict)
    reported: dict[str, End] = field(default_factory=dict)
    calls_requested: Counter[str] = field(default_factory=Counter)
    batches: int = 0

    async def carry_through(self) -> Outcome:
        await let_loose(self.site.world)
        strikes = schedule(self.plan.seed, self.plan.kills)
        killer, stalls = Killer(self.site, strikes), Stalls(self.site.world)
        watching = asyncio.create_task(stalls.watch())
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(killer.carry_out())
                for _ in range(self.plan.batches_at_a_time):
                    group.create_task(self._batch_after_batch(killer))
        finally:
            watching.cancel()
        await killer.start_what_has_ended()
        ledger, requests = await self.site.world.whole_ledger(), await self.site.world.requests()
        evidence = Evidence(ledger, self.demanded, self.shown, self.reported, self.calls_requested)
        return Outcome(
            plan=self.plan,
            kills=kills_by_victim(strikes),
            faults={fault: requests[status] for status, fault in FAULT_OF_STATUS.items()},
            events=_events(ledger),
            batches=self.batches,
            ends_as_demanded=sum(self.reported.get(number) == end for number, end in self.demanded.items()),
            numbers=len(self.demanded),
            orders=sum(entry["kind"] == "hosting_order" for entry in ledger),
            longest_stall=stalls.longest,
            ended_by_themselves=tuple(killer.ended_by_themselves),
            violations=violations(evidence),
        )

    async def _batch_after_batch(self, killer: Killer) -> None:
        await self._batch()
        while not killer.is_done:
            await self._batch()

    async def _batch(self) -> None:
        position, self.batches = self.batches, self.batches + 1
        batch, plan, site = f"chaos-{position + 1}", self.plan, self.site
        numbers = numbers_of_batch(position, plan.numbers_a_batch, plan.cards)
        self.demanded |= expected_ends(numbers)
        operator = VoiceOperator(site, batch)
        path = write_batch(site.folder, batch, numbers, **plan.pace)
        with suppress(TimeoutError):
            async with asyncio.timeout(plan.batch_seconds):
                await self._command("start", path)
                await self._answer_phones(batch, operator)
        self.calls_requested += operator.calls_requested
        self.shown |= ends((await self._command("numbers", batch, "--output", "json")).data)
        report = await self.site.onboard("report", batch, "--output", "json")
        self.reported |= ends(report.data["numbers"]) if report.code in _CARRIED_OUT else {}

    async def _answer_phones(self, batch: str, operator: VoiceOperator) -> None:
        while await _insisted(lambda: self.site.is_running(batch)):
            with suppress(*_AWAY):
                await operator.round()
            await asyncio.sleep(_AGAIN_AFTER_SECONDS)

    async def _command(self, *arguments: object) -> Ended:
        """A command is given again until what it needs is there. Fails, with its last words, when it never is."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _TRIED_FOR_SECONDS
        while True:
            ended = await self.site.onboard(*arguments)
            if ended.code in _CARRIED_OUT:
                return ended
            assert ended.code == Exit.UNAVAILABLE, ended.stderr
            assert loop.time() < deadline, ended.stderr
            await asyncio.sleep(_AGAIN_AFTER_SECONDS)


async def _insisted(asked: Callable[[], Awaitable[Answer]]) -> Answer:
    async with asyncio.timeout(_TRIED_FOR_SECONDS):
        while True:
            with suppress(*_AWAY):
                return await asked()
            await asyncio.sleep(_AGAIN_AFTER_SECONDS)


def _events(ledger: list[Entry]) -> dict[str, int]:
    """Sinch's events: how many there were, how many never came through, how many came through more than once."""
    came = Counter(entry["details"]["event_id"] for entry in ledger if entry["kind"] == "callback_delivered")
    emitted = {entry["details"]["event_id"] for entry in ledger if entry["kind"].startswith("callback_")}
    return {
        "events": len(emitted),
        "lost": len(emitted - came.keys()),
        "delivered more than once": sum(times > 1 for times in came.values()),
    }
