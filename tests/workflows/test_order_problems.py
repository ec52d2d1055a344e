"""`HostingOrder`: what came to nothing at Sinch waits for an operator's decision, and then ends with a reason."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError

from onboarding import reasons
from onboarding.batch import LoaParty
from onboarding.calls.hosting_orders import CREATE_ORDER, OBSERVE_ORDER
from onboarding.calls.notifications import SEND_NOTICE
from onboarding.contracts.hosting_order import AMEND_LOA_UPDATE, AmendLoa, OrderStatus
from onboarding.contracts.operator import (
    CANCEL_UPDATE,
    RETRY_UPDATE,
    SKIP_UPDATE,
    STATUS_QUERY,
    ActionTaken,
    NumbersAction,
    OperatorAction,
)
from onboarding.errors import FailureType
from onboarding.observations import HOSTING_PROCESS
from onboarding.stages import Stage, WaitingOn
from tests.workflows.callback_events import deliver, event
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.staging import LOA, Scene, a_batch, fresh_numbers, paced, refused

REJECTED_AT_ONCE = ((0, "SUBMITTED"), (0.1, "REJECTED"))
UNSIGNED = ((0, "SUBMITTED"), (1, "WAITING_FOR_LOA_SIGNATURE"))
CORRECTED_LOA = LOA.model_copy(update={"current_voice_carrier": "Other Voice"})


async def the_status(order: WorkflowHandle[Any, Any]) -> OrderStatus:
    """Where the order stands."""
    status: OrderStatus = await order.query(STATUS_QUERY, result_type=OrderStatus)
    return status


async def amend(order: WorkflowHandle[Any, Any], loa: LoaParty = CORRECTED_LOA) -> str:
    """Hand in a corrected LOA; what the workflow says about it."""
    taken: ActionTaken = await order.execute_update(AMEND_LOA_UPDATE, AmendLoa(loa=loa), result_type=ActionTaken)
    return taken.message


def names(world: OutsideWorld) -> list[str]:
    """The display names of all orders that were asked for."""
    return [request.display_name for request in world.requests(CREATE_ORDER)]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (FailureType.INVALID_ARGUMENT, reasons.ORDER_REFUSED),
        (FailureType.NOT_FOUND, reasons.ORDER_REFUSED),
        (FailureType.CONFLICT, reasons.ALREADY_IN_A_HOSTING_ORDER),
    ],
)
async def test_a_refused_order_waits_for_an_operator(
    scene: Scene, world: OutsideWorld, kind: FailureType, code: str
) -> None:
    world.refuse(CREATE_ORDER, kind, "plan unknown")
    order = await scene.start_order(fresh_numbers(2))
    await scene.settle()
    status = await the_status(order)
    assert (status.waiting_on, status.problem) == (WaitingOn.OPERATOR, reasons.reason(code, "plan unknown"))
    [told] = world.requests(SEND_NOTICE)
    assert "a decision is needed for 2 numbers" in told.subject
    assert "plan unknown" in told.text


async def test_nobody_decides_and_the_numbers_end_with_the_problem(scene: Scene, world: OutsideWorld) -> None:
    world.refuse(CREATE_ORDER, FailureType.CONFLICT, "in order X")
    order = await scene.start_order(fresh_numbers(1))
    assert (await scene.result(order)).stages == {"FAILED": 1}
    expected = reasons.reason(reasons.ALREADY_IN_A_HOSTING_ORDER, "in order X")
    assert (await the_status(order)).numbers[0].reason == expected
    told = world.made(SEND_NOTICE)
    assert {round((b.at - a.at) / timedelta(days=1), 2) for a, b in pairwise(told)} == {1}
    assert len(told) == 5


async def test_a_refused_order_is_retried_under_a_new_name(scene: Scene, world: OutsideWorld) -> None:
    batch = a_batch()
    world.refuse(CREATE_ORDER, FailureType.INVALID_ARGUMENT, "plan unknown")
    order = await scene.start_order(fresh_numbers(1), batch)
    await scene.settle()
    await order.execute_update(RETRY_UPDATE, OperatorAction(by="Ann"))
    assert (await scene.result(order)).stages == {"DONE": 1}
    assert names(world) == [f"{batch.id} 0001/1", f"{batch.id} 0001/1.2"]


async def test_a_second_refusal_gives_the_operator_the_whole_time_again(scene: Scene, world: OutsideWorld) -> None:
    batch = a_batch(pace=paced(operator={"remind_every": "10d", "deadline": "5d"}))
    world.refuse(CREATE_ORDER, FailureType.INVALID_ARGUMENT, "plan unknown")
    world.refuse(CREATE_ORDER, FailureType.INVALID_ARGUMENT, "campaign unknown")
    order = await scene.start_order(fresh_numbers(1), batch)
    await scene.pass_hours(4 * 24)
    await order.execute_update(RETRY_UPDATE, OperatorAction())
    await scene.pass_hours(4 * 24)
    status = await the_status(order)
    assert (status.waiting_on, status.numbers[0].stage) == (WaitingOn.OPERATOR, Stage.ORDERED)
    assert ["campaign unknown" in request.text for request in world.requests(SEND_NOTICE)] == [False, True]


async def test_a_refused_order_is_given_up(scene: Scene, world: OutsideWorld) -> None:
    world.refuse(CREATE_ORDER, FailureType.INVALID_ARGUMENT, "plan unknown")
    order = await scene.start_order(fresh_numbers(1))
    await scene.settle()
    taken = await order.execute_update(CANCEL_UPDATE, OperatorAction(), result_type=ActionTaken)
    assert taken.message == "The order is given up."
    result = await scene.result(order)
    assert (result.stages, result.hosting_order_id) == ({"FAILED": 1}, None)
    assert (await the_status(order)).numbers[0].reason == reasons.reason(reasons.ORDER_REFUSED, "plan unknown")


async def test_a_rejected_order_goes_out_again_with_the_corrected_loa(scene: Scene, world: OutsideWorld) -> None:
    batch = a_batch()
    world.orders_go_of[f"{batch.id} 0001/1"] = REJECTED_AT_ONCE
    order = await scene.start_order(fresh_numbers(2), batch)
    await scene.pass_hours(10)
    assert (await the_status(order)).problem == reasons.reason(reasons.ORDER_REJECTED)
    assert await amend(order) == "The numbers are ordered again with the corrected LOA."
    result = await scene.result(order)
    assert (result.stages, result.hosting_order_id) == ({"DONE": 2}, "order-2")
    assert names(world) == [f"{batch.id} 0001/1", f"{batch.id} 0001/1.2"]
    assert [request.loa for request in world.requests(CREATE_ORDER)] == [LOA, CORRECTED_LOA]


async def test_an_loa_amended_before_the_signature_counts_once_the_order_is_voided(
    scene: Scene, world: OutsideWorld
) -> None:
    batch = a_batch()
    world.orders_go_of[f"{batch.id} 0001/1"] = (*UNSIGNED, (48, "REJECTED"))
    order = await scene.start_order(fresh_numbers(1), batch)
    await scene.pass_hours(10)
    assert "Ask Sinch to void hosting order order-1" in await amend(order)
    assert (await scene.result(order)).stages == {"DONE": 1}
    assert [request.loa for request in world.requests(CREATE_ORDER)] == [LOA, CORRECTED_LOA]
    assert not any("decision" in request.subject for request in world.requests(SEND_NOTICE))


async def test_a_second_rejection_asks_the_operator_again(scene: Scene, world: OutsideWorld) -> None:
    world.orders_go = REJECTED_AT_ONCE
    order = await scene.start_order(fresh_numbers(1))
    await scene.pass_hours(10)
    await amend(order)
    await scene.pass_hours(10)
    status = await the_status(order)
    assert (status.attempt, status.waiting_on) == (2, WaitingOn.OPERATOR)
    assert len(world.requests(SEND_NOTICE)) == 2


async def test_the_loa_can_be_amended_until_it_is_signed(scene: Scene, world: OutsideWorld) -> None:
    order = await scene.start_order(fresh_numbers(1))
    await scene.pass_hours(10)
    async with refused("Unchanged"):
        await amend(order, LOA)
    await amend(order)
    async with refused("Unchanged"):
        await amend(order)
    await scene.pass_hours(24)
    async with refused("TooLate"):
        await amend(order, LOA)


async def test_an_loa_is_amended_though_an_event_of_the_order_before_came_late(
    scene: Scene, world: OutsideWorld
) -> None:
    number = fresh_numbers(1)[0]
    world.orders_go = REJECTED_AT_ONCE
    order = await scene.start_order((number,))
    await scene.pass_hours(10)
    world.refuse(CREATE_ORDER, FailureType.INVALID_ARGUMENT, "plan unknown")
    await order.execute_update(RETRY_UPDATE, OperatorAction())
    await scene.settle()
    await deliver(order, [event(number, HOSTING_PROCESS)])
    await scene.settle()
    world.orders_go = UNSIGNED
    await amend(order)
    await scene.settle()
    assert (await the_status(order)).attempt == 3


async def test_events_of_a_rejected_order_settle_no_number_of_the_next_one(scene: Scene, world: OutsideWorld) -> None:
    """They may still come when the next order is on its way and Sinch has not answered yet."""
    number = fresh_numbers(1)[0]
    batch = a_batch()
    world.orders_go_of[f"{batch.id} 0001/1"] = REJECTED_AT_ONCE
    order = await scene.start_order((number,), batch)
    await scene.pass_hours(10)
    await deliver(order, [event(number, HOSTING_PROCESS, "FAILED")])
    held = world.hold(CREATE_ORDER)
    await order.execute_update(RETRY_UPDATE, OperatorAction())
    await held.begun.wait()
    await deliver(order, [event(number, HOSTING_PROCESS, "FAILED", timestamp=await scene.now())])
    held.release.set()
    assert (await scene.result(order)).stages == {"DONE": 1}


async def test_only_an_order_that_came_to_nothing_is_retried_or_given_up(scene: Scene, world: OutsideWorld) -> None:
    order = await scene.start_order(fresh_numbers(1))
    await scene.settle()
    for update in (RETRY_UPDATE, CANCEL_UPDATE):
        async with refused("AtWork"):
            await order.execute_update(update, OperatorAction())


async def test_an_order_on_its_way_to_sinch_is_not_called_none(scene: Scene, world: OutsideWorld) -> None:
    world.away(CREATE_ORDER, hours=1)
    batch = a_batch()
    order = await scene.start_order(fresh_numbers(1), batch)
    await scene.settle()
    with pytest.raises(WorkflowUpdateFailedError) as caught:
        await order.execute_update(CANCEL_UPDATE, OperatorAction())
    assert f"{batch.id} 0001/1" in str(caught.value.cause)


async def test_numbers_can_be_skipped_while_an_operator_decides(scene: Scene, world: OutsideWorld) -> None:
    keep, drop = fresh_numbers(2)
    world.refuse(CREATE_ORDER, FailureType.INVALID_ARGUMENT, "plan unknown")
    order = await scene.start_order((keep, drop))
    await scene.settle()
    await order.execute_update(SKIP_UPDATE, NumbersAction(phone_numbers=(drop,)))
    await order.execute_update(RETRY_UPDATE, OperatorAction())
    assert (await scene.result(order)).stages == {"DONE": 1, "SKIPPED": 1}
    assert [request.numbers for request in world.requests(CREATE_ORDER)] == [(keep, drop), (keep,)]


async def test_a_rejected_order_is_read_no_more_while_an_operator_decides(scene: Scene, world: OutsideWorld) -> None:
    world.orders_go = REJECTED_AT_ONCE
    await scene.start_order(fresh_numbers(1))
    await scene.pass_hours(10)
    reads = len(world.made(OBSERVE_ORDER))
    await scene.pass_hours(48)
    assert len(world.made(OBSERVE_ORDER)) == reads == 1


async def test_a_group_takes_what_its_order_could_not_do(scene: Scene, world: OutsideWorld) -> None:
    world.qualification = ((0, "VERIFIED"),)
    world.refuse(CREATE_ORDER, FailureType.INVALID_ARGUMENT, "plan unknown")
    batch = a_batch()
    group = await scene.start_group(fresh_numbers(2), batch)
    await scene.settle()
    await scene.order(batch).execute_update(CANCEL_UPDATE, OperatorAction())
    assert (await scene.result(group)).stages == {"FAILED": 2}
    assert world.rows[1][0].reason == reasons.reason(reasons.ORDER_REFUSED, "plan unknown")
