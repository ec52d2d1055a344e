"""Relinking one number: what each piece of news does at each step, and what it must not do."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding import reasons
from onboarding.imported_links import Links, LinkSeen, NumberLinksSeen, Service
from onboarding.observations import CAMPAIGN_LINK, PLATFORM_PROVISIONING, CallbackEvent
from onboarding.relinking import (
    CAMPAIGN_UNLINK,
    PLATFORM_UNLINK,
    RelinkingNumber,
    RelinkStep,
    accepted,
    asked_to_unlink,
    cancelled,
    learned,
    not_answered,
    overdue,
    refused,
    skipped,
    still_unlinking,
    told,
    tried_again,
)
from onboarding.stages import Stage

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=3)
NUMBER = "+12025550134"
OLD, NEW = Links(service_plan_id="plan-1", campaign_id="C-OLD"), Links(service_plan_id="plan-2", campaign_id="C-NEW")
FRESH = RelinkingNumber(phone_number=NUMBER, since=NOW)
UNLINKED_EVENTS, LINKED_EVENTS = (PLATFORM_UNLINK, CAMPAIGN_UNLINK), (PLATFORM_PROVISIONING, CAMPAIGN_LINK)
BOTH = tuple(Service)


def link(linked_id: str = "", operation: str = "PROVISIONING", state: str = "DONE", **more: object) -> LinkSeen:
    """A link as Sinch shows it."""
    fields = {"linked_id": linked_id, "service_id": linked_id, "operation": operation, "state": state, **more}
    return LinkSeen.model_validate(fields)


def seen(plan: LinkSeen | str = "plan-1", campaign: LinkSeen | str = "C-OLD") -> NumberLinksSeen:
    """A number as Sinch shows it; an id alone is a link at rest, an empty one no link."""
    plan, campaign = (
        one if isinstance(one, LinkSeen) else link(one) if one else LinkSeen() for one in (plan, campaign)
    )
    return NumberLinksSeen(phone_number=NUMBER, service_plan=plan, campaign=campaign)


def event(event_type: str, status: str = "SUCCEEDED", at: datetime = LATER, code: str | None = None) -> CallbackEvent:
    """An event about the number."""
    return CallbackEvent(
        event_id=f"{event_type} {at}", phone_number=NUMBER, event_type=event_type, status=status, timestamp=at,
        failure_code=code,
    )  # fmt: skip


def hear(number: RelinkingNumber, *event_types: str, wanted: Links = NEW) -> RelinkingNumber:
    for event_type in event_types:
        number = told(number, event(event_type), wanted, LATER)
    return number


def unlinking() -> RelinkingNumber:
    return accepted(learned(FRESH, seen(), NEW, NOW), NOW, NEW, NOW)


def linking() -> RelinkingNumber:
    return accepted(hear(unlinking(), *UNLINKED_EVENTS), NOW, NEW, LATER)


def offered() -> RelinkingNumber:
    failed = told(linking(), event(CAMPAIGN_LINK, "FAILED", code="CAMPAIGN_EXPIRED"), NEW, LATER)
    return learned(failed, seen("plan-2", ""), NEW, LATER)


def test_events_alone_lead_from_the_old_links_to_the_new() -> None:
    due = learned(FRESH, seen(), NEW, NOW)
    assert (due.step, due.to_unlink, due.former) == (RelinkStep.UNLINK_DUE, BOTH, OLD)
    assert hear(unlinking(), *UNLINKED_EVENTS).step is RelinkStep.LINK_DUE
    done = hear(linking(), *LINKED_EVENTS)
    assert (done.step, done.reason, done.is_final) == (RelinkStep.DONE, None, True)


def test_reads_alone_lead_from_the_old_links_to_the_new() -> None:
    gone = link("", "DEPROVISIONING")
    due = learned(unlinking(), seen(gone, gone), NEW, LATER)
    assert due.step is RelinkStep.LINK_DUE
    done = learned(accepted(due, NOW, NEW, LATER), seen(link("plan-2"), link("C-NEW")), NEW, LATER)
    assert done.step is RelinkStep.DONE


@pytest.mark.parametrize("last", UNLINKED_EVENTS)
def test_a_number_is_linked_only_when_all_that_changes_is_unlinked(last: str) -> None:
    (first,) = {*UNLINKED_EVENTS} - {last}
    assert hear(unlinking(), first, first, *LINKED_EVENTS).step is RelinkStep.UNLINKING
    assert hear(unlinking(), first, last).step is RelinkStep.LINK_DUE


@pytest.mark.parametrize(
    "shown",
    [
        seen(),
        seen(link("plan-1", "DEPROVISIONING", "IN_PROGRESS"), link("", "DEPROVISIONING")),
        seen(link("", "DEPROVISIONING", "IN_PROGRESS"), link("", "DEPROVISIONING")),
        seen(link("", "DEPROVISIONING"), link("C-OLD", "DEPROVISIONING", "WAITING")),
    ],
)
def test_a_read_of_an_unlinking_that_is_not_through_links_nothing(shown: NumberLinksSeen) -> None:
    assert learned(unlinking(), shown, NEW, LATER).step is RelinkStep.UNLINKING


def test_only_what_changes_is_unlinked_and_linked() -> None:
    wanted = Links(campaign_id="C-NEW")
    due = learned(FRESH, seen(), wanted, NOW)
    assert (due.to_unlink, due.to_link) == ((Service.CAMPAIGN,), (Service.CAMPAIGN,))
    half = learned(FRESH, seen("plan-2", "C-OLD"), NEW, NOW)
    assert (half.to_unlink, half.to_link) == ((Service.CAMPAIGN,), (Service.CAMPAIGN,))


def test_what_is_linked_to_nothing_is_linked_without_unlinking() -> None:
    due = learned(FRESH, seen("", ""), NEW, NOW)
    assert (due.step, due.to_unlink, due.to_link) == (RelinkStep.LINK_DUE, (), BOTH)
    failed_before = seen("plan-2", LinkSeen(service_id="C-NEW", operation="PROVISIONING", state="FAILED"))
    assert learned(FRESH, failed_before, NEW, NOW).to_link == (Service.CAMPAIGN,)


def test_a_number_as_wanted_is_done_at_once() -> None:
    done = learned(FRESH, seen("plan-2", "C-NEW"), NEW, NOW)
    assert done.step is RelinkStep.DONE
    assert done.reason is not None
    assert done.reason.code == reasons.LINKED_ALREADY


def test_a_link_to_what_is_wanted_that_is_under_way_is_awaited() -> None:
    coming = link("", state="IN_PROGRESS", service_id="C-NEW")
    waiting = learned(FRESH, seen("plan-2", coming), NEW, NOW)
    assert (waiting.step, waiting.awaited) == (RelinkStep.LINKING, (Service.CAMPAIGN,))
    assert hear(waiting, CAMPAIGN_LINK).step is RelinkStep.DONE


def test_a_state_without_an_operation_says_nothing_about_a_link() -> None:
    formerly_without = tried_again(offered(), LATER, back=True).model_copy(
        update={"former": Links(service_plan_id="plan-2", campaign_id="")}
    )
    unclear = LinkSeen(state="WAITING")
    assert learned(formerly_without, seen("plan-2", unclear), NEW, LATER).step is RelinkStep.FAILED


def test_an_unlinking_that_is_under_way_is_awaited_and_not_asked_for_again() -> None:
    waiting = learned(FRESH, seen(link("plan-1", "DEPROVISIONING", "IN_PROGRESS"), "C-NEW"), NEW, NOW)
    assert (waiting.step, waiting.awaited) == (RelinkStep.UNLINKING, (Service.SERVICE_PLAN,))


@pytest.mark.parametrize(
    ("shown", "wanted", "code"),
    [
        (NumberLinksSeen(phone_number=NUMBER, is_imported=False), NEW, reasons.NOT_IMPORTED),
        (
            NumberLinksSeen(phone_number=NUMBER, is_imported=False, is_in_hosting_order=True),
            NEW,
            reasons.ALREADY_IN_A_HOSTING_ORDER,
        ),
        (seen("plan-1", link("", state="IN_PROGRESS", service_id="C-OTHER")), NEW, reasons.LINK_UNDER_WAY),
        (seen("", "C-OLD"), Links(campaign_id="C-NEW"), reasons.NO_SERVICE_PLAN),
    ],
)
def test_a_number_in_the_wrong_state_fails_before_anything_is_changed(
    shown: NumberLinksSeen, wanted: Links, code: str
) -> None:
    failed = learned(FRESH, shown, wanted, NOW)
    assert failed.step is RelinkStep.FAILED
    assert failed.reason is not None
    assert (failed.reason.code, failed.is_changed) == (code, False)


def test_a_refused_unlinking_ends_the_number_and_a_refused_link_is_offered() -> None:
    unlink_refused = refused(learned(FRESH, seen(), NEW, NOW), "no", NOW)
    assert unlink_refused.step is RelinkStep.FAILED
    link_refused = refused(hear(unlinking(), *UNLINKED_EVENTS), "no such plan", LATER)
    assert link_refused.step is RelinkStep.CONFIRMING
    told_of = learned(link_refused, seen("", ""), NEW, LATER)
    assert told_of.step is RelinkStep.OFFERED
    assert told_of.reason is not None
    assert told_of.reason.code == reasons.LINK_REFUSED
    assert "Sinch said: no such plan" in told_of.reason.sentence
    assert "it has no service plan and no campaign" in told_of.reason.sentence


def test_a_failed_link_says_why_and_what_the_number_is_linked_to() -> None:
    number = offered()
    assert number.step is RelinkStep.OFFERED
    assert number.reason is not None
    assert number.reason.code == "CAMPAIGN_EXPIRED"
    assert "Last read, it has service plan plan-2 and no campaign; before" in number.reason.sentence


def test_a_read_knows_the_failure_code_too() -> None:
    failure = link("", state="FAILED", service_id="C-NEW", error_code="CAMPAIGN_EXPIRED")
    failed = learned(linking(), seen("plan-2", failure), NEW, LATER)
    assert failed.step is RelinkStep.CONFIRMING
    assert failed.reason is not None
    assert failed.reason.code == "CAMPAIGN_EXPIRED"


def test_news_older_than_the_request_is_of_an_attempt_before() -> None:
    old = NOW - timedelta(seconds=1)
    number = linking()
    assert told(number, event(CAMPAIGN_LINK, "FAILED", at=old), NEW, LATER) == number
    failure = link("", state="FAILED", service_id="C-NEW", updated=old)
    assert learned(number, seen("plan-2", failure), NEW, LATER).step is RelinkStep.LINKING


def test_events_that_are_faster_than_the_answer_count_once_it_is_there() -> None:
    due = learned(FRESH, seen(), NEW, NOW)
    early = hear(due, *UNLINKED_EVENTS, *UNLINKED_EVENTS)
    assert (early.step, len(early.early)) == (RelinkStep.UNLINK_DUE, 2)
    assert accepted(early, NOW, NEW, LATER).step is RelinkStep.LINK_DUE
    assert accepted(early, LATER + timedelta(hours=1), NEW, LATER).step is RelinkStep.UNLINKING


def test_a_number_that_sinch_is_still_unlinking_goes_back_to_waiting_for_that() -> None:
    back = still_unlinking(hear(unlinking(), *UNLINKED_EVENTS), LATER)
    assert (back.step, back.awaited) == (RelinkStep.UNLINKING, BOTH)
    never_unlinked = learned(FRESH, seen("", ""), NEW, NOW)
    assert still_unlinking(never_unlinked, NOW).unanswered


def test_linking_back_restores_what_was_there_before_whatever_has_become_of_it() -> None:
    back = tried_again(offered(), LATER, back=True)
    assert back.target(NEW) == OLD
    due = learned(back, seen("plan-2", ""), NEW, LATER)
    assert (due.step, due.to_unlink, due.to_link) == (RelinkStep.UNLINK_DUE, (Service.SERVICE_PLAN,), BOTH)
    unlinked = hear(accepted(due, NOW, NEW, LATER), PLATFORM_UNLINK)
    ended = hear(accepted(unlinked, NOW, NEW, LATER), *LINKED_EVENTS)
    assert ended.step is RelinkStep.FAILED
    assert ended.reason is not None
    assert ended.reason.code == reasons.LINKED_BACK
    assert "It has service plan plan-1 and campaign C-OLD again" in ended.reason.sentence


def test_linking_back_to_no_campaign_only_unlinks() -> None:
    started = accepted(learned(FRESH, seen("plan-1", ""), NEW, NOW), NOW, NEW, NOW)
    failed = refused(hear(started, PLATFORM_UNLINK), "no", LATER)
    back = tried_again(learned(failed, seen("plan-2", "C-NEW"), NEW, LATER), LATER, back=True)
    due = learned(back, seen("plan-2", "C-NEW"), NEW, LATER)
    assert (due.to_unlink, due.to_link) == (BOTH, (Service.SERVICE_PLAN,))


def test_a_retry_links_only_what_is_missing() -> None:
    again = learned(tried_again(offered(), LATER, back=False), seen("plan-2", ""), NEW, LATER)
    assert (again.step, again.to_link, again.former) == (RelinkStep.LINK_DUE, (Service.CAMPAIGN,), OLD)


@pytest.mark.parametrize(
    ("number", "step"),
    [
        (unlinking(), RelinkStep.CONFIRMING),
        (linking(), RelinkStep.CONFIRMING),
        (overdue(linking(), LATER), RelinkStep.OFFERED),
        (offered(), RelinkStep.FAILED),
        (not_answered(FRESH), RelinkStep.FAILED),
    ],
)
def test_every_wait_has_an_end(number: RelinkingNumber, step: RelinkStep) -> None:
    assert overdue(number, LATER).step is step


def test_a_skipped_number_says_what_it_is_linked_to() -> None:
    left = skipped(offered(), LATER)
    assert left.step is RelinkStep.SKIPPED
    assert left.reason is not None
    assert "it has service plan plan-2 and no campaign" in left.reason.sentence


def unlinking_unanswered() -> RelinkingNumber:
    return not_answered(learned(FRESH, seen(), NEW, NOW))


def test_cancelling_ends_only_numbers_that_sinch_was_not_asked_to_unlink() -> None:
    due = learned(FRESH, seen(), NEW, NOW)
    for untouched in (FRESH, not_answered(FRESH), due):
        left_alone = cancelled(untouched, LATER)
        assert (left_alone.step, left_alone.stage) == (RelinkStep.CANCELLED, Stage.CANCELLED)
        assert left_alone.reason is not None
        assert left_alone.reason.code == reasons.NOT_BEGUN
    again = tried_again(offered(), LATER, back=False)
    under_way = (asked_to_unlink(due), unlinking_unanswered(), unlinking(), linking(), offered(), again)
    assert [cancelled(number, LATER) for number in under_way] == [*under_way]


def test_a_refusal_of_the_first_unlinking_ends_the_number_also_after_it_was_cancelled() -> None:
    asked = cancelled(asked_to_unlink(learned(FRESH, seen(), NEW, NOW)), NOW)
    assert refused(asked, "no", NOW).step is RelinkStep.FAILED


def test_a_number_without_an_answer_that_is_as_it_was_is_left_alone() -> None:
    left_alone = learned(unlinking_unanswered(), seen(), NEW, LATER)
    assert left_alone.step is RelinkStep.CANCELLED
    assert left_alone.reason is not None
    assert left_alone.reason.code == reasons.NOT_BEGUN


@pytest.mark.parametrize(
    ("shown", "step"),
    [
        (seen(link("plan-1", "DEPROVISIONING", "IN_PROGRESS"), "C-OLD"), RelinkStep.UNLINK_DUE),
        (
            seen(link("plan-1", "DEPROVISIONING", "IN_PROGRESS"), link("C-OLD", "DEPROVISIONING", "IN_PROGRESS")),
            RelinkStep.UNLINKING,
        ),
        (seen(link("", "DEPROVISIONING"), link("", "DEPROVISIONING")), RelinkStep.LINK_DUE),
        (NumberLinksSeen(phone_number=NUMBER, is_imported=False), RelinkStep.FAILED),
    ],
)
def test_a_number_without_an_answer_that_has_begun_is_followed(shown: NumberLinksSeen, step: RelinkStep) -> None:
    followed = learned(unlinking_unanswered(), shown, NEW, LATER)
    assert (followed.step, followed.former) == (step, OLD)


def test_a_number_that_is_being_linked_back_is_never_left_as_it_is() -> None:
    back = tried_again(offered(), LATER, back=True)
    unanswered = not_answered(learned(back, seen("plan-2", ""), NEW, LATER))
    assert learned(unanswered, seen("plan-2", ""), NEW, LATER).step is RelinkStep.UNLINK_DUE


NEWS = st.lists(
    st.one_of(
        st.builds(
            event,
            st.sampled_from([*UNLINKED_EVENTS, *LINKED_EVENTS, "HOSTING_PROCESS", "NEW_LITERAL"]),
            st.sampled_from(["SUCCEEDED", "FAILED", "NEW_LITERAL"]),
            st.sampled_from([NOW - timedelta(hours=1), LATER]),
        ),
        st.builds(
            seen,
            st.sampled_from(["", "plan-1", "plan-2", link("", "DEPROVISIONING"), link("", state="IN_PROGRESS")]),
            st.sampled_from(["", "C-OLD", "C-NEW", link("", "DEPROVISIONING"), link("", state="FAILED")]),
        ),
        st.sampled_from(
            ["accepted", "refused", "not answered", "still unlinking", "overdue", "again", "back", "cancelled"]
        ),
    ),
    max_size=25,
)


def after(number: RelinkingNumber, news: CallbackEvent | NumberLinksSeen | str) -> RelinkingNumber:
    """The number after one piece of news, or after what a workflow may do with it at this step."""
    match news:
        case CallbackEvent():
            return told(number, news, NEW, LATER)
        case NumberLinksSeen():
            return learned(number, news, NEW, LATER)
        case "accepted":
            return accepted(number, NOW, NEW, LATER)
        case "refused" if number.step in (RelinkStep.UNLINK_DUE, RelinkStep.LINK_DUE):
            return refused(number, "no", LATER)
        case "not answered":
            return not_answered(number)
        case "cancelled":
            return cancelled(number, LATER)
        case "still unlinking" if number.step is RelinkStep.LINK_DUE:
            return still_unlinking(number, LATER)
        case "overdue" if not number.is_final:
            return overdue(number, LATER)
        case "again" | "back" if number.step is RelinkStep.OFFERED:
            return tried_again(number, LATER, back=news == "back")
    return number


def gone_by(news: CallbackEvent | NumberLinksSeen | str) -> set[Service]:
    """What this news shows to be unlinked."""
    match news:
        case CallbackEvent(status="SUCCEEDED") if news.event_type in UNLINKED_EVENTS and news.timestamp == LATER:
            return {BOTH[UNLINKED_EVENTS.index(news.event_type)]}
        case NumberLinksSeen():
            return {service for service in Service if not news.of(service).linked_id}
    return set()


@given(NEWS)
def test_in_any_course_a_number_is_linked_only_after_all_that_was_awaited_was_seen_unlinked(
    course: list[CallbackEvent | NumberLinksSeen | str],
) -> None:
    number, gone = unlinking(), set[Service]()
    for news in course:
        before, number = number, after(number, news)
        gone |= gone_by(news)
        if before.step is RelinkStep.READING:
            gone = gone_by(news)
        if before.step is RelinkStep.UNLINKING and number.step is RelinkStep.LINK_DUE:
            assert set(before.to_unlink) <= gone


@given(NEWS)
def test_in_any_course_a_number_at_its_end_stays_there(course: list[CallbackEvent | NumberLinksSeen | str]) -> None:
    number = FRESH
    for news in course:
        before, number = number, after(number, news)
        assert number == before or not before.is_final


@given(NEWS)
def test_in_any_course_what_a_number_was_linked_to_is_never_forgotten(
    course: list[CallbackEvent | NumberLinksSeen | str],
) -> None:
    number = linking()
    for news in course:
        number = after(number, news)
        assert number.former == OLD


@given(NEWS)
def test_in_any_course_a_number_without_its_links_is_never_left_alone(
    course: list[CallbackEvent | NumberLinksSeen | str],
) -> None:
    number = FRESH
    for news in course:
        before, number = number, after(number, news)
        if number.step is RelinkStep.CANCELLED and before.is_changed and not before.is_final:
            assert isinstance(news, NumberLinksSeen)
            assert news.links == before.former
