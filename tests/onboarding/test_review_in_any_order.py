"""However the reviews of a number are read, under whatever rules, its qualification ends where it should."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.observations import Review
from onboarding.progress import NumberProgress, Rules, advance, ordered
from onboarding.reasons import Reason
from onboarding.stages import Stage, Verification
from tests.onboarding.review_courses import ALL_RULES, ReviewCourse, review_courses, unknown_reviews

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
ADDED = NumberProgress(phone_number="+12025550134").moved(Stage.QUALIFYING, NOW)

PATIENT = settings(deadline=None, max_examples=30)
under_all_rules = pytest.mark.parametrize(
    "rules", ALL_RULES, ids=[f"{rules.verification}-{rules.eligible_is_enough}" for rules in ALL_RULES]
)


def followed(start: NumberProgress, reviews: Iterable[Review], rules: Rules) -> list[NumberProgress]:
    passed = [start]
    for hours, review in enumerate(reviews):
        passed.append(advance(passed[-1], review, NOW + timedelta(hours=hours), rules))
    return passed


def end_of(reviews: Iterable[Review], rules: Rules) -> tuple[Stage, Reason | None]:
    end = followed(ADDED, reviews, rules)[-1]
    return end.stage, end.reason


def readings(reviews: Iterable[Review]) -> st.SearchStrategy[list[Review]]:
    """All of `reviews`, some of them twice, and unknown literals, in any order."""
    known = list(reviews)
    return st.tuples(
        st.lists(st.sampled_from(known), max_size=3) if known else st.just([]),
        st.lists(unknown_reviews(), max_size=3),
    ).flatmap(lambda more: st.permutations([*known, *more[0], *more[1]]))


@under_all_rules
@PATIENT
@given(data=st.data())
def test_all_reviews_end_alike_in_every_order(data: st.DataObject, rules: Rules) -> None:
    course: ReviewCourse = data.draw(review_courses(rules))
    stage, why = end_of(data.draw(readings(course.reviews)), rules)
    assert (stage, why and why.code) == course.end


@under_all_rules
@PATIENT
@given(data=st.data())
def test_any_selection_of_reviews_ends_alike_in_every_order(data: st.DataObject, rules: Rules) -> None:
    course: ReviewCourse = data.draw(review_courses(rules))
    selection = data.draw(st.lists(st.sampled_from(course.reviews)))
    assert end_of(data.draw(readings(selection)), rules) == end_of(data.draw(readings(selection)), rules)


@under_all_rules
@PATIENT
@given(data=st.data())
def test_the_last_review_alone_is_enough(data: st.DataObject, rules: Rules) -> None:
    course: ReviewCourse = data.draw(review_courses(rules))
    read = data.draw(st.lists(st.sampled_from(course.reviews)))
    stage, why = end_of([*read, course.reviews[-1]], rules)
    assert (stage, why and why.code) == course.end


@under_all_rules
@PATIENT
@given(data=st.data())
def test_a_stage_never_goes_back_and_a_final_one_stays(data: st.DataObject, rules: Rules) -> None:
    course: ReviewCourse = data.draw(review_courses(rules))
    passed = followed(ADDED, data.draw(readings(course.reviews)), rules)
    ranks = [number.stage.rank for number in passed]
    assert ranks == sorted(ranks)
    assert len({(number.stage, number.reason, number.settled_at) for number in passed if number.is_final}) <= 1


@under_all_rules
@PATIENT
@given(data=st.data())
def test_the_same_review_twice_changes_nothing_the_second_time(data: st.DataObject, rules: Rules) -> None:
    course: ReviewCourse = data.draw(review_courses(rules))
    reading = data.draw(readings(course.reviews))
    once = followed(ADDED, reading, rules)[1:]
    later = NOW + timedelta(days=2)
    assert [advance(known, review, later, rules) for known, review in zip(once, reading, strict=True)] == once


@under_all_rules
@PATIENT
@given(data=st.data(), unknown=unknown_reviews())
def test_an_unknown_review_changes_nothing(data: st.DataObject, rules: Rules, unknown: Review) -> None:
    course: ReviewCourse = data.draw(review_courses(rules))
    for known in followed(ADDED, course.reviews, rules):
        assert advance(known, unknown, NOW + timedelta(days=2), rules) == known


@under_all_rules
@PATIENT
@given(data=st.data())
def test_once_a_number_is_ordered_its_reviews_say_nothing_more(data: st.DataObject, rules: Rules) -> None:
    course: ReviewCourse = data.draw(review_courses(rules))
    in_order = ordered(ADDED.moved(Stage.VERIFIED, NOW), NOW, campaign_expected=True)
    assert followed(in_order, [*course.reviews, Review(state="HOSTING_IN_PROGRESS")], rules)[-1] == in_order


@pytest.mark.parametrize(
    ("state", "invoices", "voice", "invoices_then_voice"),
    [
        ("ELIGIBLE_CHECK_PENDING", "QUALIFYING", "QUALIFYING", "QUALIFYING"),
        ("ELIGIBLE", "IN_REVIEW", "NEEDS_VERIFICATION", "IN_REVIEW"),
        ("VERIFICATION_PENDING", "IN_REVIEW", "NEEDS_VERIFICATION", "IN_REVIEW"),
        ("VERIFICATION_FAILED", "FAILED", "NEEDS_VERIFICATION", "NEEDS_VERIFICATION"),
        ("VERIFICATION_BLOCKED", "FAILED", "FAILED", "FAILED"),
        ("VERIFIED", "VERIFIED", "VERIFIED", "VERIFIED"),
        ("NOT_ELIGIBLE", "FAILED", "FAILED", "FAILED"),
        ("HOSTING_IN_PROGRESS", "FAILED", "FAILED", "FAILED"),
        ("HOSTING_DONE", "SKIPPED", "SKIPPED", "SKIPPED"),
        ("HOSTING_FAILED", "VERIFIED", "VERIFIED", "VERIFIED"),
    ],
)
def test_the_verification_policy_decides_what_a_review_means(
    state: str, invoices: str, voice: str, invoices_then_voice: str
) -> None:
    stages = {policy: end_of([Review(state=state)], Rules(verification=policy))[0].value for policy in Verification}
    assert stages == {
        Verification.INVOICES: invoices,
        Verification.VOICE: voice,
        Verification.INVOICES_THEN_VOICE: invoices_then_voice,
    }


@pytest.mark.parametrize("state", ["ELIGIBLE", "VERIFICATION_PENDING", "VERIFICATION_FAILED"])
@pytest.mark.parametrize("policy", Verification)
def test_where_eligible_is_enough_no_ownership_check_is_waited_for(state: str, policy: Verification) -> None:
    assert end_of([Review(state=state)], Rules(verification=policy, eligible_is_enough=True)) == (Stage.VERIFIED, None)


def test_sinchs_words_are_added_to_our_sentence() -> None:
    _, why = end_of([Review(state="NOT_ELIGIBLE", error="Wireless number.")], Rules())
    assert why is not None
    assert why.sentence.endswith("Sinch said: Wireless number.")
