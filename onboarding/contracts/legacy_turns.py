"""`RentLegacyNumbers` and `SetLegacyApplication`: the steps of a wish that only one wish may take at a time.

Which numbers a checkout has rented is seen by comparing the rented numbers before and after, so no two checkouts may
be under way for one account. An application's list can only be overwritten whole, so no two changes of it may be.
"""

from decimal import Decimal
from enum import StrEnum

from onboarding.calls.legacy_numbers import ApplicationSet
from onboarding.legacy_wishes import HeldReservation, LegacyWish
from onboarding.model import Model
from onboarding.money import Money
from onboarding.task_queues import DEFAULT_PROFILE

RENT_WORKFLOW = "RentLegacyNumbers"
SET_WORKFLOW = "SetLegacyApplication"


class LegacyRentRequest(Model):
    """Rent some of the numbers that a wish misses, for at most `budget`; `held` is what is reserved for it already."""

    wish: LegacyWish
    missing: int
    budget: Money
    held: HeldReservation | None = None
    profile: str = DEFAULT_PROFILE


class LegacyRentOutcome(StrEnum):
    """How the turn ended. Only RENTED has cost money."""

    RENTED = "rented"
    LAPSED = "lapsed"
    """The reservation has lapsed without a checkout."""
    NO_ANSWER = "no answer"
    """Perhaps numbers are reserved, which nobody can check out."""
    NOT_OFFERED = "not offered"
    OVER_THE_LIMIT = "over the limit"
    REFUSED = "refused"
    NOT_ENOUGH_CREDIT = "not enough credit"
    NO_ACCOUNTING = "no accounting"


class LegacyRentResult(Model):
    """What is rented: numbers at this cost each, and how many more were checked out that Sinch does not show."""

    outcome: LegacyRentOutcome
    phone_numbers: tuple[str, ...] = ()
    not_shown: int = 0
    cost: Money | None = None
    held: HeldReservation | None = None
    """What is still reserved."""
    message: str = ""

    @property
    def spent(self) -> Decimal:
        """What the turn has cost."""
        return self.cost.amount * (len(self.phone_numbers) + self.not_shown) if self.cost else Decimal(0)


class SetRequest(Model):
    """Give an application numbers, or take them away, as the wish's action says."""

    wish: LegacyWish
    phone_numbers: tuple[str, ...]
    profile: str = DEFAULT_PROFILE


class SetResult(Model):
    """What became of the numbers."""

    application: ApplicationSet
