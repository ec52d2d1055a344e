"""What single observations make of a number in a hosting order: the table behind the progress state machine."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from onboarding import reasons
from onboarding.model import Model
from onboarding.observations import CallbackEvent, CarrierError, HostingFailureSeen, OrderRecords, OrderSeen
from onboarding.progress import NumberProgress, Rules, advance, ordered, submitted
from onboarding.reasons import Reason, reason
from onboarding.stages import Stage
from tests.onboarding.order_courses import EVENT_TYPES, FAILURE_CODES, FINAL_CODES, PHONE_NUMBER

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
VERIFIED = NumberProgress(phone_number=PHONE_NUMBER).moved(Stage.VERIFIED, NOW)
IN_ORDER = submitted(ordered(VERIFIED, NOW, campaign_expected=True), "order-1", NOW)
WITHOUT_CAMPAIGN = submitted(ordered(VERIFIED, NOW, campaign_expected=False), "order-1", NOW)


def event(record: str, status: str = "SUCCEEDED", code: str | None = None) -> CallbackEvent:
    return CallbackEvent(event_type=EVENT_TYPES[record], status=status, failure_code=code, timestamp=LATER)


def records(
    osr: str = "DONE",
    platform: str = "DONE",
    campaign: str = "DONE",
    order_state: str = "IN_PROGRESS",
    carrier_errors: tuple[CarrierError, ...] = (),
) -> OrderRecords:
    return OrderRecords(
        phone_number=PHONE_NUMBER,
        osr=osr,
        platform=platform,
        campaign=campaign,
        order_state=order_state,
        carrier_errors=carrier_errors,
    )


def after(*observations: Model, start: NumberProgress = IN_ORDER) -> NumberProgress:
    for observation in observations:
        start = advance(start, observation, LATER, Rules())
    return start


def code_of(number: NumberProgress) -> str | None:
    return number.reason.code if number.reason else None


def why_of(number: NumberProgress) -> Reason | None:
    """Why the campaign link failed, without what comes next."""
    return number.recovery.why if number.recovery else None


@pytest.mark.parametrize("record", ["osr", "campaign", "hosting"])
@pytest.mark.parametrize("code", FAILURE_CODES)
def test_a_failure_code_is_the_reason_whichever_record_failed(record: str, code: str) -> None:
    failed = after(event(record, "FAILED", code))
    is_lost = record == "osr" or code in FINAL_CODES
    assert failed.stage is (Stage.FAILED if is_lost else Stage.PROVISIONING)
    assert code_of(failed) == code


def test_an_unknown_failure_code_is_kept_as_it_came() -> None:
    assert code_of(after(event("campaign", "FAILED", "SOMETHING_NEW"))) == "SOMETHING_NEW"


@pytest.mark.parametrize(
    ("observation", "code"),
    [
        (event("osr", "FAILED"), reasons.OSR_UPDATE_FAILED),
        (event("platform", "FAILED"), reasons.SMS_PROVISIONING_FAILED),
        (records("FAILED", "WAITING", "WAITING"), reasons.OSR_UPDATE_FAILED),
        (records("DONE", "FAILED", "WAITING"), reasons.SMS_PROVISIONING_FAILED),
        (records("DONE", "DONE", "IN_PROGRESS", "COMPLETED"), reasons.HOSTING_FAILED),
        (records("DONE", "DONE", "STATE_UNSPECIFIED", "COMPLETED"), reasons.HOSTING_FAILED),
        (records("WAITING", "WAITING", "WAITING", "REJECTED"), reasons.ORDER_REJECTED),
        (records("DONE", "FAILED", "WAITING", "REJECTED"), reasons.SMS_PROVISIONING_FAILED),
        (OrderRecords(phone_number=PHONE_NUMBER, order_state="COMPLETED"), reasons.HOSTING_FAILED),
    ],
)
def test_a_failure_without_a_code_is_named_after_the_record(observation: Model, code: str) -> None:
    failed = after(observation)
    assert failed.stage is Stage.FAILED
    assert failed.reason == reason(code)


@pytest.mark.parametrize("start", [IN_ORDER, WITHOUT_CAMPAIGN])
def test_a_failure_that_sinch_shows_says_what_the_lost_event_would_have_said(start: NumberProgress) -> None:
    shown = HostingFailureSeen(phone_number=PHONE_NUMBER, updated=LATER)
    assert after(shown, start=start) == after(event("hosting", "FAILED"), start=start)


def test_a_failure_from_before_the_order_changes_nothing() -> None:
    shown = HostingFailureSeen(phone_number=PHONE_NUMBER, updated=NOW - timedelta(hours=1))
    assert after(shown) == IN_ORDER


@pytest.mark.parametrize(
    "carrier_error",
    [
        CarrierError(record="smsTmo", code="60135", message="Migrate it."),
        CarrierError(record="smsTmo", code="TMO-60135", message="Migrate it."),
        CarrierError(record="smsTmo", code="", message="60135: migrate it."),
    ],
)
@pytest.mark.parametrize("code", [None, "NUMBER_PROVISIONING_FAILED"])
def test_60135_of_t_mobile_tells_more_than_any_failure_code(carrier_error: CarrierError, code: str | None) -> None:
    for news in permutations(
        [event("campaign", "FAILED", code), records("DONE", "DONE", "FAILED", "", (carrier_error,))]
    ):
        assert why_of(after(*news)) == reason(reasons.T_MOBILE_MIGRATION_REQUIRED, carrier_error.message)


def test_what_the_carriers_said_is_added_to_a_failed_campaign() -> None:
    errors = (CarrierError(record="smsAtt", code="7", message="No."), CarrierError(record="smsTmo", code="8"))
    failed = after(records("DONE", "DONE", "FAILED", "", errors))
    assert why_of(failed) == reason(reasons.CAMPAIGN_PROVISIONING_FAILED, "smsAtt 7 No.; smsTmo 8")


def test_a_carrier_error_alone_fails_nothing() -> None:
    mms = (CarrierError(record="mmsTmo", code="7", message="No MMS."),)
    assert after(records(carrier_errors=mms)).stage is Stage.DONE


@pytest.mark.parametrize("start", [IN_ORDER, WITHOUT_CAMPAIGN])
@pytest.mark.parametrize(
    ("state", "stage"),
    [
        ("SUBMITTED", Stage.ORDERED),
        ("WAITING_FOR_LOA_SIGNATURE", Stage.AWAITING_LOA),
        ("IN_PROGRESS", Stage.PROVISIONING),
        ("COMPLETED", Stage.ORDERED),
        ("REJECTED", Stage.ORDERED),
    ],
)
def test_the_order_as_a_whole_moves_a_number_but_never_ends_it(start: NumberProgress, state: str, stage: Stage) -> None:
    assert after(OrderSeen(state=state), start=start).stage is stage


def test_an_order_in_progress_does_not_go_back_to_its_signature() -> None:
    assert (
        after(OrderSeen(state="IN_PROGRESS"), OrderSeen(state="WAITING_FOR_LOA_SIGNATURE")).stage is Stage.PROVISIONING
    )


@pytest.mark.parametrize("first", [event("osr"), event("platform"), event("campaign"), records("IN_PROGRESS", "", "")])
def test_the_first_movement_of_any_record_means_provisioning(first: Model) -> None:
    assert after(first).stage is Stage.PROVISIONING


@pytest.mark.parametrize(
    ("start", "observations", "stage"),
    [
        (IN_ORDER, [event("osr"), event("platform")], Stage.PROVISIONING),
        (IN_ORDER, [event("osr"), event("platform"), event("campaign")], Stage.DONE),
        (IN_ORDER, [event("hosting")], Stage.PROVISIONING),
        (IN_ORDER, [event("hosting"), event("campaign")], Stage.DONE),
        (IN_ORDER, [event("hosting"), event("campaign", "FAILED")], Stage.PROVISIONING),
        (IN_ORDER, [event("platform"), event("campaign")], Stage.PROVISIONING),
        (IN_ORDER, [event("osr"), records("", "DONE", ""), event("campaign")], Stage.DONE),
        (IN_ORDER, [records()], Stage.DONE),
        (IN_ORDER, [records(osr="STATE_UNSPECIFIED")], Stage.PROVISIONING),
        (IN_ORDER, [records(osr="STATE_UNSPECIFIED", order_state="COMPLETED")], Stage.DONE),
        (IN_ORDER, [records(order_state="REJECTED")], Stage.DONE),
        (WITHOUT_CAMPAIGN, [event("osr"), event("platform")], Stage.DONE),
        (WITHOUT_CAMPAIGN, [event("hosting")], Stage.DONE),
        (WITHOUT_CAMPAIGN, [records(campaign="STATE_UNSPECIFIED")], Stage.DONE),
    ],
)
def test_a_number_is_done_when_all_that_sms_needs_is_through(
    start: NumberProgress, observations: list[Model], stage: Stage
) -> None:
    for news in permutations(observations):
        assert after(*news, start=start).stage is stage


def test_two_failed_records_give_the_reason_of_the_one_that_runs_first() -> None:
    codes = [("osr", "INVALID_NNID"), ("campaign", "CAMPAIGN_EXPIRED"), ("hosting", "INSUFFICIENT_BALANCE")]
    found = {code_of(after(*news)) for news in permutations(event(record, "FAILED", code) for record, code in codes)}
    assert found == {"INVALID_NNID"}


def test_a_failure_told_again_without_a_code_keeps_the_code() -> None:
    for news in permutations([event("campaign", "FAILED", "CAMPAIGN_EXPIRED"), event("campaign", "FAILED")]):
        assert code_of(after(*news)) == "CAMPAIGN_EXPIRED"


def test_a_failed_campaign_is_nothing_to_a_number_without_one() -> None:
    told = after(event("osr"), event("campaign", "FAILED", "CAMPAIGN_EXPIRED"), start=WITHOUT_CAMPAIGN)
    assert told.stage is Stage.PROVISIONING
    assert after(event("platform"), start=told).stage is Stage.DONE


def test_a_failure_told_after_success_leaves_no_trace_in_the_reason() -> None:
    failed = after(event("osr"), event("osr", "FAILED", "INVALID_NNID"), event("platform", "FAILED"))
    assert code_of(failed) == reasons.SMS_PROVISIONING_FAILED


def test_news_after_a_failure_make_its_reason_better_but_not_its_time() -> None:
    failed = after(event("platform", "FAILED"))
    told = advance(failed, event("osr", "FAILED", "INVALID_NNID"), LATER + timedelta(days=1), Rules())
    assert (code_of(failed), code_of(told)) == (reasons.SMS_PROVISIONING_FAILED, "INVALID_NNID")
    assert (told.since, told.settled_at) == (LATER, LATER)


@pytest.mark.parametrize(
    "code",
    [
        reasons.LOA_DEADLINE_PASSED,
        reasons.CARRIER_DEADLINE_PASSED,
        reasons.ORDER_REFUSED,
        reasons.ENDED_OUTSIDE,
    ],
)
def test_what_we_decided_ourselves_stays_the_reason(code: str) -> None:
    given_up = IN_ORDER.moved(Stage.FAILED, LATER, reason(code))
    for news in (event("campaign", "FAILED", "CAMPAIGN_EXPIRED"), records("FAILED", "", "", "REJECTED"), records()):
        told = after(news, start=given_up)
        assert (told.stage, told.reason) == (Stage.FAILED, reason(code))


@pytest.mark.parametrize("stage", [Stage.DONE, Stage.SKIPPED, Stage.CANCELLED])
def test_a_number_that_is_through_or_given_up_hears_nothing_more(stage: Stage) -> None:
    ended = IN_ORDER.moved(stage, LATER)
    news = [event("campaign", "FAILED", "CAMPAIGN_EXPIRED"), records("FAILED", "", "", "REJECTED")]
    assert after(*news, OrderSeen(state="IN_PROGRESS"), start=ended) == ended


def test_a_failed_number_stays_failed_when_the_rest_succeeds() -> None:
    assert after(event("osr", "FAILED"), event("hosting"), records(order_state="COMPLETED")).stage is Stage.FAILED


@pytest.mark.parametrize(
    ("timestamp", "counts"),
    [(NOW - timedelta(microseconds=1), False), (NOW, True), (LATER, True), (None, True)],
)
def test_an_event_counts_unless_it_is_older_than_the_order(timestamp: datetime | None, *, counts: bool) -> None:
    told = event("osr", "FAILED").model_copy(update={"timestamp": timestamp})
    assert (after(told).stage is Stage.FAILED) is counts


def test_instants_tell_when_a_stage_was_entered_and_when_the_number_was_settled() -> None:
    failed = after(event("osr", "FAILED"))
    assert (failed.verified_at, failed.ordered_at, failed.since, failed.settled_at) == (NOW, NOW, LATER, LATER)
    assert IN_ORDER.settled_at is None


def test_entering_the_same_stage_again_does_not_restart_its_clock() -> None:
    assert IN_ORDER.moved(Stage.ORDERED, LATER) == IN_ORDER


def test_another_reason_for_the_same_end_takes_the_place_of_the_first() -> None:
    refused = IN_ORDER.moved(Stage.FAILED, NOW, reason(reasons.ORDER_REFUSED))
    assert code_of(refused.moved(Stage.FAILED, LATER, reason(reasons.ENDED_OUTSIDE))) == reasons.ENDED_OUTSIDE


def test_a_number_is_settled_once_even_if_its_end_is_named_anew() -> None:
    failed = IN_ORDER.moved(Stage.FAILED, NOW, reason(reasons.ORDER_REFUSED))
    skipped = failed.moved(Stage.SKIPPED, LATER, reason(reasons.SKIPPED_BY_OPERATOR))
    assert (skipped.since, skipped.settled_at) == (LATER, NOW)


def test_what_is_no_observation_is_refused() -> None:
    with pytest.raises(TypeError, match="Rules is no observation"):
        advance(IN_ORDER, Rules(), LATER, Rules())
