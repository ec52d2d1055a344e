"""Calls that ring phones and check codes (Sinch API: send and verify voice challenge)."""

from datetime import timedelta
from enum import StrEnum

from onboarding.calls.call import ONCE, PERSISTENT, Call
from onboarding.model import Model
from onboarding.task_queues import SINCH


class PlaceCall(Model):
    """Ring this number and let a voice speak the code."""

    phone_number: str


class CallOutcome(StrEnum):
    """What became of the request for a call."""

    PLACED = "PLACED"
    NOT_PLACED = "NOT_PLACED"
    """Nothing reached Sinch, or Sinch was too busy: asking again rings the phone for the first time."""
    UNKNOWN = "UNKNOWN"
    """The answer was lost: the phone may have rung."""
    ALREADY_VERIFIED = "ALREADY_VERIFIED"
    BLOCKED = "BLOCKED"
    REFUSED = "REFUSED"


class CallPlaced(Model):
    """Outcome and, where there is one, Sinch's message."""

    outcome: CallOutcome
    message: str = ""


class CheckCode(Model):
    """The code somebody heard on the phone; leading zeros count."""

    phone_number: str
    code: str


class CodeOutcome(StrEnum):
    """Sinch's judgement on a code."""

    VERIFIED = "VERIFIED"
    WRONG = "WRONG"
    BLOCKED = "BLOCKED"


class CodeChecked(Model):
    """Outcome and, where there is one, Sinch's message."""

    outcome: CodeOutcome
    message: str = ""


PLACE_CALL = Call[PlaceCall, CallPlaced](
    "voice.place_call", CallPlaced, SINCH, timedelta(seconds=45), ONCE, heartbeat=None
)
CHECK_CODE = Call[CheckCode, CodeChecked]("voice.check_code", CodeChecked, SINCH, timedelta(seconds=45), PERSISTENT)
