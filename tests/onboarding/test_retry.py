"""An operator starts failed numbers again: what the attempt before still means, and what it does not."""

from datetime import UTC, datetime, timedelta

import pytest

from onboarding import reasons
from onboarding.observations import OSR_UPDATE, CallbackEvent, Review
from onboarding.progress import NumberProgress, Rules, advance, ordered, retried, submitted
from onboarding.reasons import reason
from onboarding.stages import Stage, Verification

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
ADDED = NumberProgress(phone_number="+12025550134").moved(Stage.QUALIFYING, NOW)
INVOICES = Rules(verification=Verification.INVOICES)
OSR_FAILED = CallbackEvent(event_type=OSR_UPDATE, status="FAILED", timestamp=NOW + timedelta(hours=1))


def reviewed(number: NumberProgress, *states: str, rules: Rules = INVOICES) -> NumberProgress:
    for state in states:
        number = advance(number, Review(state=state), NOW, rules)
    return number


def test_a_verified_number_is_ready_for_the_next_order() -> None:
    in_order = submitted(ordered(reviewed(ADDED, "VERIFIED"), NOW, campaign_expected=True), "order-1", NOW)
    again = retried(advance(in_order, OSR_FAILED, NOW, INVOICES), LATER)
    assert (again.stage, again.reason, again.since, again.verified_at) == (Stage.VERIFIED, None, LATER, NOW)
    assert (again.hosting_order_id, again.ordered_at, again.settled_at) == (None, None, None)


@pytest.mark.parametrize("state", ["NOT_ELIGIBLE", "VERIFICATION_FAILED", "VERIFICATION_BLOCKED"])
def test_an_unverified_number_starts_anew_and_does_not_fail_by_the_state_it_failed_by(state: str) -> None:
    again = retried(reviewed(ADDED, "ELIGIBLE_CHECK_PENDING", state), LATER)
    assert (again.stage, again.reason, again.since) == (Stage.PENDING, None, LATER)
    assert reviewed(again, state) == again


@pytest.mark.parametrize("state", ["NOT_ELIGIBLE", "VERIFICATION_FAILED", "VERIFICATION_BLOCKED"])
def test_the_old_state_counts_again_once_another_was_read(state: str) -> None:
    again = retried(reviewed(ADDED, state), LATER)
    assert reviewed(again, "ELIGIBLE_CHECK_PENDING", state).stage is Stage.FAILED
    assert reviewed(again, "A_NEW_LITERAL", state) == again


@pytest.mark.parametrize("state", ["ELIGIBLE", "VERIFICATION_PENDING", "VERIFICATION_FAILED"])
def test_a_number_without_a_right_code_goes_on_from_the_state_it_is_in(state: str) -> None:
    by_voice = Rules(verification=Verification.VOICE)
    called = reviewed(ADDED, state, rules=by_voice)
    failed = called.moved(Stage.FAILED, NOW, reason(reasons.VOICE_CODE_NOT_ENTERED))
    assert reviewed(retried(failed, LATER), state, rules=by_voice).stage is Stage.NEEDS_VERIFICATION


def test_a_number_whose_invoices_could_not_be_sent_goes_on_from_the_state_it_is_in() -> None:
    unsent = reviewed(ADDED, "ELIGIBLE").moved(Stage.FAILED, NOW, reason(reasons.INVOICES_NOT_SENT))
    assert reviewed(retried(unsent, LATER), "ELIGIBLE").stage is Stage.IN_REVIEW


def test_an_event_that_comes_before_the_answer_to_the_order_waits_for_it() -> None:
    waiting = ordered(reviewed(ADDED, "VERIFIED"), NOW, campaign_expected=True)
    learned = NOW + timedelta(hours=2)
    early = advance(waiting, OSR_FAILED, learned, INVOICES)
    assert early.stage is Stage.ORDERED
    assert advance(early, OSR_FAILED, LATER, INVOICES) == early
    failed = submitted(early, "order-1", NOW)
    assert (failed.stage, failed.since, failed.early_events) == (Stage.FAILED, learned, ())


def test_an_early_event_of_a_rejected_order_does_not_fail_its_successor() -> None:
    rejected = submitted(ordered(reviewed(ADDED, "VERIFIED"), NOW, campaign_expected=True), "order-1", NOW)
    waiting = advance(ordered(rejected, LATER, campaign_expected=True), OSR_FAILED, LATER, INVOICES)
    assert submitted(waiting, "order-2", LATER).stage is Stage.ORDERED


def test_a_new_order_forgets_the_records_and_early_events_of_the_one_before() -> None:
    waiting = advance(ordered(ADDED, NOW, campaign_expected=True), OSR_FAILED, NOW, INVOICES)
    assert submitted(ordered(waiting, LATER, campaign_expected=True), "order-2", NOW).stage is Stage.ORDERED


def test_a_number_that_never_got_into_an_order_keeps_its_end_and_no_events() -> None:
    refused = ordered(ADDED, NOW, campaign_expected=True).moved(Stage.FAILED, NOW, reason(reasons.ORDER_REFUSED))
    assert advance(refused, OSR_FAILED, LATER, INVOICES) == refused
