"""Changing or releasing one active number: a pure function of what is learned about it."""

from datetime import datetime
from enum import StrEnum

from onboarding import reasons
from onboarding.active_numbers import why_not_linked
from onboarding.calls.active_numbers import ActiveNumberChanged, ChangeOutcome
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


class ChangingNumber(Model):
    """One number. `asked`: its links were asked for; `nudged`: an event says that it is worth a look."""

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
        return self.step in (ChangeStep.DONE, ChangeStep.FAILED)

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


def nudged(number: ChangingNumber) -> ChangingNumber:
    """The number after an event about it."""
    return number.model_copy(update={"nudged": True}) if number.step is ChangeStep.AT_SINCH else number


def overdue(number: ChangingNumber, *, releases: bool, at: datetime) -> ChangingNumber:
    """The number at the end of the patience with Sinch."""
    return number.failed(reasons.RELEASE_DEADLINE_PASSED if releases else reasons.CHANGE_DEADLINE_PASSED, at)
