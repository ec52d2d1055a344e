"""What a workflow remembers of a stored list of numbers that it works through a window at a time."""

from pydantic import Field

from onboarding.batch import StoredFile
from onboarding.model import State

ROWS_A_FILE = 500
"""Result rows that are put away together."""


class ListState(State):
    """How far the list was read, and how the numbers that are put away ended."""

    started: int = 0
    stages: dict[str, int] = Field(default_factory=dict)
    """Stage -> numbers whose rows are stored."""
    rows: list[StoredFile] = Field(default_factory=list)
    cancelled: bool = False
    """No further numbers are started."""
