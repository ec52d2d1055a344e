"""`VerifyNumber`: a phone rings when somebody wants it to, and never because an answer got lost."""

from collections import deque
from datetime import timedelta

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import CancelledError

from onboarding.calls.qualification import READ_REVIEWS
from onboarding.calls.voice import CHECK_CODE, LOOK_AFTER_CALL, PLACE_CALL, CallOutcome
from onboarding.contracts.operator import SKIP_UPDATE, STATUS_QUERY, ActionTaken, OperatorAction
from onboarding.contracts.verification import (
    CALL_AGAIN_UPDATE,
    SUBMIT_CODE_UPDATE,
    SubmitCode,
    VerificationOutcome,
    VerificationStatus,
)
from onboarding.errors import FailureType
from onboarding.task_queues import SINCH
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.sinch_side import RIGHT_CODE
from tests.workflows.staging import Scene, a_batch, fresh_numbers, paced, refused

RIGHT = SubmitCode(code=RIGHT_CODE)
WRONG = SubmitCode(code="9999999999")


@pytest.fixture
def number() -> str:
    """A number of this test alone."""
    return fresh_numbers(1)[0]


async def test_the_right_code_verifies_the_number(scene: Scene, world: OutsideWorld, number: str) -> None:
    challenge = await scene.start_verification(number)
    await scene.settle()
    taken = await challenge.execute_update(SUBMIT_CODE_UPDATE, RIGHT, result_type=ActionTaken)
    result = await scene.result(challenge)
    assert taken.message == "The code is being checked."
    assert (result.outcome, result.calls_placed) == (VerificationOutcome.VERIFIED, 1)
    assert len(world.rings(number)) == 1


async def test_leading_zeros_of_a_code_reach_sinch(scene: Scene, world: OutsideWorld, number: str) -> None:
    challenge = await scene.start_verification(number)
    await scene.settle()
    await challenge.execute_update(SUBMIT_CODE_UPDATE, SubmitCode(code="007"))
    await scene.settle()
    assert world.made(CHECK_CODE)[0].request.code == "007"


async def test_a_wrong_code_leaves_the_challenge_open(scene: Scene, world: OutsideWorld, number: str) -> None:
    challenge = await scene.start_verification(number)
    await scene.settle()
    await challenge.execute_update(SUBMIT_CODE_UPDATE, WRONG)
    await scene.pass_hours(1)
    status = await challenge.query(STATUS_QUERY, result_type=VerificationStatus)
    assert (status.wrong_codes, status.message, status.outcome) == (1, "wrong code", None)
    await challenge.execute_update(SUBMIT_CODE_UPDATE, RIGHT)
    assert (await scene.result(challenge)).outcome is VerificationOutcome.VERIFIED


async def test_a_wrong_code_three_times_blocks_the_number(scene: Scene, world: OutsideWorld, number: str) -> None:
    challenge = await scene.start_verification(number)
    await scene.settle()
    for _ in range(3):
        await challenge.execute_update(SUBMIT_CODE_UPDATE, WRONG)
        await scene.pass_hours(0.1)
    result = await scene.result(challenge)
    assert (result.outcome, result.message) == (VerificationOutcome.BLOCKED, "too many wrong codes")


async def test_without_a_code_the_challenge_ends_at_its_deadline(
    scene: Scene, world: OutsideWorld, number: str
) -> None:
    result = await scene.result(await scene.start_verification(number))
    assert result.outcome is VerificationOutcome.NOT_ENTERED
    assert len(world.rings(number)) == 1


async def test_a_number_the_desk_verified_meanwhile_needs_no_code(
    scene: Scene, world: OutsideWorld, number: str
) -> None:
    challenge = await scene.start_verification(number)
    await scene.pass_hours(24)
    world.lines[number].review.plan(await scene.now(), ((1, "VERIFIED"),))
    assert (await scene.result(challenge)).outcome is VerificationOutcome.VERIFIED


