"""Changing or releasing one active number: a pure function of what is learned about it."""

from datetime import datetime
from enum import StrEnum

from onboarding import reasons
from onboarding.active_numbers import ActiveNumberSeen, ActiveService, LinkRequest, next_request, why_not_linked
from onboarding.calls.active_numbers import ActiveNumberChanged, ActiveNumbersChange, ChangeOutcome, Relink
from onboarding.model import Model
from onboarding.reasons import Reason, reason
from onboarding.stages import Stage


class ChangeStep(StrEnum):
    """Where one number stands."""

    PENDING = "PENDING"
    AT_SINCH = "AT_SINCH"
    """Sinch is unlinking or linking it."""
    DONE = "DONE"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    """Left alone: the change was cancelled before it had begun for this number."""


class ChangingNumber(Model):
    """One number. `asked`: its links were asked for; `nudged`: an event or a read says that it is worth a look.

    `unanswered`: Sinch was asked and has not answered, so its change may have begun.
    """

    phone_number: str
    step: ChangeStep = ChangeStep.PENDING
    since: datetime
    reason: Reason | None = None
    asked: bool = False
    nudged: bool = False
    unanswered: bool = False

    @property
    def is_final(self) -> bool:
        """True where the number has come to its end."""
        return self.step in (ChangeStep.DONE, ChangeStep.FAILED, ChangeStep.CANCELLED)

    @property
    def is_awaited(self) -> bool:
        """True where Sinch is at work on it, or the answer to a request is waited for."""
        return self.step is ChangeStep.AT_SINCH or self.unanswered

    @property
    def stage(self) -> Stage:
        """The stage that reports show."""
        return Stage.PROVISIONING if self.step is ChangeStep.AT_SINCH else Stage(self.step.value)

    def ended(self, step: ChangeStep, at: datetime, why: Reason | None = None) -> "ChangingNumber":
        """The same number at its end."""
        return self.model_copy(update={"step": step, "since": at, "reason": why, "nudged": False, "unanswered": False})

    def failed(self, code: str, at: datetime, said: str = "") -> "ChangingNumber":
        """The same number, failed for a reason of ours."""
        return self.ended(ChangeStep.FAILED, at, reason(code, said))


def changed(number: ChangingNumber, said: ActiveNumberChanged, *, releases: bool, at: datetime) -> ChangingNumber:
    """The number after a request about it; one at its end stays as it is."""
    if number.is_final:
        return number
    match said.outcome:
        case ChangeOutcome.DONE:
            return number.ended(ChangeStep.DONE, at)
        case ChangeOutcome.NOT_ACTIVE:
            return number.failed(reasons.NOT_ACTIVE, at)
        case ChangeOutcome.REFUSED:
            return number.failed(reasons.RELEASE_REFUSED if releases else reasons.CHANGE_REFUSED, at, said.message)
        case ChangeOutcome.LINK_FAILED if said.failure is not None:
            return number.ended(ChangeStep.FAILED, at, why_not_linked(said.failure))
        case ChangeOutcome.UNLINKING | ChangeOutcome.LINKING:
            asked = said.outcome is ChangeOutcome.LINKING
            step = {"step": ChangeStep.AT_SINCH, "since": at, "asked": asked}
            return number.model_copy(update={**step, "nudged": False, "unanswered": False})
        case ChangeOutcome.WAITING:
            return number.model_copy(update={"step": ChangeStep.AT_SINCH, "nudged": False, "unanswered": False})
    return number.model_copy(update={"nudged": False, "unanswered": True})


def asked_about(number: ChangingNumber) -> ChangingNumber:
    """The number while Sinch is being asked for what is next."""
    return number.model_copy(update={"nudged": False, "unanswered": True})


def nudged(number: ChangingNumber) -> ChangingNumber:
    """The number after an event about it."""
    return number.model_copy(update={"nudged": True}) if number.step is ChangeStep.AT_SINCH else number


def seen(
    number: ChangingNumber, found: ActiveNumberSeen, change: ActiveNumbersChange, *, cancelled: bool, at: datetime
) -> ChangingNumber:
    """The number after it was read: nudged where Sinch is to be asked for something, else still at Sinch.

    In a cancelled change one whose first request got no answer is left alone, unless that has taken effect.
    """
    if number.is_final:
        return number
    if cancelled and number.step is ChangeStep.PENDING and not _has_begun(found, change):
        return number.ended(ChangeStep.CANCELLED, at, reason(reasons.NOT_BEGUN))
    relink = change if isinstance(change, Relink) else None
    waits = relink and next_request(found, relink.links, asked=number.asked).request is LinkRequest.WAIT
    return number.model_copy(update={"step": ChangeStep.AT_SINCH, "unanswered": False, "nudged": not waits})


def _has_begun(found: ActiveNumberSeen, change: ActiveNumbersChange) -> bool:
    """Whether a first request may have taken effect: a number without SMS may have been unlinked by it."""
    if not isinstance(change, Relink):
        return not found.is_active or found.released_until is not None
    first = next_request(found, change.links, asked=False)
    links_voice_alone = first.request is LinkRequest.LINK and first.services == (ActiveService.VOICE,)
    return first.request is not LinkRequest.UNLINK and not links_voice_alone


def cancelled(number: ChangingNumber, at: datetime) -> ChangingNumber:
    """The number once its change is cancelled: one that Sinch was not asked about yet is left alone."""
    if number.step is not ChangeStep.PENDING or number.unanswered:
        return number
    return number.ended(ChangeStep.CANCELLED, at, reason(reasons.NOT_BEGUN))


def overdue(number: ChangingNumber, *, releases: bool, at: datetime) -> ChangingNumber:
    """The number at the end of the patience with Sinch."""
    return number.failed(reasons.RELEASE_DEADLINE_PASSED if releases else reasons.CHANGE_DEADLINE_PASSED, at)
