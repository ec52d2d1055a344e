"""Everything outside Temporal, as the workflows meet it: Sinch, the orders desk, the mail server, the documents.

The activities have their real wire names and models, but end in an `OutsideWorld`, which a test scripts (how
reviews and orders go on, who is away, what is refused) and asks afterwards what was done to it, and when.
All instants are the server's, so hours pass as fast as the test server skips them.
"""

import asyncio
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from temporalio import activity
from temporalio.exceptions import ApplicationError

from onboarding.batch import Batch, GroupSlice, Manifest, StoredFile
from onboarding.calls.call import Call
from onboarding.calls.confirmation import CONFIRM_NUMBERS, ConfirmNumbers, NumberFindings, NumbersConfirmed
from onboarding.calls.documents import (
    READ_MANIFEST,
    STORE_GROUP_ROWS,
    WRITE_REPORT,
    GroupRows,
    GroupRowsStored,
    ManifestPage,
    ReadManifest,
    ReportWritten,
    ResultRow,
    WriteReport,
)
from onboarding.calls.hosting_orders import (
    CREATE_ORDER,
    OBSERVE_ORDER,
    CreateOrder,
    ObserveOrder,
    OrderCreated,
    OrderObserved,
)
from onboarding.calls.invoices import SEND_INVOICES, InvoicesSent, SendInvoices
from onboarding.calls.linking import (
    LINK_NUMBERS,
    READ_LINKS,
    LinkAgain,
    LinkOutcome,
    LinksRead,
    LinkTried,
    NumbersLinked,
    ReadLinks,
)
from onboarding.calls.notifications import SEND_NOTICE, Notice, NoticeSent
from onboarding.calls.qualification import (
    ADD_NUMBERS,
    FIND_HOSTING_FAILURES,
    READ_REVIEWS,
    AddNumbers,
    FindHostingFailures,
    HostingFailures,
    NumbersAdded,
    ReadReviews,
    RefusedNumber,
    Reviews,
)
from onboarding.calls.voice import (
    CHECK_CODE,
    LOOK_AFTER_CALL,
    PLACE_CALL,
    CallOutcome,
    CallPlaced,
    CheckCode,
    CodeChecked,
    LookAfterCall,
    PlaceCall,
)
from onboarding.errors import FailureType
from onboarding.findings import Finding
from onboarding.model import Model
from onboarding.observations import CampaignLinkSeen, CarrierError, HostingFailureSeen
from onboarding.stages import Stage
from onboarding.task_queues import MAIL, SINCH, WORKFLOWS
from tests.workflows.sinch_side import ACCEPTED, COMPLETES, QUALIFIES, Course, ImportedNumber, Line, Order

SINCH_CALLS = (
    ADD_NUMBERS,
    READ_REVIEWS,
    FIND_HOSTING_FAILURES,
    PLACE_CALL,
    LOOK_AFTER_CALL,
    CHECK_CODE,
    CREATE_ORDER,
    OBSERVE_ORDER,
    LINK_NUMBERS,
    READ_LINKS,
    CONFIRM_NUMBERS,
)

Answer = TypeVar("Answer", bound=Model)


@dataclass(frozen=True)
class Recorded:
    """One attempt of an activity; `at` is the instant at which the server made it due."""

    name: str
    request: Any
    workflow_id: str
    at: datetime
    attempt: int


@dataclass(frozen=True)
class Disturbance:
    """What happens to one attempt: its work is done or not, then `error` comes instead of the answer."""

    work_done: bool
    error: Exception


class Held:
    """An attempt that has done its work but does not answer before `release` is set, or its worker is stopped."""

    def __init__(self) -> None:
        """It has not begun yet."""
        self.begun = asyncio.Event()
        self.release = asyncio.Event()


