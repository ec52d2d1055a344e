"""Renting numbers: what a wish is, what it may cost, and how each number of it gets on, as pure functions.

A wish has places, one a number; a place takes a number that Sinch offers, or gives up with a reason.
Sinch API: Available Number (search, rent, rentAny).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from onboarding import reasons
from onboarding.active_numbers import (
    ActiveLinks,
    ActiveNumberSeen,
    ActiveNumberType,
    ActiveService,
    LinkFailure,
    LinkStanding,
    failure_of_link,
    seen_failure,
    service_linked_by,
    standing,
    why_not_linked,
)
from onboarding.batch import BatchId, Contact, Filled, ProfileName
from onboarding.model import Model
from onboarding.money import Money
from onboarding.observations import CallbackEvent
from onboarding.pace import Pace, Patience
from onboarding.reasons import Reason, reason
from onboarding.spans import Span
from onboarding.stages import Stage
from onboarding.task_queues import DEFAULT_PROFILE

MOST_NUMBERS = 1000
"""Numbers one wish may ask for: what a run of its workflow has room for."""

MOST_OFFERS = 100
"""Numbers one search shows; there is no second page (Sinch API: search available numbers)."""


RENT_PACE = Pace(carrier=Patience(remind_every=Span("1d"), deadline=Span("5bd")), no_news=Span("1d"))
"""Linking a rented number takes hours, not the weeks of a hosting order."""

_UNDER_WAY = timedelta(hours=1)
"""So long a request that got no answer is taken to be under way."""


class Capability(StrEnum):
    """What a number can be used for."""

    SMS = "SMS"
    VOICE = "VOICE"


class PatternPosition(StrEnum):
    """Where in a number a pattern must be found (Sinch API: `searchPattern`)."""

    START = "START"
    CONTAINS = "CONTAINS"
    END = "END"


class NumberSearch(Model):
    """Which numbers to look for; they have all `capabilities`. With `START` a pattern begins with a plus."""

    region: str
    type: ActiveNumberType
    capabilities: tuple[Capability, ...] = ()
    pattern: Filled | None = None
    position: PatternPosition = PatternPosition.CONTAINS


class Price(Model):
    """What renting one number costs at once and with every payment (ISO 4217 currency); None: Sinch did not say."""

    setup: Decimal | None = None
    monthly: Decimal | None = None
    currency: str = ""

    @property
    def first_payment(self) -> Decimal | None:
        """Set-up and first payment together."""
        return None if self.setup is None or self.monthly is None else self.setup + self.monthly

    def __str__(self) -> str:
        """`0.50 + 1.00 USD`."""
        amounts = ("?" if amount is None else str(amount) for amount in (self.setup, self.monthly))
        return f"{' + '.join(amounts)} {self.currency}".rstrip()


class Offer(Model):
    """A number that a search has shown."""

    phone_number: str
    price: Price = Price()
    needs_documents: bool = False
    """Sinch wants supporting documents before it rents the number out."""


class RentWish(Model):
    """What somebody wants to rent, to what it is linked, and what it may cost."""

    id: BatchId
    customer: Filled
    profile: ProfileName = DEFAULT_PROFILE
    quantity: int
    search: NumberSearch
    any: bool = False
    """Sinch chooses the numbers (rentAny; local US numbers only)."""
    all_or_nothing: bool = False
    """Give everything back where not all numbers can be had."""
    links: ActiveLinks = ActiveLinks()
    spending_limit: Money
    """What set-up and first payment of all numbers may cost together."""
    contact: Contact
    pace: Pace = RENT_PACE


class RentStep(StrEnum):
    """Where one place of a wish stands."""

    WANTED = "WANTED"
    RENTING = "RENTING"
    """Sinch was asked, and may have rented the number out to us."""
    PROVISIONING = "PROVISIONING"
    RELEASING = "RELEASING"
    DONE = "DONE"
    FAILED = "FAILED"
    RELEASED = "RELEASED"
    CANCELLED = "CANCELLED"


_STAGES = {
    RentStep.WANTED: Stage.PENDING,
    RentStep.RENTING: Stage.ORDERED,
    RentStep.RELEASING: Stage.PROVISIONING,
    RentStep.RELEASED: Stage.CANCELLED,
}
_FINAL = frozenset({RentStep.DONE, RentStep.FAILED, RentStep.RELEASED, RentStep.CANCELLED})


class RentPlace(Model):
    """One place of a wish. `phone_number` is empty while none is chosen, `price` None while nothing is spent on it."""

    place: int
    step: RentStep = RentStep.WANTED
    since: datetime
    phone_number: str = ""
    price: Price | None = None
    is_rented: bool = False
    unanswered: bool = False
    """The last request about it may have taken effect; it is looked for before the next one."""
    asked_at: datetime | None = None
    """When Sinch was last asked to rent a number for it."""
    linked: tuple[ActiveService, ...] = ()
    failed: tuple[LinkFailure, ...] = ()
    reason: Reason | None = None

    @property
    def is_final(self) -> bool:
        """True where the place has come to its end, unless its number is given back."""
        return self.step in _FINAL

    @property
    def stage(self) -> Stage:
        """The stage that reports show."""
        return _STAGES.get(self.step) or Stage(self.step.value)

    def may_be_under_way(self, now: datetime) -> bool:
        """Whether the last request may be carried out yet."""
        return self.asked_at is not None and now < self.asked_at + _UNDER_WAY

    def at(self, step: RentStep, at: datetime, why: Reason | None = None) -> "RentPlace":
        """The same place one step on."""
        return self.model_copy(update={"step": step, "since": at, "reason": why, "unanswered": False})


def reserved(place: RentPlace, offer: Offer, at: datetime, *, chosen: bool) -> RentPlace:
    """The place before Sinch is asked: from now on the price counts as spent. `chosen`: it is this very number."""
    number = offer.phone_number if chosen else ""
    return place.at(RentStep.RENTING, at).model_copy(update={"phone_number": number, "price": offer.price})


def charged(place: RentPlace, price: Price) -> RentPlace:
    """The place with the monthly price that Sinch has named for its number; only searches name the set-up price."""
    known = place.price or Price()
    if price.monthly is None or price.currency != known.currency:
        return place
    return place.model_copy(update={"price": known.model_copy(update={"monthly": price.monthly})})


def gone(place: RentPlace, at: datetime) -> RentPlace:
    """The place after somebody else has got the number: it wants another one."""
    return RentPlace(place=place.place, since=at)


def given_up(place: RentPlace, step: RentStep, why: Reason, at: datetime) -> RentPlace:
    """The place after a rent without an answer has turned out not to have rented anything."""
    return RentPlace(place=place.place, step=step, since=at, reason=why)


def refused(place: RentPlace, said: str, at: datetime) -> RentPlace:
    """The place after Sinch refused to rent the number out; nothing was spent."""
    ended = place.at(RentStep.FAILED, at, reason(reasons.RENT_REFUSED, said))
    return ended.model_copy(update={"price": None})


def rented(place: RentPlace, seen: ActiveNumberSeen, links: ActiveLinks, at: datetime) -> RentPlace:
    """The place whose number is active now."""
    known = place.at(RentStep.PROVISIONING, at).model_copy(
        update={"phone_number": seen.phone_number, "is_rented": True}
    )
    return read(known, seen, links, at)


def read(place: RentPlace, seen: ActiveNumberSeen, links: ActiveLinks, at: datetime) -> RentPlace:
    """The place after a read of its active number."""
    if place.step is not RentStep.PROVISIONING:
        return place
    if not seen.is_active or seen.released_until is not None:
        return place.at(RentStep.FAILED, at, reason(reasons.NO_LONGER_ACTIVE))
    standings = {service: standing(seen, links, service) for service in links.named}
    linked = [service for service, how in standings.items() if how is LinkStanding.LINKED]
    failed = [seen_failure(seen, service) for service, how in standings.items() if how is LinkStanding.FAILED]
    return _settled(place, linked, failed, links, at)


def told(place: RentPlace, event: CallbackEvent, links: ActiveLinks, at: datetime) -> RentPlace:
    """The place after an event about its number; repeated and late ones change nothing."""
    service = service_linked_by(event)
    if place.step is not RentStep.PROVISIONING or service not in links.named:
        return place
    if event.status == "SUCCEEDED":
        return _settled(place, [service], [], links, at)
    if event.status != "FAILED":
        return place
    failures = [failure_of_link(service, event.failure_code)]
    if service is ActiveService.SERVICE_PLAN and ActiveService.CAMPAIGN in links.named:
        failures.append(failure_of_link(ActiveService.CAMPAIGN, event.failure_code))
    return _settled(place, [], failures, links, at)


def _settled(
    place: RentPlace,
    linked: Iterable[ActiveService],
    failures: Iterable[LinkFailure],
    links: ActiveLinks,
    at: datetime,
) -> RentPlace:
    """The place with what is learned of its links: at its end once each of them is linked or has failed."""
    is_linked = {*place.linked, *linked}
    failed = {failure.service: failure for failure in (*place.failed, *failures) if failure.service not in is_linked}
    known = place.model_copy(
        update={
            "linked": tuple(service for service in ActiveService if service in is_linked),
            "failed": tuple(failed[service] for service in ActiveService if service in failed),
        }
    )
    if {*links.named} - is_linked - failed.keys():
        return known if known == place else known.model_copy(update={"since": at})
    if known.failed:
        return known.at(RentStep.FAILED, at, why_not_linked(known.failed[0]))
    return known.at(RentStep.DONE, at)


def spent(places: Iterable[RentPlace]) -> Decimal:
    """What the numbers have cost, or may have: set-up and first payment of each."""
    return sum((place.price.first_payment or Decimal(0) for place in places if place.price), Decimal(0))


def why_too_dear(price: Price, spent_so_far: Decimal, limit: Money) -> Reason | None:
    """Why a number at this price is not rented; None where it is within the limit."""
    cost = price.first_payment
    if cost is None or price.currency != limit.currency_id:
        known = reason(reasons.PRICE_NOT_COMPARABLE)
        return Reason(code=known.code, sentence=f"{known.sentence} The price is {price}, the limit {limit}.")
    if spent_so_far + cost > limit.amount:
        known = reason(reasons.SPENDING_LIMIT_REACHED)
        told = f"{spent_so_far} of {limit} are spent, and the next number costs {cost}."
        return Reason(code=known.code, sentence=f"{known.sentence} {told}")
    return None


class Choice(Model):
    """The offers to rent now, in their order; where they are too few, why."""

    offers: tuple[Offer, ...] = ()
    why_no_more: Reason | None = None


def choose(offers: Sequence[Offer], count: int, spent_so_far: Decimal, limit: Money) -> Choice:
    """Up to `count` offers that are together within the limit. A dearer number may be passed over for a cheaper."""
    chosen: list[Offer] = []
    why: Reason | None = None
    for offer in offers:
        if len(chosen) == count:
            break
        too_dear = why_too_dear(offer.price, spent_so_far, limit)
        if too_dear is None:
            chosen.append(offer)
            spent_so_far += offer.price.first_payment or Decimal(0)
        else:
            why = why or too_dear
    return Choice(offers=tuple(chosen), why_no_more=why if len(chosen) < min(count, len(offers)) else None)