async def test_at_the_deadline_an_absent_sinch_holds_nothing_up(scene: Scene, world: OutsideWorld, number: str) -> None:
    world.away(READ_REVIEWS, hours=24)
    challenge = await scene.start_verification(number)
    assert (await scene.result(challenge)).outcome is VerificationOutcome.NOT_ENTERED
    assert len(world.made(READ_REVIEWS)) == 3


async def test_a_number_that_is_verified_already_is_not_called(scene: Scene, world: OutsideWorld, number: str) -> None:
    world.call_answers[number] = deque([(CallOutcome.ALREADY_VERIFIED, False)])
    result = await scene.result(await scene.start_verification(number))
    assert (result.outcome, result.calls_placed) == (VerificationOutcome.VERIFIED, 0)
    assert world.rings(number) == []


async def test_a_number_that_is_blocked_is_not_called(scene: Scene, world: OutsideWorld, number: str) -> None:
    world.call_answers[number] = deque([(CallOutcome.BLOCKED, False)])
    assert (await scene.result(await scene.start_verification(number))).outcome is VerificationOutcome.BLOCKED
    assert world.rings(number) == []


async def test_a_refused_call_waits_for_somebody_to_ask_again(scene: Scene, world: OutsideWorld, number: str) -> None:
    world.call_answers[number] = deque([(CallOutcome.REFUSED, False)])
    challenge = await scene.start_verification(number)
    await scene.pass_hours(24)
    status = await challenge.query(STATUS_QUERY, result_type=VerificationStatus)
    assert (status.calls_placed, status.message) == (0, "the answer was REFUSED")
    await challenge.execute_update(CALL_AGAIN_UPDATE, OperatorAction())
    await scene.settle()
    await challenge.execute_update(SUBMIT_CODE_UPDATE, RIGHT)
    assert (await scene.result(challenge)).outcome is VerificationOutcome.VERIFIED


@pytest.mark.parametrize("lost", [OutsideWorld.lose_answer, OutsideWorld.break_down])
async def test_a_call_that_rang_without_an_answer_is_not_placed_again(
    scene: Scene, world: OutsideWorld, number: str, lost: object
) -> None:
    """Whatever the reason: only Sinch knows whether the phone rang, and Sinch says it did."""
    lost(world, PLACE_CALL, work_done=True)  # type: ignore[operator]
    challenge = await scene.start_verification(number)
    await scene.pass_hours(24)
    status = await challenge.query(STATUS_QUERY, result_type=VerificationStatus)
    assert (status.calls_placed, len(world.rings(number)), len(world.made(PLACE_CALL))) == (1, 1, 1)


async def test_a_call_whose_worker_was_stopped_is_asked_of_sinch(
    scene: Scene, world: OutsideWorld, number: str
) -> None:
    held = world.hold(PLACE_CALL)
    challenge = await scene.start_verification(number)
    await held.begun.wait()
    await scene.stop_worker(SINCH)
    await scene.start_worker(SINCH)
    await scene.pass_hours(24)
    await challenge.execute_update(SUBMIT_CODE_UPDATE, RIGHT)
    assert (await scene.result(challenge)).calls_placed == 1
    assert (len(world.rings(number)), len(world.made(PLACE_CALL))) == (1, 1)


async def test_an_unknown_outcome_is_asked_of_sinch(scene: Scene, world: OutsideWorld, number: str) -> None:
    world.call_answers[number] = deque([(CallOutcome.UNKNOWN, True)])
    challenge = await scene.start_verification(number)
    await scene.pass_hours(24)
    await challenge.execute_update(SUBMIT_CODE_UPDATE, RIGHT)
    assert (await scene.result(challenge)).outcome is VerificationOutcome.VERIFIED
    assert len(world.rings(number)) == 1


async def test_an_unknown_outcome_without_a_ring_is_followed_by_a_call(
    scene: Scene, world: OutsideWorld, number: str
) -> None:
    world.call_answers[number] = deque([(CallOutcome.UNKNOWN, False)])
    challenge = await scene.start_verification(number)
    await scene.pass_hours(1)
    await challenge.execute_update(SUBMIT_CODE_UPDATE, RIGHT)
    assert (await scene.result(challenge)).calls_placed == 1
    assert len(world.rings(number)) == 1


