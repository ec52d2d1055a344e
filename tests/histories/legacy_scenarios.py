"""The courses of wishes at the legacy API whose histories are recorded, in seconds what takes minutes in life."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

from temporalio.client import WorkflowHandle

from onboarding.contracts.operator import CANCEL_UPDATE, RETRY_UPDATE, OperatorAction
from onboarding.ids import legacy_application_workflow_id, legacy_renting_workflow_id
from onboarding.legacy_wishes import LegacyPace, LegacyWish
from onboarding.pace import Patience
from onboarding.spans import Span
from onboarding.stages import WaitingOn
from tests.workflows.legacy_world import LegacyWorld, a_wish, start_wish, status_of
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.staging import Scene, fresh_numbers, staged

Handle = WorkflowHandle[Any, Any]

ANN = OperatorAction(by="Ann")
_PATIENCE_SECONDS = 30
_PACE = LegacyPace(
    poll_first=Span("1s"),
    poll_longest=Span("2s"),
    operator=Patience(remind_every=Span("1d"), deadline=Span("2d")),
)


@asynccontextmanager
async def _legacy(scene: Scene) -> AsyncIterator[tuple[Scene, LegacyWorld]]:
    """The same server, with an outside world that has a legacy account."""
    for task_queue in list(scene.workers):
        await scene.stop_worker(task_queue)
    world = LegacyWorld()
    async with staged(scene.environment, world) as own:
        yield own, world


async def bought(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """Credit is lacking for the numbers of another group, and what is rented then is shown late."""
    async with _legacy(scene) as (own, sinch):
        sinch.credit = Decimal(5)
        wish = a_wish(quantity=4, pace=_PACE)
        handle = await start_wish(own, wish)
        await _waits(handle)
        sinch.credit = Decimal(5)
        sinch.shown_after = timedelta(seconds=1)
        await handle.execute_update(RETRY_UPDATE, ANN)
        await handle.result()
    return [handle, *_turns(own, wish, legacy_renting_workflow_id(wish.profile))]


async def assigned(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """A number is taken from the application; when two are given to it, somebody else overwrites the list."""
    async with _legacy(scene) as (own, sinch):
        numbers = fresh_numbers(2)
        away = a_wish(action="unassign", numbers=numbers[:1], pace=_PACE)
        sinch.rents(numbers[0], application_key=away.application_key)
        sinch.rents(numbers[1])
        handles = [await start_wish(own, away)]
        await handles[0].result()
        sinch.rivals = [numbers]
        wish = a_wish(action="assign", numbers=numbers, application_key=away.application_key, pace=_PACE)
        handles.append(await start_wish(own, wish))
        await handles[1].result()
    return [*handles, *_turns(own, wish)]


async def continued(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """Short runs; credit is lacking again and again, and the wish is cancelled."""
    async with _legacy(scene) as (own, sinch):
        sinch.credit = Decimal(0)
        handle = await start_wish(own, a_wish(pace=_PACE), events_a_run=10)
        for _ in range(2):
            await _waits(handle)
            await handle.execute_update(RETRY_UPDATE, ANN)
        await _waits(handle)
        await handle.execute_update(CANCEL_UPDATE, ANN)
        await handle.result()
    return [handle]


def _turns(scene: Scene, wish: LegacyWish, *more: str) -> list[Handle]:
    ids = (legacy_application_workflow_id(wish.application_key), *more)
    return [scene.client.get_workflow_handle(workflow_id) for workflow_id in ids]


async def _waits(handle: Handle) -> None:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while True:
            if (await status_of(handle)).waiting_on is WaitingOn.OPERATOR:
                return
            await asyncio.sleep(0.05)


SCENARIOS = {"legacy-bought": bought, "legacy-assigned": assigned, "legacy-continued": continued}
