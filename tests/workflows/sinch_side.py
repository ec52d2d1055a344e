"""Sinch as far as the workflow tests need it: numbers and orders that move along scripted courses in time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from onboarding.calls.hosting_orders import CreateOrder, OrderObserved, Report
from onboarding.calls.voice import CallOutcome, CallPlaced, CodeChecked, CodeOutcome, NumberSeen
from onboarding.observations import CampaignLinkSeen, CarrierError, OrderRecords

Course = Sequence[tuple[float, str]]
"""Hours after the start -> the state that begins then."""

QUALIFIES: Course = ((0, "ELIGIBLE_CHECK_PENDING"), (1, "ELIGIBLE"))
ACCEPTED: Course = ((24, "VERIFIED"),)
COMPLETES: Course = (
    (0, "SUBMITTED"),
    (1, "WAITING_FOR_LOA_SIGNATURE"),
    (25, "IN_PROGRESS"),
    (49, "COMPLETED"),
)
STUCK: Course = ((0, "SUBMITTED"), (1, "WAITING_FOR_LOA_SIGNATURE"), (25, "IN_PROGRESS"))
RIGHT_CODE = "0420"
LINK_HOURS = 2
T_MOBILE_REFUSES = CarrierError(record="smsTmo", code="60135", message="belongs to another aggregator")
_CODES_AT_MOST = 3


class Timeline:
    """States with the instant from which each holds."""

    def __init__(self) -> None:
        """Nothing has happened."""
        self._moves: list[tuple[datetime, str]] = []

    def plan(self, start: datetime, course: Course) -> None:
        """From `start` on the states of `course` follow, whatever was planned before."""
        self._moves += [(start + timedelta(hours=hours), state) for hours, state in course]
        self._moves.sort(key=lambda move: move[0])

    def at(self, now: datetime) -> str:
        """The state that holds at `now`; empty before the first."""
        return next((state for moment, state in reversed(self._moves) if moment <= now), "")

    def moved(self, now: datetime) -> datetime | None:
        """When the state that holds at `now` began; None before the first."""
        return next((moment for moment, _ in reversed(self._moves) if moment <= now), None)


@dataclass
class Line:
    """A qualified number and the phone behind it."""

    review: Timeline = field(default_factory=Timeline)
    rings: list[datetime] = field(default_factory=list)
    wrong_codes: int = 0

    def ring(self, now: datetime) -> None:
        """The phone rings and a voice speaks the code."""
        self.rings.append(now)
        self.review.plan(now, ((0, "VERIFICATION_PENDING"),))

    def seen(self, now: datetime) -> NumberSeen:
        """The number as Sinch shows it."""
        return NumberSeen(state=self.review.at(now), updated=self.review.moved(now))

    def look_after_call(self, before: NumberSeen | None, now: datetime) -> CallPlaced:
        """What Sinch shows of a call whose answer was lost."""
        seen = self.seen(now)
        if seen.state == "VERIFIED":
            return CallPlaced(outcome=CallOutcome.ALREADY_VERIFIED)
        if seen.state == "VERIFICATION_PENDING" or (before and seen != before):
            return CallPlaced(outcome=CallOutcome.PLACED, seen=seen)
        return CallPlaced(outcome=CallOutcome.NOT_PLACED)

    def answer_call(self, now: datetime) -> CallPlaced:
        """What Sinch answers to a request for a call that nothing disturbs."""
        match self.review.at(now):
            case "VERIFIED":
                return CallPlaced(outcome=CallOutcome.ALREADY_VERIFIED)
            case "VERIFICATION_BLOCKED":
                return CallPlaced(outcome=CallOutcome.BLOCKED)
        self.ring(now)
        return CallPlaced(outcome=CallOutcome.PLACED, seen=self.seen(now))

    def judge(self, code: str, now: datetime) -> CodeChecked:
        """The third wrong code blocks the number."""
        if code == RIGHT_CODE:
            self.review.plan(now, ((0, "VERIFIED"),))
            return CodeChecked(outcome=CodeOutcome.VERIFIED)
        self.wrong_codes += 1
        if self.wrong_codes < _CODES_AT_MOST:
            self.review.plan(now, ((0, "VERIFICATION_FAILED"),))
            return CodeChecked(outcome=CodeOutcome.WRONG, message="wrong code", seen=self.seen(now))
        self.review.plan(now, ((0, "VERIFICATION_BLOCKED"),))
        return CodeChecked(outcome=CodeOutcome.BLOCKED, message="too many wrong codes")


@dataclass
class ImportedNumber:
    """A hosted number: its link fails for one code after the other, the order's own first, and then succeeds."""

    codes: tuple[str | None, ...]
    linked_at: list[datetime] = field(default_factory=list)
    """When it was linked again."""
    hours: float = LINK_HOURS
    """How long a further try takes."""

    def seen(self, phone_number: str, now: datetime) -> CampaignLinkSeen:
        """How its link stands; a further try takes a while."""
        tries = len(self.linked_at)
        ended = self.linked_at[-1] + timedelta(hours=self.hours) if tries else None
        if ended and now < ended:
            return CampaignLinkSeen(phone_number=phone_number, state="IN_PROGRESS", updated=self.linked_at[-1])
        if tries < len(self.codes):
            code = self.codes[tries]
            return CampaignLinkSeen(phone_number=phone_number, state="FAILED", failure_code=code, updated=ended)
        return CampaignLinkSeen(phone_number=phone_number, state="DONE", updated=ended)


@dataclass
class Order:
    """A hosting order; numbers in `failing` end with the named record FAILED, the others with all records DONE.

    Those in `carrier_errors` end with these besides.
    """

    order_id: str
    request: CreateOrder
    failing: dict[str, str]
    created_at: datetime
    carrier_errors: dict[str, CarrierError]
    states: Timeline = field(default_factory=Timeline)

    def observed(self, now: datetime, known: Report | None, only: tuple[str, ...]) -> OrderObserved:
        """State, report, and the records where the report is not the known one or the order has ended."""
        state, report = self.states.at(now), self.report(now)
        records = self._records_at(now)
        wanted = only or report != known or state in ("COMPLETED", "REJECTED")
        shown = [record for record in records if not only or record.phone_number in only] if wanted else []
        return OrderObserved(state=state, report=report, records=tuple(shown))

    def report(self, now: datetime) -> Report:
        """The counters."""
        records = self._records_at(now)
        return Report(
            total=len(records),
            osr_updated=sum(record.osr == "DONE" for record in records),
            sms_provisioned=sum(record.platform == "DONE" for record in records),
            added_to_campaign=sum(record.campaign == "DONE" for record in records),
        )

    def _records_at(self, now: datetime) -> list[OrderRecords]:
        state = self.states.at(now)
        return [self._records(number, state) for number in self.request.numbers]

    def _records(self, number: str, state: str) -> OrderRecords:
        if state == "COMPLETED":
            ends = dict.fromkeys(("osr", "platform", "campaign"), "DONE")
            if number in self.failing:
                ends[self.failing[number]] = "FAILED"
            said = (self.carrier_errors[number],) if number in self.carrier_errors else ()
            return OrderRecords(phone_number=number, carrier_errors=said, **ends)
        osr = "IN_PROGRESS" if state == "IN_PROGRESS" else "WAITING"
        return OrderRecords(phone_number=number, osr=osr, platform="WAITING", campaign="WAITING")
