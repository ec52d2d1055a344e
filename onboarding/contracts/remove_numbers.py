"""`RemoveNumbers`: imported numbers, qualified ones or both, of any count, out of the Sinch project."""

from pydantic import Field

from onboarding.calls.imported_numbers import Registers
from onboarding.contracts.number_list import NumberListRequest, NumberListState
from onboarding.model import Model
from onboarding.removing import RemovingNumber

WORKFLOW = "RemoveNumbers"


class RemoveState(NumberListState):
    """Everything a removing workflow has to remember."""

    numbers: dict[str, RemovingNumber] = Field(default_factory=dict)
    """Numbers at work, and those that have come to an end and are not stored yet."""


class RemoveRequest(NumberListRequest):
    """A stored list of numbers to remove."""

    registers: Registers
    state: RemoveState | None = None


class RemoveStatus(Model):
    """Where a removal stands. `numbers` are those at work and those that ended a moment ago."""

    id: str
    registers: Registers
    numbers_total: int
    numbers_started: int
    stages: dict[str, int]
    cancelled: bool
    numbers: tuple[RemovingNumber, ...]
