"""The tries of a number whose campaign link failed: which news count for which try, in whatever order they come."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding import reasons
from onboarding.link_recovery import RecoveryPhase
from onboarding.linking_again import given_up, link_now, link_postponed, link_refused, link_sent, linking
from onboarding.model import Model
from onboarding.observations import CAMPAIGN_LINK, CallbackEvent, CampaignLinkSeen, CarrierError, OrderRecords
from onboarding.progress import NumberProgress, Rules, advance, ordered, submitted
from onboarding.reasons import reason
from onboarding.spans import Span
from onboarding.stages import Stage
from tests.onboarding.order_courses import MIGRATION, PHONE_NUMBER, Course, courses

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
FAILED_AT, SENT_AT = NOW + timedelta(hours=1), NOW + timedelta(hours=30)
PENDING, FULL, EXPIRED = "CAMPAIGN_PENDING_ACCEPTANCE", "EXCEEDED_10DLC_LIMIT", "CAMPAIGN_EXPIRED"
RULES = Rules()
IN_ORDER = submitted(ordered(NumberProgress(phone_number=PHONE_NUMBER), NOW, campaign_expected=True), "order-1", NOW)


def told(status: str, at: datetime | None, code: str | None = None) -> CallbackEvent:
    return CallbackEvent(event_type=CAMPAIGN_LINK, status=status, failure_code=code, timestamp=at)


def seen(state: str, updated: datetime | None = None, code: str | None = None, **more: object) -> CampaignLinkSeen:
    fields = {"phone_number": PHONE_NUMBER, "state": state, "updated": updated, "failure_code": code, **more}
    return CampaignLinkSeen.model_validate(fields)


def after(number: NumberProgress, *news: Model, rules: Rules = RULES) -> NumberProgress:
    for one in news:
        number = advance(number, one, SENT_AT, rules)
    return number


def phase(number: NumberProgress) -> RecoveryPhase | None:
    return number.recovering.phase if number.recovering else None


WAITING = after(IN_ORDER, told("FAILED", FAILED_AT, PENDING))
LINKING = link_sent(linking(WAITING, SENT_AT), SENT_AT, SENT_AT)


@settings(deadline=None, max_examples=100)
@given(st.data(), courses())
def test_nothing_of_the_order_counts_once_the_number_is_linked_again(data: st.DataObject, course: Course) -> None:
    old = data.draw(st.lists(st.sampled_from(course.observations), max_size=6), "old news")
    assert after(LINKING, *old) == LINKING
    assert after(LINKING, *old, told("SUCCEEDED", SENT_AT + timedelta(hours=1))).stage is Stage.DONE


def test_only_news_newer_than_the_try_count_against_it() -> None:
    for old in (told("FAILED", FAILED_AT, EXPIRED), told("FAILED", SENT_AT, EXPIRED), told("FAILED", None, EXPIRED)):
        assert after(LINKING, old) == LINKING
    assert after(LINKING, seen("FAILED", FAILED_AT, EXPIRED)) == LINKING
    assert after(LINKING, told("FAILED", SENT_AT + timedelta(seconds=1), EXPIRED)).reason == reason(EXPIRED)
    assert after(LINKING, seen("FAILED", SENT_AT + timedelta(seconds=1), EXPIRED)).reason == reason(EXPIRED)


def test_a_failed_try_told_twice_is_one_failed_try() -> None:
    again = told("FAILED", SENT_AT + timedelta(hours=1), PENDING)
    once = after(LINKING, again)
    assert after(once, again, seen("FAILED", SENT_AT + timedelta(hours=1), PENDING)) == once
    assert once.recovery is not None
    assert (once.recovery.tries, phase(once)) == (1, RecoveryPhase.WAIT)


def test_the_wait_before_the_next_try_is_that_of_the_policy_unless_the_batch_is_less_patient() -> None:
    patient, brisk = (
        after(IN_ORDER, told("FAILED", FAILED_AT, PENDING), rules=r) for r in (RULES, Rules(longest_wait=Span("5s")))
    )
    assert patient.recovery is not None
    assert brisk.recovery is not None
    assert patient.recovery.retry_at == SENT_AT + timedelta(hours=24)
    assert brisk.recovery.retry_at == SENT_AT + timedelta(seconds=5)


def test_a_person_is_asked_only_after_sinch_was() -> None:
    full = after(IN_ORDER, told("FAILED", FAILED_AT, FULL))
    assert phase(full) is RecoveryPhase.LOOK_UP
    assert phase(after(full, seen("FAILED", FAILED_AT, FULL))) is RecoveryPhase.OPERATOR
    assert phase(after(full, seen(""))) is RecoveryPhase.OPERATOR
    lost = after(full, seen("", imported=False))
    assert (lost.stage, lost.reason, lost.can_be_linked) == (Stage.FAILED, reason(FULL), False)


def test_reading_the_number_tells_the_code_that_no_event_told() -> None:
    unknown = after(IN_ORDER, OrderRecords(phone_number=PHONE_NUMBER, osr="DONE", platform="DONE", campaign="FAILED"))
    assert phase(unknown) is RecoveryPhase.LOOK_UP
    assert phase(after(unknown, seen("FAILED", FAILED_AT, PENDING))) is RecoveryPhase.WAIT
    assert after(unknown, seen("FAILED", FAILED_AT, EXPIRED)).reason == reason(EXPIRED)
    errors: tuple[CarrierError, ...] = (MIGRATION,)
    migration = after(unknown, seen("FAILED", FAILED_AT, carrier_errors=errors))
    assert migration.reason is not None
    assert migration.reason.code == reasons.T_MOBILE_MIGRATION_REQUIRED


def test_a_try_that_could_not_be_sent_does_not_count() -> None:
    later = SENT_AT + timedelta(hours=1)
    postponed = link_postponed(linking(WAITING, SENT_AT), later, SENT_AT)
    assert postponed.recovery is not None
    assert (postponed.recovery.tries, postponed.recovery.retry_at, phase(postponed)) == (0, later, RecoveryPhase.WAIT)
    done = after(linking(WAITING, SENT_AT), told("SUCCEEDED", FAILED_AT + timedelta(minutes=1)))
    assert link_postponed(done, later, SENT_AT) == done


def test_a_refused_link_is_the_operators_and_linked_again_when_told_so() -> None:
    refused = link_refused(LINKING, "campaign unknown", SENT_AT)
    assert phase(refused) is RecoveryPhase.OPERATOR
    assert phase(link_now(refused, SENT_AT)) is RecoveryPhase.WAIT


def test_a_number_that_was_given_up_can_be_linked_again_by_a_person_only() -> None:
    failed = given_up(LINKING, SENT_AT, reason(reasons.CARRIER_DEADLINE_PASSED))
    assert after(failed, told("SUCCEEDED", SENT_AT + timedelta(hours=1))) == failed
    again = link_now(failed, SENT_AT)
    assert (again.stage, again.settled_at, phase(again)) == (Stage.PROVISIONING, None, RecoveryPhase.WAIT)
