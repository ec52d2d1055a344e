"""The courses of relinking and removing numbers whose histories are recorded, in seconds what takes hours in life."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

from temporalio.client import WorkflowHandle

from onboarding.calls.imported_numbers import LINK_IMPORTED_NUMBERS, UNLINK_IMPORTED_NUMBERS
from onboarding.contracts.operator import (
    CANCEL_UPDATE,
    RETRY_UPDATE,
    SKIP_UPDATE,
    STATUS_QUERY,
    NumbersAction,
    OperatorAction,
)
from onboarding.contracts.relink_numbers import LINK_BACK_UPDATE, RelinkStatus
from onboarding.observations import CAMPAIGN_LINK, PLATFORM_PROVISIONING
from onboarding.pace import Pace, Patience
from onboarding.relinking import CAMPAIGN_UNLINK, PLATFORM_UNLINK
from onboarding.removing import DELETED
from onboarding.spans import Span
from tests.workflows.callback_events import deliver
from tests.workflows.imported_world import ImportedWorld, happened, start_relinking, start_removal
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.staging import Scene, fresh_numbers, staged, until

Handle = WorkflowHandle[Any, Any]

_PATIENCE_SECONDS = 30
_SECOND = 1 / 3600
_LONG = Patience(remind_every=Span("1d"), deadline=Span("2d"))
_SHORT = Patience(remind_every=Span("1s"), deadline=Span("3s"))
_PACE = Pace(poll_first=Span("1s"), poll_longest=Span("2s"), carrier=_LONG, operator=_LONG)
_BY_CALLBACKS = Pace(poll_first=Span("1h"), poll_longest=Span("2h"), carrier=_LONG, operator=_LONG)


@asynccontextmanager
async def _imported(scene: Scene) -> AsyncIterator[tuple[Scene, ImportedWorld]]:
    """The same server, with an outside world that has imported numbers."""
    for task_queue in list(scene.workers):
        await scene.stop_worker(task_queue)
    world = ImportedWorld()
    world.unlink_hours = world.link_hours = _SECOND
    async with staged(scene.environment, world) as own:
        yield own, world


async def relink_polled(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """Numbers that fail are linked back, tried again and left as they are."""
    async with _imported(scene) as (own, sinch):
        good, back, again, left, unknown = numbers = fresh_numbers(5)
        sinch.import_numbers((good, back, again, left))
        for number in (back, again, left):
            sinch.imported_lines[number].fails = {"C-NEW": "INSUFFICIENT_BALANCE"}
        handle = await start_relinking(own, sinch, numbers, pace=_PACE)
        await _offered(handle, 3)
        sinch.imported_lines[again].fails = {}
        await handle.execute_update(LINK_BACK_UPDATE, NumbersAction(phone_numbers=(back,), by="Ann"))
        await handle.execute_update(RETRY_UPDATE, NumbersAction(phone_numbers=(again,), by="Ann"))
        await handle.execute_update(SKIP_UPDATE, NumbersAction(phone_numbers=(left,), by="Ann"))
        await handle.result()
        assert unknown not in sinch.imported_lines
    return [handle]


async def relink_by_callbacks(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """Callbacks alone, some of them twice."""
    async with _imported(scene) as (own, sinch):
        numbers = fresh_numbers(2)
        sinch.import_numbers(numbers)
        handle = await start_relinking(own, sinch, numbers, pace=_BY_CALLBACKS)
        for call, event_types in (
            (UNLINK_IMPORTED_NUMBERS, (PLATFORM_UNLINK, CAMPAIGN_UNLINK)),
            (LINK_IMPORTED_NUMBERS, (CAMPAIGN_LINK, PLATFORM_PROVISIONING)),
        ):
            await until(partial(sinch.made, call))
            await asyncio.sleep(1.5)
            at = sinch.made(call)[-1].at + timedelta(seconds=1)
            for number in numbers:
                await deliver(handle, happened(number, *event_types, at=at) * 2)
        await handle.result()
    return [handle]


async def relink_continued(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """A small window and short runs; nobody decides about a number, and it is cancelled."""
    async with _imported(scene) as (own, sinch):
        numbers = fresh_numbers(14)
        sinch.import_numbers(numbers)
        sinch.imported_lines[numbers[0]].fails = {"C-NEW": "CAMPAIGN_EXPIRED"}
        pace = _PACE.model_copy(update={"operator": _SHORT})
        handle = await start_relinking(own, sinch, numbers, window=4, events_a_run=40, pace=pace)
        await _offered(handle, 1)
        await handle.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"))
        await handle.result()
    return [handle]


async def remove(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """Numbers that are gone by an event and by a read, one that was never there, in short runs."""
    async with _imported(scene) as (own, sinch):
        told, *read, unknown = fresh_numbers(8)
        sinch.import_numbers((told, *read))
        sinch.shown_after_removal = timedelta(seconds=2)
        handle = await start_removal(own, sinch, (told, *read, unknown), pace=_PACE, window=3, events_a_run=25)
        await until(lambda: told in sinch.removed_at)
        await deliver(handle, happened(told, DELETED, at=sinch.removed_at[told] + timedelta(seconds=1)))
        await handle.result()
    return [handle]


async def _offered(handle: Handle, count: int) -> None:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while True:
            status: RelinkStatus = await handle.query(STATUS_QUERY, result_type=RelinkStatus)
            if status.steps.get("OFFERED") == count:
                return
            await asyncio.sleep(0.05)


SCENARIOS = {
    "relink-polled": relink_polled,
    "relink-by-callbacks": relink_by_callbacks,
    "relink-continued": relink_continued,
    "remove": remove,
}
