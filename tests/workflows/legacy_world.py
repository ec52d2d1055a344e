"""The legacy account as the workflows meet it: a shop, reservations that lapse, credit, and lists of applications."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from temporalio import activity
from temporalio.client import WorkflowHandle

from onboarding.calls.legacy_numbers import (
    ASSIGN,
    CHECK_OUT,
    READ_RENTED,
    READ_SHOP,
    RESERVE,
    UNASSIGN,
    ApplicationSet,
    CheckedOut,
    CheckOut,
    CheckOutOutcome,
    ReadRented,
    ReadShop,
    RentedRead,
    RentedSeen,
    Reserved,
    ReserveNumbers,
    SetApplication,
    ShopGroup,
    ShopRead,
)
from onboarding.contracts import assign_legacy_numbers as contract
from onboarding.contracts.assign_legacy_numbers import WishRequest, WishResult, WishStatus
from onboarding.contracts.operator import STATUS_QUERY
from onboarding.ids import legacy_wish_workflow_id
from onboarding.legacy_wishes import LegacyPace, LegacyWish
from onboarding.money import Money
from onboarding.search_attributes import started_with
from onboarding.stages import Stage, WaitingOn
from onboarding.task_queues import SINCH
from tests.workflows.imported_world import ImportedWorld
from tests.workflows.staging import PACE, Scene

APPLICATION = "bb7b4e39-4227-4913-8c81-2db4abb54fb3"
OTHER_APPLICATION = "5e4f1a52-7f0c-4f1c-9a55-0a0d0b2f9c11"
LEGACY_PACE = LegacyPace.model_validate(PACE.model_dump() | {"poll_first": "15s", "poll_longest": "10m"})
UNKNOWN_APPLICATION = "no such application"

_counter = itertools.count(1)


def dollars(amount: str) -> Money:
    """An amount of USD."""
    return Money(amount=Decimal(amount), currency_id="USD")


def a_wish(**changes: Any) -> LegacyWish:
    """A wish to buy two numbers for SMS, with an id and an application of its own."""
    count = next(_counter)
    fields = {
        "id": f"w{count}",
        "action": "buy",
        "application_key": f"{APPLICATION}-{count}",
        "quantity": 2,
        "spending_limit": {"amount": "100.00", "currency_id": "USD"},
        "profile": f"p{count}",
        "pace": LEGACY_PACE,
    }
    return LegacyWish.model_validate(fields | changes)


@dataclass
class Kept:
    """A reservation."""

    request: ReserveNumbers
    until: datetime


class LegacyWorld(ImportedWorld):
    """Two groups of numbers for SMS, the cheaper one with three numbers, and a credit of 1000 dollars."""

    def __init__(self) -> None:
        """Nothing is rented."""
        super().__init__()
        self.groups = {
            75: ShopGroup(
                group_id=75, country_id="US", city="New Orleans", area_code="504", capability="sms", availability=3,
                cost=dollars("1.50"),
            ),
            80: ShopGroup(
                group_id=80, country_id="US", city="Atlanta", area_code="404", capability="sms", availability=1000,
                cost=dollars("2.00"),
            ),
        }  # fmt: skip
        self.credit = Decimal(1000)
        self.accounting = True
        self.reservation_lasts = timedelta(minutes=15)
        self.shown_after = timedelta()
        self.hidden = 0
        """How many numbers that are rented next are never shown."""
        self.rented: dict[str, tuple[int, datetime]] = {}
        self.applications: dict[str, str] = {}
        self.rivals: list[tuple[str, ...]] = []
        """What somebody else takes from applications right after each of the next changes."""
        self.kept: dict[str, Kept] = {}
        self.checked_out_late: list[str] = []

    def rents(self, *phone_numbers: str, application_key: str | None = None) -> None:
        """These are rented already, of group 75."""
        for phone_number in phone_numbers:
            self.rented[phone_number] = (75, datetime.fromtimestamp(0).astimezone())
            if application_key:
                self.applications[phone_number] = application_key

    def of(self, application_key: str) -> list[str]:
        """The numbers of an application."""
        return [number for number, key in self.applications.items() if key == application_key]

    def activities(self, task_queue: str) -> list[Callable[..., Any]]:
        """Those of every world, and those of the legacy account."""
        legacy: list[Callable[..., Any]] = [
            self.read_shop, self.read_rented, self.reserve, self.check_out, self.assign, self.unassign,
        ]  # fmt: skip
        return super().activities(task_queue) + (legacy if task_queue.startswith(SINCH) else [])

    @activity.defn(name=READ_SHOP.name)
    async def read_shop(self, request: ReadShop) -> ShopRead:
        """What is to be had."""

        def work(now: datetime) -> ShopRead:
            self._lapse(now)
            return ShopRead(groups=tuple(self.groups.values()))

        return await self._serve(READ_SHOP, request, work)

    @activity.defn(name=READ_RENTED.name)
    async def read_rented(self, request: ReadRented) -> RentedRead:
        """What is rented, as far as it is shown."""

        def work(now: datetime) -> RentedRead:
            shown = [
                RentedSeen(phone_number=number, capabilities=("sms",), application_key=self.applications.get(number))
                for number, (group_id, since) in self.rented.items()
                if (number in request.phone_numbers or group_id == request.group_id) and now >= since + self.shown_after
            ]
            return RentedRead(numbers=tuple(shown))

        return await self._serve(READ_RENTED, request, work)

    @activity.defn(name=RESERVE.name)
    async def reserve(self, request: ReserveNumbers) -> Reserved:
        """Keep numbers."""

        def work(now: datetime) -> Reserved:
            group = self.groups[request.group_id]
            if request.quantity > group.availability:
                return Reserved(refusal=f"Invalid quantity: {request.quantity}")
            self._take(request.group_id, request.quantity)
            reference_id = f"reservation-{next(_counter)}"
            self.kept[reference_id] = Kept(request, now + self.reservation_lasts)
            return Reserved(reference_id=reference_id)

        return await self._serve(RESERVE, request, work)

    @activity.defn(name=CHECK_OUT.name)
    async def check_out(self, request: CheckOut) -> CheckedOut:
        """Rent what is reserved."""

        def work(now: datetime) -> CheckedOut:
            self._lapse(now)
            kept = self.kept.get(request.reference_id)
            if kept is None:
                return CheckedOut(outcome=CheckOutOutcome.NOT_THERE)
            cost = self.groups[kept.request.group_id].cost.amount * kept.request.quantity
            if not self.accounting:
                return CheckedOut(outcome=CheckOutOutcome.NO_ACCOUNTING, message="Accounting not set up.")
            if cost > self.credit:
                return CheckedOut(outcome=CheckOutOutcome.NOT_ENOUGH_CREDIT, message="Insufficient funds.")
            self.credit -= cost
            del self.kept[request.reference_id]
            shown, self.hidden = kept.request.quantity - self.hidden, 0
            for _ in range(shown):
                self.rented[f"+1504{next(_counter):07d}"] = (kept.request.group_id, now)
            return CheckedOut(outcome=CheckOutOutcome.CHECKED_OUT)

        return await self._serve(CHECK_OUT, request, work)

    @activity.defn(name=ASSIGN.name)
    async def assign(self, request: SetApplication) -> ApplicationSet:
        """Add numbers to an application."""

        def work(now: datetime) -> ApplicationSet:
            if request.application_key == UNKNOWN_APPLICATION:
                return ApplicationSet(refusal="the application was not found")
            self.applications |= dict.fromkeys(request.phone_numbers, request.application_key)
            lost = self.rivals.pop(0) if self.rivals else ()
            for number in lost:
                del self.applications[number]
            changed = tuple(number for number in request.phone_numbers if number not in lost)
            return ApplicationSet(changed=changed, lost=lost)

        return await self._serve(ASSIGN, request, work)

    @activity.defn(name=UNASSIGN.name)
    async def unassign(self, request: SetApplication) -> ApplicationSet:
        """Take numbers from an application."""

        def work(now: datetime) -> ApplicationSet:
            for number in request.phone_numbers:
                self.applications.pop(number, None)
            return ApplicationSet(changed=request.phone_numbers)

        return await self._serve(UNASSIGN, request, work)

    def _lapse(self, now: datetime) -> None:
        for reference_id, kept in list(self.kept.items()):
            if now >= kept.until:
                del self.kept[reference_id]
                self._take(kept.request.group_id, -kept.request.quantity)

    def _take(self, group_id: int, quantity: int) -> None:
        group = self.groups[group_id]
        left = group.availability - quantity
        self.groups[group_id] = group.model_copy(update={"availability": left})


async def start_wish(scene: Scene, wish: LegacyWish, **changes: Any) -> WorkflowHandle[Any, WishResult]:
    """Start `AssignLegacyNumbers`; a profile of its own has a queue of its own."""
    for task_queue in {SINCH, f"{SINCH}:{wish.profile}"} - set(scene.workers):
        await scene.start_worker(task_queue)
    shown = started_with(wish.id, None, Stage.PENDING, WaitingOn.NOBODY, wish.numbers_total)
    return await scene.start(
        contract.WORKFLOW, WishRequest(wish=wish, **changes), legacy_wish_workflow_id(wish.id), WishResult, shown
    )


async def status_of(handle: WorkflowHandle[Any, WishResult]) -> WishStatus:
    """Where the wish stands."""
    status: WishStatus = await handle.query(STATUS_QUERY, result_type=WishStatus)
    return status


def ends(world: LegacyWorld) -> list[tuple[str, Stage, str | None]]:
    """Number, stage and reason in the stored rows."""
    rows = [row for rows in world.rows.values() for row in rows]
    return [(row.phone_number, row.stage, row.reason.code if row.reason else None) for row in rows]
