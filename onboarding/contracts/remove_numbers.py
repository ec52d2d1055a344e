"""`RemoveNumbers`: imported numbers, qualified ones or both, of any count, out of the Sinch project."""

from datetime import datetime

from pydantic import Field

from onboarding.batch import ProfileName, StoredFile
from onboarding.calls.imported_numbers import NumberReportWritten, Registers
from onboarding.model import Model, State
from onboarding.number_list import ListState
from onboarding.pace import Pace, Polling
from onboarding.removing import RemovingNumber
from onboarding.task_queues import DEFAULT_PROFILE

WORKFLOW = "RemoveNumbers"


class RemoveState(State):
    """Everything a removing workflow has to remember."""

    numbers: dict[str, RemovingNumber] = Field(default_factory=dict)
    """Numbers at work, and those that have come to an end and are not stored yet."""
    list: ListState = Field(default_factory=ListState)
    polling: Polling = Polling()
    last_read: datetime | None = None


class RemoveRequest(Model):
    """A stored list of numbers to remove; `state` is set by continue-as-new alone."""

    id: str
    registers: Registers
    numbers: StoredFile
    numbers_total: int
    profile: ProfileName = DEFAULT_PROFILE
    pace: Pace = Pace()
    window: int = 1000
    """Numbers at work at a time."""
    events_a_run: int = 4000
    """History length that ends a run."""
    state: RemoveState | None = None


class RemoveResult(Model):
    """All numbers have come to an end; how, is in the report."""

    id: str
    stages: dict[str, int]
    report: NumberReportWritten


class RemoveStatus(Model):
    """Where a removal stands. `numbers` are those at work and those that ended a moment ago."""

    id: str
    registers: Registers
    numbers_total: int
    numbers_started: int
    stages: dict[str, int]
    cancelled: bool
    numbers: tuple[RemovingNumber, ...]
