"""Relinking one imported number to another service plan or campaign: a pure function of what is learned about it.

    READING -> UNLINK_DUE -> UNLINKING -> LINK_DUE -> LINKING -> DONE
                   any failure after the unlinking -> CONFIRMING -> OFFERED -> READING (retry, link back) or FAILED
    READING, UNLINK_DUE -> CANCELLED, where the relinking is cancelled before Sinch was asked to unlink the number

Events and reads may come late, twice and in any order: a step only takes news of the services it awaits, and none
that is older than the request it follows (Sinch's clock). A number is linked only after its unlinking was seen.
"""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from onboarding import reasons
from onboarding.imported_links import Links, LinkSeen, NumberLinksSeen, Service
from onboarding.model import Model
from onboarding.observations import CAMPAIGN_LINK, PLATFORM_PROVISIONING, CallbackEvent
from onboarding.reasons import Reason, reason
from onboarding.stages import Stage

PLATFORM_UNLINK = "DEPROVISIONING_TO_SMS_PLATFORM"
CAMPAIGN_UNLINK = "UNLINK_TO_10DLC_CAMPAIGN"


class RelinkStep(StrEnum):
    """Where a number is on its way."""

    READING = "READING"
    UNLINK_DUE = "UNLINK_DUE"
    UNLINKING = "UNLINKING"
    LINK_DUE = "LINK_DUE"
    LINKING = "LINKING"
    CONFIRMING = "CONFIRMING"
    OFFERED = "OFFERED"
    """Failed, and an operator may have it tried again or linked back."""
    DONE = "DONE"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"
    CANCELLED = "CANCELLED"
    """Left alone: the relinking was cancelled before anything of the number was changed."""

    @property
    def is_final(self) -> bool:
        """True where nothing moves the number any more."""
        return self in (RelinkStep.DONE, RelinkStep.FAILED, RelinkStep.SKIPPED, RelinkStep.CANCELLED)

    @property
    def stage(self) -> Stage:
        """The stage that reports and the Web UI show."""
        if self.is_final:
            return Stage(self.value)
        return Stage.PENDING if self in (RelinkStep.READING, RelinkStep.UNLINK_DUE) else Stage.PROVISIONING


AT_SINCH = (RelinkStep.UNLINKING, RelinkStep.LINKING)


class RelinkingNumber(Model):
    """One number on its way. Instants are UTC, by the workflow's clock but for `not_before`."""

    phone_number: str
    step: RelinkStep = RelinkStep.READING
    since: datetime
    reason: Reason | None = None
    """Why it failed; in DONE, that there was nothing to do; with `back`, why it is to be linked back."""
    former: Links | None = None
    """What it was linked to before anything was changed."""
    present: Links | None = None
    """What it was linked to when it was read last."""
    is_changed: bool = False
    """True from the first request on that may have unlinked or linked it."""
    back: bool = False
    """True while it is linked back to what it was linked to before."""
    to_unlink: tuple[Service, ...] = ()
    to_link: tuple[Service, ...] = ()
    awaited: tuple[Service, ...] = ()
    not_before: datetime | None = None
    """Sinch's clock at the last request: older news belongs to an attempt before."""
    early: tuple[CallbackEvent, ...] = ()
    """Events that were faster than the answer to the request they follow."""
    unanswered: bool = False
    """The last call about it has no answer, or not yet: it may have taken effect, so look before repeating it."""

    @property
    def is_final(self) -> bool:
        """True where the number has come to its end."""
        return self.step.is_final

    @property
    def is_awaited(self) -> bool:
        """True where Sinch is at work on it, or the answer to a call is waited for."""
        return self.step in AT_SINCH or self.unanswered

    @property
    def stage(self) -> Stage:
        """The stage that reports show."""
        return self.step.stage

    def target(self, wanted: Links) -> Links:
        """What it is to be linked to."""
        if not self.back or self.former is None:
            return wanted
        return Links.model_validate(
            {
                "service_plan_id": self.former.service_plan_id if wanted.service_plan_id is not None else None,
                "campaign_id": self.former.campaign_id if wanted.campaign_id is not None else None,
            }
        )

    def at(self, step: RelinkStep, at: datetime, **changes: object) -> "RelinkingNumber":
        """The same number in another step."""
        return self.model_copy(update={"step": step, "since": at, "unanswered": False, "early": (), **changes})


