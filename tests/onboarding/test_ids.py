"""Ids are readable, and no two things share one."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from onboarding.batch import BatchId
from onboarding.ids import (
    batch_workflow_id,
    group_workflow_id,
    hosting_order_workflow_id,
    message_id,
    order_display_name,
    report_name,
    verification_workflow_id,
)

BATCHES = st.from_regex(r"[a1][a1._-]{0,4}", fullmatch=True)
NUMBERS = st.sampled_from([1, 2, 11, 12, 111, 9_999, 10_000, 10_001])
WORKFLOW_IDS: st.SearchStrategy[tuple[Callable[..., str], tuple[Any, ...]]] = st.one_of(
    st.tuples(st.just(batch_workflow_id), st.tuples(BATCHES)),
    st.tuples(st.just(group_workflow_id), st.tuples(BATCHES, NUMBERS)),
    st.tuples(st.just(hosting_order_workflow_id), st.tuples(BATCHES, NUMBERS, NUMBERS)),
    st.tuples(st.just(verification_workflow_id), st.tuples(st.from_regex(r"\+1[2-9][0-9]{9}", fullmatch=True))),
)


def test_ids_are_spelled_as_people_look_for_them() -> None:
    assert batch_workflow_id("acme") == "OnboardBatch:acme"
    assert group_workflow_id("acme", 7) == "OnboardGroup:acme:0007"
    assert verification_workflow_id("+12025550134") == "VerifyNumber:+12025550134"
    assert hosting_order_workflow_id("acme", 7, 2) == "HostingOrder:acme:0007:2"
    assert order_display_name("acme", 7, 2) == "acme 0007/2"
    assert order_display_name("acme", 7, 2, attempt=3) == "acme 0007/2.3"
    assert report_name("acme", "csv") == "acme-report.csv"


@given(WORKFLOW_IDS, WORKFLOW_IDS)
def test_two_workflows_never_share_an_id(
    one: tuple[Callable[..., str], tuple[Any, ...]], other: tuple[Callable[..., str], tuple[Any, ...]]
) -> None:
    (make_one, parts_of_one), (make_other, parts_of_other) = one, other
    same = (make_one, parts_of_one) == (make_other, parts_of_other)
    assert (make_one(*parts_of_one) == make_other(*parts_of_other)) is same


PARTS = st.tuples(BATCHES, NUMBERS, NUMBERS, st.integers(1, 12))


@given(PARTS, PARTS)
def test_two_orders_never_share_a_display_name(
    one: tuple[str, int, int, int], other: tuple[str, int, int, int]
) -> None:
    assert (order_display_name(*one) == order_display_name(*other)) is (one == other)


MAIL = st.tuples(st.sampled_from(["invoices", "notice"]), BATCHES, NUMBERS, NUMBERS)


@given(MAIL, MAIL)
def test_a_mail_keeps_its_message_id_and_shares_it_with_no_other(
    one: tuple[str, str, int, int], other: tuple[str, str, int, int]
) -> None:
    assert (message_id(*one) == message_id(*other)) is (one == other)


def test_parts_of_a_message_id_do_not_run_together() -> None:
    assert len({message_id("notice", *parts) for parts in [("a1", 1), ("a", 11), ("a11",), ("a", 1, 1)]}) == 4


def test_a_message_id_has_the_form_that_mail_asks_for() -> None:
    local, _, domain = message_id("invoices", "acme", 1, 1).strip("<>").partition("@")
    assert local.isascii()
    assert not set(local) & set(" <>@\r\n")
    assert domain == "number-onboarding.invalid"


@pytest.mark.parametrize("batch", ["acme", "ACME-2026_03.v2", "7", "a" * 64])
def test_a_batch_id_is_made_of_what_ids_can_hold(batch: str) -> None:
    assert TypeAdapter(BatchId).validate_python(batch) == batch


@pytest.mark.parametrize(
    "batch", ["", "a" * 65, ".hidden", "-flag", "a:b", "a/b", "a b", "a\n", "é", "a\N{ARABIC-INDIC DIGIT ONE}"]
)
def test_another_batch_id_is_refused(batch: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(BatchId).validate_python(batch)
