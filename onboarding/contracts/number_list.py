"""What the workflows that work through a stored list of numbers have in common."""

from datetime import datetime

from pydantic import Field

from onboarding.batch import ProfileName, StoredFile
from onboarding.calls.imported_numbers import NumberReportWritten
from onboarding.model import Model, State
from onboarding.number_list import ListState
from onboarding.pace import Pace, Polling
from onboarding.task_queues import DEFAULT_PROFILE


class NumberListState(State):
    """How far such a workflow has come, but for the numbers at work."""

    list: ListState = Field(default_factory=ListState)
    polling: Polling = Polling()
    last_read: datetime | None = None


class NumberListRequest(Model):
    """A stored list of numbers to work through; `state` is set by continue-as-new alone."""

    id: str
    numbers: StoredFile
    numbers_total: int
    profile: ProfileName = DEFAULT_PROFILE
    pace: Pace = Pace()
    window: int = 1000
    """Numbers at work at a time."""
    events_a_run: int = 4000
    """History length that ends a run."""


class NumberListResult(Model):
    """All numbers have come to an end; how, is in the report."""

    id: str
    stages: dict[str, int]
    report: NumberReportWritten
