"""What went wrong in a chaos run, judged by the ledger of the simulated Sinch and by how the batches say they ended.

Pure functions: the evidence in, the violations out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tests.end_to_end.batches import End

FINAL_STAGES = ("DONE", "FAILED")
"""Nothing is skipped or cancelled in a chaos run."""

Entry = Mapping[str, Any]
"""One side effect, as the control API of the simulator shows it (docs/simulator.md)."""


class Broken(StrEnum):
    """Which promise."""

    LOST = "lost"
    """A number without an end."""
    WRONG = "wrong"
    """A number with another end than its card demands, or a side effect that nothing called for."""
    DOUBLED = "doubled"
    """Something was done twice."""


@dataclass(frozen=True)
class Violation:
    """A broken promise, to which number, order or mail."""

    broken: Broken
    subject: str
    what: str


@dataclass(frozen=True)
class Evidence:
    """All that is known of a run once its batches are over.

    `demanded`: number -> the end that its card demands, whichever events were lost. `shown` and `reported`: number ->
    how `onboard numbers` and the final report say it ended. `calls_requested`: number -> voice calls that were asked
    for beside the first one.
    """

    ledger: Sequence[Entry]
    demanded: Mapping[str, End]
    shown: Mapping[str, End]
    reported: Mapping[str, End]
    calls_requested: Mapping[str, int]


def violations(evidence: Evidence) -> tuple[Violation, ...]:
    """Everything that is wrong; nothing where every promise was kept."""
    rules = (
        _numbers_without_end,
        _other_ends,
        _numbers_in_two_orders_at_a_time,
        _numbers_ordered_again,
        _orders_sent_twice,
        _mails_for_one_request,
        _calls_without_request,
        _calls_after_verification,
        _numbers_put_up_twice,
    )
    return tuple(violation for rule in rules for violation in rule(evidence))


def _of_kind(evidence: Evidence, *kinds: str) -> Iterator[Entry]:
    return (entry for entry in evidence.ledger if entry["kind"] in kinds)


def _numbers_without_end(evidence: Evidence) -> Iterator[Violation]:
    for source, ends in (("onboard numbers", evidence.shown), ("the report", evidence.reported)):
        for number in evidence.demanded:
            stage = ends[number][0] if number in ends else "nowhere"
            if stage not in FINAL_STAGES:
                yield Violation(Broken.LOST, number, f"{stage} in {source}")


def _other_ends(evidence: Evidence) -> Iterator[Violation]:
    for source, ends in (("onboard numbers", evidence.shown), ("the report", evidence.reported)):
        for number, demanded in evidence.demanded.items():
            end = ends.get(number)
            if end is not None and end[0] in FINAL_STAGES and end != demanded:
                yield Violation(Broken.WRONG, number, f"{end} in {source}, its card demands {demanded}")


def _numbers_in_two_orders_at_a_time(evidence: Evidence) -> Iterator[Violation]:
    live: dict[str, Sequence[str]] = {}
    for entry in _of_kind(evidence, "hosting_order", "hosting_order_completed", "hosting_order_rejected"):
        if entry["kind"] != "hosting_order":
            live.pop(entry["subject"], None)
            continue
        for number in entry["details"]["numbers"]:
            others = [order for order, numbers in live.items() if number in numbers]
            if others:
                yield Violation(Broken.DOUBLED, number, f"in order {entry['subject']} while in {others[0]}")
        live[entry["subject"]] = entry["details"]["numbers"]


def _numbers_ordered_again(evidence: Evidence) -> Iterator[Violation]:
    """Only an order that was rejected is followed by another: nobody asked for a number to be tried again."""
    rejected = {entry["subject"] for entry in _of_kind(evidence, "hosting_order_rejected")}
    ordered = Counter(
        number
        for order in _of_kind(evidence, "hosting_order")
        if order["subject"] not in rejected
        for number in order["details"]["numbers"]
    )
    for number, times in ordered.items():
        if times > 1:
            yield Violation(Broken.DOUBLED, number, f"ordered {times} times")


def _orders_sent_twice(evidence: Evidence) -> Iterator[Violation]:
    sent = Counter(order["details"]["display_name"] for order in _of_kind(evidence, "hosting_order"))
    for name, times in sent.items():
        if times > 1:
            yield Violation(Broken.DOUBLED, name, f"{times} orders for one request")


def _mails_for_one_request(evidence: Evidence) -> Iterator[Violation]:
    """One request is one Message-ID: every number stands in the mails of one id only, each with the same numbers."""
    ids_of: defaultdict[str, set[str]] = defaultdict(set)
    lists_of: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    for mail in _of_kind(evidence, "invoice_mail"):
        lists_of[mail["subject"]].add(tuple(sorted(mail["details"]["numbers"])))
        for number in mail["details"]["numbers"]:
            ids_of[number].add(mail["subject"])
    for number, ids in ids_of.items():
        if len(ids) > 1:
            yield Violation(Broken.DOUBLED, number, f"its invoices were mailed as {', '.join(sorted(ids))}")
    for message_id, lists in lists_of.items():
        if len(lists) > 1:
            yield Violation(Broken.WRONG, message_id, f"{len(lists)} mails with different numbers")


def _calls_without_request(evidence: Evidence) -> Iterator[Violation]:
    """The batch itself asks for one call a number."""
    called = Counter(call["subject"] for call in _of_kind(evidence, "voice_call"))
    for number, calls in called.items():
        asked_for = 1 + evidence.calls_requested.get(number, 0)
        if calls > asked_for:
            yield Violation(Broken.DOUBLED, number, f"called {calls} times, {asked_for} calls were asked for")


def _calls_after_verification(evidence: Evidence) -> Iterator[Violation]:
    verified: set[str] = set()
    for entry in _of_kind(evidence, "review", "code_check", "voice_call"):
        number, details = entry["subject"], entry["details"]
        if entry["kind"] == "voice_call" and number in verified:
            yield Violation(Broken.WRONG, number, "called after it was verified")
        if details.get("right") or (details.get("result") == "accepted" and details["counts"]):
            verified.add(number)


def _numbers_put_up_twice(evidence: Evidence) -> Iterator[Violation]:
    added = Counter(entry["subject"] for entry in _of_kind(evidence, "qualified_number_added"))
    for number, times in added.items():
        if times > 1:
            yield Violation(Broken.DOUBLED, number, f"put up for qualification {times} times")
