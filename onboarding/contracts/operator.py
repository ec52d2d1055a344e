"""What an operator may ask of several workflows, in the same words everywhere."""

from onboarding.model import Model


class OperatorAction(Model):
    """A request without further content; `by` names the person or script for the records."""

    by: str = ""


class NumbersAction(Model):
    """A request about some numbers of the workflow."""

    phone_numbers: tuple[str, ...]
    by: str = ""


class ActionTaken(Model):
    """What the workflow did about it, in a sentence."""

    message: str


CANCEL_UPDATE = "cancel"
SKIP_UPDATE = "skip"
RETRY_UPDATE = "retry"
STATUS_QUERY = "status"
