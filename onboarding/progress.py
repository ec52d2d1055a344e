"""The progress state machine of one number: a pure function `(progress, observation) -> progress`.

Observations of one course of events may come in any order, more than once and mixed with literals nobody
knows; the end is the same. That holds because each record only moves forward (unknown < WAITING < IN_PROGRESS <
DONE or FAILED) and the stage is derived from all records together. A final stage is only left by `retried`;
after it, events older than the retry are old news.
"""

from datetime import datetime
from enum import IntEnum
from functools import singledispatch

from onboarding import observations as seen
from onboarding import reasons
from onboarding.model import Model
from onboarding.reasons import Reason, reason
from onboarding.stages import Stage, Verification


class RecordState(IntEnum):
    """State of one sub-process, by rank. A higher rank wins; DONE and FAILED, once there, stay."""

    UNKNOWN = 0
    WAITING = 1
    IN_PROGRESS = 2
    DONE = 3
    FAILED = 4


class Records(Model):
    """What is known about one number inside its hosting order."""

    campaign_expected: bool = True
    osr: RecordState = RecordState.UNKNOWN
    platform: RecordState = RecordState.UNKNOWN
    campaign: RecordState = RecordState.UNKNOWN
    hosting: RecordState = RecordState.UNKNOWN
    osr_failure: str | None = None
    platform_failure: str | None = None
    campaign_failure: str | None = None
    hosting_failure: str | None = None
    carrier_errors: tuple[seen.CarrierError, ...] = ()
    order_ended: str = ""
    """State of the order (`COMPLETED`, `REJECTED`) when the records were read for the last time."""

    @property
    def failed(self) -> bool:
        """True as soon as one record that SMS needs has failed: the ones behind it will never run."""
        needed = [self.osr, self.platform, self.hosting] + [self.campaign] * self.campaign_expected
        return RecordState.FAILED in needed or (bool(self.order_ended) and not self.done)

    @property
    def done(self) -> bool:
        """True when every record that SMS needs is through; a hosting success stands for OSR and platform."""
        hosted = self.hosting is RecordState.DONE or (self.platform is RecordState.DONE and self._through(self.osr))
        return hosted and (not self.campaign_expected or self.campaign is RecordState.DONE)

    @property
    def started(self) -> bool:
        """True once anything at all has moved."""
        return max(self.osr, self.platform, self.campaign, self.hosting) >= RecordState.IN_PROGRESS

    def _through(self, record: RecordState) -> bool:
        return record is RecordState.DONE or (record is RecordState.UNKNOWN and bool(self.order_ended))

    def why_failed(self) -> Reason:
        """The most telling of all known causes."""
        migration = next((e for e in self.carrier_errors if "60135" in e.code or "60135" in e.message), None)
        if migration is not None:
            return reason(reasons.T_MOBILE_MIGRATION_REQUIRED, migration.message)
        said_by_event = self.osr_failure or self.platform_failure or self.campaign_failure or self.hosting_failure
        if said_by_event:
            return reason(said_by_event)
        if self.osr is RecordState.FAILED:
            return reason(reasons.OSR_UPDATE_FAILED)
        if self.platform is RecordState.FAILED:
            return reason(reasons.SMS_PROVISIONING_FAILED)
        if self.campaign is RecordState.FAILED:
            said = "; ".join(f"{e.record} {e.code} {e.message}".strip() for e in self.carrier_errors)
            return reason(reasons.CAMPAIGN_PROVISIONING_FAILED, said)
        if self.order_ended == "REJECTED":
            return reason(reasons.ORDER_REJECTED)
        return reason(reasons.HOSTING_FAILED)


class EarlyEvent(Model):
    """An event that came before Sinch's answer to the order, and when it was learned."""

    event: seen.CallbackEvent
    learned_at: datetime


class NumberProgress(Model):
    """One number on its way. Instants are UTC, taken from the workflow's clock."""

    phone_number: str
    stage: Stage = Stage.PENDING
    reason: Reason | None = None
    since: datetime | None = None
    """When the stage was entered."""
    verified_at: datetime | None = None
    ordered_at: datetime | None = None
    settled_at: datetime | None = None
    hosting_order_id: str | None = None
    records: Records = Records()
    not_before: datetime | None = None
    """Sinch's clock when the present order was created: older events belong to the attempt before."""
    early_events: tuple[EarlyEvent, ...] = ()
    """Events kept until the order is known: only then can they be told from those of an earlier order."""
    last_review: str = ""
    """Last review state read (Sinch API: `globalProcessState`)."""
    old_review: str = ""
    """Last review state of the attempt before: if it means an end, it says nothing until it has changed."""

    @property
    def is_final(self) -> bool:
        """True where only a retry moves the number."""
        return self.stage.is_final

    def moved(self, stage: Stage, at: datetime, why: Reason | None = None) -> "NumberProgress":
        """The same number in `stage`; nothing changes where it is there already."""
        if stage is self.stage and why == self.reason:
            return self
        changes: dict[str, object] = {"stage": stage, "reason": why, "since": at}
        if stage is Stage.VERIFIED:
            changes["verified_at"] = at
        if stage.is_final:
            changes["settled_at"] = self.settled_at or at
        return self.model_copy(update=changes)


