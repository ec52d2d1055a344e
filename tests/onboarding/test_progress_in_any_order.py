"""However Sinch's news about a number in an order arrive, the number ends where it should.

News come late, repeatedly, in any order, not at all, and mixed with what nobody knows yet.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.link_recovery import RecoveryPhase
from onboarding.model import Model
from onboarding.observations import CallbackEvent
from onboarding.progress import NumberProgress, Rules, advance, ordered, retried, submitted
from onboarding.stages import Stage
from tests.onboarding.order_courses import CREATED, PHONE_NUMBER, Course, courses, noise

RULES = Rules()
REORDERED = CREATED + timedelta(days=40)
"""When Sinch created the next order for the same number."""

PATIENT = settings(deadline=None, max_examples=100)

End = tuple[Stage, str | None, RecoveryPhase | None]
"""Stage, reason code, and how its recovery goes on."""


def in_order(course: Course) -> NumberProgress:
    verified = NumberProgress(phone_number=PHONE_NUMBER).moved(Stage.VERIFIED, CREATED)
    return submitted(ordered(verified, CREATED, course.campaign_expected), "order-1", CREATED)


def followed(start: NumberProgress, observations: Iterable[Model]) -> list[NumberProgress]:
    """The number after each observation; they are learned a minute apart."""
    passed = [start]
    for minutes, observation in enumerate(observations):
        passed.append(advance(passed[-1], observation, CREATED + timedelta(minutes=minutes), RULES))
    return passed


def end_of(start: NumberProgress, observations: Iterable[Model]) -> End:
    end = followed(start, observations)[-1]
    code = end.reason.code if end.reason else None
    return end.stage, code, end.recovering.phase if end.recovering else None


def arrivals(observations: Sequence[Model]) -> st.SearchStrategy[list[Model]]:
    """All of `observations`, some of them twice, and noise, in any order."""
    return st.tuples(
        st.lists(st.sampled_from(observations), max_size=4) if observations else st.just([]),
        st.lists(noise(), max_size=4),
    ).flatmap(lambda more: st.permutations([*observations, *more[0], *more[1]]))


@PATIENT
@given(st.data(), courses())
def test_any_selection_of_the_news_ends_alike_in_every_order(data: st.DataObject, course: Course) -> None:
    selection = data.draw(st.lists(st.sampled_from(course.observations), unique=True), "selection")
    ends = [end_of(in_order(course), data.draw(arrivals(selection), "arrival")) for _ in range(2)]
    assert ends[0] == ends[1]


@PATIENT
@given(st.data(), courses())
def test_all_news_together_give_stage_and_most_telling_reason(data: st.DataObject, course: Course) -> None:
    stage, why, _ = end_of(in_order(course), data.draw(arrivals(course.observations), "arrival"))
    assert stage is course.stage()
    assert why == course.reason_code(from_events=True, from_records=True)


@PATIENT
@given(st.data(), courses().filter(lambda course: course.is_told_by_events))
def test_callbacks_alone_finish(data: st.DataObject, course: Course) -> None:
    stage, why, _ = end_of(in_order(course), data.draw(arrivals(course.events), "arrival"))
    assert stage is course.stage(from_records=False)
    assert why == course.reason_code(from_events=True, from_records=False)


@PATIENT
@given(st.data(), courses())
def test_snapshots_alone_finish(data: st.DataObject, course: Course) -> None:
    read = data.draw(st.lists(st.sampled_from([*course.order_states, *course.snapshots])), "read")
    stage, why, _ = end_of(in_order(course), data.draw(arrivals([*read, course.settled]), "arrival"))
    assert stage is course.stage(from_events=False)
    assert why == course.reason_code(from_events=False, from_records=True)


@PATIENT
@given(st.data(), courses().filter(lambda course: course.is_told_by_events))
def test_lost_snapshots_do_no_harm_where_all_callbacks_come(data: st.DataObject, course: Course) -> None:
    read = data.draw(st.lists(st.sampled_from([*course.order_states, *course.snapshots])), "read")
    stage, _, _ = end_of(in_order(course), data.draw(arrivals([*read, *course.events]), "arrival"))
    assert stage in (course.stage(from_records=False), course.stage())


@PATIENT
@given(st.data(), courses())
def test_lost_callbacks_do_no_harm_where_the_ended_order_is_read(data: st.DataObject, course: Course) -> None:
    came = data.draw(st.lists(st.sampled_from(course.observations)), "came")
    stage, _, _ = end_of(in_order(course), data.draw(arrivals([*came, course.settled]), "arrival"))
    assert stage in (course.stage(from_events=False), course.stage())


@PATIENT
@given(st.data(), courses())
def test_a_final_stage_is_never_left(data: st.DataObject, course: Course) -> None:
    passed = followed(in_order(course), data.draw(arrivals(course.observations), "arrival"))
    ends = [number.stage for number in passed if number.is_final]
    settled_at = {number.settled_at for number in passed if number.is_final}
    assert set(ends) <= {course.stage()}
    assert len(settled_at) == bool(ends)
    assert [number.stage for number in passed[len(passed) - len(ends) :]] == ends


@PATIENT
@given(st.data(), courses())
def test_a_stage_never_goes_back(data: st.DataObject, course: Course) -> None:
    passed = followed(in_order(course), data.draw(arrivals(course.observations), "arrival"))
    ranks = [number.stage.rank for number in passed]
    assert ranks == sorted(ranks)


@PATIENT
@given(st.data(), courses())
def test_the_same_news_twice_change_nothing_the_second_time(data: st.DataObject, course: Course) -> None:
    arrival = data.draw(arrivals(course.observations), "arrival")
    once = followed(in_order(course), arrival)[1:]
    twice = [
        advance(known, news, CREATED + timedelta(days=2), RULES) for known, news in zip(once, arrival, strict=True)
    ]
    assert twice == once


@PATIENT
@given(st.data(), courses(), noise())
def test_news_of_an_unknown_kind_or_an_earlier_order_change_nothing(
    data: st.DataObject, course: Course, unknown: Model
) -> None:
    for known in followed(in_order(course), data.draw(st.permutations(course.observations), "arrival")):
        assert advance(known, unknown, CREATED + timedelta(days=2), RULES) == known


def retried_after(data: st.DataObject, old: Course, new: Course, meanwhile: Iterable[CallbackEvent]) -> NumberProgress:
    """The number in its next order; `meanwhile` came between the retry and Sinch's answer to the order."""
    failed = followed(in_order(old), data.draw(arrivals(old.observations), "first order"))[-1]
    waiting = ordered(retried(failed, REORDERED), REORDERED, new.campaign_expected)
    return submitted(followed(waiting, meanwhile)[-1], "order-2", REORDERED)


@PATIENT
@given(st.data(), courses(), courses(created=REORDERED))
def test_after_a_retry_old_events_change_nothing(data: st.DataObject, old: Course, new: Course) -> None:
    fresh = retried_after(data, old, new, meanwhile=())
    assert fresh.stage is Stage.ORDERED
    assert followed(fresh, old.events)[-1] == fresh


@PATIENT
@given(st.data(), courses(), courses(created=REORDERED))
def test_events_that_come_before_the_answer_to_the_order_count_for_their_own_order(
    data: st.DataObject, old: Course, new: Course
) -> None:
    came = data.draw(st.permutations([*old.events, *new.events]), "arrival")
    early = data.draw(st.integers(0, len(came)), "of these before the answer")
    fresh = retried_after(data, old, new, meanwhile=came[:early])
    stage, why, _ = end_of(fresh, [*came[early:], new.settled])
    assert stage is new.stage()
    assert why == new.reason_code(from_events=True, from_records=True)
