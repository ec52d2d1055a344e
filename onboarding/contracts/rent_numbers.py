"""`RentNumbers`: numbers that a project rents from Sinch, linked for SMS and voice, within a spending limit."""

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from onboarding.calls.imported_numbers import NumberReportWritten
from onboarding.listening import Listening
from onboarding.model import Model, State
from onboarding.observations import CallbackEvent
from onboarding.pace import Polling
from onboarding.reasons import Reason
from onboarding.renting import Offer, RentPlace, RentWish
from onboarding.stages import WaitingOn

WORKFLOW = "RentNumbers"


class RentState(State):
    """Everything a renting workflow has to remember."""

    places: dict[int, RentPlace] = Field(default_factory=dict)
    offers: list[Offer] = Field(default_factory=list)
    """What the last search has shown and nobody was asked for yet."""
    gone: list[str] = Field(default_factory=list)
    """Numbers that others have got, though searches may still show them."""
    any_failed: bool = False
    """True once Sinch has found no number to choose: from then on those that searches show are rented."""
    search_unanswered: bool = False
    early_events: dict[str, list[CallbackEvent]] = Field(default_factory=dict)
    """Events that came before the answer that tells whose number it is."""
    why_no_more: Reason | None = None
    """Why no further number is rented; set once."""
    cancelled: bool = False
    polling: Polling = Polling()
    last_read: datetime | None = None
    listening: Listening = Field(default_factory=Listening)


class RentRequest(Model):
    """A wish; `state` is set by continue-as-new alone."""

    wish: RentWish
    events_a_run: int = 4000
    """History length that ends a run."""
    state: RentState | None = None

    @property
    def id(self) -> str:
        """The id of the wish."""
        return self.wish.id

    @property
    def numbers_total(self) -> int:
        """How many numbers are wished for."""
        return self.wish.quantity


class RentResult(Model):
    """All places have come to an end; how, is in the report. `spent` is an amount in the currency of the limit."""

    id: str
    stages: dict[str, int]
    spent: Decimal
    report: NumberReportWritten


class RentStatus(Model):
    """Where a wish stands. `spent` counts numbers whose answer is outstanding, and those given back."""

    id: str
    wish: RentWish
    numbers_total: int
    steps: dict[str, int]
    """Step -> places."""
    spent: Decimal
    waiting_on: WaitingOn
    waiting_since: datetime | None = None
    silent_since: datetime | None = None
    """When Sinch was heard of last about one of the numbers, where that is too long ago."""
    why_no_more: Reason | None = None
    stands_still: bool = False
    cancelled: bool
    numbers: tuple[RentPlace, ...]
