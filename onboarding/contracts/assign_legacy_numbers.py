"""`AssignLegacyNumbers`: numbers of the legacy Number Administration API, rented where wanted, for an application."""

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from onboarding.calls.imported_numbers import NumberReportWritten
from onboarding.legacy_wishes import HeldReservation, LegacyNumber, LegacyWish
from onboarding.listening import Listening
from onboarding.model import Model, State
from onboarding.pace import Polling, Vigil
from onboarding.reasons import Reason
from onboarding.stages import WaitingOn

WORKFLOW = "AssignLegacyNumbers"


class LegacyWait(Model):
    """Nothing goes on before an operator has put this right."""

    reason: Reason
    vigil: Vigil


class WishState(State):
    """Everything a wish has to remember."""

    numbers: list[LegacyNumber] = Field(default_factory=list)
    taken_in: bool = False
    spent: Decimal = Decimal(0)
    held: HeldReservation | None = None
    """What is reserved and may still be checked out."""
    reserved_until: datetime | None = None
    """Until then numbers may be reserved in vain, by a request that was not answered."""
    refusals: int = 0
    """How often in a row Sinch has refused a reservation."""
    wait: LegacyWait | None = None
    polling: Polling = Polling()
    not_before: datetime | None = None
    """When the next step is tried."""
    listening: Listening = Field(default_factory=Listening)
    cancelled: bool = False
    reporting: bool = False


class WishRequest(Model):
    """One wish; `state` is set by continue-as-new alone."""

    wish: LegacyWish
    events_a_run: int = 4000
    """History length that ends a run."""
    state: WishState | None = None

    @property
    def id(self) -> str:
        """The wish's."""
        return self.wish.id

    @property
    def numbers_total(self) -> int:
        """How many numbers the wish is about."""
        return self.wish.numbers_total


class WishResult(Model):
    """All numbers have come to an end; how, is in the report."""

    id: str
    stages: dict[str, int]
    spent: Decimal
    report: NumberReportWritten


class WishStatus(Model):
    """Where a wish stands."""

    wish: LegacyWish
    stages: dict[str, int]
    spent: Decimal
    waiting_on: WaitingOn
    waiting_since: datetime | None = None
    waiting_for: Reason | None = None
    """What an operator has to put right."""
    silent_since: datetime | None = None
    """When Sinch was heard of last, where that is too long ago."""
    cancelled: bool
    numbers: tuple[LegacyNumber, ...]

    @property
    def numbers_total(self) -> int:
        """How many numbers the wish is about."""
        return self.wish.numbers_total

    @property
    def stands_still(self) -> bool:
        """True where nothing goes on before an operator says so."""
        return self.waiting_for is not None
