"""`VerifyNumber`: one voice challenge."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from onboarding.model import Model
from onboarding.pace import Pace
from onboarding.task_queues import DEFAULT_PROFILE

WORKFLOW = "VerifyNumber"
SUBMIT_CODE_UPDATE = "submit_code"
CALL_AGAIN_UPDATE = "call_again"
REPORT_SIGNAL = "report"

VoiceCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{3,10}$")]
"""The digits somebody heard; leading zeros count."""


class VerificationRequest(Model):
    """Prove the ownership of one number by a call; at the deadline it is given up."""

    batch: str
    customer: str
    phone_number: str
    deadline: datetime
    profile: str = DEFAULT_PROFILE
    pace: Pace = Pace()


class VerificationOutcome(StrEnum):
    """How a voice challenge can end."""

    VERIFIED = "VERIFIED"
    BLOCKED = "BLOCKED"
    NOT_ENTERED = "NOT_ENTERED"
    SKIPPED = "SKIPPED"


class VerificationResult(Model):
    """The end of it; `message` is Sinch's, where there is one."""

    phone_number: str
    outcome: VerificationOutcome
    message: str = ""
    calls_placed: int = 0


class ReportTo(Model):
    """The workflow that gets the result as a signal, since the run that awaited it has ended."""

    workflow_id: str


class SubmitCode(Model):
    """The code that was heard."""

    code: VoiceCode
    by: str = ""


class VerificationStatus(Model):
    """Where a challenge stands; never holds a code."""

    phone_number: str
    calls_placed: int
    calls_left: int
    codes_judged: int
    wrong_codes: int
    last_call_at: datetime | None
    deadline: datetime
    outcome: VerificationOutcome | None
    message: str
