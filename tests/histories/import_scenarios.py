"""The courses of imports whose histories are recorded, in seconds what takes hours in life."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from temporalio.client import WorkflowHandle

from onboarding.contracts.import_numbers import CONSENT_UPDATE, Consent
from onboarding.contracts.operator import CANCEL_UPDATE, RETRY_UPDATE, NumbersAction, OperatorAction
from onboarding.observations import CAMPAIGN_LINK, PLATFORM_PROVISIONING
from onboarding.pace import Pace, Patience
from onboarding.spans import Span
from tests.workflows.callback_events import deliver, event
from tests.workflows.import_world import FOR_EVER, ImportWorld, an_import, import_status, start_import
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.staging import Scene, fresh_numbers, staged, until

Handle = WorkflowHandle[Any, Any]

_PATIENCE_SECONDS = 30
_SECOND = 1 / 3600
_LONG = Patience(remind_every=Span("1d"), deadline=Span("2d"))
_PACE = Pace(poll_first=Span("1s"), poll_longest=Span("2s"), carrier=_LONG, operator=_LONG)
_SHORT = Patience(remind_every=Span("1s"), deadline=Span("3s"))


@asynccontextmanager
async def _importing(scene: Scene) -> AsyncIterator[tuple[Scene, ImportWorld]]:
    """The same server, with an outside world that imports."""
    for task_queue in list(scene.workers):
        await scene.stop_worker(task_queue)
    world = ImportWorld()
    world.campaign_hours = 3 * _SECOND
    async with staged(scene.environment, world) as importing:
        yield importing, world


async def import_orders(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """A number taken by somebody else sends its order back; one is migrated by consent, one is tried again."""
    async with _importing(scene) as (importing, sinch):
        taken, refused, *others = fresh_numbers(8)
        sinch.taken, sinch.t_mobile_refuses = {taken}, {refused}
        handle = await start_import(importing, [(taken, refused, *others)], an_import(id="import-orders", pace=_PACE))
        await _awaits_consent(handle)
        sinch.taken = set()
        await handle.execute_update(RETRY_UPDATE, NumbersAction(phone_numbers=(taken,)))
        await handle.execute_update(CONSENT_UPDATE, Consent(phone_numbers=(refused,), by="Ann"))
        await handle.result()
    return [handle]


async def import_single(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """One number, which ends by callbacks."""
    async with _importing(scene) as (importing, sinch):
        sinch.campaign_hours = FOR_EVER
        (number,) = fresh_numbers(1)
        handle = await start_import(importing, [(number,)], an_import(id="import-single", pace=_PACE))
        await until(lambda: sinch.at_sinch)
        await deliver(handle, [event(number, PLATFORM_PROVISIONING), event(number, CAMPAIGN_LINK)])
        await handle.result()
    return [handle]


async def import_continued(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """Two slices, a narrow window and short runs; then nobody consents, and it is cancelled."""
    async with _importing(scene) as (importing, sinch):
        slices = [fresh_numbers(6), fresh_numbers(6)]
        sinch.t_mobile_refuses = {slices[1][5]}
        pace = _PACE.model_copy(update={"operator": _SHORT.model_copy(update={"deadline": Span("1d")})})
        batch = an_import(id="import-continued", pace=pace)
        handle = await start_import(importing, slices, batch, window=2, events_a_run=60)
        await _awaits_consent(handle)
        await handle.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"))
        await handle.result()
    return [handle]


async def _awaits_consent(handle: Handle) -> None:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while not (await import_status(handle)).awaiting_consent:  # noqa: ASYNC110 - the workflow alone knows
            await asyncio.sleep(0.05)


SCENARIOS = {
    "import-orders": import_orders,
    "import-single": import_single,
    "import-continued": import_continued,
}
