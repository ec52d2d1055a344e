"""Calls about numbers that are rented: search, rent, read, change, release (Sinch API: Available and Active Number).

Every number of a call goes its own way: one that Sinch refuses or does not answer for holds up no other.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from onboarding.active_numbers import ActiveLinks, ActiveNumberSeen, ActiveNumberType, LinkFailure
from onboarding.calls.call import BRIEF, ONCE, Call
from onboarding.model import Model
from onboarding.renting import NumberSearch, Offer, Price
from onboarding.task_queues import SINCH

RENTS_A_CALL = 10
"""Most numbers one call rents: as many as are of unknown outcome when its answer is lost."""

READS_A_CALL = 500
"""Most numbers one call reads."""

CHANGES_A_CALL = 50
"""Most numbers one call changes or releases."""


class SearchNumbers(Model):
    """Look for up to `size` numbers that can be rented."""

    search: NumberSearch
    size: int


class NumbersOffered(Model):
    """What Sinch shows. `any_is_safe`: a number of Sinch's own choice can be found again when its answer is lost."""

    offers: tuple[Offer, ...]
    any_is_safe: bool


class NumberToRent(Model):
    """What one place of a wish is to get: this number, or without one any that Sinch chooses.

    `look_first`: an earlier request of this place may have rented it. `look_only`: it may even be under way still, or
    nothing is to be rented any more.
    """

    place: int
    phone_number: str = ""
    look_first: bool = False
    look_only: bool = False


class NumbersToRent(Model):
    """Numbers to rent; their events go to the calling workflow. The callback URL names workflow and place."""

    numbers: tuple[NumberToRent, ...]
    search: NumberSearch
    links: ActiveLinks = ActiveLinks()


class RentOutcome(StrEnum):
    """What became of a rent."""

    RENTED = "RENTED"
    GONE = "GONE"
    """Somebody else has it; nothing was rented."""
    REFUSED = "REFUSED"
    NO_ANSWER = "NO_ANSWER"
    """It may have been rented."""
    NOT_FOUND = "NOT_FOUND"
    """It was looked for only, and is not rented so far."""


class NumberRented(Model):
    """One place; `seen` and `price` (its monthly part alone) where the number is rented."""

    place: int
    outcome: RentOutcome
    message: str = ""
    seen: ActiveNumberSeen | None = None
    price: Price = Price()


class NumbersRented(Model):
    """All places of the request."""

    numbers: tuple[NumberRented, ...]


class ReadActiveNumbers(Model):
    """Active numbers to read: a few singly, many by the lists of their regions and types.

    Where `region` and `type` name the one list they are all in, that is not found out from the numbers.
    """

    phone_numbers: tuple[str, ...]
    region: str | None = None
    type: ActiveNumberType | None = None


class ActiveNumbersRead(Model):
    """The numbers of the request; one that Sinch gives no answer about is left out."""

    numbers: tuple[ActiveNumberSeen, ...]


class Release(Model):
    """Give numbers back."""

    kind: Literal["release"] = "release"


class Relink(Model):
    """Link numbers to these services, away from others where need be."""

    kind: Literal["relink"] = "relink"
    links: ActiveLinks


ActiveNumbersChange = Annotated[Release | Relink, Field(discriminator="kind")]
"""What is to be done with active numbers."""


class NumberToChange(Model):
    """One number. `asked`: its links were asked for, so that a failed one is a failure of this change."""

    phone_number: str
    asked: bool = False


class ChangeActiveNumbers(Model):
    """Read each number, then ask Sinch for the next step of its change; events go to the calling workflow."""

    numbers: tuple[NumberToChange, ...]
    change: ActiveNumbersChange


class ChangeOutcome(StrEnum):
    """How far the change of a number has come."""

    DONE = "DONE"
    UNLINKING = "UNLINKING"
    LINKING = "LINKING"
    WAITING = "WAITING"
    """Sinch was at work on it already; nothing was asked for."""
    LINK_FAILED = "LINK_FAILED"
    NOT_ACTIVE = "NOT_ACTIVE"
    REFUSED = "REFUSED"
    NO_ANSWER = "NO_ANSWER"


class ActiveNumberChanged(Model):
    """One number; `failure` where a link failed, `message` where Sinch refused."""

    phone_number: str
    outcome: ChangeOutcome
    failure: LinkFailure | None = None
    message: str = ""


class ActiveNumbersChanged(Model):
    """All numbers of the request."""

    numbers: tuple[ActiveNumberChanged, ...]


_MINUTES = timedelta(minutes=5)

SEARCH_NUMBERS = Call[SearchNumbers, NumbersOffered]("available_numbers.search", NumbersOffered, SINCH, _MINUTES, BRIEF)
RENT_NUMBERS = Call[NumbersToRent, NumbersRented]("available_numbers.rent", NumbersRented, SINCH, _MINUTES, ONCE)
"""Never repeated by itself: the workflow lets time pass, in which a lost request shows, and has it looked for."""
READ_ACTIVE_NUMBERS = Call[ReadActiveNumbers, ActiveNumbersRead](
    "active_numbers.read", ActiveNumbersRead, SINCH, _MINUTES, BRIEF
)
CHANGE_ACTIVE_NUMBERS = Call[ChangeActiveNumbers, ActiveNumbersChanged](
    "active_numbers.change", ActiveNumbersChanged, SINCH, _MINUTES, BRIEF
)