async def test_a_call_that_was_surely_not_placed_is_placed_again(
    scene: Scene, world: OutsideWorld, number: str
) -> None:
    world.call_answers[number] = deque([(CallOutcome.NOT_PLACED, False)] * 3)
    challenge = await scene.start_verification(number)
    await scene.pass_hours(3)
    assert len(world.rings(number)) == 1
    assert len(world.made(PLACE_CALL)) == 4
    await challenge.execute_update(SUBMIT_CODE_UPDATE, RIGHT)
    assert (await scene.result(challenge)).calls_placed == 1


async def test_a_call_without_an_answer_is_not_placed_again_when_the_desk_refuses_the_invoices_meanwhile(
    scene: Scene, world: OutsideWorld, number: str
) -> None:
    """The number is not where the call put it, and yet the phone has rung."""
    world.lines[number].review.plan(await scene.now(), ((0, "VERIFICATION_PENDING"), (0.5, "VERIFICATION_FAILED")))
    world.call_answers[number] = deque([(CallOutcome.UNKNOWN, True)])
    world.away(LOOK_AFTER_CALL, hours=1)
    challenge = await scene.start_verification(number)
    await scene.pass_hours(24)
    status = await challenge.query(STATUS_QUERY, result_type=VerificationStatus)
    assert (status.calls_placed, len(world.rings(number))) == (1, 1)


async def test_while_sinch_cannot_say_what_happened_nobody_is_called(
    scene: Scene, world: OutsideWorld, number: str
) -> None:
    world.call_answers[number] = deque([(CallOutcome.UNKNOWN, True)])
    world.away(LOOK_AFTER_CALL, hours=10)
    challenge = await scene.start_verification(number)
    await scene.pass_hours(24)
    status = await challenge.query(STATUS_QUERY, result_type=VerificationStatus)
    assert (status.calls_placed, len(world.rings(number))) == (1, 1)


async def test_a_code_is_checked_for_as_long_as_sinch_is_away(scene: Scene, world: OutsideWorld, number: str) -> None:
    world.away(CHECK_CODE, hours=1)
    challenge = await scene.start_verification(number)
    await scene.settle()
    await challenge.execute_update(SUBMIT_CODE_UPDATE, RIGHT)
    assert (await scene.result(challenge)).outcome is VerificationOutcome.VERIFIED
    attempts = world.made(CHECK_CODE)
    assert attempts[-1].at - attempts[0].at >= timedelta(hours=1)


async def test_with_each_code_goes_what_was_seen_of_the_number_before(
    scene: Scene, world: OutsideWorld, number: str
) -> None:
    """By it a code that was judged without an answer is told from one that never came."""
    challenge = await scene.start_verification(number)
    await scene.settle()
    for _ in range(2):
        await challenge.execute_update(SUBMIT_CODE_UPDATE, WRONG)
        await scene.pass_hours(0.1)
    seen = [request.seen for request in world.requests(CHECK_CODE)]
    assert [one.state for one in seen] == ["VERIFICATION_PENDING", "VERIFICATION_FAILED"]
    assert seen[0].updated == world.rings(number)[0] < seen[1].updated


async def test_a_call_that_never_reached_sinch_follows_refused_invoices(
    scene: Scene, world: OutsideWorld, number: str
) -> None:
    """The desk refused before, and nothing has moved since."""
    world.lines[number].review.plan(await scene.now(), ((0, "VERIFICATION_FAILED"),))
    world.call_answers[number] = deque([(CallOutcome.UNKNOWN, False)])
    challenge = await scene.start_verification(number)
    await scene.pass_hours(1)
    status = await challenge.query(STATUS_QUERY, result_type=VerificationStatus)
    assert (status.calls_placed, len(world.rings(number)), len(world.made(PLACE_CALL))) == (1, 1, 2)


