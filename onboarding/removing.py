"""Removing one number from a Sinch project: a pure function of what is learned about it."""

from datetime import datetime

from onboarding import reasons
from onboarding.calls.imported_numbers import NumberRemoval, Registers, RemovalOutcome
from onboarding.imported_links import NumberLinksSeen
from onboarding.model import Model
from onboarding.observations import CallbackEvent
from onboarding.reasons import Reason, reason
from onboarding.stages import Stage

DELETED = "DELETE"


class RemovingNumber(Model):
    """One number: PENDING until it is asked for, PROVISIONING while Sinch still shows it, then at its end."""

    phone_number: str
    stage: Stage = Stage.PENDING
    since: datetime
    reason: Reason | None = None
    asked_before: bool = False
    """Sinch was asked for it, so it may be removed already."""

    @property
    def is_final(self) -> bool:
        """True where the number has come to its end."""
        return self.stage.is_final

    @property
    def is_awaited(self) -> bool:
        """True where its end, or the answer to a request, is waited for."""
        return self.asked_before and not self.is_final

    def at(self, stage: Stage, at: datetime, why: Reason | None = None) -> "RemovingNumber":
        """The same number in another stage."""
        return self.model_copy(update={"stage": stage, "since": at, "reason": why, "asked_before": True})


def removal(number: RemovingNumber, said: NumberRemoval, at: datetime) -> RemovingNumber:
    """The number after a request to remove it."""
    if number.is_final:
        return number
    match said.outcome:
        case RemovalOutcome.GONE:
            return number.at(Stage.DONE, at)
        case RemovalOutcome.NEVER_THERE:
            return number.at(Stage.SKIPPED, at, reason(reasons.NOTHING_TO_REMOVE))
        case RemovalOutcome.REFUSED:
            return number.at(Stage.FAILED, at, reason(reasons.REMOVAL_REFUSED, said.message))
        case RemovalOutcome.STILL_SHOWN if number.stage is Stage.PENDING:
            return number.at(Stage.PROVISIONING, at)
    return number.model_copy(update={"asked_before": True})


def asked_about(number: RemovingNumber) -> RemovingNumber:
    """The number while Sinch is being asked to remove it."""
    return number.model_copy(update={"asked_before": True})


def cancelled(number: RemovingNumber, at: datetime) -> RemovingNumber:
    """The number once its removal is cancelled: one that Sinch was not asked for is left alone."""
    if number.is_final or number.asked_before:
        return number
    return number.at(Stage.CANCELLED, at, reason(reasons.NOT_BEGUN))


def seen(number: RemovingNumber, found: NumberLinksSeen, registers: Registers, at: datetime) -> RemovingNumber:
    """The number after it was read among the imported numbers.

    One whose request got no answer is read in a cancelled removal alone, and once: whatever is not seen to be gone is
    left there. A read says nothing of the qualified numbers.
    """
    if number.is_final:
        return number
    is_unanswered = number.stage is Stage.PENDING
    if not found.is_imported and not (is_unanswered and registers.qualified):
        return number.at(Stage.DONE, at)
    return number.at(Stage.CANCELLED, at, reason(reasons.REMOVAL_UNANSWERED)) if is_unanswered else number


def deletion_told(number: RemovingNumber, event: CallbackEvent, at: datetime) -> RemovingNumber:
    """The number after an event: that of its deletion ends the wait for it."""
    if number.stage is Stage.PROVISIONING and event.event_type == DELETED and event.status == "SUCCEEDED":
        return number.at(Stage.DONE, at)
    return number


def too_late(number: RemovingNumber, at: datetime) -> RemovingNumber:
    """The number at the end of the patience with Sinch."""
    return number.at(Stage.FAILED, at, reason(reasons.REMOVAL_DEADLINE_PASSED))
