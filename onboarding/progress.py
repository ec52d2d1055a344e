"""The progress state machine of one number: a pure function `(progress, observation) -> progress`.

Observations of one course of events may come in any order, more than once and mixed with literals nobody
knows; the end is the same. That holds because each record only moves forward and the stage is derived from all records
together. A final stage is only left by `retried` and `link_now`; after them, older events are old news.

A number that is hosted and only not linked to its campaign is not at its end: it stays PROVISIONING with a `recovery`.
Once it is linked again, what its order had to say does not count any more.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch

from onboarding import observations as seen
from onboarding import reasons
from onboarding.findings import Finding
from onboarding.link_recovery import LinkRecovery, RecoveryPhase, after_failure
from onboarding.model import Model, SlottedModel
from onboarding.reasons import Reason, reason
from onboarding.records import Records, RecordState, migration_required, one_for_all
from onboarding.review_states import meaning_of
from onboarding.spans import Span
from onboarding.stages import Stage, Verification


class EarlyEvent(Model):
    """An event that came before Sinch's answer to the order, and when it was learned."""

    event: seen.CallbackEvent
    learned_at: datetime


_FRESH = {is_expected: Records(campaign_expected=is_expected) for is_expected in (True, False)}
"""Records of which nothing is known, one for all numbers: by whether a campaign is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberProgress(SlottedModel):
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
    records: Records = _FRESH[True]
    recovery: LinkRecovery | None = None
    """What is done about a failed campaign link; kept at the end, so that a person can have it linked again."""
    not_before: datetime | None = None
    """Sinch's clock when the present order was created: older events belong to the attempt before."""
    early_events: tuple[EarlyEvent, ...] = ()
    """Events kept until the order is known: only then can they be told from those of an earlier order."""
    findings: tuple[Finding, ...] = ()
    """What is not as asked at Sinch although the number is DONE."""
    last_review: str = ""
    """Last review state read (Sinch API: `globalProcessState`)."""
    old_review: str = ""
    """Last review state of the attempt before: if it means an end, it says nothing until it has changed."""

    @property
    def is_final(self) -> bool:
        """True where only a retry moves the number."""
        return self.stage.is_final

    @property
    def recovering(self) -> LinkRecovery | None:
        """The recovery of a number that is not at its end: its order is through with it."""
        return None if self.is_final else self.recovery

    @property
    def can_be_linked(self) -> bool:
        """True where a person may have the number linked again now."""
        if self.recovery is None or not self.recovery.hosted or self.stage not in (Stage.FAILED, Stage.PROVISIONING):
            return False
        return self.is_final or self.recovery.phase is not RecoveryPhase.LINKING

    def moved(self, stage: Stage, at: datetime, why: Reason | None = None, **also: object) -> "NumberProgress":
        """The same number in `stage`, and with the fields of `also`; nothing else changes where it is there already."""
        if stage is self.stage and why == self.reason:
            return self.model_copy(update=also) if also else self
        changes: dict[str, object] = {"stage": stage, "reason": why}
        if stage is not self.stage:
            changes["since"] = at
        if stage is Stage.VERIFIED:
            changes["verified_at"] = at
        if stage.is_final:
            changes["settled_at"] = self.settled_at or at
        return self.model_copy(update=changes | also)

    def recovering_by(self, recovery: LinkRecovery, at: datetime) -> "NumberProgress":
        """The same number with its campaign link in recovery; its reason says why and what comes next."""
        why = Reason(code=recovery.why.code, sentence=f"{recovery.why.sentence} {recovery.outlook}")
        return self.moved(Stage.PROVISIONING, at, why, recovery=recovery)


class Rules(Model):
    """What of the batch decides how an observation is read."""

    verification: Verification = Verification.INVOICES_THEN_VOICE
    eligible_is_enough: bool = False
    """True where the account needs no ownership check: `ELIGIBLE`, and any state of that check, count as `VERIFIED`."""
    longest_wait: Span | None = None
    """The longest wait before a failed campaign link is tried again; None = as long as the policy says."""


_DEFAULT_RULES = Rules()


def advance(progress: NumberProgress, observation: Model, at: datetime, rules: Rules) -> NumberProgress:
    """The number after one observation, learned at `at`.

    Observations are `Review`, `OrderSeen`, `CallbackEvent`, `HostingFailureSeen`, `OrderRecords` and
    `CampaignLinkSeen`.
    """
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
    return progress.moved(
        Stage.ORDERED,
        at,
        records=_FRESH[campaign_expected],
        ordered_at=at,
        hosting_order_id=None,
        early_events=(),
        recovery=None,
    )


