"""Removing one number from a Sinch project: a pure function of what is learned about it."""

from datetime import datetime

from onboarding import reasons
from onboarding.calls.imported_numbers import NumberRemoval, RemovalOutcome
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
    """A request may have removed it already."""

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


def deletion_told(number: RemovingNumber, event: CallbackEvent, at: datetime) -> RemovingNumber:
    """The number after an event: that of its deletion ends the wait for it."""
    if number.stage is Stage.PROVISIONING and event.event_type == DELETED and event.status == "SUCCEEDED":
        return number.at(Stage.DONE, at)
    return number


def too_late(number: RemovingNumber, at: datetime) -> RemovingNumber:
    """The number at the end of the patience with Sinch."""
    return number.at(Stage.FAILED, at, reason(reasons.REMOVAL_DEADLINE_PASSED))
