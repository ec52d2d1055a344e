"""What is wanted of the legacy Number Administration API, and which group of the shop fits: pure functions.

Sinch API: legacy Number Administration API.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from onboarding.batch import BatchId, Contact, Filled, ProfileName
from onboarding.calls.legacy_numbers import LegacyCapability, RentedSeen, ShopGroup
from onboarding.model import Model
from onboarding.money import Money
from onboarding.pace import Pace, Patience
from onboarding.reasons import (
    ASSIGNED_ELSEWHERE,
    NOT_ASSIGNED,
    NOT_RENTED,
    WITHOUT_CAPABILITY,
    Reason,
    reason,
)
from onboarding.spans import Span
from onboarding.stages import Stage
from onboarding.task_queues import DEFAULT_PROFILE


class LegacyAction(StrEnum):
    """What is to be done, by the name of its command."""

    BUY = "buy"
    """Rent numbers, and give them to the application."""
    ASSIGN = "assign"
    """Give the application numbers that are rented already."""
    UNASSIGN = "unassign"
    """Take numbers from the application; they stay rented."""


class LegacyPace(Pace):
    """Durations of a wish; here nobody reviews anything, so looks are closer together."""

    poll_first: Span = Span("15s")
    poll_longest: Span = Span("10m")
    no_news: Span = Span("1h")
    carrier: Patience = Patience(remind_every=Span("1d"), deadline=Span("20bd"))
    """How often the contact is reminded while nothing is heard; nothing is given up then."""
    reservation: Span = Span("15m")
    """How long Sinch keeps reserved numbers; it does not say, so this is what was seen."""


class LegacyWish(Model):
    """One wish. Numbers are bought by `quantity`, and assigned or unassigned by `numbers` (E.164)."""

    id: BatchId
    action: LegacyAction
    application_key: Filled
    capability: LegacyCapability = LegacyCapability.SMS
    """What for; numbers are unassigned whatever they are for."""
    profile: ProfileName = DEFAULT_PROFILE
    organisation_id: int | None = None
    """None is the one that Sinch names for the account."""
    numbers: tuple[str, ...] = ()
    quantity: int = 0
    country_id: str | None = None
    area_code: str | None = None
    group_id: int | None = None
    spending_limit: Money | None = None
    """What all numbers bought may cost together."""
    contact: Contact | None = None
    """Who is told by mail when an operator is waited for."""
    pace: LegacyPace = LegacyPace()

    @property
    def numbers_total(self) -> int:
        """How many numbers it is about."""
        return self.quantity if self.action is LegacyAction.BUY else len(self.numbers)

    def budget_after(self, spent: Decimal) -> Money:
        """What is left of the spending limit."""
        limit = self.spending_limit or Money(amount=spent, currency_id="")
        return limit.model_copy(update={"amount": limit.amount - spent})

    def fits(self, group: ShopGroup) -> bool:
        """Whether the wish could be met from a group."""
        return (
            group.capability == self.capability
            and self.country_id in (None, group.country_id)
            and self.area_code in (None, group.area_code)
            and self.group_id in (None, group.group_id)
        )


class LegacyOffer(Model):
    """Numbers of one group, each at this cost."""

    group_id: int
    quantity: int
    cost: Money


class HeldReservation(Model):
    """Numbers kept at Sinch `until` then. They may be checked out before, and never afterwards."""

    reference_id: str
    offer: LegacyOffer
    until: datetime


class LegacyNumber(Model):
    """One number of a wish: PENDING until it is rented, ORDERED until the application has it, then at its end."""

    phone_number: str = ""
    """Empty while it is not known which one is rented."""
    stage: Stage = Stage.PENDING
    since: datetime
    reason: Reason | None = None

    def at(self, stage: Stage, at: datetime, why: Reason | None = None) -> "LegacyNumber":
        """The same number in another stage."""
        return self.model_copy(update={"stage": stage, "since": at, "reason": why})


def best_offer(wish: LegacyWish, groups: Sequence[ShopGroup], missing: int, budget: Money) -> LegacyOffer | None:
    """As many of the missing numbers as the cheapest group that fits has and the budget pays; None where no group
    that fits has any. An offer of 0 numbers says that not even one can be paid."""
    there = [group for group in groups if wish.fits(group) and group.availability > 0]
    if not there:
        return None
    cheapest = min(there, key=lambda group: (not _paid(group, budget), group.cost.amount, group.group_id))
    quantity = min(missing, cheapest.availability, _paid(cheapest, budget))
    return LegacyOffer(group_id=cheapest.group_id, quantity=quantity, cost=cheapest.cost)


def offers(wish: LegacyWish, groups: Sequence[ShopGroup]) -> list[LegacyOffer]:
    """What the shop would rent for a wish now, the cheapest first, within its spending limit."""
    found: list[LegacyOffer] = []
    left = {group.group_id: group for group in groups}
    budget, missing = wish.spending_limit, wish.quantity
    while budget and missing and (offer := best_offer(wish, [*left.values()], missing, budget)) and offer.quantity:
        found.append(offer)
        del left[offer.group_id]
        missing -= offer.quantity
        budget = Money(amount=budget.amount - offer.quantity * offer.cost.amount, currency_id=budget.currency_id)
    return found


def _paid(group: ShopGroup, budget: Money) -> int:
    """How many numbers of a group the budget pays."""
    cost = group.cost
    if cost.amount <= 0:
        return group.availability
    return int(max(budget.amount, Decimal(0)) // cost.amount) if cost.currency_id == budget.currency_id else 0


def taken_in(wish: LegacyWish, rented: Sequence[RentedSeen], at: datetime) -> list[LegacyNumber]:
    """The numbers of a wish before anything is done; those that cannot be helped are at their ends."""
    if wish.action is LegacyAction.BUY:
        return [LegacyNumber(since=at)] * wish.quantity
    seen = {number.phone_number: number for number in rented}
    return [_given(wish, phone_number, seen.get(phone_number), at) for phone_number in wish.numbers]


def _given(wish: LegacyWish, phone_number: str, seen: RentedSeen | None, at: datetime) -> LegacyNumber:
    number = LegacyNumber(phone_number=phone_number, stage=Stage.ORDERED, since=at)
    if seen is None:
        return number.at(Stage.FAILED, at, reason(NOT_RENTED))
    if wish.action is LegacyAction.UNASSIGN:
        has_it = seen.application_key == wish.application_key
        return number if has_it else number.at(Stage.SKIPPED, at, reason(NOT_ASSIGNED))
    if wish.capability not in seen.capabilities:
        return number.at(Stage.FAILED, at, reason(WITHOUT_CAPABILITY))
    if seen.application_key not in (None, wish.application_key):
        return number.at(Stage.FAILED, at, reason(ASSIGNED_ELSEWHERE))
    return number
