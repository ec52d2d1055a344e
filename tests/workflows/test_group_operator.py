"""`OnboardGroup`: what an operator can ask for, and what is refused."""

import asyncio
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle

from onboarding import reasons
from onboarding.calls.call import Call
from onboarding.calls.hosting_orders import CREATE_ORDER
from onboarding.calls.invoices import SEND_INVOICES
from onboarding.calls.qualification import ADD_NUMBERS, READ_REVIEWS
from onboarding.contracts.group import GroupStatus
from onboarding.contracts.operator import (
    CANCEL_UPDATE,
    RETRY_UPDATE,
    SKIP_UPDATE,
    STATUS_QUERY,
    ActionTaken,
    NumbersAction,
    OperatorAction,
)
from onboarding.contracts.verification import SUBMIT_CODE_UPDATE, SubmitCode
from onboarding.errors import FailureType
from onboarding.ids import hosting_order_workflow_id
from onboarding.stages import Stage, Verification, WaitingOn
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.sinch_side import RIGHT_CODE, STUCK
from tests.workflows.staging import Scene, a_batch, fresh_numbers, refused

NEVER = ()
HOUR_OF_REVIEW = 30


def only(*numbers: str) -> NumbersAction:
    """An action on these numbers."""
    return NumbersAction(phone_numbers=numbers, by="Ann")


async def test_a_number_in_review_is_skipped_and_the_others_go_on(scene: Scene, world: OutsideWorld) -> None:
    keep, drop = fresh_numbers(2)
    world.desk_of[drop] = NEVER
    group = await scene.start_group((keep, drop))
    await scene.pass_hours(3)
    taken = await group.execute_update(SKIP_UPDATE, only(drop), result_type=ActionTaken)
    assert taken.message == "1 numbers are skipped."
    assert (await scene.result(group)).stages == {"DONE": 1, "SKIPPED": 1}
    assert world.requests(CREATE_ORDER)[0].numbers == (keep,)


async def status_at_the_end(handle: WorkflowHandle[Any, Any]) -> WorkflowExecutionStatus | None:
    """How a workflow ended that is being ended now; the server's clock stands meanwhile."""
    async with asyncio.timeout(60):
        while (status := (await handle.describe()).status) is WorkflowExecutionStatus.RUNNING:  # noqa: ASYNC110 - only the server knows
            await asyncio.sleep(0.05)
    return status


async def test_a_number_skipped_during_its_challenge_is_called_no_more(scene: Scene, world: OutsideWorld) -> None:
    keep, drop = fresh_numbers(2)
    group = await scene.start_group((keep, drop), a_batch(verification=Verification.VOICE))
    await scene.pass_hours(3)
    await group.execute_update(SKIP_UPDATE, only(drop))
    assert await status_at_the_end(scene.verification(drop)) is WorkflowExecutionStatus.CANCELED
    await scene.verification(keep).execute_update(SUBMIT_CODE_UPDATE, SubmitCode(code=RIGHT_CODE))
    assert (await scene.result(group)).stages == {"DONE": 1, "SKIPPED": 1}


