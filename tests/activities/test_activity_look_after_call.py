"""What became of a call whose answer was lost: it is placed again only where the phone has surely not rung."""

from activities.voice import Voice
from onboarding.calls.voice import CallOutcome, CallPlaced, LookAfterCall, NumberSeen, PlaceCall
from onboarding.errors import FailureType
from tests.activities.run_activity import failed, is_retried, run
from tests.activities.simulated_sinch import CALL, GET_NUMBER, SimulatedSinch, numbers

(NUMBER,) = numbers(1)
NEVER_LISTED = "+12025550199"


async def _place(sinch: SimulatedSinch, phone_number: str = NUMBER) -> CallPlaced:
    return await run(Voice(sinch.client).place_call, PlaceCall(phone_number=phone_number))


async def _look(sinch: SimulatedSinch, seen: NumberSeen | None, phone_number: str = NUMBER) -> CallPlaced:
    return await run(Voice(sinch.client).look_after_call, LookAfterCall(phone_number=phone_number, seen=seen))


async def _have_refused(sinch: SimulatedSinch, phone_number: str = NUMBER) -> None:
    """A code is refused as invoices are: the number is VERIFICATION_FAILED."""
    await sinch.client.qualified_numbers.verify_voice_challenge(phone_number, "no code")


async def test_a_call_after_which_the_number_waits_for_its_code_was_placed(sinch: SimulatedSinch) -> None:
    await sinch.make_eligible(NUMBER)
    await sinch.fail(CALL, "cut_after")
    lost = await _place(sinch)
    looked = await _look(sinch, lost.seen)
    assert looked.outcome is CallOutcome.PLACED
    assert looked.seen
    assert looked.seen.state == "VERIFICATION_PENDING"


async def test_a_call_counts_as_placed_when_the_number_was_refused_since(sinch: SimulatedSinch) -> None:
    await sinch.make_eligible(NUMBER)
    await sinch.fail(CALL, "cut_after")
    lost = await _place(sinch)
    await _have_refused(sinch)
    looked = await _look(sinch, lost.seen)
    assert looked.outcome is CallOutcome.PLACED
    assert "the phone may have rung" in looked.message


async def test_a_number_that_has_not_moved_was_not_called(sinch: SimulatedSinch) -> None:
    await sinch.make_eligible(NUMBER)
    await _place(sinch)
    await _have_refused(sinch)
    await sinch.advance(hours=1)
    await sinch.fail(CALL, "cut_before")
    lost = await _place(sinch)
    assert lost.outcome is CallOutcome.UNKNOWN
    assert (await _look(sinch, lost.seen)).outcome is CallOutcome.NOT_PLACED


async def test_a_further_call_counts_as_placed_when_the_number_was_refused_again(sinch: SimulatedSinch) -> None:
    """Its state is what it was before; only the time of its last change tells."""
    await sinch.make_eligible(NUMBER)
    await _place(sinch)
    await _have_refused(sinch)
    await sinch.advance(hours=1)
    await sinch.fail(CALL, "cut_after")
    lost = await _place(sinch)
    await _have_refused(sinch)
    assert (await _look(sinch, lost.seen)).outcome is CallOutcome.PLACED
    assert await sinch.rings(NUMBER) == 2


async def test_without_knowing_the_number_before_only_one_that_was_never_under_verification_is_called(
    sinch: SimulatedSinch,
) -> None:
    """As after a worker that died: nobody knows what it saw."""
    await sinch.make_eligible(NUMBER)
    assert (await _look(sinch, None)).outcome is CallOutcome.NOT_PLACED
    await _place(sinch)
    assert (await _look(sinch, None)).outcome is CallOutcome.PLACED
    await _have_refused(sinch)
    assert (await _look(sinch, None)).outcome is CallOutcome.PLACED


async def test_a_number_that_is_verified_or_blocked_meanwhile_needs_no_call(sinch: SimulatedSinch) -> None:
    verified, blocked = numbers(2)
    await sinch.make_eligible(verified, blocked)
    await _place(sinch, verified)
    await sinch.client.qualified_numbers.verify_voice_challenge(verified, await sinch.heard_code(verified))
    await _place(sinch, blocked)
    for _ in range(3):
        await _have_refused(sinch, blocked)
    outcomes = [(await _look(sinch, None, number)).outcome for number in (verified, blocked)]
    assert outcomes == [CallOutcome.ALREADY_VERIFIED, CallOutcome.BLOCKED]


async def test_a_number_that_sinch_does_not_know_is_not_called_again(sinch: SimulatedSinch) -> None:
    looked = await _look(sinch, None, NEVER_LISTED)
    assert looked.outcome is CallOutcome.REFUSED
    assert NEVER_LISTED in looked.message


async def test_an_absent_sinch_is_asked_again(sinch: SimulatedSinch) -> None:
    await sinch.fail(GET_NUMBER, status=503, times=10)
    failure = await failed(Voice(sinch.client).look_after_call, LookAfterCall(phone_number=NUMBER))
    assert is_retried(failure, FailureType.UNAVAILABLE)
