"""What an operator may ask of several workflows, in the same words everywhere."""

from onboarding.model import Model


class OperatorAction(Model):
    """A request without further content; `by` names the person or script for the records."""

    by: str = ""


class NumbersAction(Model):
    """A request about some numbers of the workflow."""

    phone_numbers: tuple[str, ...]
    by: str = ""


class RetryAction(OperatorAction):
    """A request to try again what failed: these numbers, or those with one of these reason codes.

    Without either: all that an operator is waited for.
    """

    phone_numbers: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def names_any(self) -> bool:
        """True where it is about chosen numbers or reasons only."""
        return bool(self.phone_numbers or self.reasons)

    def chooses(self, phone_number: str, reason_code: str) -> bool:
        """Whether this number, which failed for this reason, is meant."""
        by_number = not self.phone_numbers or phone_number in self.phone_numbers
        return by_number and (not self.reasons or reason_code in self.reasons)


class ActionTaken(Model):
    """What the workflow did about it, in a sentence."""

    message: str


CANCEL_UPDATE = "cancel"
SKIP_UPDATE = "skip"
RETRY_UPDATE = "retry"
STATUS_QUERY = "status"
