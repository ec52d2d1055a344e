"""The qualified numbers of the project: eligibility, ownership and what hosting makes of them.

Sinch API: qualified numbers, state machine of a qualified number.
"""

import itertools
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from simulator.clock import VirtualClock, rfc3339
from simulator.draws import Draws
from simulator.errors import ApiError, failed_precondition, not_found
from simulator.ledger import ProjectLedger
from simulator.outcomes import Card, Review, card_of
from simulator.paging import Page, PageRequest
from simulator.phone_numbers import RegionCode, region_of
from simulator.settings import DAY, SimulatorSettings


class ProcessState(StrEnum):
    """``globalProcessState``; the wire literals carry the prefix ``GLOBAL_PROCESS_STATE_``."""

    UNSPECIFIED = "GLOBAL_PROCESS_STATE_UNSPECIFIED"
    ELIGIBLE_CHECK_PENDING = "GLOBAL_PROCESS_STATE_ELIGIBLE_CHECK_PENDING"
    ELIGIBLE = "GLOBAL_PROCESS_STATE_ELIGIBLE"
    NOT_ELIGIBLE = "GLOBAL_PROCESS_STATE_NOT_ELIGIBLE"
    VERIFICATION_PENDING = "GLOBAL_PROCESS_STATE_VERIFICATION_PENDING"
    VERIFICATION_FAILED = "GLOBAL_PROCESS_STATE_VERIFICATION_FAILED"
    VERIFICATION_BLOCKED = "GLOBAL_PROCESS_STATE_VERIFICATION_BLOCKED"
    VERIFIED = "GLOBAL_PROCESS_STATE_VERIFIED"
    HOSTING_IN_PROGRESS = "GLOBAL_PROCESS_STATE_HOSTING_IN_PROGRESS"
    HOSTING_DONE = "GLOBAL_PROCESS_STATE_HOSTING_DONE"
    HOSTING_FAILED = "GLOBAL_PROCESS_STATE_HOSTING_FAILED"


_ELIGIBILITY_STATUS = {
    ProcessState.ELIGIBLE_CHECK_PENDING: "IN_PROGRESS",
    ProcessState.NOT_ELIGIBLE: "FAILED",
}
_OWNERSHIP_STATUS = {
    ProcessState.ELIGIBLE_CHECK_PENDING: "WAITING",
    ProcessState.ELIGIBLE: "WAITING",
    ProcessState.NOT_ELIGIBLE: "WAITING",
    ProcessState.VERIFICATION_PENDING: "IN_PROGRESS",
    ProcessState.VERIFICATION_FAILED: "FAILED",
    ProcessState.VERIFICATION_BLOCKED: "FAILED",
}
_HOSTED_STATUS = {ProcessState.HOSTING_DONE: 1, ProcessState.HOSTING_FAILED: 2}
_REVIEWABLE = {ProcessState.ELIGIBLE, ProcessState.VERIFICATION_FAILED}
_UNDER_VERIFICATION = {ProcessState.VERIFICATION_PENDING, ProcessState.VERIFICATION_FAILED}


@dataclass(slots=True)
class QualifiedNumber:
    """One number of the project's list; times are virtual seconds since 1970."""

    phone_number: str
    region_code: RegionCode
    card: Card
    sequence: int
    created: float
    updated: float
    state: ProcessState = ProcessState.ELIGIBLE_CHECK_PENDING
    error: str = ""
    review_awaits_eligibility: bool = False
    under_review: bool = False
    state_before_hosting: ProcessState | None = None

    def wire(self, project_id: str) -> dict[str, Any]:
        """The resource ``QualifiedNumber``; its three sub-objects follow from the state."""
        eligibility = _ELIGIBILITY_STATUS.get(self.state, "DONE")
        ownership = _OWNERSHIP_STATUS.get(self.state, "DONE")
        hosted = _HOSTED_STATUS.get(self.state, 0)
        return {
            "phoneNumber": self.phone_number,
            "projectId": project_id,
            "regionCode": self.region_code,
            "globalProcessState": self.state.value,
            "osrEligibility": {
                "status": eligibility,
                "error": self.error if eligibility == "FAILED" else "",
            },
            "ownershipVerification": {
                "status": ownership,
                "error": self.error if ownership == "FAILED" else "",
            },
            "hostedNumber": {"status": hosted, "error": self.error if hosted == 2 else ""},
            "createdTime": rfc3339(self.created),
            "updatedTime": rfc3339(self.updated),
        }


