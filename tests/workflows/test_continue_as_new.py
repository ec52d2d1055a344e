"""A run that has become long is followed by a new one, and nothing pending gets lost between them."""

import asyncio
from typing import Any

import pytest
from temporalio.client import WorkflowFailureError, WorkflowHandle
from temporalio.exceptions import CancelledError

from onboarding import reasons
from onboarding.calls.hosting_orders import CREATE_ORDER
from onboarding.calls.invoices import SEND_INVOICES
from onboarding.calls.notifications import SEND_NOTICE
from onboarding.calls.qualification import ADD_NUMBERS
from onboarding.contracts.batch import BatchStatus
from onboarding.contracts.group import GroupStatus
from onboarding.contracts.hosting_order import AMEND_LOA_UPDATE, AmendLoa, OrderStatus
from onboarding.contracts.operator import (
    CANCEL_UPDATE,
    RETRY_UPDATE,
    SKIP_UPDATE,
    STATUS_QUERY,
    NumbersAction,
    OperatorAction,
)
from onboarding.contracts.verification import SUBMIT_CODE_UPDATE, SubmitCode, VerificationStatus
from onboarding.errors import FailureType
from onboarding.stages import Verification, WaitingOn
from tests.workflows.callback_events import all_succeeded, deliver
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.sinch_side import RIGHT_CODE, STUCK
from tests.workflows.staging import LOA, Scene, a_batch, fresh_numbers, paced, until

NEVER = ()
DAY = 24
SHORT = 40
QUICK = paced(poll_first="0.2s", poll_longest="0.2s")
CORRECTED_LOA = LOA.model_copy(update={"current_voice_carrier": "Other Voice"})


async def runs_of(handle: WorkflowHandle[Any, Any], scene: Scene) -> int:
    """At least how many runs there have been: 1, or 2 for more than one."""
    latest = await scene.client.get_workflow_handle(handle.id).describe()
    return 1 if latest.run_id == handle.result_run_id else 2


async def until_another_run(handle: WorkflowHandle[Any, Any], run_id: str | None) -> None:
    """Wait in real time until another run has taken over."""
    async with asyncio.timeout(60):
        while (await handle.describe()).run_id == run_id:  # noqa: ASYNC110 - only the server knows
            await asyncio.sleep(0.05)


async def until_called(challenge: WorkflowHandle[Any, Any]) -> None:
    """Wait in real time until the challenge knows that the phone has rung."""
    async with asyncio.timeout(60):
        while not (await challenge.query(STATUS_QUERY, result_type=VerificationStatus)).calls_placed:  # noqa: ASYNC110 - only the workflow knows
            await asyncio.sleep(0.05)


async def test_an_order_keeps_what_it_has_learned(scene: Scene, world: OutsideWorld) -> None:
    numbers = fresh_numbers(2)
    world.orders_go = STUCK
    order = await scene.start_order(numbers, events_a_run=SHORT)
    await scene.pass_hours(DAY)
    before = await order.query(STATUS_QUERY, result_type=OrderStatus)
    await deliver(order, all_succeeded(numbers[:1]))
    await scene.pass_hours(2 * DAY)
    after = await order.query(STATUS_QUERY, result_type=OrderStatus)
    assert await runs_of(order, scene) > 1
    assert (after.hosting_order_id, after.callbacks_received) == (before.hosting_order_id, 4)
    await deliver(order, all_succeeded(numbers[1:]))
    assert (await scene.result(order)).stages == {"DONE": 2}
    assert len(world.made(CREATE_ORDER)) == 1


async def test_an_order_keeps_its_wait_and_its_reminders(scene: Scene, world: OutsideWorld) -> None:
    world.orders_go = ((0, "WAITING_FOR_LOA_SIGNATURE"),)
    order = await scene.start_order(fresh_numbers(1), events_a_run=SHORT)
    await scene.settle()
    before = await order.query(STATUS_QUERY, result_type=OrderStatus)
    await scene.pass_hours(7 * DAY)
    after = await order.query(STATUS_QUERY, result_type=OrderStatus)
    assert await runs_of(order, scene) > 1
    assert (after.waiting_on, after.waiting_since) == (WaitingOn.LOA_SIGNATURE, before.waiting_since)
    assert len({request.key for request in world.requests(SEND_NOTICE)}) == len(world.made(SEND_NOTICE)) == 3


