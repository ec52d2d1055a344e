"""Campaign links that failed in a hosting order: why, when they are tried again, and whom they wait for meanwhile.

The numbers are hosted already, so they are linked again and not ordered again. Events and reads each are enough to
follow a further try. Nothing here costs an event while no link has failed.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError

from onboarding import linking_again, notices, reasons
from onboarding.calls.linking import LINK_NUMBERS, READ_LINKS, LinkAgain, LinkOutcome, LinkTried, ReadLinks
from onboarding.calls.notifications import Notice
from onboarding.contracts.hosting_order import HostingOrderRequest, OrderState
from onboarding.link_recovery import LinkRecovery, RecoveryPhase
from onboarding.model import Model
from onboarding.observations import CampaignLinkSeen
from onboarding.pace import Polling, Vigil
from onboarding.policies import recovery_of
from onboarding.progress import NumberProgress
from onboarding.reasons import reason
from onboarding.stages import WaitingOn
from workflows._calling import call
from workflows._order_parts import order_name
from workflows._waiting import tell

Take = Callable[[str, Model], None]
ReadOrder = Callable[[Iterable[NumberProgress]], Awaitable[None]]


class LinkRecoveries:
    """The recoveries of all numbers of one order."""

    def __init__(
        self,
        request: HostingOrderRequest,
        state: OrderState,
        take: Take,
        read: ReadOrder,
    ) -> None:
        """`take` takes in what was seen of a number; `read` reads numbers in the order once more."""
        self._request = request
        self._state = state
        self._take = take
        self._read_order = read

    async def go_on(self) -> None:
        """Do what is due for numbers whose campaign link failed."""
        await self._look_up()
        await self._link()
        await self._read_if_due()
        await self._mind_the_waits()

    def all(self, *phases: RecoveryPhase) -> list[NumberProgress]:
        """Open numbers in recovery, in these phases or in any."""
        return [
            n for n in self._state.numbers.values() if n.recovering and (not phases or n.recovering.phase in phases)
        ]

    @property
    def waiting_on(self) -> WaitingOn:
        """Whom numbers in recovery wait for most."""
        if self.all(RecoveryPhase.OPERATOR):
            return WaitingOn.OPERATOR
        return WaitingOn.CARRIER if self.all() else WaitingOn.NOBODY

    @property
    def waiting_since(self) -> datetime | None:
        """Since when."""
        asked = self.all(RecoveryPhase.OPERATOR) or self.all()
        return min((_recovery(number).since for number in asked), default=None)

    def dues(self) -> list[datetime]:
        """When something has to be done next."""
        dues = [_look_up_due(number, self._request) for number in self.all(RecoveryPhase.LOOK_UP)]
        dues += [_retry_at(number) for number in self.all(RecoveryPhase.WAIT)]
        dues += [vigil.message_due(self._request.batch.pace.operator) for vigil in self._state.link_vigils.values()]
        dues += self.deadlines()
        if self.all(RecoveryPhase.LINKING):
            dues.append(self._next_read())
        return dues

    def deadlines(self) -> list[datetime]:
        """When the numbers that wait for somebody are given up."""
        return [self._deadline(n) for n in self.all(RecoveryPhase.OPERATOR, RecoveryPhase.LINKING)]

    def retry(self, numbers: Iterable[NumberProgress]) -> None:
        """Link these again as soon as may be."""
        for number in numbers:
            self._put(linking_again.link_now(number, workflow.now()))

    async def take_over_imported(self, numbers: Sequence[NumberProgress]) -> bool:
        """Numbers that Sinch does not take into an order because it hosts them already only lack their link."""
        links = await self._read_links(numbers, "are they imported already?")
        for link in links:
            number = self._state.numbers[link.phone_number]
            if link.imported and not number.is_final:
                self._put(linking_again.hosted_already(number, workflow.now()))
        return any(link.imported for link in links)

    # the steps

    async def _look_up(self) -> None:
        """Why did the links fail, and are the numbers imported? One look for all of them."""
        numbers = self.all(RecoveryPhase.LOOK_UP)
        if not numbers or workflow.now() < min(_look_up_due(number, self._request) for number in numbers):
            return
        await self._read_order(numbers)
        numbers = self.all(RecoveryPhase.LOOK_UP)
        links = await self._read_links(numbers, "why did the links fail?") if numbers else ()
        found = {link.phone_number: link for link in links}
        for number in numbers:
            unknown = CampaignLinkSeen(phone_number=number.phone_number)
            self._take(number.phone_number, found.get(number.phone_number, unknown))

    async def _link(self) -> None:
        now, pace = workflow.now(), self._request.batch.pace
        due = [number.phone_number for number in self.all(RecoveryPhase.WAIT) if _retry_at(number) <= now]
        if not due:
            return
        for phone_number in due:
            self._put(linking_again.linking(self._state.numbers[phone_number], now))
        request = LinkAgain.model_validate(self._wanted(due))
        try:
            linked = await call(LINK_NUMBERS, request, f"link {len(due)} numbers again", profile=self._profile)
        except ActivityError as error:
            workflow.logger.warning("%s numbers could not be linked again: %s", len(due), error.cause)
            for number in self._still_recovering(due):
                later = workflow.now() + pace.poll_longest.fixed
                self._put(linking_again.link_postponed(number, later, workflow.now()))
            return
        self._state.listening.news(workflow.now())
        for tried in linked.numbers:
            self._take_answer(tried)
        self._state.links_read = workflow.now()
        self._state.link_polling = Polling().after_read(pace, news=True)

    def _take_answer(self, tried: LinkTried) -> None:
        for number in self._still_recovering([tried.phone_number]):
            match tried.outcome:
                case LinkOutcome.LINKING:
                    self._put(linking_again.link_sent(number, tried.newer_than, workflow.now()))
                case LinkOutcome.LINKED:
                    self._take(number.phone_number, CampaignLinkSeen(phone_number=number.phone_number, state="DONE"))
                case LinkOutcome.NOT_IMPORTED:
                    self._take(number.phone_number, CampaignLinkSeen(phone_number=number.phone_number, imported=False))
                case LinkOutcome.REFUSED:
                    self._put(linking_again.link_refused(number, tried.message, workflow.now()))

    async def _read_if_due(self) -> None:
        state, numbers = self._state, self.all(RecoveryPhase.LINKING)
        if not numbers or workflow.now() < self._next_read():
            return
        state.read_links_now = False
        known = dict(state.numbers)
        for link in await self._read_links(numbers, "how do the links go?"):
            self._take(link.phone_number, link)
        state.links_read = workflow.now()
        state.link_polling = state.link_polling.after_read(self._request.batch.pace, news=known != state.numbers)

    async def _mind_the_waits(self) -> None:
        """At the deadline of a number look once more, then give it up; tell the contact about the others."""
        late = self._overdue()
        for link in await self._read_links(late, "a last look before they are given up") if late else ():
            self._take(link.phone_number, link)
        for number in self._overdue():
            in_link = _recovery(number).phase is RecoveryPhase.LINKING
            why = reason(reasons.CARRIER_DEADLINE_PASSED) if in_link else None
            self._put(linking_again.given_up(number, workflow.now(), why))
        await self._tell_the_operator()

    async def _tell_the_operator(self) -> None:
        vigils, patience = self._state.link_vigils, self._request.batch.pace.operator
        waiting: defaultdict[str, list[NumberProgress]] = defaultdict(list)
        for number in self.all(RecoveryPhase.OPERATOR):
            waiting[_recovery(number).why.code].append(number)
        for code in [code for code in vigils if code not in waiting]:
            del vigils[code]
        for code, numbers in waiting.items():
            since = min(_recovery(number).since for number in numbers)
            vigil = vigils.setdefault(code, Vigil(waiting_on=WaitingOn.OPERATOR, since=since))
            if workflow.now() >= vigil.message_due(patience):
                vigils[code] = await tell(vigil, self._notice(vigil, numbers), self._request.batch.pace)

    def _notice(self, vigil: Vigil, numbers: Sequence[NumberProgress]) -> Notice:
        why = _recovery(numbers[0]).why
        phone_numbers = [number.phone_number for number in numbers]
        who = recovery_of(why.code).who
        return notices.link_notice(
            self._request.batch, order_name(self._request, self._state), vigil, why, who, phone_numbers
        )

    # what the steps are made of

    @property
    def _profile(self) -> str:
        return self._request.batch.profile

    def _wanted(self, phone_numbers: Sequence[str]) -> dict[str, object]:
        batch = self._request.batch
        return {
            "phone_numbers": tuple(phone_numbers),
            "service_plan_id": batch.service_plan_id,
            "campaign_id": batch.campaign_id,
        }

    async def _read_links(self, numbers: Sequence[NumberProgress], why: str) -> Sequence[CampaignLinkSeen]:
        """Nothing where Sinch cannot be read now."""
        request = ReadLinks.model_validate(self._wanted([number.phone_number for number in numbers]))
        summary = f"{len(numbers)} numbers: {why}"
        try:
            links = (await call(READ_LINKS, request, summary, profile=self._profile)).links
        except ActivityError as error:
            workflow.logger.warning(
                "links of %s could not be read: %s", order_name(self._request, self._state), error.cause
            )
            return ()
        self._state.listening.heard(workflow.now())
        return links

    def _next_read(self) -> datetime:
        state = self._state
        if state.read_links_now or state.links_read is None:
            return workflow.now()
        return state.links_read + state.link_polling.wait

    def _deadline(self, number: NumberProgress) -> datetime:
        recovery, pace = _recovery(number), self._request.batch.pace
        patience = pace.operator if recovery.phase is RecoveryPhase.OPERATOR else pace.carrier
        return patience.deadline.after(recovery.since)

    def _overdue(self) -> list[NumberProgress]:
        waiting = self.all(RecoveryPhase.OPERATOR, RecoveryPhase.LINKING)
        return [number for number in waiting if workflow.now() >= self._deadline(number)]

    def _still_recovering(self, phone_numbers: Iterable[str]) -> list[NumberProgress]:
        """A number may have been skipped, or told of, while Sinch was asked."""
        numbers = (self._state.numbers[phone_number] for phone_number in phone_numbers)
        return [n for n in numbers if n.recovering and n.recovering.phase is RecoveryPhase.LINKING]

    def _put(self, number: NumberProgress) -> None:
        self._state.numbers[number.phone_number] = number


def _recovery(number: NumberProgress) -> LinkRecovery:
    assert number.recovery is not None  # noqa: S101 - only numbers in recovery come here
    return number.recovery


def _retry_at(number: NumberProgress) -> datetime:
    recovery = _recovery(number)
    return recovery.retry_at or recovery.since


def _look_up_due(number: NumberProgress, request: HostingOrderRequest) -> datetime:
    """A little later than the failure: the event with its code may come after the read that showed it."""
    return request.batch.pace.poll_first.after(_recovery(number).since)
