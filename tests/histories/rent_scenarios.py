"""The courses of renting and changing numbers whose histories are recorded, in seconds what takes hours in life."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

from temporalio.client import WorkflowHandle

from onboarding.active_numbers import ActiveLinks, ActiveService, VoiceLink
from onboarding.calls.active_numbers import Release, Relink
from onboarding.contracts.change_active_numbers import ChangeRequest
from onboarding.contracts.operator import CANCEL_UPDATE, OperatorAction
from onboarding.ids import change_of_rented
from onboarding.money import Money
from onboarding.pace import Pace, Patience
from onboarding.spans import Span
from tests.workflows.callback_events import deliver, event
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.rented_world import RentedWorld, a_wish, start_change, start_rent
from tests.workflows.staging import Scene, a_batch, fresh_numbers, staged, until

Handle = WorkflowHandle[Any, Any]

_LONG = Patience(remind_every=Span("1d"), deadline=Span("2d"))
_PACE = Pace(poll_first=Span("1s"), poll_longest=Span("2s"), carrier=_LONG)
_BY_CALLBACKS = Pace(poll_first=Span("1h"), poll_longest=Span("2h"), carrier=_LONG)
_LINKED = ("PROVISIONING_TO_SMS_PLATFORM", "PROVISIONING_TO_CAMPAIGN", "PROVISIONING_TO_VOICE_PLATFORM")
_NEW = Relink(links=ActiveLinks(service_plan_id="plan-2", campaign_id="C2", voice=VoiceLink(id="app-2")))


@asynccontextmanager
async def _rented(scene: Scene) -> AsyncIterator[tuple[Scene, RentedWorld]]:
    """The same server, with an outside world that rents numbers out."""
    for task_queue in list(scene.workers):
        await scene.stop_worker(task_queue)
    world = RentedWorld()
    world.link_hours = 1 / 3600
    async with staged(scene.environment, world) as own:
        yield own, world


async def rent_polled(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """An answer is lost, a link fails, a number is gone, and the limit is reached, in short runs."""
    async with _rented(scene) as (own, sinch):
        gone, full, *_ = sinch.offer(20)
        sinch.gone_when_rented = {gone}
        sinch.failing_links[full] = {ActiveService.CAMPAIGN: "EXCEEDED_10DLC_LIMIT"}
        sinch.rents_unanswered = 2
        limit = Money(amount=Decimal(15), currency_id="USD")
        handle = await start_rent(own, a_wish(12, pace=_PACE, spending_limit=limit), events_a_run=15)
        await handle.result()
    return [handle]


async def rent_by_callbacks(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """Sinch chooses the numbers, and its events alone tell how they get on."""
    async with _rented(scene) as (own, sinch):
        sinch.offer(3)
        handle = await start_rent(own, a_wish(2, any=True, pace=_BY_CALLBACKS))
        await until(lambda: len(sinch.rents) == 2)
        await asyncio.sleep(1)
        await deliver(handle, [event(number, kind) for kind in _LINKED for number in sinch.rents] * 2)
        await handle.result()
    return [handle]


async def rent_given_back(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """All or nothing, cancelled while the answer to the rent is outstanding."""
    async with _rented(scene) as (own, sinch):
        sinch.offer(3)
        sinch.rents_unanswered = 2
        handle = await start_rent(own, a_wish(2, all_or_nothing=True, pace=_PACE))
        await until(lambda: sinch.rents)
        await handle.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"))
        await handle.result()
    return [handle]


async def active_changed(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """Numbers are linked to something else, then released, in short runs."""
    async with _rented(scene) as (own, sinch):
        numbers = fresh_numbers(7)
        sinch.rent_before(*numbers)
        sinch.unlink_hours = 1 / 3600
        changing = await start_change(own, sinch, numbers, _NEW, pace=_PACE, window=3, events_a_run=15)
        await changing.result()
        releasing = await start_change(own, sinch, numbers, Release(), pace=_PACE)
        await releasing.result()
    return [changing, releasing]


async def batch_links_rented(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """A batch whose own numbers are through links rented ones."""
    async with _rented(scene) as (own, sinch):
        numbers, batch = fresh_numbers(2), a_batch()
        sinch.rent_before(*numbers)
        sinch.unlink_hours = 1 / 3600
        change = ChangeRequest(
            id=change_of_rented(batch.id),
            change=_NEW,
            numbers=sinch.stored(numbers),
            numbers_total=len(numbers),
            pace=_PACE,
        )
        handle = await own.start_batch([], batch, rented=change)
        await handle.result()
    return [handle]


async def active_cancelled(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """A change is cancelled while its first numbers are unlinked."""
    async with _rented(scene) as (own, sinch):
        numbers = fresh_numbers(4)
        sinch.rent_before(*numbers)
        sinch.unlink_hours = 1 / 3600
        changing = await start_change(own, sinch, numbers, _NEW, pace=_PACE, window=2)
        await until(lambda: sinch.rented[numbers[0]].requests)
        await changing.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"))
        await changing.result()
    return [changing]


SCENARIOS = {
    "rent-polled": rent_polled,
    "rent-by-callbacks": rent_by_callbacks,
    "rent-given-back": rent_given_back,
    "active-changed": active_changed,
    "active-cancelled": active_cancelled,
    "batch-links-rented": batch_links_rented,
}
