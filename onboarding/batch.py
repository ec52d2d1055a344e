"""What a batch is: the order of a customer to text-enable numbers, and the manifest it is stored as."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, StringConstraints, Tag

from onboarding.model import Model
from onboarding.pace import Pace
from onboarding.progress import Rules
from onboarding.stages import Verification
from onboarding.task_queues import DEFAULT_PROFILE

GROUP_SIZE = 500
"""Numbers a hosting order takes at most (Sinch API: text enabling)."""

BatchId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
"""Letters, digits, `.`, `_`, `-`; at most 64. It is part of workflow ids and of the orders' display names."""

DEFAULT_WINDOW = 20
"""Groups of a batch that are in flight at a time: 10,000 numbers."""
_WIDEST_WINDOW = 200


def _window(groups: int) -> int:
    if not 1 <= groups <= _WIDEST_WINDOW:
        raise ValueError(f"a whole number of groups, 1 to {_WIDEST_WINDOW}")
    return groups


Window = Annotated[int, AfterValidator(_window)]
"""How many groups of a batch may be in flight at a time, 1 to 200: what a run of its workflow has room for."""

ProfileName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
"""Lower-case letters, digits and `-`; at most 32. It is part of task queue names."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def _email(address: str) -> str:
    if not _EMAIL.fullmatch(address):
        raise ValueError(f"{address!r} is no e-mail address, for example jane.doe@example.com")
    return address


EmailAddress = Annotated[str, AfterValidator(_email)]


def _one_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError(f"{text!r} is not on one line, or has characters that cannot be printed")
    return text


Filled = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_one_line)]
"""A line of text with something in it; it may go into a mail header or an order."""


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment with its time zone, for example 2027-03-01T06:00:00Z")
    return moment.astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(_in_utc)]
"""An instant; kept in UTC."""


class AuthorisedPerson(Model):
    """Who signs the LOA; Sinch mails it to `email`, and nothing can change that later by API."""

    first_name: Filled
    last_name: Filled
    email: EmailAddress


class Address(Model):
    """Postal address on the LOA; all parts are required by Sinch."""

    building_number: Filled
    street: Filled
    city: Filled
    state: Filled
    postal_code: Filled
    country: Filled


class LoaParty(Model):
    """Who authorises the hosting. With `business_name` it is a reseller's customer, without a direct customer."""

    authorised_person: AuthorisedPerson
    address: Address
    current_voice_carrier: Filled
    business_name: Filled | None = None

    @property
    def type(self) -> str:
        """`direct` or `reseller`."""
        return "direct" if self.business_name is None else "reseller"

    @property
    def signer(self) -> AuthorisedPerson | None:
        """Who has to sign."""
        return self.authorised_person


class BlanketLoa(Model):
    """A standing authorisation that the account manager has set up: nobody signs anything for an order."""

    type: Literal["blanket"]
    """Required, so that an LOA party with a mistake in it is never taken for a blanket LOA."""

    @property
    def signer(self) -> AuthorisedPerson | None:
        """Nobody."""
        return None


def _kind_of_loa(loa: Any) -> str:
    kind = loa.get("type") if isinstance(loa, Mapping) else getattr(loa, "type", None)
    return "blanket" if kind == "blanket" else "party"


Loa = Annotated[
    Annotated[LoaParty, Tag("party")] | Annotated[BlanketLoa, Tag("blanket")],
    Discriminator(_kind_of_loa),
]
"""What authorises the hosting: a party that signs for every order, or a standing authorisation."""


class NumberType(StrEnum):
    """Local numbers are routed by the OSR and linked to a campaign, toll-free ones go by way of Zipwhip."""

    LOCAL = "local"
    TOLL_FREE = "toll-free"


class Contact(Model):
    """Who gets reminders and whom Sinch's orders desk may ask."""

    name: Filled
    email: EmailAddress
    company: Filled


class StoredFile(Model):
    """A file in the document store, addressed by the SHA-256 of its content (lower-case hex)."""

    sha256: str
    name: str
    size: int


class Terms(Model):
    """What a hosting order says once for all its numbers (Sinch API: text enabling)."""

    region: str = "US"
    number_type: NumberType = NumberType.LOCAL
    service_plan_id: Filled
    campaign_id: Filled | None = None
    nnid: Filled | None = None
    loa: Loa


class Batch(Terms):
    """Everything the numbers of one batch have in common."""

    id: BatchId
    customer: Filled
    profile: ProfileName = DEFAULT_PROFILE
    """Which Sinch project, by its name in the profiles file."""
    verification: Verification = Verification.INVOICES_THEN_VOICE
    eligible_is_enough: bool = False
    window: Window = DEFAULT_WINDOW
    scheduled_osr_update_time: Moment | None = None
    """Before it Sinch does not route messages of these numbers (OSR; toll-free: Zipwhip); None = as soon as may be."""
    contact: Contact
    pace: Pace = Pace()

    @property
    def rules(self) -> Rules:
        """How observations of these numbers are read."""
        return Rules(verification=self.verification, eligible_is_enough=self.eligible_is_enough)

    def under(self, terms: Terms | None) -> "Batch":
        """The batch as numbers with terms of their own see it; without any they share those of the batch."""
        if terms is None:
            return self
        return self.model_copy(update={name: getattr(terms, name) for name in Terms.model_fields})


class GroupSlice(Model):
    """At most 500 numbers that travel together, and the invoices that list them."""

    sequence: int
    numbers: tuple[str, ...]
    invoices: tuple[StoredFile, ...] = ()
    terms: Terms | None = None
    """None = the terms of the batch itself."""


class RentedNumbers(Model):
    """Numbers that the project rents from Sinch; with the end of a batch they are linked to its plan and campaign."""

    numbers: StoredFile
    """A stored list of them, E.164."""
    numbers_total: int
    service_plan_id: Filled
    campaign_id: Filled | None = None


class Manifest(Model):
    """A whole batch as it is kept in the document store; the slices are documents of their own."""

    batch: Batch
    numbers_total: int
    """Numbers of all slices."""
    slices: tuple[StoredFile, ...]
    rented: RentedNumbers | None = None