async def test_a_refused_check_leaves_the_challenge_open(scene: Scene, world: OutsideWorld, number: str) -> None:
    world.refuse(CHECK_CODE, FailureType.NOT_FOUND, "no such number")
    challenge = await scene.start_verification(number)
    await scene.settle()
    await challenge.execute_update(SUBMIT_CODE_UPDATE, RIGHT)
    await scene.pass_hours(1)
    assert "no such number" in (await challenge.query(STATUS_QUERY, result_type=VerificationStatus)).message
    await challenge.execute_update(SUBMIT_CODE_UPDATE, RIGHT)
    assert (await scene.result(challenge)).outcome is VerificationOutcome.VERIFIED


async def test_a_code_before_any_call_is_refused(scene: Scene, world: OutsideWorld, number: str) -> None:
    world.call_answers[number] = deque([(CallOutcome.NOT_PLACED, False)])
    challenge = await scene.start_verification(number)
    await scene.settle()
    async with refused("NoCall"):
        await challenge.execute_update(SUBMIT_CODE_UPDATE, RIGHT)


async def test_a_second_code_waits_for_the_first(scene: Scene, world: OutsideWorld, number: str) -> None:
    world.away(CHECK_CODE, hours=1)
    challenge = await scene.start_verification(number)
    await scene.settle()
    await challenge.execute_update(SUBMIT_CODE_UPDATE, RIGHT)
    async with refused("Busy"):
        await challenge.execute_update(SUBMIT_CODE_UPDATE, RIGHT)


async def test_the_next_call_has_to_wait_for_the_pause(scene: Scene, world: OutsideWorld, number: str) -> None:
    challenge = await scene.start_verification(number)
    await scene.settle()
    async with refused("TooSoon"):
        await challenge.execute_update(CALL_AGAIN_UPDATE, OperatorAction())
    await scene.pass_hours(1)
    await challenge.execute_update(CALL_AGAIN_UPDATE, OperatorAction())
    await scene.settle()
    assert len(world.rings(number)) == 2


async def test_no_more_calls_than_allowed_are_placed(scene: Scene, world: OutsideWorld, number: str) -> None:
    challenge = await scene.start_verification(number, a_batch(pace=paced(calls_at_most=2)))
    await scene.pass_hours(1)
    await challenge.execute_update(CALL_AGAIN_UPDATE, OperatorAction())
    await scene.pass_hours(1)
    async with refused("NoCallsLeft"):
        await challenge.execute_update(CALL_AGAIN_UPDATE, OperatorAction())


async def test_while_a_call_is_being_placed_no_other_is(scene: Scene, world: OutsideWorld, number: str) -> None:
    world.call_answers[number] = deque([(CallOutcome.NOT_PLACED, False)])
    challenge = await scene.start_verification(number)
    await scene.settle()
    async with refused("Busy"):
        await challenge.execute_update(CALL_AGAIN_UPDATE, OperatorAction())


async def test_a_skipped_challenge_ends_at_once(scene: Scene, world: OutsideWorld, number: str) -> None:
    world.call_answers[number] = deque([(CallOutcome.NOT_PLACED, False)] * 50)
    challenge = await scene.start_verification(number)
    await scene.settle()
    await challenge.execute_update(SKIP_UPDATE, OperatorAction(by="Ann"))
    assert (await scene.result(challenge)).outcome is VerificationOutcome.SKIPPED
    assert world.rings(number) == []


async def test_a_cancelled_challenge_ends_in_the_middle_of_a_step(
    scene: Scene, world: OutsideWorld, number: str
) -> None:
    """So the number is free for a challenge of another batch."""
    world.away(CHECK_CODE, hours=1)
    challenge = await scene.start_verification(number)
    await scene.settle()
    await challenge.execute_update(SUBMIT_CODE_UPDATE, RIGHT)
    await scene.settle()
    await challenge.cancel()
    with pytest.raises(WorkflowFailureError) as ended:
        await scene.result(challenge)
    assert isinstance(ended.value.cause, CancelledError)


async def test_no_code_is_ever_shown(scene: Scene, world: OutsideWorld, number: str) -> None:
    challenge = await scene.start_verification(number)
    await scene.settle()
    await challenge.execute_update(SUBMIT_CODE_UPDATE, WRONG)
    status = await challenge.query(STATUS_QUERY, result_type=VerificationStatus)
    assert WRONG.code not in status.model_dump_json()
