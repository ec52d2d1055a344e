"""Checking the code of a voice challenge: Sinch's judgement, and no code judged twice without need."""

import pytest

from activities.voice import Voice
from onboarding.calls.voice import CheckCode, CodeChecked, CodeOutcome, NumberSeen, PlaceCall
from onboarding.errors import FailureType
from simulator import SimulatorSettings
from sinch_numbers import SinchNumbers
from tests.activities.run_activity import failed, is_final, is_retried, run
from tests.activities.simulated_sinch import CHECK, SimulatedSinch, connect, numbers, simulated_sinch

(NUMBER,) = numbers(1)
WRONG = "no code"


async def _ring(sinch: SimulatedSinch) -> str:
    """Have the number called; returns what somebody heard on the phone."""
    await sinch.make_eligible(NUMBER)
    await sinch.client.qualified_numbers.send_voice_challenge(NUMBER)
    return await sinch.heard_code(NUMBER)


async def _check(client: SinchNumbers, code: str, *, attempt: int = 1, seen: NumberSeen | None = None) -> CodeChecked:
    request = CheckCode(phone_number=NUMBER, code=code, seen=seen)
    return await run(Voice(client).check_code, request, attempt=attempt)


async def _lose_the_answer(sinch: SimulatedSinch, code: str, kind: str) -> None:
    await sinch.fail(CHECK, kind)
    await failed(Voice(sinch.client).check_code, CheckCode(phone_number=NUMBER, code=code))


async def _judged(sinch: SimulatedSinch) -> list[bool]:
    """For every code that Sinch has judged: was it right?"""
    return [entry["details"]["right"] for entry in await sinch.ledger("code_check")]


async def test_the_right_code_verifies_the_number(sinch: SimulatedSinch) -> None:
    code = await _ring(sinch)
    checked = await _check(sinch.client, code)
    assert (checked.outcome, checked.message) == (CodeOutcome.VERIFIED, "")


async def test_a_wrong_code_says_so_and_leaves_room_for_the_right_one(sinch: SimulatedSinch) -> None:
    code = await _ring(sinch)
    checked = await _check(sinch.client, WRONG)
    assert (checked.outcome, checked.message) == (CodeOutcome.WRONG, "The code is wrong.")
    assert (await _check(sinch.client, code)).outcome is CodeOutcome.VERIFIED


async def test_a_code_that_came_too_late_is_wrong_and_says_why(sinch: SimulatedSinch) -> None:
    code = await _ring(sinch)
    await sinch.advance(hours=25)
    checked = await _check(sinch.client, code)
    assert (checked.outcome, checked.message) == (CodeOutcome.WRONG, "The code is expired.")


async def test_the_third_wrong_code_blocks_the_number(sinch: SimulatedSinch) -> None:
    code = await _ring(sinch)
    outcomes = [(await _check(sinch.client, WRONG)).outcome for _ in range(2)]
    third = await _check(sinch.client, WRONG)
    assert [*outcomes, third.outcome] == [CodeOutcome.WRONG, CodeOutcome.WRONG, CodeOutcome.BLOCKED]
    assert "Too many wrong codes" in third.message
    assert (await _check(sinch.client, code)).outcome is CodeOutcome.BLOCKED


@pytest.mark.parametrize(("wrong_codes_allowed", "outcome"), [(3, CodeOutcome.WRONG), (1, CodeOutcome.BLOCKED)])
async def test_a_wrong_code_that_is_answered_with_an_error_is_judged_by_the_state_of_the_number(
    wrong_codes_allowed: int, outcome: CodeOutcome
) -> None:
    async with simulated_sinch(SimulatorSettings(wrong_codes_allowed=wrong_codes_allowed)) as sinch:
        await _ring(sinch)
        await sinch.fail(CHECK, "status_after_commit", status=400)
        assert (await _check(sinch.client, WRONG)).outcome is outcome


async def test_without_a_call_there_is_no_right_code_and_the_message_says_what_to_do(sinch: SimulatedSinch) -> None:
    await sinch.make_eligible(NUMBER)
    checked = await _check(sinch.client, "1234")
    assert checked.outcome is CodeOutcome.WRONG
    assert "call sendVoiceChallenge first" in checked.message
    assert await _judged(sinch) == []


