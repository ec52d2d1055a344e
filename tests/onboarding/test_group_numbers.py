"""What is due for the numbers of a group, and when."""

from datetime import UTC, datetime, timedelta

import pytest

from onboarding.group_numbers import GroupNumbers
from onboarding.pace import Pace
from onboarding.progress import NumberProgress
from onboarding.spans import Span
from onboarding.stages import Stage

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PACE = Pace(wave=Span("24h"))


def _group(*stages: Stage, since: datetime = NOW) -> GroupNumbers:
    numbers = {}
    for i, stage in enumerate(stages):
        ordered_at = since if stage in (Stage.ORDERED, Stage.DONE) else None
        number = NumberProgress(phone_number=f"+1202555{i:04d}", stage=stage, since=since, ordered_at=ordered_at)
        numbers[number.phone_number] = number
    return GroupNumbers(numbers, PACE)


def test_without_a_ready_number_no_wave_is_due() -> None:
    assert _group(Stage.IN_REVIEW, Stage.ORDERED, Stage.FAILED).wave_due(NOW) is None


def test_a_wave_leaves_at_once_when_nobody_else_can_join_it() -> None:
    assert _group(Stage.VERIFIED, Stage.ORDERED, Stage.FAILED).wave_due(NOW) == NOW


def test_a_wave_leaves_at_once_when_an_order_is_full() -> None:
    assert _group(*[Stage.VERIFIED] * 500, Stage.IN_REVIEW).wave_due(NOW) == NOW


@pytest.mark.parametrize("straggler", [Stage.PENDING, Stage.QUALIFYING, Stage.IN_REVIEW, Stage.NEEDS_VERIFICATION])
def test_a_wave_waits_for_stragglers_until_its_timer(straggler: Stage) -> None:
    ready_since = NOW - timedelta(hours=5)

    assert _group(Stage.VERIFIED, straggler, since=ready_since).wave_due(NOW) == ready_since + timedelta(hours=24)


def test_the_wave_timer_runs_from_the_first_ready_number() -> None:
    group = _group(Stage.VERIFIED, Stage.VERIFIED, Stage.IN_REVIEW)
    early = group.all()[1]
    group.put(early.model_copy(update={"since": NOW - timedelta(hours=20)}))

    assert group.wave_due(NOW) == NOW + timedelta(hours=4)


@pytest.mark.parametrize(
    ("stage", "deadline"),
    [
        (Stage.QUALIFYING, PACE.eligibility.deadline),
        (Stage.IN_REVIEW, PACE.invoice_review.deadline),
        (Stage.NEEDS_VERIFICATION, PACE.voice_code.deadline),
    ],
)
def test_a_number_is_overdue_from_the_deadline_of_its_stage_on(stage: Stage, deadline: Span) -> None:
    group = _group(stage)
    due = deadline.after(NOW)

    assert group.deadline(group.all()[0]) == due
    assert group.overdue(group.all(), due - timedelta(seconds=1)) == []
    assert group.overdue(group.all(), due) == group.all()


@pytest.mark.parametrize("stage", [Stage.PENDING, Stage.VERIFIED, Stage.ORDERED, Stage.DONE])
def test_other_stages_have_no_deadline_in_the_group(stage: Stage) -> None:
    group = _group(stage)

    assert group.deadline(group.all()[0]) is None


def test_what_an_operator_took_out_meanwhile_stays_out() -> None:
    group = _group(Stage.PENDING, Stage.PENDING)
    before = group.all()
    group.end(before[:1], Stage.SKIPPED, "SKIPPED_BY_OPERATOR", NOW)

    assert group.still_open(before) == before[1:]
    assert [number.phone_number for number in group.open()] == [before[1].phone_number]


def test_numbers_in_an_order_are_not_counted_as_still_to_be_ordered() -> None:
    group = _group(Stage.VERIFIED, Stage.ORDERED, Stage.DONE, Stage.IN_REVIEW)

    assert [number.stage for number in group.not_ordered()] == [Stage.VERIFIED, Stage.IN_REVIEW]
