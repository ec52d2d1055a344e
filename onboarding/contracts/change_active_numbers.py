"""`ChangeActiveNumbers`: active numbers, of any count, linked to something else or released."""

from datetime import datetime

from pydantic import Field

from onboarding.active_number_changes import ChangingNumber
from onboarding.batch import ProfileName, StoredFile
from onboarding.calls.active_numbers import ActiveNumbersChange
from onboarding.calls.imported_numbers import NumberReportWritten
from onboarding.model import Model, State
from onboarding.number_list import ListState
from onboarding.pace import Pace, Patience, Polling
from onboarding.spans import Span
from onboarding.stages import WaitingOn
from onboarding.task_queues import DEFAULT_PROFILE

WORKFLOW = "ChangeActiveNumbers"


class ChangeState(State):
    """Everything a changing workflow has to remember."""

    numbers: dict[str, ChangingNumber] = Field(default_factory=dict)
    """Numbers at work, and those that have come to an end and are not stored yet."""
    list: ListState = Field(default_factory=ListState)
    polling: Polling = Polling()
    last_read: datetime | None = None


class ChangeRequest(Model):
    """A stored list of numbers to change; `state` is set by continue-as-new alone."""

    id: str
    change: ActiveNumbersChange
    numbers: StoredFile
    numbers_total: int
    profile: ProfileName = DEFAULT_PROFILE
    pace: Pace = Pace(carrier=Patience(remind_every=Span("1d"), deadline=Span("5bd")), no_news=Span("1d"))
    window: int = 500
    """Numbers at work at a time; each poll reads every one that Sinch is at work on by itself."""
    events_a_run: int = 4000
    """History length that ends a run."""
    state: ChangeState | None = None


class ChangeResult(Model):
    """All numbers have come to an end; how, is in the report."""

    id: str
    stages: dict[str, int]
    report: NumberReportWritten


class ChangeStatus(Model):
    """Where a change stands. `numbers` are those at work and those that ended a moment ago."""

    id: str
    numbers_total: int
    numbers_started: int
    steps: dict[str, int]
    waiting_on: WaitingOn
    stands_still: bool = False
    cancelled: bool
    numbers: tuple[ChangingNumber, ...]
