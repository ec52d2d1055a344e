"""How often Sinch is asked, and when people are told that they are waited for."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.pace import Pace, Patience, Polling, Vigil
from onboarding.spans import Span
from onboarding.stages import WaitingOn

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
PACE = Pace(poll_first=Span("1m"), poll_longest=Span("1h"), poll_growth=1.5)
PATIENCE = Patience(remind_every=Span("3bd"), deadline=Span("10bd"))
NEEDS_A_PERSON = [WaitingOn.VOICE_CODE, WaitingOn.LOA_SIGNATURE, WaitingOn.OPERATOR]
LASTS_BY_ITSELF = [WaitingOn.INVOICE_REVIEW, WaitingOn.CARRIER]


def days(count: int) -> datetime:
    return MONDAY + timedelta(days=count)


def test_the_first_read_is_due_at_once() -> None:
    assert Polling().wait == timedelta(0)


def test_without_news_the_interval_grows_up_to_its_cap() -> None:
    polling, seconds = Polling(), []
    for _ in range(13):
        polling = polling.after_read(PACE, news=False)
        seconds.append(round(polling.interval))
    assert seconds == [60, 90, 135, 202, 304, 456, 683, 1025, 1538, 2307, 3460, 3600, 3600]
    assert polling.wait == timedelta(hours=1)


@given(st.lists(st.booleans()))
def test_news_bring_the_interval_back_to_the_first_one(reads: list[bool]) -> None:
    polling = Polling()
    for news in reads:
        before, polling = polling, polling.after_read(PACE, news=news)
        assert 60 <= polling.interval <= 3600
        assert polling.interval == 60 if news else polling.interval >= before.interval


@pytest.mark.parametrize("waiting_on", NEEDS_A_PERSON)
def test_who_has_to_act_is_told_at_once_and_reminded_over_business_days(waiting_on: WaitingOn) -> None:
    vigil, due = Vigil(waiting_on=waiting_on, since=MONDAY), []
    for _ in range(4):
        due.append(vigil.message_due(PATIENCE))
        vigil = vigil.told()
    assert due == [days(0), days(3), days(8), days(11)]


@pytest.mark.parametrize("waiting_on", LASTS_BY_ITSELF)
def test_a_wait_that_needs_nobody_yet_is_only_told_when_it_gets_long(waiting_on: WaitingOn) -> None:
    vigil = Vigil(waiting_on=waiting_on, since=MONDAY)
    assert (vigil.message_due(PATIENCE), vigil.told().message_due(PATIENCE)) == (days(3), days(8))


def test_every_wait_is_of_one_kind_or_the_other() -> None:
    assert {*NEEDS_A_PERSON, *LASTS_BY_ITSELF, WaitingOn.NOBODY} == set(WaitingOn)


def test_a_message_that_could_not_be_sent_is_tried_again_at_the_given_time_and_not_counted() -> None:
    unsent = Vigil(waiting_on=WaitingOn.LOA_SIGNATURE, since=MONDAY).not_told(again=days(5))
    assert (unsent.messages, unsent.message_due(PATIENCE)) == (0, days(5))


def test_once_a_message_is_sent_the_next_one_is_due_as_if_none_had_failed() -> None:
    told = Vigil(waiting_on=WaitingOn.LOA_SIGNATURE, since=MONDAY).not_told(again=days(5)).told()
    assert told.message_due(PATIENCE) == days(3)


def test_a_next_try_does_not_bring_a_later_reminder_forward() -> None:
    reminded = Vigil(waiting_on=WaitingOn.CARRIER, since=MONDAY).not_told(again=MONDAY + timedelta(hours=1))
    assert reminded.message_due(PATIENCE) == days(3)


def test_the_deadline_counts_from_the_beginning_of_the_wait_however_many_reminders_went_out() -> None:
    vigil = Vigil(waiting_on=WaitingOn.LOA_SIGNATURE, since=MONDAY)
    assert vigil.deadline(PATIENCE) == vigil.told().told().deadline(PATIENCE) == days(14)


def test_the_next_thing_to_do_is_a_message_until_the_deadline_comes_first() -> None:
    vigil = Vigil(waiting_on=WaitingOn.LOA_SIGNATURE, since=MONDAY)
    assert vigil.next_due(PATIENCE) == days(0)
    assert vigil.told().next_due(PATIENCE) == days(3)
    assert vigil.told().told().told().told().next_due(PATIENCE) == days(14)


@pytest.mark.parametrize(
    "wait", ["eligibility", "invoice_review", "voice_code", "loa_signature", "carrier", "operator"]
)
def test_by_default_somebody_is_reminded_well_before_a_deadline(wait: str) -> None:
    patience = getattr(Pace(), wait)
    assert patience.remind_every.after(patience.remind_every.after(MONDAY)) <= patience.deadline.after(MONDAY)


def test_what_was_said_in_another_message_is_not_said_again() -> None:
    vigil = Vigil(waiting_on=WaitingOn.CARRIER, since=MONDAY)
    assert vigil.caught_up(PATIENCE, days(2)) == vigil
    assert vigil.caught_up(PATIENCE, days(8)).message_due(PATIENCE) == days(11)


def test_a_message_after_a_moment_says_when_the_next_one_comes() -> None:
    vigil = Vigil(waiting_on=WaitingOn.CARRIER, since=MONDAY)
    told = vigil.told()
    assert vigil.due_after_message(MONDAY, PATIENCE) is None
    assert told.due_after_message(days(2), PATIENCE) == days(8)
    assert told.due_after_message(days(3), PATIENCE) is None