def submitted(
    progress: NumberProgress, hosting_order_id: str, created: datetime | None, rules: Rules = _DEFAULT_RULES
) -> NumberProgress:
    """The number once Sinch has the order; events older than `created` (Sinch's clock) are of an earlier order.

    Events of the order that were faster than Sinch's answer are taken in now.
    """
    known = progress.model_copy(
        update={"hosting_order_id": hosting_order_id, "not_before": created, "early_events": ()}
    )
    for early in progress.early_events:
        known = _event(early.event, known, early.learned_at, rules)
    return known


@singledispatch
def _advance(observation: Model, progress: NumberProgress, at: datetime, rules: Rules) -> NumberProgress:
    raise TypeError(f"{type(observation).__name__} is no observation")


@_advance.register
def _review(observation: seen.Review, progress: NumberProgress, at: datetime, rules: Rules) -> NumberProgress:
    reviewed = meaning_of(observation, rules.verification, eligible_is_enough=rules.eligible_is_enough)
    if reviewed is None or progress.is_final or progress.ordered_at or observation.state == progress.last_review:
        return progress
    stage, why = reviewed
    if stage.is_final and observation.state == progress.old_review:
        return progress
    read = {"last_review": observation.state, "old_review": ""}
    if stage.rank > progress.stage.rank:
        return progress.moved(stage, at, why, **read)
    return progress.model_copy(update=read)


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
    recovery = progress.recovering
    put_right = field == "campaign" and state is RecordState.DONE and recovery is not None
    if recovery and (recovery.tries or (put_right and recovery.is_new(observation.timestamp))):
        return _link_event(observation, progress, recovery, at, rules)
    if progress.hosting_order_id is None:
        return _kept_for_later(progress, EarlyEvent(event=observation, learned_at=at))
    records = progress.records
    known = getattr(records, field).then(state)
    changes: dict[str, object] = {field: known}
    if known is state is RecordState.FAILED:
        changes[f"{field}_failure"] = getattr(records, f"{field}_failure") or observation.failure_code
    return _with_records(progress, records.model_copy(update=changes), at, rules, told_at=observation.timestamp)


@_advance.register
def _hosting_failure(
    observation: seen.HostingFailureSeen, progress: NumberProgress, at: datetime, rules: Rules
) -> NumberProgress:
    """It tells what the event `HOSTING_PROCESS` would have told."""
    told = seen.CallbackEvent(event_type=seen.HOSTING_PROCESS, status="FAILED", timestamp=observation.updated)
    return _event(told, progress, at, rules)


def _link_event(
    observation: seen.CallbackEvent, progress: NumberProgress, recovery: LinkRecovery, at: datetime, rules: Rules
) -> NumberProgress:
    """News of a further try, or of a link that somebody at Sinch has put right; older ones say nothing any more."""
    is_campaign = observation.event_type == seen.CAMPAIGN_LINK
    if not recovery.is_new(observation.timestamp):
        return progress
    if observation.status == "SUCCEEDED":
        last_step = is_campaign or not progress.records.campaign_expected
        return progress.moved(Stage.DONE, at) if last_step else progress
    if not is_campaign and observation.event_type != seen.PLATFORM_PROVISIONING:
        return progress
    generic = reasons.CAMPAIGN_PROVISIONING_FAILED if is_campaign else reasons.SMS_PROVISIONING_FAILED
    why = reason(observation.failure_code or generic)
    return _try_failed(progress, recovery, why, observation.timestamp, at, rules)


def _try_failed(
    progress: NumberProgress,
    recovery: LinkRecovery,
    why: Reason,
    told_at: datetime | None,
    at: datetime,
    rules: Rules,
) -> NumberProgress:
    """What follows when a further try has failed; a number that is not being linked has no try to fail."""
    if recovery.phase is not RecoveryPhase.LINKING:
        return progress
    known = recovery.model_copy(update={"looked_up": True, "newer_than": _latest(recovery.newer_than, told_at)})
    following = after_failure(known, why, at, cause_known=True, longest_wait=rules.longest_wait)
    return progress.recovering_by(following, at) if following else _given_up(progress, known, why, at)


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
            "osr": records.osr.then(RecordState.of(observation.osr)),
            "platform": records.platform.then(RecordState.of(observation.platform)),
            "campaign": records.campaign.then(RecordState.of(observation.campaign)),
            "carrier_errors": tuple(errors[record] for record in sorted(errors)),
            "order_ended": records.order_ended or order_ended,
        }
    )
    return _with_records(progress, merged, at, rules)