def learned(number: RelinkingNumber, seen: NumberLinksSeen, wanted: Links, at: datetime) -> RelinkingNumber:
    """The number after it was read.

    One whose unlinking has no answer is read in a cancelled relinking alone, which leaves it as it is if it still is.
    """
    if number.is_final:
        return number
    known = number.model_copy(update={"unanswered": False, "present": seen.links if seen.is_imported else None})
    match number.step:
        case RelinkStep.READING:
            return _begun(known, seen, wanted, at)
        case RelinkStep.UNLINK_DUE if number.unanswered:
            is_untouched = _is_as_before(known, seen, wanted)
            return _left_alone(known, at) if is_untouched else _begun(known, seen, wanted, at)
        case RelinkStep.UNLINKING | RelinkStep.LINKING | RelinkStep.CONFIRMING if not seen.is_imported:
            return _ended(known, reasons.NOT_IMPORTED, at)
        case RelinkStep.UNLINKING:
            gone = [s for s in number.awaited if not seen.of(s).linked_id and not seen.of(s).is_under_way]
            return _unlinked(known, gone, wanted, at) if gone else _unlink_failed(known, seen, at)
        case RelinkStep.LINKING:
            return _linked_as_seen(known, seen, wanted, at)
        case RelinkStep.CONFIRMING:
            return known.at(RelinkStep.OFFERED, at, reason=_with_links(known))
    return known


def told(number: RelinkingNumber, event: CallbackEvent, wanted: Links, at: datetime) -> RelinkingNumber:
    """The number after an event; one that is old, repeated or about something else changes nothing."""
    is_unlink, service = _EVENTS.get(event.event_type, (None, None))
    if service is None or event.status not in ("SUCCEEDED", "FAILED"):
        return number
    if number.step is (RelinkStep.UNLINK_DUE if is_unlink else RelinkStep.LINK_DUE):
        return number if event in number.early else number.model_copy(update={"early": (*number.early, event)})
    if number.step is not (RelinkStep.UNLINKING if is_unlink else RelinkStep.LINKING) or service not in number.awaited:
        return number
    if number.not_before and event.timestamp and event.timestamp < number.not_before:
        return number
    if event.status == "FAILED":
        code = _UNLINK_FAILED if is_unlink else event.failure_code or _LINK_FAILED[service]
        return _failed(number, reason(code), at)
    return (_unlinked if is_unlink else _linked)(number, [service], wanted, at)


def accepted(number: RelinkingNumber, sinch_time: datetime | None, wanted: Links, at: datetime) -> RelinkingNumber:
    """The number once Sinch has taken the request that was due; `sinch_time` is Sinch's clock at that moment."""
    if number.step is RelinkStep.UNLINK_DUE:
        following = number.at(RelinkStep.UNLINKING, at, awaited=number.to_unlink)
    elif number.step is RelinkStep.LINK_DUE:
        following = number.at(RelinkStep.LINKING, at, awaited=number.to_link)
    else:
        return number
    following = following.model_copy(update={"is_changed": True, "not_before": sinch_time})
    for event in number.early:
        following = told(following, event, wanted, at)
    return following


def refused(number: RelinkingNumber, message: str, at: datetime) -> RelinkingNumber:
    """The number after Sinch refused the request that was due."""
    code = reasons.LINK_REFUSED if number.step is RelinkStep.LINK_DUE else reasons.UNLINK_REFUSED
    return _failed(number, reason(code, message), at)


def still_unlinking(number: RelinkingNumber, at: datetime) -> RelinkingNumber:
    """The number when Sinch does not link it yet, because the unlinking is not through after all."""
    if not number.to_unlink:
        return not_answered(number)
    return number.at(RelinkStep.UNLINKING, at, awaited=number.to_unlink, not_before=None)


def not_answered(number: RelinkingNumber) -> RelinkingNumber:
    """The number after a call about it got no answer; a request that was due may have taken effect."""
    if number.is_final:
        return number
    asked_to_change = number.step in (RelinkStep.UNLINK_DUE, RelinkStep.LINK_DUE)
    return number.model_copy(update={"unanswered": True, "is_changed": number.is_changed or asked_to_change})


def asked_to_unlink(number: RelinkingNumber) -> RelinkingNumber:
    """The number while Sinch is being asked to unlink it."""
    return number.model_copy(update={"unanswered": True})