class QualifiedNumbers:
    """The list itself, and every move a number on it can make."""

    def __init__(self, settings: SimulatorSettings, clock: VirtualClock, draws: Draws, ledger: ProjectLedger) -> None:
        self._settings = settings
        self._durations = settings.durations
        self._clock = clock
        self._draws = draws
        self._ledger = ledger
        self._in_order: list[QualifiedNumber] = []
        self._sequence = itertools.count()
        self._by_phone_number: dict[str, QualifiedNumber] = {}
        self._tally: Counter[tuple[ProcessState, RegionCode]] = Counter()

    def add(self, phone_numbers: list[str]) -> list[QualifiedNumber]:
        """Put numbers on the list and start their eligibility check; all or, raising ApiError 409, none."""
        present = [number for number in phone_numbers if number in self._by_phone_number]
        if present:
            raise ApiError(
                409, f"Already on the list of qualified numbers: {', '.join(present)}. Read them, add the others."
            )
        return [self._add(phone_number) for phone_number in phone_numbers]

    def get(self, phone_number: str) -> QualifiedNumber:
        """The number; raises ApiError 404 when it is not on the list."""
        number = self.find(phone_number)
        if number is None:
            raise not_found("qualified number", phone_number)
        return number

    def delete(self, number: QualifiedNumber) -> None:
        """Take a number off the list; raises ApiError 400 while it is being hosted."""
        if number.state is ProcessState.HOSTING_IN_PROGRESS:
            raise failed_precondition(
                f"{number.phone_number} is HOSTING_IN_PROGRESS; it can be deleted once its hosting order is over."
            )
        del self._in_order[bisect_left(self._in_order, number.sequence, key=lambda other: other.sequence)]
        del self._by_phone_number[number.phone_number]
        self._tally[number.state, number.region_code] -= 1
        self._ledger.write("qualified_number_deleted", number.phone_number)

    def find(self, phone_number: str) -> QualifiedNumber | None:
        """The number, or None when it is not on the list."""
        return self._by_phone_number.get(phone_number)

    def page(
        self, request: PageRequest, states: frozenset[ProcessState], region_code: str | None
    ) -> Page[QualifiedNumber]:
        """One page of the numbers in these states; no states means all states."""
        total = sum(
            count
            for (state, region), count in self._tally.items()
            if (not states or state in states) and (region_code is None or region == region_code)
        )
        return request.cut(
            self._in_order,
            lambda number: (
                (not states or number.state in states) and (region_code is None or number.region_code == region_code)
            ),
            total,
        )

    def review(self, number: QualifiedNumber) -> bool:
        """Take a number on the orders desk, now or once it is eligible; False when its state does not allow it."""
        if number.card.review is Review.NOT_LISTED:
            return False
        if number.state is ProcessState.ELIGIBLE_CHECK_PENDING:
            number.review_awaits_eligibility = True
            return True
        if number.state not in _REVIEWABLE or number.under_review:
            return False
        self._start_review(number)
        return True

    def challenge_placed(self, number: QualifiedNumber) -> None:
        """A voice call went out: the verification is pending."""
        self._move(number, ProcessState.VERIFICATION_PENDING)

    def verified(self, number: QualifiedNumber) -> None:
        """The ownership of the number is proven."""
        self._move(number, ProcessState.VERIFIED)

    def verification_failed(self, number: QualifiedNumber, why: str) -> None:
        """A proof was refused; another try is possible."""
        self._move(number, ProcessState.VERIFICATION_FAILED, why)

    def verification_blocked(self, number: QualifiedNumber, why: str) -> None:
        """No further try is possible."""
        self._move(number, ProcessState.VERIFICATION_BLOCKED, why)

    def hosting_started(self, phone_number: str) -> None:
        """A hosting order took the number, if it is on the list."""
        number = self.find(phone_number)
        if number is not None:
            number.state_before_hosting = number.state
            self._move(number, ProcessState.HOSTING_IN_PROGRESS)

    def hosting_ended(self, phone_number: str, why_failed: str | None) -> None:
        """The number reached an end in its order, a good one when ``why_failed`` is None."""
        number = self.find(phone_number)
        if number is not None:
            state = ProcessState.HOSTING_DONE if why_failed is None else ProcessState.HOSTING_FAILED
            self._move(number, state, why_failed or "")

    def hosting_abandoned(self, phone_number: str) -> None:
        """The order was rejected before the number reached an end: it is as it was before the order."""
        number = self.find(phone_number)
        if number is not None and number.state_before_hosting is not None:
            self._move(number, number.state_before_hosting)

    def _add(self, phone_number: str) -> QualifiedNumber:
        now = self._clock.now()
        number = QualifiedNumber(
            phone_number=phone_number,
            region_code=region_of(phone_number),
            card=card_of(phone_number),
            sequence=next(self._sequence),
            created=now,
            updated=now,
        )
        self._in_order.append(number)
        self._by_phone_number[phone_number] = number
        self._tally[number.state, number.region_code] += 1
        self._ledger.write("qualified_number_added", phone_number)
        if number.card.eligibility_days is not None:
            seconds = number.card.eligibility_days * DAY
        else:
            seconds = self._draws.seconds(self._durations.eligibility_check, phone_number, "eligibility check")
        self._clock.after(seconds, self._end_eligibility_check, number)
        return number

    def _is_listed(self, number: QualifiedNumber) -> bool:
        return self._by_phone_number.get(number.phone_number) is number

    def _end_eligibility_check(self, number: QualifiedNumber) -> None:
        if not self._is_listed(number) or number.state is not ProcessState.ELIGIBLE_CHECK_PENDING:
            return
        if not number.card.eligible:
            self._move(number, ProcessState.NOT_ELIGIBLE, "The number cannot be text-enabled.")
            return
        self._move(number, ProcessState.ELIGIBLE)
        if number.review_awaits_eligibility:
            self._start_review(number)

    def _start_review(self, number: QualifiedNumber) -> None:
        number.under_review = True
        self._move(number, ProcessState.VERIFICATION_PENDING)
        seconds = self._draws.seconds(self._durations.invoice_review, number.phone_number, "invoice review")
        self._clock.after(seconds, self._end_review, number)

    def _end_review(self, number: QualifiedNumber) -> None:
        if not self._is_listed(number):
            return
        number.under_review = False
        result = number.card.review
        counts = number.state in _UNDER_VERIFICATION
        self._ledger.write("review", number.phone_number, result=result.value, counts=counts)
        if not counts:
            return
        if result is Review.ACCEPTED and self._settings.accepted_invoices_verify:
            self.verified(number)
        elif result is Review.ACCEPTED:
            self._move(number, ProcessState.ELIGIBLE)
        elif result is Review.BLOCKED:
            self.verification_blocked(number, "The orders desk blocked the verification. Contact Sinch support.")
        else:
            self.verification_failed(number, "The invoice does not prove the ownership of the number.")

    def _move(self, number: QualifiedNumber, state: ProcessState, error: str = "") -> None:
        self._tally[number.state, number.region_code] -= 1
        number.state, number.error, number.updated = state, error, self._clock.now()
        self._tally[number.state, number.region_code] += 1
