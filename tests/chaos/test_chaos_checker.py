"""Every promise that the checker of chaos runs holds: a ledger in which it is broken does not get through."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.chaos.checker import Broken, Entry, Evidence, Violation, violations
from tests.end_to_end.batches import End

GOOD, REFUSED, CALLED, UNTOLD = "+14153001000", "+14153005001", "+14153004101", "+14153008001"
ENDS: dict[str, End] = {
    GOOD: ("DONE", None),
    REFUSED: ("FAILED", "OSR_UPDATE_FAILED"),
    CALLED: ("DONE", None),
    UNTOLD: ("FAILED", "HOSTING_FAILED"),
}
MAIL = "<invoices-1@example.com>"


def entry(kind: str, subject: str, **details: Any) -> Entry:
    return {"kind": kind, "subject": subject, "details": details}


def order(order_id: str, name: str, *numbers: str) -> Entry:
    return entry("hosting_order", order_id, display_name=name, numbers=list(numbers))


def mail(message_id: str, *numbers: str) -> Entry:
    return entry("invoice_mail", message_id, numbers=list(numbers))


LEDGER: tuple[Entry, ...] = (
    *(entry("qualified_number_added", number) for number in ENDS),
    mail(MAIL, *ENDS),
    mail(MAIL, *reversed(ENDS)),
    entry("review", GOOD, result="accepted", counts=True),
    entry("review", REFUSED, result="accepted", counts=True),
    entry("review", UNTOLD, result="accepted", counts=True),
    entry("review", CALLED, result="refused", counts=True),
    entry("voice_call", CALLED),
    order("first", "chaos-1 0001/1", GOOD, REFUSED, UNTOLD),
    entry("voice_call", CALLED),
    entry("code_check", CALLED, right=True),
    entry("hosting_order_completed", "first"),
    order("second", "chaos-1 0001/2", CALLED),
    entry("hosting_order_rejected", "second"),
    order("third", "chaos-1 0001/2, attempt 2", CALLED),
)
FLAWLESS = Evidence(LEDGER, ENDS, ENDS, ENDS, calls_requested={CALLED: 1})


def found(evidence: Evidence) -> set[tuple[Broken, str]]:
    return {(violation.broken, violation.subject) for violation in violations(evidence)}


def with_ends(source: str, changed: Mapping[str, End]) -> Evidence:
    return replace(FLAWLESS, shown=changed) if source == "shown" else replace(FLAWLESS, reported=changed)


def with_more(*entries: Entry) -> Evidence:
    return replace(FLAWLESS, ledger=[*LEDGER, *entries])


def test_a_run_in_which_all_went_well_has_no_violations() -> None:
    assert violations(FLAWLESS) == ()


@pytest.mark.parametrize("source", ["shown", "reported"])
def test_a_number_that_is_nowhere_or_not_at_an_end_is_lost(source: str) -> None:
    missing = {number: end for number, end in ENDS.items() if number != GOOD}
    assert found(with_ends(source, missing)) == {(Broken.LOST, GOOD)}
    open_still = {**ENDS, CALLED: ("PROVISIONING", None)}
    assert found(with_ends(source, open_still)) == {(Broken.LOST, CALLED)}


@pytest.mark.parametrize("source", ["shown", "reported"])
@pytest.mark.parametrize("end", [("DONE", None), ("FAILED", "CARRIER_DEADLINE_PASSED")])
def test_a_number_with_another_end_than_its_card_demands_is_wrong(source: str, end: End) -> None:
    assert found(with_ends(source, {**ENDS, REFUSED: end})) == {(Broken.WRONG, REFUSED)}


def test_a_number_whose_failure_was_lost_on_the_way_must_not_end_by_the_deadline_instead() -> None:
    lost = entry("callback_dropped", UNTOLD, event_id="1", event_type="HOSTING_PROCESS")
    ends = {**ENDS, UNTOLD: ("FAILED", "CARRIER_DEADLINE_PASSED")}
    evidence = replace(with_more(lost), shown=ends, reported=ends)
    assert found(evidence) == {(Broken.WRONG, UNTOLD)}


def test_a_number_in_two_live_orders_is_doubled() -> None:
    said = violations(with_more(order("fourth", "chaos-1 0001/3", CALLED)))
    assert Violation(Broken.DOUBLED, CALLED, "in order fourth while in third") in said


def test_a_number_that_is_ordered_again_after_its_order_was_completed_is_doubled() -> None:
    again = with_more(order("fourth", "chaos-1 0001/3", GOOD))
    assert violations(again) == (Violation(Broken.DOUBLED, GOOD, "ordered 2 times"),)


def test_two_orders_for_one_request_are_doubled() -> None:
    ledger = [other for other in LEDGER if other["subject"] != "third"]
    again = replace(FLAWLESS, ledger=[*ledger, order("third", "chaos-1 0001/2", CALLED)])
    assert found(again) == {(Broken.DOUBLED, "chaos-1 0001/2")}


def test_invoices_of_a_number_under_a_second_message_id_are_doubled() -> None:
    assert found(with_more(mail("<invoices-2@example.com>", GOOD))) == {(Broken.DOUBLED, GOOD)}


def test_mails_of_one_message_id_with_different_numbers_are_wrong() -> None:
    assert found(with_more(mail(MAIL, GOOD))) == {(Broken.WRONG, MAIL)}


def test_a_call_that_nobody_asked_for_is_doubled() -> None:
    assert found(replace(FLAWLESS, calls_requested={})) == {(Broken.DOUBLED, CALLED)}


@pytest.mark.parametrize("number", [GOOD, CALLED], ids=["by its invoices", "by a code"])
def test_a_call_after_the_number_is_verified_is_wrong(number: str) -> None:
    evidence = replace(with_more(entry("voice_call", number)), calls_requested={number: 9})
    assert (Broken.WRONG, number) in found(evidence)


def test_a_number_that_is_put_up_for_qualification_twice_is_doubled() -> None:
    assert found(with_more(entry("qualified_number_added", GOOD))) == {(Broken.DOUBLED, GOOD)}