class OutsideWorld:
    """By default every number qualifies, the desk accepts all invoices, and every order completes."""

    def __init__(self) -> None:
        """Nobody has done anything yet."""
        self.recorded: list[Recorded] = []
        self.in_flight = 0
        self.qualification: Course = QUALIFIES
        self.qualification_of: dict[str, Course] = {}
        self.desk: Course = ACCEPTED
        self.desk_of: dict[str, Course] = {}
        self.orders_go: Course = COMPLETES
        self.orders_go_of: dict[str, Course] = {}
        self.failing: dict[str, str] = {}
        self.carrier_errors: dict[str, CarrierError] = {}
        self.not_added: dict[str, str] = {}
        self.call_answers: dict[str, deque[tuple[CallOutcome, bool]]] = defaultdict(deque)
        self.lines: dict[str, Line] = defaultdict(Line)
        self.orders: dict[str, Order] = {}
        self.imported: dict[str, ImportedNumber] = {}
        self.imported_cannot_be_ordered = False
        self.links_refused: dict[str, str] = {}
        self.differences: dict[str, deque[tuple[Finding, ...]]] = defaultdict(deque)
        self.rows: dict[int, tuple[ResultRow, ...]] = {}
        self._slices: dict[str, tuple[Manifest, tuple[GroupSlice, ...]]] = {}
        self._disturbances: dict[str, deque[Disturbance | Held]] = defaultdict(deque)
        self._away: dict[str, timedelta] = {}
        self._away_until: dict[str, datetime] = {}

    # what a test scripts

    def manifest(self, batch: Batch, slices: Sequence[GroupSlice]) -> StoredFile:
        """Keep a batch in the document store."""
        total = sum(len(part.numbers) for part in slices)
        files = tuple(StoredFile(sha256=f"slice-{part.sequence}", name="slice.json", size=1) for part in slices)
        self._slices[batch.id] = (Manifest(batch=batch, numbers_total=total, slices=files), tuple(slices))
        return StoredFile(sha256=batch.id, name=f"{batch.id}.json", size=1)

    def link_fails(self, phone_number: str, *codes: str | None) -> None:
        """The number's order hosts it but fails to link it, for the first code; later tries fail for the others."""
        self.failing[phone_number] = "campaign"
        self.imported[phone_number] = ImportedNumber(codes)

    def away(self, *calls: Call[Any, Any], hours: float) -> None:
        """Each of these calls fails for so long, from its next attempt on."""
        for call in calls:
            self._away[call.name] = timedelta(hours=hours)

    def refuse(self, call: Call[Any, Any], kind: FailureType, message: str) -> None:
        """The next attempt is refused for good."""
        self._disturb(call, False, ApplicationError(message, type=kind, non_retryable=True))

    def lose_answer(self, call: Call[Any, Any], *, work_done: bool) -> None:
        """The answer to the next attempt gets lost on the way."""
        self._disturb(call, work_done, ApplicationError("connection lost", type=FailureType.OUTCOME_UNKNOWN))

    def break_down(self, call: Call[Any, Any], *, work_done: bool) -> None:
        """The next attempt ends in an error nobody foresaw."""
        self._disturb(call, work_done, RuntimeError("out of memory"))

    def hold(self, call: Call[Any, Any]) -> Held:
        """Keep the answer to the next attempt back."""
        held = Held()
        self._disturbances[call.name].append(held)
        return held

    # what a test asks

    def made(self, call: Call[Any, Any]) -> list[Recorded]:
        """All attempts of this call, in order."""
        return [recorded for recorded in self.recorded if recorded.name == call.name]

    def requests(self, call: Call[Any, Any]) -> list[Any]:
        """The requests of this call, however many attempts each took."""
        return [recorded.request for recorded in self.made(call) if recorded.attempt == 1]

    def rings(self, phone_number: str) -> list[datetime]:
        """When this phone rang."""
        return self.lines[phone_number].rings

    def linked_again(self, phone_number: str) -> list[datetime]:
        """When this number was linked again."""
        return self.imported[phone_number].linked_at

    def order_named(self, display_name: str) -> Order:
        """The hosting order of this display name."""
        return next(order for order in self.orders.values() if order.request.display_name == display_name)

    # the activities

    def activities(self, task_queue: str) -> list[Callable[..., Any]]:
        """The activities of one task queue."""
        activities: dict[str, list[Callable[..., Any]]] = {
            WORKFLOWS: [self.read_manifest, self.store_group_rows, self.write_report],
            SINCH: [
                self.add_numbers,
                self.read_reviews,
                self.find_hosting_failures,
                self.place_call,
                self.look_after_call,
                self.check_code,
                self.create_order,
                self.observe_order,
                self.link_numbers,
                self.read_links,
                self.confirm_numbers,
            ],
            MAIL: [self.send_invoices, self.send_notice],
        }
        return activities[task_queue]

    @activity.defn(name=READ_MANIFEST.name)
    async def read_manifest(self, request: ReadManifest) -> ManifestPage:
        """One page of the batch."""
        manifest, slices = self._slices[request.manifest.sha256]
        page = slices[request.offset : request.offset + request.count]
        answer = ManifestPage(batch=manifest.batch, slices_total=len(slices), slices=page)
        return await self._serve(READ_MANIFEST, request, lambda now: answer)

    @activity.defn(name=STORE_GROUP_ROWS.name)
    async def store_group_rows(self, request: GroupRows) -> GroupRowsStored:
        """Keep the rows of one group."""

        def work(now: datetime) -> GroupRowsStored:
            self.rows[request.sequence] = request.rows
            return GroupRowsStored(file=StoredFile(sha256=f"rows-{request.sequence}", name="rows.json", size=1))

        return await self._serve(STORE_GROUP_ROWS, request, work)

    @activity.defn(name=WRITE_REPORT.name)
    async def write_report(self, request: WriteReport) -> ReportWritten:
        """Count the numbers; those of groups that never reported are cancelled or were ended from outside."""

        def work(now: datetime) -> ReportWritten:
            counts: Counter[str] = Counter()
            for part in self._slices[request.manifest.sha256][1]:
                if part.sequence in request.groups:
                    counts.update(row.stage.value for row in self.rows[part.sequence])
                else:
                    stage = Stage.FAILED if part.sequence in request.vanished else Stage.CANCELLED
                    counts[stage.value] += len(part.numbers)
            return ReportWritten(csv="report.csv", json_name="report.json", stages=dict(counts))

        return await self._serve(WRITE_REPORT, request, work)

    @activity.defn(name=CONFIRM_NUMBERS.name)
    async def confirm_numbers(self, request: ConfirmNumbers) -> NumbersConfirmed:
        """Each look at a number shows the next of its differences; without one, all is as asked."""

        def work(now: datetime) -> NumbersConfirmed:
            seen = {n: self.differences[n].popleft() for n in request.phone_numbers if self.differences.get(n)}
            return NumbersConfirmed(
                numbers=tuple(NumberFindings(phone_number=n, findings=found) for n, found in seen.items() if found)
            )

        return await self._serve(CONFIRM_NUMBERS, request, work)

    @activity.defn(name=ADD_NUMBERS.name)
    async def add_numbers(self, request: AddNumbers) -> NumbersAdded:
        """Take the numbers for qualification; those Sinch has already are as they are."""

        def work(now: datetime) -> NumbersAdded:
            refused = [n for n in request.phone_numbers if n in self.not_added]
            for number in request.phone_numbers:
                if number not in refused and not self.lines[number].review.at(now):
                    self.lines[number].review.plan(now, self.qualification_of.get(number, self.qualification))
            return NumbersAdded(
                refused=tuple(RefusedNumber(phone_number=n, message=self.not_added[n]) for n in refused),
                reviews=self._reviews(request.phone_numbers, now),
            )

        return await self._serve(ADD_NUMBERS, request, work)

    @activity.defn(name=READ_REVIEWS.name)
    async def read_reviews(self, request: ReadReviews) -> Reviews:
        """Where the numbers stand."""
        return await self._serve(READ_REVIEWS, request, lambda now: self._reviews(request.phone_numbers, now))

    @activity.defn(name=FIND_HOSTING_FAILURES.name)
    async def find_hosting_failures(self, request: FindHostingFailures) -> HostingFailures:
        """Those of the numbers that could not be hosted."""

        def work(now: datetime) -> HostingFailures:
            reviews = {number: self.lines[number].review for number in request.phone_numbers}
            return HostingFailures(
                failures=tuple(
                    HostingFailureSeen(phone_number=number, updated=review.moved(now))
                    for number, review in reviews.items()
                    if review.at(now) == "HOSTING_FAILED"
                )
            )

        return await self._serve(FIND_HOSTING_FAILURES, request, work)

    @activity.defn(name=PLACE_CALL.name)
    async def place_call(self, request: PlaceCall) -> CallPlaced:
        """Ring the phone, unless the number needs no call; `call_answers` may say otherwise."""
        line = self.lines[request.phone_number]

        def work(now: datetime) -> CallPlaced:
            if not self.call_answers[request.phone_number]:
                return line.answer_call(now)
            outcome, rings = self.call_answers[request.phone_number].popleft()
            before = line.seen(now)
            if rings:
                line.ring(now)
            return CallPlaced(outcome=outcome, message=f"the answer was {outcome.value}", seen=before)

        return await self._serve(PLACE_CALL, request, work)

    @activity.defn(name=LOOK_AFTER_CALL.name)
    async def look_after_call(self, request: LookAfterCall) -> CallPlaced:
        """Whether a call whose answer was lost was placed."""
        line = self.lines[request.phone_number]
        return await self._serve(LOOK_AFTER_CALL, request, lambda now: line.look_after_call(request.seen, now))

    @activity.defn(name=CHECK_CODE.name)
    async def check_code(self, request: CheckCode) -> CodeChecked:
        """Judge the code."""
        line = self.lines[request.phone_number]
        return await self._serve(CHECK_CODE, request, lambda now: line.judge(request.code, now))

    @activity.defn(name=CREATE_ORDER.name)
    async def create_order(self, request: CreateOrder) -> OrderCreated:
        """Create the order; a second attempt finds what the first one made."""

        def work(now: datetime) -> OrderCreated:
            if self.imported_cannot_be_ordered and any(number in self.imported for number in request.numbers):
                raise ApplicationError("already imported", type=FailureType.CONFLICT, non_retryable=True)
            known = [o for o in self.orders.values() if o.request.display_name == request.display_name]
            order = known[0] if known else self._new_order(request, now)
            return OrderCreated(
                hosting_order_id=order.order_id, state=order.states.at(now), created_time=order.created_at
            )

        return await self._serve(CREATE_ORDER, request, work)

    @activity.defn(name=OBSERVE_ORDER.name)
    async def observe_order(self, request: ObserveOrder) -> OrderObserved:
        """State, report and records of the order."""
        order = self.orders[request.hosting_order_id]
        return await self._serve(
            OBSERVE_ORDER, request, lambda now: order.observed(now, request.known_report, request.phone_numbers)
        )

    @activity.defn(name=LINK_NUMBERS.name)
    async def link_numbers(self, request: LinkAgain) -> NumbersLinked:
        """Link what is imported and neither linked nor being linked."""

        def link(number: str, now: datetime) -> LinkTried:
            if number in self.links_refused:
                refusal = self.links_refused[number]
                return LinkTried(phone_number=number, outcome=LinkOutcome.REFUSED, message=refusal)
            if number not in self.imported:
                return LinkTried(phone_number=number, outcome=LinkOutcome.NOT_IMPORTED)
            state = self.imported[number].seen(number, now).state
            if state == "DONE":
                return LinkTried(phone_number=number, outcome=LinkOutcome.LINKED)
            if state == "FAILED":
                self.imported[number].linked_at.append(now)
            newer_than = self.imported[number].linked_at[-1]
            return LinkTried(phone_number=number, outcome=LinkOutcome.LINKING, newer_than=newer_than)

        return await self._serve(
            LINK_NUMBERS,
            request,
            lambda now: NumbersLinked(numbers=tuple(link(number, now) for number in request.phone_numbers)),
        )

    @activity.defn(name=READ_LINKS.name)
    async def read_links(self, request: ReadLinks) -> LinksRead:
        """How the numbers are linked."""

        def read(number: str, now: datetime) -> CampaignLinkSeen:
            imported = self.imported.get(number)
            return imported.seen(number, now) if imported else CampaignLinkSeen(phone_number=number, imported=False)

        return await self._serve(
            READ_LINKS,
            request,
            lambda now: LinksRead(links=tuple(read(number, now) for number in request.phone_numbers)),
        )

    @activity.defn(name=SEND_INVOICES.name)
    async def send_invoices(self, request: SendInvoices) -> InvoicesSent:
        """The orders desk starts to review every number in the mail."""

        def work(now: datetime) -> InvoicesSent:
            for number in request.phone_numbers:
                self.lines[number].review.plan(now, self.desk_of.get(number, self.desk))
            return InvoicesSent(message_id=f"<{request.batch}.{request.sequence}.{request.attempt}>")

        return await self._serve(SEND_INVOICES, request, work)

    @activity.defn(name=SEND_NOTICE.name)
    async def send_notice(self, request: Notice) -> NoticeSent:
        """The mail server takes the notice."""
        return await self._serve(SEND_NOTICE, request, lambda now: NoticeSent(message_id=request.key))

    # what they are made of

    async def _serve(self, call: Call[Any, Answer], request: Model, work: Callable[[datetime], Answer]) -> Answer:
        info = activity.info()
        now = info.current_attempt_scheduled_time
        self.recorded.append(Recorded(call.name, request, info.workflow_id or "", now, info.attempt))
        if call.name in self._away:
            self._away_until[call.name] = now + self._away.pop(call.name)
        self.in_flight += 1
        try:
            return await self._answer(call, work, now)
        finally:
            self.in_flight -= 1

    async def _answer(self, call: Call[Any, Answer], work: Callable[[datetime], Answer], now: datetime) -> Answer:
        if now < self._away_until.get(call.name, now):
            raise ApplicationError("cannot be reached", type=FailureType.UNAVAILABLE)
        disturbances = self._disturbances[call.name]
        if not disturbances:
            return work(now)
        disturbance = disturbances.popleft()
        if isinstance(disturbance, Held):
            answer = work(now)
            disturbance.begun.set()
            await disturbance.release.wait()
            return answer
        if disturbance.work_done:
            work(now)
        raise disturbance.error

    def _disturb(self, call: Call[Any, Any], work_done: bool, error: Exception) -> None:
        self._disturbances[call.name].append(Disturbance(work_done, error))

    def _reviews(self, phone_numbers: Sequence[str], now: datetime) -> Reviews:
        states: dict[str, list[str]] = {}
        for number in phone_numbers:
            state = self.lines[number].review.at(now)
            if state:
                states.setdefault(state, []).append(number)
        return Reviews(states={state: tuple(numbers) for state, numbers in states.items()})

    def _new_order(self, request: CreateOrder, now: datetime) -> Order:
        order = Order(f"order-{len(self.orders) + 1}", request, self.failing, now, self.carrier_errors)
        order.states.plan(now, self.orders_go_of.get(request.display_name, self.orders_go))
        self.orders[order.order_id] = order
        return order
