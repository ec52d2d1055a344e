"""`ChangeActiveNumbers`: active numbers, of any count, linked to something else or released."""

from pydantic import Field

from onboarding.active_number_changes import ChangingNumber
from onboarding.calls.active_numbers import ActiveNumbersChange
from onboarding.contracts.number_list import NumberListRequest, NumberListState
from onboarding.model import Model
from onboarding.pace import Pace, Patience
from onboarding.spans import Span
from onboarding.stages import WaitingOn

WORKFLOW = "ChangeActiveNumbers"


class ChangeState(NumberListState):
    """Everything a changing workflow has to remember."""

    numbers: dict[str, ChangingNumber] = Field(default_factory=dict)
    """Numbers at work, and those that have come to an end and are not stored yet."""


class ChangeRequest(NumberListRequest):
    """A stored list of numbers to change."""

    change: ActiveNumbersChange
    pace: Pace = Pace(carrier=Patience(remind_every=Span("1d"), deadline=Span("5bd")), no_news=Span("1d"))
    state: ChangeState | None = None


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