@_advance.register
def _link(observation: seen.CampaignLinkSeen, progress: NumberProgress, at: datetime, rules: Rules) -> NumberProgress:
    """An imported number as it was read: the answer to why its link failed, or how a further try goes."""
    recovery = progress.recovering
    if recovery is None:
        return progress
    if not observation.imported:
        return _not_hosted(progress, recovery.why, at)
    if observation.state == "DONE":
        return progress.moved(Stage.DONE, at)
    if not recovery.tries:
        return _looked_up(observation, progress, recovery, at, rules)
    is_news = recovery.newer_than is None or observation.updated is None or recovery.is_new(observation.updated)
    if observation.state != "FAILED" or not is_news:
        return progress
    why = migration_required(observation.carrier_errors)
    why = why or reason(observation.failure_code or reasons.CAMPAIGN_PROVISIONING_FAILED)
    return _try_failed(progress, recovery, why, observation.updated, at, rules)


def _looked_up(
    observation: seen.CampaignLinkSeen, progress: NumberProgress, recovery: LinkRecovery, at: datetime, rules: Rules
) -> NumberProgress:
    records = progress.records
    changes: dict[str, object] = {}
    if observation.state == "FAILED":
        failed = "campaign" if records.campaign_expected else "hosting"
        code = getattr(records, f"{failed}_failure") or observation.failure_code
        errors = {error.record: error for error in (*records.carrier_errors, *observation.carrier_errors)}
        changes = {
            failed: RecordState.FAILED,
            f"{failed}_failure": code,
            "carrier_errors": tuple(errors[record] for record in sorted(errors)),
        }
    known = progress.model_copy(
        update={
            "recovery": recovery.model_copy(update={"looked_up": True}),
            "records": records.model_copy(update=changes),
        }
    )
    return _link_failed(known, at, rules, observation.updated if changes else None)


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


def _with_records(
    progress: NumberProgress, records: Records, at: datetime, rules: Rules, told_at: datetime | None = None
) -> NumberProgress:
    linked_again = progress.recovery is not None and progress.recovery.tries > 0
    if linked_again or progress.stage in (Stage.DONE, Stage.SKIPPED, Stage.CANCELLED):
        return progress
    known = progress if records == progress.records else progress.model_copy(update={"records": one_for_all(records)})
    if known.stage is Stage.FAILED:
        return _with_better_reason(known, records.why_failed()) if records.lost or records.link_failed else known
    if records.lost:
        return _not_hosted(known, records.why_failed(), at)
    if records.link_failed:
        return _link_failed(known, at, rules, told_at)
    if records.done:
        return known.moved(Stage.DONE, at)
    if records.started and known.stage.rank < Stage.PROVISIONING.rank:
        return known.moved(Stage.PROVISIONING, at)
    return known


def _link_failed(progress: NumberProgress, at: datetime, rules: Rules, told_at: datetime | None) -> NumberProgress:
    """The first link failed, as far as the records tell by now."""
    records = progress.records
    why, before = records.why_failed(), progress.recovery
    known = before or LinkRecovery(phase=RecoveryPhase.LOOK_UP, since=at, why=why)
    known = known.model_copy(update={"newer_than": _latest(known.newer_than, told_at)})
    if records.failed_for_good:
        return _given_up(progress, known, why, at)
    following = after_failure(known, why, at, cause_known=records.cause_known, longest_wait=rules.longest_wait)
    return progress.recovering_by(following, at) if following else _given_up(progress, known, why, at)


def _latest(known: datetime | None, told: datetime | None) -> datetime | None:
    return max(known, told) if known and told else known or told


def _not_hosted(progress: NumberProgress, why: Reason, at: datetime) -> NumberProgress:
    recovery = progress.recovery and progress.recovery.model_copy(update={"hosted": False})
    return progress.moved(Stage.FAILED, at, why, recovery=recovery)


def _given_up(progress: NumberProgress, recovery: LinkRecovery, why: Reason, at: datetime) -> NumberProgress:
    return progress.moved(Stage.FAILED, at, why, recovery=recovery)


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