async def test_an_order_keeps_a_corrected_loa(scene: Scene, world: OutsideWorld) -> None:
    batch = a_batch()
    world.orders_go_of[f"{batch.id} 0001/1"] = ((0, "WAITING_FOR_LOA_SIGNATURE"), (5 * DAY, "REJECTED"))
    order = await scene.start_order(fresh_numbers(1), batch, events_a_run=SHORT)
    await scene.settle()
    await order.execute_update(AMEND_LOA_UPDATE, AmendLoa(loa=CORRECTED_LOA))
    assert (await scene.result(order)).stages == {"DONE": 1}
    assert await runs_of(order, scene) > 1
    assert [request.loa for request in world.requests(CREATE_ORDER)] == [LOA, CORRECTED_LOA]


async def test_an_order_keeps_its_problem(scene: Scene, world: OutsideWorld) -> None:
    world.refuse(CREATE_ORDER, FailureType.INVALID_ARGUMENT, "plan unknown")
    order = await scene.start_order(fresh_numbers(1), events_a_run=10)
    await scene.pass_hours(3 * DAY)
    assert await runs_of(order, scene) > 1
    await order.execute_update(RETRY_UPDATE, OperatorAction())
    assert (await scene.result(order)).stages == {"DONE": 1}


async def test_a_group_keeps_reviews_mails_and_orders(scene: Scene, world: OutsideWorld) -> None:
    first, straggler, failed = fresh_numbers(3)
    world.desk_of[straggler] = ((8 * DAY, "VERIFIED"),)
    world.qualification_of[failed] = ((1, "NOT_ELIGIBLE"),)
    batch = a_batch(verification=Verification.INVOICES)
    group = await scene.start_group((first, straggler, failed), batch, events_a_run=SHORT)
    await scene.pass_hours(3 * DAY)
    before = await group.query(STATUS_QUERY, result_type=GroupStatus)
    assert await runs_of(group, scene) > 1
    assert (len(before.orders), before.stages) == (1, {"IN_REVIEW": 1, "ORDERED": 1, "FAILED": 1})
    assert (await scene.result(group)).stages == {"DONE": 2, "FAILED": 1}
    assert len(world.made(ADD_NUMBERS)) == len(world.made(SEND_INVOICES)) == 1
    assert [request.numbers for request in world.requests(CREATE_ORDER)] == [(first,), (straggler,)]
    keys = [request.key for request in world.requests(SEND_NOTICE)]
    assert len(keys) == len(set(keys))


async def test_a_group_keeps_what_operators_have_decided(scene: Scene, world: OutsideWorld) -> None:
    keep, drop = fresh_numbers(2)
    world.desk = ((6 * DAY, "VERIFIED"),)
    group = await scene.start_group((keep, drop), events_a_run=SHORT)
    await scene.pass_hours(DAY)
    await group.execute_update(SKIP_UPDATE, NumbersAction(phone_numbers=(drop,)))
    assert (await scene.result(group)).stages == {"DONE": 1, "SKIPPED": 1}
    assert await runs_of(group, scene) > 1


async def test_a_number_skipped_while_a_run_ends_reaches_its_order(real_time_scene: Scene, world: OutsideWorld) -> None:
    """With so few events a run the skip itself ends one.

    On the dev server: the test server sometimes ends a run although a signal came in with its last task.
    """
    scene, (keep, drop) = real_time_scene, fresh_numbers(2)
    world.qualification = ((0, "VERIFIED"),)
    world.orders_go = STUCK
    group = await scene.start_group((keep, drop), a_batch(pace=QUICK), events_a_run=8)
    await until(lambda: bool(world.orders))
    latest = scene.client.get_workflow_handle(group.id)
    for number in (drop, keep):
        await latest.execute_update(SKIP_UPDATE, NumbersAction(phone_numbers=(number,)))
    assert (await scene.result(group)).stages == {"SKIPPED": 2}


async def begin_a_challenge_that_outlives_its_run(
    scene: Scene, world: OutsideWorld
) -> tuple[WorkflowHandle[Any, Any], str]:
    """A group whose other number is in review for long, so that it goes on as new; and the number that is called."""
    called, in_review = fresh_numbers(2)
    world.desk_of = {called: ((24, "VERIFICATION_FAILED"),), in_review: NEVER}
    group = await scene.start_group((called, in_review), events_a_run=SHORT)
    await scene.pass_hours(4 * DAY)
    assert await runs_of(group, scene) > 1
    return scene.client.get_workflow_handle(group.id), called


