"""`HostingOrder`: before numbers fail at the carriers' deadline, Sinch is asked once more how they stand."""

from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowHandle

from onboarding import reasons
from onboarding.calls.linking import READ_LINKS
from onboarding.calls.qualification import FIND_HOSTING_FAILURES
from onboarding.contracts.hosting_order import OrderResult, OrderStatus
from onboarding.contracts.operator import STATUS_QUERY
from onboarding.observations import HOSTING_PROCESS
from onboarding.stages import WaitingOn
from tests.workflows.callback_events import deliver, event
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.sinch_side import STUCK
from tests.workflows.staging import PACE, SELDOM, Scene, a_batch, fresh_numbers

FOR_EVER = 24 * 365


async def codes(order: WorkflowHandle[Any, OrderResult]) -> list[str | None]:
    """The reason of each number, in their order."""
    status = await order.query(STATUS_QUERY, result_type=OrderStatus)
    return [number.reason and number.reason.code for number in status.numbers]


async def hosting_fails(scene: Scene, world: OutsideWorld, number: str, hours: float) -> None:
    """So many hours from now Sinch gives the number up, and no event gets through that says so."""
    world.lines[number].review.plan(await scene.now(), ((hours, "HOSTING_FAILED"),))


async def test_a_number_whose_failure_was_never_told_has_the_reason_that_sinch_has(
    scene: Scene, world: OutsideWorld
) -> None:
    world.orders_go = STUCK
    failed, stuck = fresh_numbers(2)
    await hosting_fails(scene, world, failed, hours=48)
    order = await scene.start_order((failed, stuck), a_batch(pace=SELDOM))
    assert (await scene.result(order)).stages == {"FAILED": 2}
    assert await codes(order) == [reasons.HOSTING_FAILED, reasons.CARRIER_DEADLINE_PASSED]
    assert [request.phone_numbers for request in world.requests(FIND_HOSTING_FAILURES)] == [(failed, stuck)]


async def test_what_has_ended_is_not_looked_at_again(scene: Scene, world: OutsideWorld) -> None:
    world.orders_go = STUCK
    told, stuck = fresh_numbers(2)
    order = await scene.start_order((told, stuck), a_batch(pace=SELDOM))
    await scene.pass_hours(30)
    await deliver(order, [event(told, HOSTING_PROCESS, "FAILED")])
    await scene.result(order)
    assert [request.phone_numbers for request in world.requests(FIND_HOSTING_FAILURES)] == [(stuck,)]


async def test_the_failure_of_an_earlier_order_is_no_reason(scene: Scene, world: OutsideWorld) -> None:
    world.orders_go = STUCK
    (number,) = fresh_numbers(1)
    await hosting_fails(scene, world, number, hours=-24)
    order = await scene.start_order((number,), a_batch(pace=SELDOM))
    await scene.result(order)
    assert await codes(order) == [reasons.CARRIER_DEADLINE_PASSED]


@pytest.mark.parametrize("absent", [True, False], ids=["absent", "unreadable"])
async def test_the_deadline_holds_when_sinch_cannot_be_read(scene: Scene, world: OutsideWorld, absent: bool) -> None:
    world.orders_go = STUCK
    (number,) = fresh_numbers(1)
    await hosting_fails(scene, world, number, hours=48)
    if absent:
        world.away(FIND_HOSTING_FAILURES, hours=FOR_EVER)
    else:
        for _ in range(3):
            world.break_down(FIND_HOSTING_FAILURES, work_done=True)
    order = await scene.start_order((number,), a_batch(pace=SELDOM))
    await scene.result(order)
    assert await codes(order) == [reasons.CARRIER_DEADLINE_PASSED]
    (ended,) = (await order.query(STATUS_QUERY, result_type=OrderStatus)).numbers
    assert ended.since - PACE.carrier.deadline.after(ended.ordered_at) < timedelta(days=2)


async def test_a_failure_whose_cause_cannot_be_read_either_ends_the_number_all_the_same(
    scene: Scene, world: OutsideWorld
) -> None:
    world.orders_go = STUCK
    world.away(READ_LINKS, hours=FOR_EVER)
    (number,) = fresh_numbers(1)
    await hosting_fails(scene, world, number, hours=48)
    order = await scene.start_order((number,), a_batch(pace=SELDOM))
    await scene.result(order)
    assert await codes(order) == [reasons.HOSTING_FAILED]
    assert (await order.query(STATUS_QUERY, result_type=OrderStatus)).waiting_on is WaitingOn.NOBODY
