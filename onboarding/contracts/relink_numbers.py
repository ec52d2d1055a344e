"""`RelinkNumbers`: imported numbers, of any count, to another service plan or campaign."""

from datetime import datetime

from pydantic import Field

from onboarding.batch import Contact
from onboarding.contracts.number_list import NumberListRequest, NumberListState
from onboarding.imported_links import Links
from onboarding.model import Model
from onboarding.pace import Pace, Patience, Vigil
from onboarding.relinking import RelinkingNumber
from onboarding.spans import Span
from onboarding.stages import WaitingOn

WORKFLOW = "RelinkNumbers"
LINK_BACK_UPDATE = "link_back"


class RelinkState(NumberListState):
    """Everything a relinking workflow has to remember."""

    numbers: dict[str, RelinkingNumber] = Field(default_factory=dict)
    """Numbers at work, and those that have come to an end and are not stored yet."""
    proven: bool = False
    """True once a number has come through: until then only a few are unlinked at a time."""
    vigil: Vigil | None = None


class RelinkRequest(NumberListRequest):
    """A stored list of numbers to relink."""

    wanted: Links
    """Ids of the new service plan and campaign; None leaves a link as it is."""
    contact: Contact | None = None
    """Who is told by mail when an operator is waited for."""
    pace: Pace = Pace(carrier=Patience(remind_every=Span("1d"), deadline=Span("5bd")), no_news=Span("1d"))
    """Numbers are without SMS meanwhile, so the patience with Sinch is shorter than with hosting orders."""
    unproven_window: int = 10
    """Numbers unlinked at a time before one has come through, so that a wrong id silences few."""
    state: RelinkState | None = None


class RelinkStatus(Model):
    """Where a relinking stands. `numbers` are those at work and those that ended a moment ago."""

    id: str
    wanted: Links
    numbers_total: int
    numbers_started: int
    steps: dict[str, int]
    """Step -> numbers, of all that were started."""
    waiting_on: WaitingOn
    waiting_since: datetime | None
    silent_since: datetime | None = None
    """When Sinch was heard of last about one of the numbers, where that is too long ago."""
    stands_still: bool
    """True where nothing goes on before an operator has decided about the numbers that are offered."""
    cancelled: bool
    numbers: tuple[RelinkingNumber, ...]