class Rules(Model):
    """What of the batch decides how an observation is read."""

    verification: Verification = Verification.INVOICES_THEN_VOICE
    eligible_is_enough: bool = False
    """True where the account needs no ownership check: `ELIGIBLE`, and any state of that check, count as `VERIFIED`."""


def advance(progress: NumberProgress, observation: Model, at: datetime, rules: Rules) -> NumberProgress:
    """The number after one observation (`Review`, `OrderSeen`, `CallbackEvent` or `OrderRecords`), learned at `at`."""
    return _advance(observation, progress, at, rules)


def retried(progress: NumberProgress, at: datetime) -> NumberProgress:
    """The number on a fresh start: a verified one is ready for the next order, another for a new review."""
    return NumberProgress(
        phone_number=progress.phone_number,
        stage=Stage.VERIFIED if progress.verified_at else Stage.PENDING,
        since=at,
        verified_at=progress.verified_at,
        old_review=progress.last_review,
    )


def ordered(progress: NumberProgress, at: datetime, campaign_expected: bool) -> NumberProgress:
    """The number in a new hosting order: nothing of an earlier order counts any more."""
    fresh = progress.model_copy(
        update={
            "records": Records(campaign_expected=campaign_expected),
            "ordered_at": at,
            "hosting_order_id": None,
            "early_events": (),
        }
    )
    return fresh.moved(Stage.ORDERED, at)


def submitted(progress: NumberProgress, hosting_order_id: str, created: datetime | None) -> NumberProgress:
    """The number once Sinch has the order; events older than `created` (Sinch's clock) are of an earlier order.

    Events of the order that were faster than Sinch's answer are taken in now.
    """
    known = progress.model_copy(
        update={"hosting_order_id": hosting_order_id, "not_before": created, "early_events": ()}
    )
    for early in progress.early_events:
        known = _event(early.event, known, early.learned_at, Rules())
    return known


@singledispatch
def _advance(observation: Model, progress: NumberProgress, at: datetime, rules: Rules) -> NumberProgress:
    raise TypeError(f"{type(observation).__name__} is no observation")


@_advance.register
def _review(observation: seen.Review, progress: NumberProgress, at: datetime, rules: Rules) -> NumberProgress:
    reviewed = _reviewed(observation, rules)
    if reviewed is None or progress.is_final or progress.ordered_at or observation.state == progress.last_review:
        return progress
    stage, why = reviewed
    if stage.is_final and observation.state == progress.old_review:
        return progress
    known = progress.model_copy(update={"last_review": observation.state, "old_review": ""})
    return known.moved(stage, at, why) if stage.rank > known.stage.rank else known


def _reviewed(observation: seen.Review, rules: Rules) -> tuple[Stage, Reason | None] | None:
    """What a review state means; None for a literal nobody knows."""
    by_voice_only = not rules.verification.mails_invoices
    match observation.state:
        case "ELIGIBLE_CHECK_PENDING":
            return Stage.QUALIFYING, None
        case "ELIGIBLE" | "VERIFICATION_PENDING" | "VERIFICATION_FAILED" if rules.eligible_is_enough:
            return Stage.VERIFIED, None
        case "ELIGIBLE" | "VERIFICATION_PENDING":
            return (Stage.NEEDS_VERIFICATION if by_voice_only else Stage.IN_REVIEW), None
        case "VERIFICATION_FAILED" if rules.verification.may_call:
            return Stage.NEEDS_VERIFICATION, None
        case "VERIFIED":
            return Stage.VERIFIED, None
        case ended if ended in _REVIEW_ENDS:
            stage, code = _REVIEW_ENDS[ended]
            return stage, reason(code, observation.error)
        case _:
            return None


_REVIEW_ENDS = {
    "NOT_ELIGIBLE": (Stage.FAILED, reasons.NOT_ELIGIBLE),
    "VERIFICATION_FAILED": (Stage.FAILED, reasons.INVOICE_REFUSED),
    "VERIFICATION_BLOCKED": (Stage.FAILED, reasons.VERIFICATION_BLOCKED),
    "HOSTING_IN_PROGRESS": (Stage.FAILED, reasons.ALREADY_IN_A_HOSTING_ORDER),
    "HOSTING_DONE": (Stage.SKIPPED, reasons.ALREADY_TEXT_ENABLED),
    "HOSTING_FAILED": (Stage.FAILED, reasons.HOSTING_FAILED_EARLIER),
}