async def test_a_challenge_skipped_by_itself_skips_its_number(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    group = await scene.start_group((number,), a_batch(verification=Verification.VOICE))
    await scene.pass_hours(3)
    await scene.verification(number).execute_update(SKIP_UPDATE, OperatorAction())
    assert (await scene.result(group)).stages == {"SKIPPED": 1}


async def test_a_number_skipped_in_its_order_is_only_no_longer_followed(scene: Scene, world: OutsideWorld) -> None:
    keep, drop = fresh_numbers(2)
    group = await scene.start_group((keep, drop))
    await scene.pass_hours(HOUR_OF_REVIEW)
    await group.execute_update(SKIP_UPDATE, only(drop))
    assert (await scene.result(group)).stages == {"DONE": 1, "SKIPPED": 1}
    assert world.requests(CREATE_ORDER)[0].numbers == (keep, drop)


async def test_a_number_skipped_while_sinch_is_away_does_not_come_back(scene: Scene, world: OutsideWorld) -> None:
    keep, drop = fresh_numbers(2)
    world.away(ADD_NUMBERS, hours=2)
    group = await scene.start_group((keep, drop))
    await scene.pass_hours(1)
    await group.execute_update(SKIP_UPDATE, only(drop))
    assert (await scene.result(group)).stages == {"DONE": 1, "SKIPPED": 1}
    assert world.requests(SEND_INVOICES)[0].phone_numbers == (keep,)


async def test_a_number_skipped_before_its_mail_is_refused_stays_skipped(scene: Scene, world: OutsideWorld) -> None:
    keep, drop = fresh_numbers(2)
    world.away(SEND_INVOICES, hours=2)
    group = await scene.start_group((keep, drop))
    await scene.pass_hours(1)
    await group.execute_update(SKIP_UPDATE, only(drop))
    world.refuse(SEND_INVOICES, FailureType.MAIL_REFUSED, "no")
    assert (await scene.result(group)).stages == {"FAILED": 1, "SKIPPED": 1}


async def test_skip_knows_which_numbers_it_can_take(scene: Scene, world: OutsideWorld) -> None:
    done, waiting = fresh_numbers(2)
    world.qualification_of[done] = ((0, "HOSTING_DONE"),)
    world.desk = NEVER
    group = await scene.start_group((done, waiting))
    await scene.settle()
    async with refused("UnknownNumber"):
        await group.execute_update(SKIP_UPDATE, only("+12029999999"))
    async with refused("UnknownNumber"):
        await group.execute_update(SKIP_UPDATE, only())
    async with refused("WrongStage"):
        await group.execute_update(SKIP_UPDATE, only(done, waiting))
    status = await group.query(STATUS_QUERY, result_type=GroupStatus)
    assert status.stages == {"QUALIFYING": 1, "SKIPPED": 1}


async def test_a_failed_number_is_retried_with_a_new_invoice_mail(scene: Scene, world: OutsideWorld) -> None:
    again, other = fresh_numbers(2)
    world.desk_of = {again: ((24, "VERIFICATION_FAILED"),), other: ((100, "VERIFIED"),)}
    group = await scene.start_group((again, other), a_batch(verification=Verification.INVOICES))
    await scene.pass_hours(HOUR_OF_REVIEW)
    world.desk_of[again] = ((1, "VERIFICATION_PENDING"), (24, "VERIFIED"))
    taken = await group.execute_update(RETRY_UPDATE, only(again), result_type=ActionTaken)
    assert taken.message == "1 numbers are tried again."
    assert (await scene.result(group)).stages == {"DONE": 2}
    mails = world.requests(SEND_INVOICES)
    assert [(mail.attempt, mail.phone_numbers) for mail in mails] == [(1, (again, other)), (2, (again,))]


async def test_a_second_mail_for_the_same_numbers_is_another_mail(scene: Scene, world: OutsideWorld) -> None:
    """A mail server drops what carries the Message-ID of a mail it has had."""
    again, ordered = fresh_numbers(2)
    world.qualification_of[ordered] = ((0, "VERIFIED"),)
    world.orders_go = STUCK
    world.desk = ((24, "VERIFICATION_FAILED"),)
    group = await scene.start_group((again, ordered), a_batch(verification=Verification.INVOICES))
    await scene.pass_hours(HOUR_OF_REVIEW)
    await group.execute_update(RETRY_UPDATE, only(again))
    await scene.settle()
    assert [mail.attempt for mail in world.requests(SEND_INVOICES)] == [1, 2]


async def test_a_number_whose_code_nobody_entered_is_called_again_on_retry(scene: Scene, world: OutsideWorld) -> None:
    again, other = fresh_numbers(2)
    world.qualification_of[other] = ((0, "VERIFIED"),)
    world.orders_go = STUCK
    group = await scene.start_group((again, other), a_batch(verification=Verification.VOICE))
    await scene.pass_hours(8 * 24)
    await group.execute_update(RETRY_UPDATE, only(again))
    await scene.pass_hours(3)
    assert len(world.rings(again)) == 2
    await scene.verification(again).execute_update(SUBMIT_CODE_UPDATE, SubmitCode(code=RIGHT_CODE))
    await scene.settle()
    assert [order.numbers for order in world.requests(CREATE_ORDER)] == [(other,), (again,)]


async def test_a_number_that_failed_in_its_order_goes_into_the_next_one(scene: Scene, world: OutsideWorld) -> None:
    again, slow = fresh_numbers(2)
    batch = a_batch()
    world.failing[again] = "osr"
    world.desk_of[slow] = ((200, "VERIFIED"),)
    group = await scene.start_group((again, slow), batch)
    await scene.pass_hours(150)
    world.failing.clear()
    await group.execute_update(RETRY_UPDATE, only(again))
    assert (await scene.result(group)).stages == {"DONE": 2}
    assert [order.numbers for order in world.requests(CREATE_ORDER)][:2] == [(again,), (again,)]


async def test_retry_knows_which_numbers_it_can_take(scene: Scene, world: OutsideWorld) -> None:
    failed, waiting = fresh_numbers(2)
    world.qualification_of[failed] = ((0, "NOT_ELIGIBLE"),)
    world.desk = NEVER
    group = await scene.start_group((failed, waiting))
    await scene.settle()
    async with refused("UnknownNumber"):
        await group.execute_update(RETRY_UPDATE, only("+12029999999"))
    async with refused("WrongStage"):
        await group.execute_update(RETRY_UPDATE, only(waiting))
    await group.execute_update(RETRY_UPDATE, only(failed))


async def test_cancel_ends_what_is_not_ordered_and_follows_what_is(scene: Scene, world: OutsideWorld) -> None:
    ordered, waiting = fresh_numbers(2)
    world.desk_of[waiting] = NEVER
    group = await scene.start_group((ordered, waiting))
    await scene.pass_hours(60)
    taken = await group.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"), result_type=ActionTaken)
    assert taken.message == "1 numbers are cancelled; orders at Sinch are followed."
    assert (await scene.result(group)).stages == {"DONE": 1, "CANCELLED": 1}
    assert world.rows[1][1].reason == reasons.reason(reasons.CANCELLED_BY_OPERATOR)


async def test_a_group_is_cancelled_once(scene: Scene, world: OutsideWorld) -> None:
    group = await scene.start_group(fresh_numbers(1))
    await scene.pass_hours(60)
    await group.execute_update(CANCEL_UPDATE, OperatorAction())
    async with refused("Ended"):
        await group.execute_update(CANCEL_UPDATE, OperatorAction())


@pytest.mark.parametrize("step", [ADD_NUMBERS, SEND_INVOICES], ids=lambda call: call.name)
async def test_cancel_does_not_wait_for_somebody_who_is_away(
    scene: Scene, world: OutsideWorld, step: Call[Any, Any]
) -> None:
    world.away(step, hours=1000)
    group = await scene.start_group(fresh_numbers(2))
    await scene.pass_hours(1)
    await group.execute_update(CANCEL_UPDATE, OperatorAction())
    await scene.settle()
    assert (await group.describe()).status is WorkflowExecutionStatus.COMPLETED
    assert (await scene.result(group)).stages == {"CANCELLED": 2}


async def test_nothing_is_ordered_after_a_cancel_that_came_during_a_read(scene: Scene, world: OutsideWorld) -> None:
    world.qualification = ((0, "ELIGIBLE"), (1, "VERIFIED"))
    world.desk = NEVER
    group = await scene.start_group(fresh_numbers(2))
    await scene.pass_hours(1.1)
    held = world.hold(READ_REVIEWS)
    reading = asyncio.create_task(scene.pass_hours(2))
    await held.begun.wait()
    await group.execute_update(CANCEL_UPDATE, OperatorAction())
    held.release.set()
    await reading
    assert (await scene.result(group)).stages == {"CANCELLED": 2}
    assert world.made(CREATE_ORDER) == []


async def test_numbers_in_challenges_are_called_no_more_after_a_cancel(scene: Scene, world: OutsideWorld) -> None:
    numbers = fresh_numbers(2)
    group = await scene.start_group(numbers, a_batch(verification=Verification.VOICE))
    await scene.pass_hours(3)
    await group.execute_update(CANCEL_UPDATE, OperatorAction())
    assert (await scene.result(group)).stages == {"CANCELLED": 2}
    await scene.settle()
    for number in numbers:
        assert (await scene.verification(number).describe()).status is not WorkflowExecutionStatus.RUNNING


async def test_status_tells_who_is_waited_on_since_when(scene: Scene, world: OutsideWorld) -> None:
    batch = a_batch()
    group = await scene.start_group(fresh_numbers(2), batch)
    await scene.pass_hours(3)
    status = await group.query(STATUS_QUERY, result_type=GroupStatus)
    assert (status.waiting_on, status.stages) == (WaitingOn.INVOICE_REVIEW, {"IN_REVIEW": 2})
    assert status.waiting_since is not None
    await scene.pass_hours(HOUR_OF_REVIEW)
    status = await group.query(STATUS_QUERY, result_type=GroupStatus)
    assert (status.waiting_on, status.waiting_since) == (WaitingOn.NOBODY, None)
    assert status.orders == {1: hosting_order_workflow_id(batch.id, 1, 1)}
    assert {number.stage for number in status.numbers} == {Stage.ORDERED}
