"""`HostingOrder`: a read that was faster than the event with the failure code does not cost a number its reason."""

from datetime import timedelta
from typing import Any

from temporalio.client import WorkflowHandle

from onboarding import reasons
from onboarding.calls.hosting_orders import OBSERVE_ORDER
from onboarding.calls.linking import READ_LINKS
from onboarding.contracts.hosting_order import OrderStatus
from onboarding.contracts.operator import STATUS_QUERY
from onboarding.observations import CAMPAIGN_LINK
from tests.workflows.callback_events import deliver, event
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.sinch_side import T_MOBILE_REFUSES
from tests.workflows.staging import Scene, a_batch, fresh_numbers, paced

TWO_HOURS = paced(poll_first="2h", poll_longest="2h")
ENDS_AFTER_ONE_HOUR = ((0, "SUBMITTED"), (1, "COMPLETED"))


async def test_an_event_shortly_after_the_read_tells_why_the_campaign_link_failed(
    scene: Scene, world: OutsideWorld
) -> None:
    number = fresh_numbers(1)[0]
    world.orders_go, world.failing = ENDS_AFTER_ONE_HOUR, {number: "campaign"}
    order = await scene.start_order((number,), a_batch(pace=TWO_HOURS))
    await scene.pass_hours(3)
    await deliver(order, [event(number, CAMPAIGN_LINK, "FAILED", failure_code="CAMPAIGN_EXPIRED")])
    assert (await order.result()).stages == {"FAILED": 1}
    status: OrderStatus = await order.query(STATUS_QUERY, result_type=OrderStatus)
    assert status.numbers[0].reason == reasons.reason("CAMPAIGN_EXPIRED")


async def test_a_cause_that_could_not_be_read_at_first_is_read_before_the_order_is_over(
    scene: Scene, world: OutsideWorld
) -> None:
    number = fresh_numbers(1)[0]
    world.orders_go, world.carrier_errors = ENDS_AFTER_ONE_HOUR, {number: T_MOBILE_REFUSES}
    world.link_fails(number, "NUMBER_PROVISIONING_FAILED")
    order = await scene.start_order((number,), a_batch(pace=TWO_HOURS))
    await scene.pass_hours(0.9)
    world.away(OBSERVE_ORDER, READ_LINKS, hours=48)
    await deliver(order, [event(number, CAMPAIGN_LINK, "FAILED", failure_code="NUMBER_PROVISIONING_FAILED")])
    await scene.pass_hours(48)
    assert await reason_of(order) == "NUMBER_PROVISIONING_FAILED"
    await scene.result(order)
    assert await reason_of(order) == reasons.T_MOBILE_MIGRATION_REQUIRED


async def reason_of(order: WorkflowHandle[Any, Any]) -> str | None:
    status: OrderStatus = await order.query(STATUS_QUERY, result_type=OrderStatus)
    reason = status.numbers[0].reason
    return reason.code if reason else None


async def test_without_any_event_the_order_ends_one_poll_interval_later(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    world.orders_go, world.failing = ENDS_AFTER_ONE_HOUR, {number: "campaign"}
    order = await scene.start_order((number,), a_batch(pace=TWO_HOURS))
    assert (await order.result()).stages == {"FAILED": 1}
    described = await order.describe()
    assert described.close_time is not None
    assert timedelta(hours=4) <= described.close_time - described.start_time < timedelta(hours=5)
    status: OrderStatus = await order.query(STATUS_QUERY, result_type=OrderStatus)
    reason = status.numbers[0].reason
    assert reason is not None
    assert reason.code == reasons.CAMPAIGN_PROVISIONING_FAILED