def cancelled(number: RelinkingNumber, at: datetime) -> RelinkingNumber:
    """The number once its relinking is cancelled: one that Sinch was not asked to unlink yet is left alone."""
    is_unlink_due = number.step is RelinkStep.UNLINK_DUE and not number.unanswered
    is_untouched = not number.is_changed and (number.step is RelinkStep.READING or is_unlink_due)
    return _left_alone(number, at) if is_untouched else number


def stale(number: RelinkingNumber, at: datetime) -> RelinkingNumber:
    """A number that has long waited to be unlinked: what it is linked to is to be read anew."""
    return number.at(RelinkStep.READING, at)


def overdue(number: RelinkingNumber, at: datetime) -> RelinkingNumber:
    """The number at the end of the patience with Sinch or, where it is offered, with the operator."""
    if number.step is RelinkStep.OFFERED:
        return number.at(RelinkStep.FAILED, at)
    if number.step is RelinkStep.CONFIRMING:
        return number.at(RelinkStep.OFFERED, at, reason=_with_links(number))
    code = reasons.LINK_DEADLINE_PASSED if number.step is RelinkStep.LINKING else reasons.UNLINK_DEADLINE_PASSED
    return _failed(number, reason(code), at)


def tried_again(number: RelinkingNumber, at: datetime, *, back: bool) -> RelinkingNumber:
    """An offered number on its way to what is wanted, or `back` to what it was linked to before."""
    return number.at(RelinkStep.READING, at, back=back, reason=number.reason if back else None)


def skipped(number: RelinkingNumber, at: datetime) -> RelinkingNumber:
    """The number left as it is, by an operator."""
    return number.at(RelinkStep.SKIPPED, at, reason=_with_links(number, reason(reasons.RELINKING_SKIPPED)))


def _begun(number: RelinkingNumber, seen: NumberLinksSeen, wanted: Links, at: datetime) -> RelinkingNumber:
    if not seen.is_imported:
        held = seen.is_in_hosting_order
        return _ended(number, reasons.ALREADY_IN_A_HOSTING_ORDER if held else reasons.NOT_IMPORTED, at)
    if not number.is_changed:
        number = number.model_copy(update={"former": seen.links})
    target, ours = number.target(wanted), _ids(wanted, number.former)
    at_work = [s for s in target.named if seen.of(s).is_being_linked or seen.of(s).is_being_unlinked]
    changing = [s for s in target.named if seen.of(s).linked_id != target.of(s) or s in at_work]
    coming = [s for s in changing if seen.of(s).is_being_linked and seen.of(s).service_id == target.of(s)]
    if any(seen.of(s).is_being_linked and seen.of(s).service_id not in ours for s in changing):
        return _failed(number, reason(reasons.LINK_UNDER_WAY), at)
    if Service.CAMPAIGN in changing and target.campaign_id and _without_plan(seen, target):
        return _failed(number, reason(reasons.NO_SERVICE_PLAN), at)
    if not changing:
        return _arrived(number, at)
    being_unlinked = [s for s in changing if seen.of(s).is_being_unlinked]
    linked = [s for s in changing if s not in (*coming, *being_unlinked)]
    linked = [s for s in linked if seen.of(s).linked_id or seen.of(s).is_being_linked]
    to_link = tuple(s for s in changing if target.of(s))
    plan: dict[str, object] = {
        "to_unlink": (*linked, *being_unlinked),
        "to_link": to_link,
        "awaited": (),
        "not_before": None,
    }
    if linked:
        return number.at(RelinkStep.UNLINK_DUE, at, **plan)
    if being_unlinked:
        return number.at(RelinkStep.UNLINKING, at, **plan | {"awaited": tuple(being_unlinked)})
    if coming == changing:
        return number.at(RelinkStep.LINKING, at, **plan | {"awaited": tuple(coming)})
    return number.at(RelinkStep.LINK_DUE, at, **plan)


def _unlinked(number: RelinkingNumber, gone: Iterable[Service], wanted: Links, at: datetime) -> RelinkingNumber:
    awaited = tuple(service for service in number.awaited if service not in gone)
    if awaited:
        return number.model_copy(update={"awaited": awaited})
    if number.to_link:
        return number.at(RelinkStep.LINK_DUE, at, awaited=())
    return _arrived(number, at)


