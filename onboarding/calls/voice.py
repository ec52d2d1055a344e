"""Calls that ring phones and check codes (Sinch API: send and verify voice challenge)."""

from datetime import datetime, timedelta
from enum import StrEnum

from onboarding.calls.call import BRIEF, ONCE, PERSISTENT, Call
from onboarding.model import Model
from onboarding.task_queues import SINCH


class NumberSeen(Model):
    """A qualified number as Sinch showed it: its state, and by Sinch's clock when it changed last."""

    state: str
    updated: datetime | None = None


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
    """Outcome and, where there is one, Sinch's message; `seen` is the number after the call; before it if UNKNOWN."""

    outcome: CallOutcome
    message: str = ""
    seen: NumberSeen | None = None


class LookAfterCall(Model):
    """What became of a call whose answer was lost? `seen` is the number before it, where that is known."""

    phone_number: str
    seen: NumberSeen | None = None


class CheckCode(Model):
    """The code somebody heard on the phone; leading zeros count. `seen` is the number before it, where known."""

    phone_number: str
    code: str
    seen: NumberSeen | None = None


class CodeOutcome(StrEnum):
    """Sinch's judgement on a code."""

    VERIFIED = "VERIFIED"
    WRONG = "WRONG"
    BLOCKED = "BLOCKED"


class CodeChecked(Model):
    """Outcome and, where there is one, Sinch's message; `seen` is the number afterwards."""

    outcome: CodeOutcome
    message: str = ""
    seen: NumberSeen | None = None


PLACE_CALL = Call[PlaceCall, CallPlaced](
    "voice.place_call", CallPlaced, SINCH, timedelta(seconds=45), ONCE, heartbeat=None
)
LOOK_AFTER_CALL = Call[LookAfterCall, CallPlaced](
    "voice.look_after_call", CallPlaced, SINCH, timedelta(seconds=45), BRIEF
)
CHECK_CODE = Call[CheckCode, CodeChecked]("voice.check_code", CodeChecked, SINCH, timedelta(seconds=45), PERSISTENT)