@_advance.register
def _event(observation: seen.CallbackEvent, progress: NumberProgress, at: datetime, rules: Rules) -> NumberProgress:
    is_old = (
        progress.not_before is not None
        and observation.timestamp is not None
        and observation.timestamp < progress.not_before
    )
    state = _EVENT_STATES.get(observation.status)
    field = _EVENT_RECORDS.get(observation.event_type)
    if is_old or state is None or field is None:
        return progress
    if progress.hosting_order_id is None:
        return _kept_for_later(progress, EarlyEvent(event=observation, learned_at=at))
    records = progress.records
    known = _later(getattr(records, field), state)
    changes: dict[str, object] = {field: known}
    if known is state is RecordState.FAILED:
        changes[f"{field}_failure"] = getattr(records, f"{field}_failure") or observation.failure_code
    return _with_records(progress, records.model_copy(update=changes), at)


def _kept_for_later(progress: NumberProgress, early: EarlyEvent) -> NumberProgress:
    if progress.is_final or early.event in [kept.event for kept in progress.early_events]:
        return progress
    return progress.model_copy(update={"early_events": (*progress.early_events, early)})


_EVENT_STATES = {"SUCCEEDED": RecordState.DONE, "FAILED": RecordState.FAILED}
_EVENT_RECORDS = {
    seen.OSR_UPDATE: "osr",
    seen.PLATFORM_PROVISIONING: "platform",
    seen.CAMPAIGN_LINK: "campaign",
    seen.HOSTING_PROCESS: "hosting",
}


@_advance.register
def _records(observation: seen.OrderRecords, progress: NumberProgress, at: datetime, rules: Rules) -> NumberProgress:
    records = progress.records
    errors = {error.record: error for error in (*records.carrier_errors, *observation.carrier_errors)}
    order_ended = observation.order_state if observation.order_state in ("COMPLETED", "REJECTED") else ""
    merged = records.model_copy(
        update={
            "osr": _later(records.osr, _record_state(observation.osr)),
            "platform": _later(records.platform, _record_state(observation.platform)),
            "campaign": _later(records.campaign, _record_state(observation.campaign)),
            "carrier_errors": tuple(errors[record] for record in sorted(errors)),
            "order_ended": records.order_ended or order_ended,
        }
    )
    return _with_records(progress, merged, at)


@_advance.register
def _order(observation: seen.OrderSeen, progress: NumberProgress, at: datetime, rules: Rules) -> NumberProgress:
    stage = _ORDER_STAGES.get(observation.state)
    if stage is None or progress.is_final or stage.rank <= progress.stage.rank:
        return progress
    return progress.moved(stage, at)


_ORDER_STAGES = {
    "SUBMITTED": Stage.ORDERED,
    "WAITING_FOR_LOA_SIGNATURE": Stage.AWAITING_LOA,
    "IN_PROGRESS": Stage.PROVISIONING,
}


def _record_state(literal: str) -> RecordState:
    return RecordState.__members__.get(literal, RecordState.UNKNOWN)


def _later(known: RecordState, news: RecordState) -> RecordState:
    return known if known >= RecordState.DONE else max(known, news)


def _with_records(progress: NumberProgress, records: Records, at: datetime) -> NumberProgress:
    if progress.stage in (Stage.DONE, Stage.SKIPPED, Stage.CANCELLED):
        return progress
    known = progress if records == progress.records else progress.model_copy(update={"records": records})
    if records.failed:
        why = records.why_failed()
        if known.stage is Stage.FAILED:
            return _with_better_reason(known, why)
        return known.moved(Stage.FAILED, at, why)
    if known.stage is Stage.FAILED:
        return known
    if records.done:
        return known.moved(Stage.DONE, at)
    if records.started and known.stage.rank < Stage.PROVISIONING.rank:
        return known.moved(Stage.PROVISIONING, at)
    return known


def _with_better_reason(progress: NumberProgress, why: Reason) -> NumberProgress:
    """A failed number stays failed; news may still tell more about the cause, unless a person decided."""
    decided = progress.reason is not None and progress.reason.code in _DECIDED
    return progress if decided else progress.model_copy(update={"reason": why})


_DECIDED = frozenset(
    {
        reasons.LOA_DEADLINE_PASSED,
        reasons.CARRIER_DEADLINE_PASSED,
        reasons.ORDER_REFUSED,
        reasons.ENDED_OUTSIDE,
    }
)
