"""The courses of orders whose campaign links fail: waited out, retried by an operator, given back to the group."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from temporalio.client import WorkflowHandle

from onboarding.batch import Batch
from onboarding.contracts.operator import RETRY_UPDATE, NumbersAction, RetryAction
from onboarding.observations import CAMPAIGN_LINK, CallbackEvent
from onboarding.pace import Pace, Patience
from onboarding.spans import Span
from onboarding.stages import Verification
from tests.workflows.callback_events import deliver, event
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.sinch_side import Course
from tests.workflows.staging import Scene, a_batch, fresh_numbers, until

Handle = WorkflowHandle[Any, Any]
Scenario = Callable[[Scene, OutsideWorld], Awaitable[Sequence[Handle]]]

SECOND = 1 / 3600
"""In hours, as courses count."""

COMPLETES: Course = ((0, "SUBMITTED"), (SECOND, "IN_PROGRESS"), (2 * SECOND, "COMPLETED"))
PENDING, FULL = "CAMPAIGN_PENDING_ACCEPTANCE", "EXCEEDED_10DLC_LIMIT"

_LONG = Patience(remind_every=Span("1d"), deadline=Span("2d"))
_PACE = Pace(
    poll_first=Span("1s"),
    poll_longest=Span("2s"),
    wave=Span("2s"),
    link_again=Span("1s"),
    operator=_LONG,
    carrier=_LONG,
)


async def links_waited_out(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """A link fails for a reason that passes, and succeeds when it is tried again."""
    number, batch = fresh_numbers(1)[0], _a_batch("links-waited-out")
    _all_goes_well(world)
    world.link_fails(number, PENDING)
    group = await scene.start_group((number,), batch)
    order = scene.order(batch)
    await until(lambda: world.linked_again(number))
    await deliver(order, [_told(number)])
    await group.result()
    return [group, order]


async def links_repaired(scene: Scene, world: OutsideWorld) -> Sequence[Handle]:
    """An operator has one number linked again and one that was not hosted ordered anew, while their order runs."""
    unlinked, lost = fresh_numbers(2)
    batch = _a_batch("links-repaired")
    _all_goes_well(world)
    world.link_fails(unlinked, FULL)
    world.failing[lost] = "osr"
    group = await scene.start_group((unlinked, lost), batch)
    first, second = scene.order(batch, wave=1), scene.order(batch, wave=2)
    await until(lambda: any(FULL in recorded.request.subject for recorded in _notices(world)))
    del world.failing[lost]
    await group.execute_update(RETRY_UPDATE, NumbersAction(phone_numbers=(lost,)))
    await until(lambda: "order-2" in world.orders)
    await first.execute_update(RETRY_UPDATE, RetryAction(reasons=(FULL,)))
    await until(lambda: world.linked_again(unlinked))
    await deliver(first, [_told(unlinked)])
    await group.result()
    return [group, first, second]


SCENARIOS: Mapping[str, Scenario] = {"links-waited-out": links_waited_out, "links-repaired": links_repaired}


def _a_batch(name: str) -> Batch:
    return a_batch(id=name, verification=Verification.INVOICES, pace=_PACE)


def _all_goes_well(world: OutsideWorld) -> None:
    world.qualification, world.orders_go = ((0, "VERIFIED"),), COMPLETES


def _notices(world: OutsideWorld) -> Sequence[Any]:
    return [recorded for recorded in world.recorded if recorded.name == "notifications.send"]


def _told(number: str) -> CallbackEvent:
    return event(number, CAMPAIGN_LINK, timestamp=datetime.now(UTC))