async def test_a_number_that_got_verified_in_another_way_needs_no_code(sinch: SimulatedSinch) -> None:
    code = await _ring(sinch)
    await _check(sinch.client, code)
    assert (await _check(sinch.client, WRONG)).outcome is CodeOutcome.VERIFIED
    assert await _judged(sinch) == [True]


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ({"kind": "cut_after"}, FailureType.OUTCOME_UNKNOWN),
        ({"kind": "status_after_commit", "status": 500}, FailureType.UNAVAILABLE),
        ({"kind": "timeout", "after_commit": True}, FailureType.OUTCOME_UNKNOWN),
    ],
    ids=str,
)
async def test_a_right_code_whose_answer_was_lost_is_not_judged_again(
    sinch: SimulatedSinch, fault: dict[str, object], kind: FailureType
) -> None:
    code = await _ring(sinch)
    await sinch.tell("faults", {"operation": CHECK, **fault})
    async with connect(sinch.endpoints, timeout=1.0) as client:
        failure = await failed(Voice(client).check_code, CheckCode(phone_number=NUMBER, code=code))
    assert is_retried(failure, kind)
    assert code not in failure.message
    assert (await _check(sinch.client, code, attempt=2)).outcome is CodeOutcome.VERIFIED
    assert await _judged(sinch) == [True]
    assert await sinch.requests(CHECK) == 1


async def test_a_wrong_code_that_blocked_the_number_with_its_answer_lost_is_not_judged_again() -> None:
    async with simulated_sinch(SimulatorSettings(wrong_codes_allowed=1)) as sinch:
        await _ring(sinch)
        await _lose_the_answer(sinch, WRONG, "cut_after")
        assert (await _check(sinch.client, WRONG, attempt=2)).outcome is CodeOutcome.BLOCKED
        assert await _judged(sinch) == [False]


async def test_a_code_that_never_reached_sinch_is_judged_by_the_next_attempt(sinch: SimulatedSinch) -> None:
    code = await _ring(sinch)
    await _lose_the_answer(sinch, code, "cut_before")
    assert (await _check(sinch.client, code, attempt=2)).outcome is CodeOutcome.VERIFIED
    assert await _judged(sinch) == [True]


async def test_a_wrong_code_whose_answer_was_lost_is_not_judged_again(sinch: SimulatedSinch) -> None:
    await _ring(sinch)
    await _lose_the_answer(sinch, WRONG, "cut_after")
    checked = await _check(sinch.client, WRONG, attempt=2)
    assert checked.outcome is CodeOutcome.WRONG
    assert "the code counts as wrong" in checked.message
    assert await _judged(sinch) == [False]


async def test_a_second_wrong_code_whose_answer_was_lost_is_not_judged_again(sinch: SimulatedSinch) -> None:
    """The number was VERIFICATION_FAILED before it already: only the time of its last change tells."""
    await _ring(sinch)
    first = await _check(sinch.client, WRONG)
    await sinch.advance(hours=1)
    await _lose_the_answer(sinch, WRONG, "cut_after")
    second = await _check(sinch.client, WRONG, attempt=2, seen=first.seen)
    assert second.outcome is CodeOutcome.WRONG
    assert await _judged(sinch) == [False, False]


async def test_a_second_code_that_never_reached_sinch_is_judged_by_the_next_attempt(sinch: SimulatedSinch) -> None:
    code = await _ring(sinch)
    first = await _check(sinch.client, WRONG)
    await sinch.advance(hours=1)
    await _lose_the_answer(sinch, code, "cut_before")
    assert (await _check(sinch.client, code, attempt=2, seen=first.seen)).outcome is CodeOutcome.VERIFIED
    assert await _judged(sinch) == [False, True]


async def test_what_is_seen_of_the_call_tells_whether_the_first_code_was_judged(sinch: SimulatedSinch) -> None:
    await sinch.make_eligible(NUMBER)
    called = await run(Voice(sinch.client).place_call, PlaceCall(phone_number=NUMBER))
    code = await sinch.heard_code(NUMBER)
    await sinch.advance(hours=1)
    await _lose_the_answer(sinch, code, "cut_before")
    assert (await _check(sinch.client, code, attempt=2, seen=called.seen)).outcome is CodeOutcome.VERIFIED


async def test_a_code_counts_as_wrong_where_sinch_does_not_tell_whether_it_was_judged(sinch: SimulatedSinch) -> None:
    """Asking a person to enter it again does no harm; a code that is judged twice may block the number."""
    code = await _ring(sinch)
    timeless = NumberSeen(state="VERIFICATION_PENDING")
    assert (await _check(sinch.client, code, attempt=2, seen=timeless)).outcome is CodeOutcome.WRONG
    assert await _judged(sinch) == []


async def test_a_code_for_a_number_that_sinch_does_not_know_is_a_final_failure(sinch: SimulatedSinch) -> None:
    failure = await failed(Voice(sinch.client).check_code, CheckCode(phone_number=NUMBER, code="1234"))
    assert is_final(failure, FailureType.NOT_FOUND)
    assert NUMBER in failure.message