async def test_a_challenge_that_outlives_its_run_reports_to_the_next(scene: Scene, world: OutsideWorld) -> None:
    group, called = await begin_a_challenge_that_outlives_its_run(scene, world)
    assert len(world.rings(called)) == 1
    await scene.verification(called).execute_update(SKIP_UPDATE, OperatorAction())
    await scene.pass_hours(1)
    status = await group.query(STATUS_QUERY, result_type=GroupStatus)
    assert status.stages == {"IN_REVIEW": 1, "SKIPPED": 1}
    assert len(world.rings(called)) == 1


async def test_a_challenge_that_outlives_its_run_and_is_terminated_keeps_no_number_waiting(
    scene: Scene, world: OutsideWorld
) -> None:
    group, called = await begin_a_challenge_that_outlives_its_run(scene, world)
    await scene.verification(called).terminate("by mistake")
    await scene.pass_hours(1.5 * DAY)
    status = await group.query(STATUS_QUERY, result_type=GroupStatus)
    assert status.stages == {"IN_REVIEW": 1, "FAILED": 1}
    assert [n.reason and n.reason.code for n in status.numbers] == [reasons.ENDED_OUTSIDE, None]


async def test_a_challenge_that_outlives_its_run_ends_with_its_batch(scene: Scene, world: OutsideWorld) -> None:
    group, called = await begin_a_challenge_that_outlives_its_run(scene, world)
    await group.execute_update(CANCEL_UPDATE, OperatorAction())
    await scene.result(group)
    with pytest.raises(WorkflowFailureError) as ended:
        await scene.result(scene.verification(called))
    assert isinstance(ended.value.cause, CancelledError)


async def test_codes_that_are_entered_while_runs_end_are_not_lost(real_time_scene: Scene, world: OutsideWorld) -> None:
    """On the dev server, where a run ends with every poll."""
    scene, numbers = real_time_scene, fresh_numbers(6)
    *called, in_review = numbers
    world.qualification = ((0, "ELIGIBLE"),)
    world.desk = ((0, "VERIFICATION_FAILED"),)
    world.desk_of[in_review] = NEVER
    world.orders_go = ((0, "COMPLETED"),)
    group = await scene.start_group(numbers, a_batch(pace=QUICK), events_a_run=8)
    latest = scene.client.get_workflow_handle(group.id)
    await until(lambda: all(world.rings(number) for number in called))
    for number in called:
        await until_called(scene.verification(number))
        await scene.verification(number).execute_update(SUBMIT_CODE_UPDATE, SubmitCode(code=RIGHT_CODE))
        await asyncio.sleep(0.1)
    await until(lambda: all(world.lines[number].review.at(world.recorded[-1].at) == "VERIFIED" for number in called))
    await latest.execute_update(SKIP_UPDATE, NumbersAction(phone_numbers=(in_review,)))
    assert (await scene.result(group)).stages == {"DONE": 5, "SKIPPED": 1}
    assert await runs_of(group, scene) > 1


async def test_a_batch_keeps_its_window_and_its_results(real_time_scene: Scene, world: OutsideWorld) -> None:
    scene = real_time_scene
    world.qualification = ((0, "VERIFIED"),)
    world.orders_go = ((0, "COMPLETED"),)
    slices = [fresh_numbers(1) for _ in range(6)]
    batch = await scene.start_batch(slices, a_batch(pace=QUICK), window=2, events_a_run=20)
    assert (await scene.result(batch)).stages == {"DONE": 6}
    assert await runs_of(batch, scene) > 1
    assert len(world.made(ADD_NUMBERS)) == 6


async def test_a_batch_stays_cancelled(real_time_scene: Scene, world: OutsideWorld) -> None:
    scene = real_time_scene
    world.qualification = ((0, "VERIFIED"),)
    world.orders_go = STUCK
    slices, settings = [fresh_numbers(1) for _ in range(3)], a_batch(pace=QUICK)
    batch = await scene.start_batch(slices, settings, window=2, events_a_run=10, reconcile="0.2s")
    await until(lambda: len(world.orders) == 2)
    await batch.execute_update(CANCEL_UPDATE, OperatorAction())
    run_of_the_cancel = (await scene.client.get_workflow_handle(batch.id).describe()).run_id
    await until_another_run(scene.client.get_workflow_handle(batch.id), run_of_the_cancel)
    latest = scene.client.get_workflow_handle(batch.id)
    assert (await latest.query(STATUS_QUERY, result_type=BatchStatus)).cancelled
    for sequence, numbers in enumerate(slices[:2], 1):
        await deliver(scene.order(settings, sequence=sequence), all_succeeded(numbers))
    assert (await scene.result(batch)).stages == {"DONE": 2, "CANCELLED": 1}