def _unlink_failed(number: RelinkingNumber, seen: NumberLinksSeen, at: datetime) -> RelinkingNumber:
    for service in number.awaited:
        link = seen.of(service)
        if link.operation == "DEPROVISIONING" and link.state == "FAILED" and not _is_old(number, link):
            return _failed(number, reason(_UNLINK_FAILED, link.error_message), at)
    return number


def _linked_as_seen(number: RelinkingNumber, seen: NumberLinksSeen, wanted: Links, at: datetime) -> RelinkingNumber:
    target, done = number.target(wanted), []
    for service in number.awaited:
        link = seen.of(service)
        if link.linked_id == target.of(service) and not link.is_under_way:
            done.append(service)
            continue
        if link.operation != "PROVISIONING" or link.service_id != target.of(service) or _is_old(number, link):
            continue
        if link.state == "FAILED":
            return _failed(number, reason(link.error_code or _LINK_FAILED[service], link.error_message), at)
    return _linked(number, done, wanted, at)


def _linked(number: RelinkingNumber, done: Iterable[Service], wanted: Links, at: datetime) -> RelinkingNumber:
    awaited = tuple(service for service in number.awaited if service not in done)
    return number.model_copy(update={"awaited": awaited}) if awaited else _arrived(number, at)


def _arrived(number: RelinkingNumber, at: datetime) -> RelinkingNumber:
    """Linked to what it was to be linked to; being back there means that the relinking has failed."""
    if not number.back:
        why = None if number.is_changed else reason(reasons.LINKED_ALREADY)
        return number.at(RelinkStep.DONE, at, reason=why)
    cause = number.reason.code if number.reason else ""
    sentence = f"{reason(reasons.LINKED_BACK).sentence} It has {number.former} again; what had failed: {cause}."
    return number.at(RelinkStep.FAILED, at, reason=Reason(code=reasons.LINKED_BACK, sentence=sentence))


def _failed(number: RelinkingNumber, why: Reason, at: datetime) -> RelinkingNumber:
    """A number that was not touched ends; another is read once more, to say what it is linked to now."""
    step = RelinkStep.CONFIRMING if number.is_changed else RelinkStep.FAILED
    return number.at(step, at, reason=why, awaited=())


def _left_alone(number: RelinkingNumber, at: datetime) -> RelinkingNumber:
    return number.at(RelinkStep.CANCELLED, at, reason=reason(reasons.NOT_BEGUN))


def _is_as_before(number: RelinkingNumber, seen: NumberLinksSeen, wanted: Links) -> bool:
    """Whether nothing of it was changed; one that is to be linked back has been."""
    former = number.former
    if number.back or former is None or not seen.is_imported:
        return False
    return all(seen.of(s).linked_id == former.of(s) and not seen.of(s).is_being_unlinked for s in wanted.named)


def _ended(number: RelinkingNumber, code: str, at: datetime) -> RelinkingNumber:
    return number.at(RelinkStep.FAILED, at, reason=reason(code), awaited=())


def _with_links(number: RelinkingNumber, why: Reason | None = None) -> Reason:
    """The reason, and what the number is and was linked to."""
    why = why or number.reason or reason(reasons.LINK_REFUSED)
    had, before = number.present or "unknown links", number.former or "unknown links"
    return Reason(
        code=why.code, sentence=f"{why.sentence} Last read, it has {had}; before the relinking it had {before}."
    )


def _is_old(number: RelinkingNumber, link: LinkSeen) -> bool:
    return bool(number.not_before and link.updated and link.updated < number.not_before)


def _without_plan(seen: NumberLinksSeen, target: Links) -> bool:
    return target.service_plan_id is None and not seen.service_plan.linked_id


def _ids(*links: Links | None) -> tuple[str | None, ...]:
    return tuple(known.of(service) for known in links if known for service in known.named)


_EVENTS: dict[str, tuple[bool, Service]] = {
    PLATFORM_UNLINK: (True, Service.SERVICE_PLAN),
    CAMPAIGN_UNLINK: (True, Service.CAMPAIGN),
    PLATFORM_PROVISIONING: (False, Service.SERVICE_PLAN),
    CAMPAIGN_LINK: (False, Service.CAMPAIGN),
}
_UNLINK_FAILED = reasons.UNLINK_FAILED
_LINK_FAILED = {
    Service.SERVICE_PLAN: reasons.SMS_PROVISIONING_FAILED,
    Service.CAMPAIGN: reasons.CAMPAIGN_PROVISIONING_FAILED,
}
