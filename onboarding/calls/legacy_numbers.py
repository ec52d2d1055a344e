"""Calls to the legacy Number Administration API: what can be rented, what is rented, and which application has it.

Renting costs money and takes no idempotency key, so a reservation and its checkout are sent once; whoever wants to
send them again reads the rented numbers first. Sinch API: legacy Number Administration API, L4 to L10.
"""

from datetime import timedelta
from enum import StrEnum

from onboarding.calls.call import ONCE, PERSISTENT, Call
from onboarding.model import Model
from onboarding.money import Money
from onboarding.task_queues import SINCH


class LegacyCapability(StrEnum):
    """What a number is for; an application has a list of numbers for each."""

    VOICE = "voice"
    SMS = "sms"


class ShopGroup(Model):
    """Like numbers that can be rented; `cost` is that of one."""

    group_id: int
    country_id: str
    city: str
    area_code: str
    capability: str
    availability: int
    cost: Money


class ReadShop(Model):
    """What there is; None is the account's own organisation."""

    organisation_id: int | None = None


class ShopRead(Model):
    """All groups; `refusal` is what Sinch said where the account may not look."""

    groups: tuple[ShopGroup, ...] = ()
    refusal: str = ""


class ReadRented(Model):
    """The rented numbers of one group, or those of these (E.164) that are rented."""

    organisation_id: int | None = None
    group_id: int | None = None
    phone_numbers: tuple[str, ...] = ()


class RentedSeen(Model):
    """A rented number, and the application that has it, if any."""

    phone_number: str
    capabilities: tuple[str, ...]
    application_key: str | None = None


class RentedRead(Model):
    """The numbers in Sinch's order; `refusal` is what Sinch said where the account may not look."""

    numbers: tuple[RentedSeen, ...] = ()
    refusal: str = ""


class ReserveNumbers(Model):
    """Keep numbers of a group."""

    organisation_id: int | None = None
    group_id: int
    quantity: int


class Reserved(Model):
    """The reservation; without a reference Sinch has refused it."""

    reference_id: str = ""
    refusal: str = ""


class CheckOut(Model):
    """Rent what is reserved."""

    organisation_id: int | None = None
    reference_id: str


class CheckOutOutcome(StrEnum):
    """What Sinch said."""

    CHECKED_OUT = "checked out"
    NOT_ENOUGH_CREDIT = "not enough credit"
    NO_ACCOUNTING = "no accounting"
    NOT_THERE = "not there"
    """The reservation is unknown: it has lapsed, or is checked out already."""
    REFUSED = "refused"


class CheckedOut(Model):
    """Whether numbers are rented now."""

    outcome: CheckOutOutcome
    message: str = ""


class SetApplication(Model):
    """Numbers (E.164) that an application gets for a capability, or loses, whatever they are for."""

    application_key: str
    capability: LegacyCapability = LegacyCapability.SMS
    phone_numbers: tuple[str, ...]


class ApplicationSet(Model):
    """What became of the numbers, as the application's list shows it afterwards.

    changed: numbers that are on the list now, or that are not any more where they were to be taken away.
    lost: numbers that Sinch had confirmed and that somebody else has overwritten since. Repeat the call.
    Any other number was refused. `refusal` is what Sinch said where it took no number at all.
    """

    changed: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    refusal: str = ""


_MINUTES = timedelta(minutes=5)

READ_SHOP = Call[ReadShop, ShopRead]("legacy_numbers.read_shop", ShopRead, SINCH, _MINUTES, PERSISTENT)
READ_RENTED = Call[ReadRented, RentedRead]("legacy_numbers.read_rented", RentedRead, SINCH, _MINUTES, PERSISTENT)
RESERVE = Call[ReserveNumbers, Reserved]("legacy_numbers.reserve", Reserved, SINCH, _MINUTES, ONCE, heartbeat=None)
CHECK_OUT = Call[CheckOut, CheckedOut]("legacy_numbers.check_out", CheckedOut, SINCH, _MINUTES, ONCE, heartbeat=None)
ASSIGN = Call[SetApplication, ApplicationSet]("legacy_numbers.assign", ApplicationSet, SINCH, _MINUTES, PERSISTENT)
UNASSIGN = Call[SetApplication, ApplicationSet]("legacy_numbers.unassign", ApplicationSet, SINCH, _MINUTES, PERSISTENT)
