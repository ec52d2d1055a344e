"""Numbers to rent, and rented ones, as the workflows meet them: offers that run out, links that take their time."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from temporalio import activity
from temporalio.client import WorkflowHandle

from onboarding.active_numbers import (
    SMS_SERVICES,
    ActiveLinks,
    ActiveNumberSeen,
    ActiveNumberType,
    ActiveService,
    LinkJob,
    LinkRequest,
    VoiceLink,
    next_request,
    seen_failure,
)
from onboarding.calls.active_numbers import (
    CHANGE_ACTIVE_NUMBERS,
    READ_ACTIVE_NUMBERS,
    RENT_NUMBERS,
    SEARCH_NUMBERS,
    ActiveNumberChanged,
    ActiveNumbersChange,
    ActiveNumbersChanged,
    ActiveNumbersRead,
    ChangeActiveNumbers,
    ChangeOutcome,
    NumberRented,
    NumbersOffered,
    NumbersRented,
    NumbersToRent,
    NumberToChange,
    NumberToRent,
    ReadActiveNumbers,
    Release,
    RentOutcome,
    SearchNumbers,
)
from onboarding.contracts import change_active_numbers, rent_numbers
from onboarding.contracts.change_active_numbers import ChangeRequest
from onboarding.contracts.number_list import NumberListResult
from onboarding.contracts.rent_numbers import RentRequest, RentResult
from onboarding.ids import active_change_workflow_id, rent_workflow_id
from onboarding.money import Money
from onboarding.renting import Capability, NumberSearch, Offer, Price, RentWish
from onboarding.search_attributes import started_with
from onboarding.stages import Stage, WaitingOn
from onboarding.task_queues import SINCH
from tests.workflows.imported_world import CONTACT, ImportedWorld
from tests.workflows.staging import PACE, Scene, fresh_numbers

PRICE = Price(setup=Decimal("0.50"), monthly=Decimal("1.00"), currency="USD")
LINKS = ActiveLinks(service_plan_id="plan-1", campaign_id="C1", voice=VoiceLink(id="app-1"))
SEARCH = NumberSearch(
    region="US", type=ActiveNumberType.LOCAL, capabilities=(Capability.SMS, Capability.VOICE), pattern="206"
)

NO_LINKS = ActiveLinks()

_counter = itertools.count(1)


@dataclass
class RentedLine:
    """One rented number: what it is linked to, and from when on it is linked to what was asked for."""

    place: str
    """Workflow id and place that have rented it."""
    links: ActiveLinks = NO_LINKS
    asked: ActiveLinks = NO_LINKS
    through_at: datetime | None = None
    fails: dict[ActiveService, str] = field(default_factory=dict)
    released_until: datetime | None = None
    requests: list[str] = field(default_factory=list)

    def ask(self, wanted: ActiveLinks, what: str, through_at: datetime) -> None:
        """Begin to link it to what is named."""
        self.asked, self.through_at = wanted, through_at
        self.requests.append(what)

    def seen(self, phone_number: str, now: datetime) -> ActiveNumberSeen:
        """What a read shows."""
        at_work = self.through_at is not None and now < self.through_at
        if not at_work:
            good = {s: self.asked.link_to(s) for s in self.asked.named if s not in self.fails}
            names = {ActiveService.SERVICE_PLAN: "service_plan_id", ActiveService.CAMPAIGN: "campaign_id"}
            self.links = self.links.model_copy(update={names.get(s, "voice"): v or None for s, v in good.items()})
        jobs = {service: self._job(service, at_work) for service in self.asked.named}
        return ActiveNumberSeen(
            phone_number=phone_number,
            service_plan_id=self.links.service_plan_id or "",
            campaign_id=self.links.campaign_id or "",
            sms_job=next((jobs[s] for s in SMS_SERVICES if jobs.get(s)), None),
            voice=self.links.voice,
            voice_job=jobs.get(ActiveService.VOICE),
            released_until=self.released_until,
        )

    def _job(self, service: ActiveService, at_work: bool) -> LinkJob | None:
        if at_work:
            return LinkJob()
        return LinkJob(failed=True, error_code=self.fails[service]) if service in self.fails else None


class RentedWorld(ImportedWorld):
    """Sinch offers no number until a test says so; linking takes 2 hours, unlinking 1."""

    def __init__(self) -> None:
        """Nothing is rented."""
        super().__init__()
        self.offers: list[Offer] = []
        self.gone_when_rented: set[str] = set()
        self.rent_refused = ""
        self.late_hours = 0.0
        """The next rent gets no answer, and is carried out so much later."""
        self._late: list[tuple[datetime, NumberToRent, str, ActiveLinks]] = []
        self.rents_unanswered = 0
        """So many numbers are rented whose answer is lost, though the request as a whole has one."""
        self.failing_links: dict[str, dict[ActiveService, str]] = {}
        self.any_is_safe = True
        self.rented: dict[str, RentedLine] = {}
        self.rents: list[str] = []
        """Numbers in the order in which they were rented, each as often as it was."""

    def offer(self, count: int, price: Price = PRICE) -> tuple[str, ...]:
        """Sinch offers so many numbers more."""
        numbers = fresh_numbers(count)
        self.offers += [Offer(phone_number=number, price=price) for number in numbers]
        return numbers

    def rent_before(self, *phone_numbers: str, links: ActiveLinks = LINKS) -> None:
        """The project has rented these numbers long ago."""
        for number in phone_numbers:
            self.rented[number] = RentedLine("", links=links)

    def given_back(self) -> list[str]:
        """Numbers that were released."""
        return [number for number, line in self.rented.items() if line.released_until is not None]

    def activities(self, task_queue: str) -> list[Callable[..., Any]]:
        """Those of every world, and those of rented numbers."""
        more: list[Callable[..., Any]] = [self.search_numbers, self.rent_numbers, self.read_active, self.change_active]
        return super().activities(task_queue) + (more if task_queue == SINCH else [])

    @activity.defn(name=SEARCH_NUMBERS.name)
    async def search_numbers(self, request: SearchNumbers) -> NumbersOffered:
        """What is on offer."""

        def work(now: datetime) -> NumbersOffered:
            return NumbersOffered(offers=tuple(self._on_offer()[: request.size]), any_is_safe=self.any_is_safe)

        return await self._serve(SEARCH_NUMBERS, request, work)

    @activity.defn(name=RENT_NUMBERS.name)
    async def rent_numbers(self, request: NumbersToRent) -> NumbersRented:
        """Rent numbers out."""
        workflow_id = activity.info().workflow_id

        def work(now: datetime) -> NumbersRented:
            answers = [self._rent(item, f"{workflow_id}/{item.place}", request.links, now) for item in request.numbers]
            return NumbersRented(numbers=tuple(answers))

        return await self._serve(RENT_NUMBERS, request, work)

    @activity.defn(name=READ_ACTIVE_NUMBERS.name)
    async def read_active(self, request: ReadActiveNumbers) -> ActiveNumbersRead:
        """How rented numbers are linked."""

        def work(now: datetime) -> ActiveNumbersRead:
            return ActiveNumbersRead(numbers=tuple(self._seen_active(number, now) for number in request.phone_numbers))

        return await self._serve(READ_ACTIVE_NUMBERS, request, work)

    @activity.defn(name=CHANGE_ACTIVE_NUMBERS.name)
    async def change_active(self, request: ChangeActiveNumbers) -> ActiveNumbersChanged:
        """The next step of every number."""

        def work(now: datetime) -> ActiveNumbersChanged:
            return ActiveNumbersChanged(numbers=tuple(self._change(i, request.change, now) for i in request.numbers))

        return await self._serve(CHANGE_ACTIVE_NUMBERS, request, work)

    def _on_offer(self) -> list[Offer]:
        return [offer for offer in self.offers if offer.phone_number not in self.rented]

    def _rent(self, item: NumberToRent, place: str, links: ActiveLinks, now: datetime) -> NumberRented:
        if self.late_hours:
            self._late.append((now + timedelta(hours=self.late_hours), item, place, links))
            self.late_hours = 0.0
            return NumberRented(place=item.place, outcome=RentOutcome.NO_ANSWER)
        due = [late for late in self._late if late[0] <= now]
        self._late = [late for late in self._late if late[0] > now]
        for at, late_item, late_place, late_links in due:
            self._rent(late_item, late_place, late_links, at)
        before = next((number for number, line in self.rented.items() if line.place == place), None)
        if item.look_first and before is not None:
            return self._is_rented(item, before, now)
        if item.look_only:
            return NumberRented(place=item.place, outcome=RentOutcome.NOT_FOUND)
        if self.rent_refused:
            return NumberRented(place=item.place, outcome=RentOutcome.REFUSED, message=self.rent_refused)
        on_offer = [offer.phone_number for offer in self._on_offer()]
        number = item.phone_number or next(iter(on_offer), "")
        if number not in on_offer or number in self.gone_when_rented:
            return NumberRented(place=item.place, outcome=RentOutcome.GONE)
        line = self.rented[number] = RentedLine(place, fails=self.failing_links.get(number, {}))
        line.ask(links, "rent", now + timedelta(hours=self.link_hours))
        self.rents.append(number)
        if self.rents_unanswered:
            self.rents_unanswered -= 1
            return NumberRented(place=item.place, outcome=RentOutcome.NO_ANSWER)
        return self._is_rented(item, number, now)

    def _is_rented(self, item: NumberToRent, number: str, now: datetime) -> NumberRented:
        price = Price(monthly=PRICE.monthly, currency=PRICE.currency)
        seen = self._seen_active(number, now)
        return NumberRented(place=item.place, outcome=RentOutcome.RENTED, seen=seen, price=price)

    def _seen_active(self, number: str, now: datetime) -> ActiveNumberSeen:
        if number not in self.rented:
            return ActiveNumberSeen(phone_number=number, is_active=False)
        return self.rented[number].seen(number, now)

    def _change(self, item: NumberToChange, change: ActiveNumbersChange, now: datetime) -> ActiveNumberChanged:
        number = item.phone_number
        if number in self.refused:
            said = self.refused[number]
            return ActiveNumberChanged(phone_number=number, outcome=ChangeOutcome.REFUSED, message=said)
        if number not in self.rented:
            return ActiveNumberChanged(phone_number=number, outcome=ChangeOutcome.NOT_ACTIVE)
        line = self.rented[number]
        if isinstance(change, Release):
            if line.released_until is None:
                line.requests.append("release")
                line.released_until = now + timedelta(days=20)
            return ActiveNumberChanged(phone_number=number, outcome=ChangeOutcome.DONE)
        seen = line.seen(number, now)
        step = next_request(seen, change.links, asked=item.asked)
        match step.request:
            case LinkRequest.NOTHING:
                return ActiveNumberChanged(phone_number=number, outcome=ChangeOutcome.DONE)
            case LinkRequest.WAIT:
                return ActiveNumberChanged(phone_number=number, outcome=ChangeOutcome.WAITING)
            case LinkRequest.GIVE_UP:
                failure = seen_failure(seen, step.services[0])
                return ActiveNumberChanged(phone_number=number, outcome=ChangeOutcome.LINK_FAILED, failure=failure)
            case LinkRequest.UNLINK:
                names = {ActiveService.SERVICE_PLAN: "service_plan_id", ActiveService.CAMPAIGN: "campaign_id"}
                nothing = NO_LINKS.model_copy(update={names[service]: "" for service in step.services})
                line.ask(nothing, "unlink", now + timedelta(hours=self.unlink_hours))
                return ActiveNumberChanged(phone_number=number, outcome=ChangeOutcome.UNLINKING)
        line.fails = self.failing_links.get(number, {})
        line.ask(change.links, "link", now + timedelta(hours=self.link_hours))
        return ActiveNumberChanged(phone_number=number, outcome=ChangeOutcome.LINKING)


def a_wish(quantity: int, **changes: Any) -> RentWish:
    """A wish with an id of its own, and a limit that is enough for it."""
    fields = {
        "id": f"w{next(_counter)}",
        "customer": "Example Inc",
        "quantity": quantity,
        "search": SEARCH,
        "links": LINKS,
        "spending_limit": Money(amount=Decimal(1000), currency_id="USD"),
        "contact": CONTACT,
        "pace": PACE,
    }
    return RentWish.model_validate(fields | changes)


async def start_rent(scene: Scene, wish: RentWish, *, events_a_run: int = 4000) -> WorkflowHandle[Any, RentResult]:
    """Start `RentNumbers` for a wish."""
    shown = started_with(wish.id, wish.customer, Stage.PENDING, WaitingOn.NOBODY, wish.quantity)
    return await scene.start(
        rent_numbers.WORKFLOW,
        RentRequest(wish=wish, events_a_run=events_a_run),
        rent_workflow_id(wish.id),
        RentResult,
        shown,
    )


async def start_change(
    scene: Scene, world: RentedWorld, numbers: Sequence[str], change: ActiveNumbersChange, **changes: Any
) -> WorkflowHandle[Any, NumberListResult]:
    """Start `ChangeActiveNumbers` for these numbers."""
    name = f"c{next(_counter)}"
    fields = {"pace": PACE, "numbers": world.stored(numbers), "numbers_total": len(numbers)} | changes
    request = ChangeRequest.model_validate({"id": name, "change": change} | fields)
    shown = started_with(name, "", Stage.PENDING, WaitingOn.NOBODY, len(numbers))
    return await scene.start(
        change_active_numbers.WORKFLOW, request, active_change_workflow_id(name), NumberListResult, shown
    )
