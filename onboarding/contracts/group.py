"""`OnboardGroup`: up to 500 numbers from qualification to the end of their orders."""

from datetime import datetime

from pydantic import Field

from onboarding.batch import Batch, GroupSlice, StoredFile
from onboarding.listening import Listening
from onboarding.model import Model, State
from onboarding.pace import Polling, Vigil
from onboarding.progress import NumberProgress
from onboarding.stages import WaitingOn

WORKFLOW = "OnboardGroup"
ORDER_SETTLED_SIGNAL = "order_settled"
NUMBERS_RETURNED_SIGNAL = "numbers_returned"
CHALLENGE_ENDED_SIGNAL = "challenge_ended"
CANCEL_SIGNAL = "cancel_requested"
STILL_THERE_SIGNAL = "still_there"


class OrderInFlight(Model):
    """A hosting order workflow that has not reported yet."""

    workflow_id: str
    phone_numbers: tuple[str, ...]
    returned: tuple[str, ...] = ()
    """Numbers that failed in it and are the group's again."""

    @property
    def holds(self) -> tuple[str, ...]:
        """The numbers whose end it has to report."""
        return tuple(number for number in self.phone_numbers if number not in self.returned)


class GroupState(State):
    """Everything a group workflow has to remember."""

    numbers: dict[str, NumberProgress] = Field(default_factory=dict)
    mailed: dict[str, int] = Field(default_factory=dict)
    """Number -> which invoice mail listed it last."""
    mails_sent: int = 0
    waves: int = 0
    orders: dict[int, OrderInFlight] = Field(default_factory=dict)
    vigils: dict[WaitingOn, Vigil] = Field(default_factory=dict)
    challenges: list[str] = Field(default_factory=list)
    """Numbers whose voice challenges were begun by an earlier run: they report by signal."""
    challenges_asked: datetime | None = None
    calls_later: dict[str, datetime] = Field(default_factory=dict)
    """Number whose phone another batch was calling -> when it is tried again."""
    listening: Listening = Field(default_factory=Listening)
    polling: Polling = Polling()
    last_read: datetime | None = None
    last_reconciled: datetime | None = None
    cancelled: bool = False
    to_skip: list[str] = Field(default_factory=list)
    to_retry: list[str] = Field(default_factory=list)
    """Numbers in running orders that these are to try again."""


class GroupRequest(Model):
    """One slice of a batch; `state` is set by continue-as-new alone."""

    batch: Batch
    slice: GroupSlice
    report_to: str | None = None
    """Workflow id that gets the `group_settled` signal."""
    events_a_run: int = 4000
    """History length that ends a run."""
    state: GroupState | None = None


class GroupSettled(Model):
    """Result, and signal to the batch: counts by stage, and where the rows are kept."""

    sequence: int
    stages: dict[str, int]
    rows: StoredFile


class GroupStatus(Model):
    """Where a group stands. A number inside a running order shows the stage its order started with."""

    sequence: int
    stages: dict[str, int]
    waiting_on: WaitingOn
    waiting_since: datetime | None
    silent_since: datetime | None = None
    """When Sinch was heard of last, where that is too long ago."""
    orders: dict[int, str]
    numbers: tuple[NumberProgress, ...]
