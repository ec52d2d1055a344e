"""`HostingOrder`: submit one order, then follow it until every number in it has come to an end.

Callbacks alone are enough to finish, and so are polls alone. What an operator has to decide (an order that was
refused or rejected) waits for a decision and then settles with a reason. Numbers that are hosted and only not linked to
their campaign leave the order's course and recover on their own (`_recovery`).
"""

from temporalio import workflow
from temporalio.exceptions import ActivityError

from onboarding import reasons
from onboarding.callbacks import CALLBACK_SIGNAL, CallbackEvents
from onboarding.calls.hosting_orders import CREATE_ORDER, OrderObserved
from onboarding.contracts import hosting_order as contract
from onboarding.contracts.group import NUMBERS_RETURNED_SIGNAL, ORDER_SETTLED_SIGNAL
from onboarding.contracts.hosting_order import (
    AmendLoa,
    HostingOrderRequest,
    OrderResult,
    OrderState,
    OrderStatus,
)
from onboarding.contracts.operator import (
    CANCEL_UPDATE,
    RETRY_UPDATE,
    SKIP_UPDATE,
    STATUS_QUERY,
    ActionTaken,
    NumbersAction,
    OperatorAction,
    RetryAction,
)
from onboarding.details import order_details, stage_counts
from onboarding.errors import FailureType
from onboarding.model import Model
from onboarding.observations import OrderSeen
from onboarding.progress import NumberProgress, advance, ordered, submitted
from onboarding.reasons import Reason, reason
from onboarding.stages import Stage
from workflows._calling import call, failure_of
from workflows._confirmation import differing
from workflows._display import Display
from workflows._lifecycle import go_on_as_new, history_is_long, tell_workflow
from workflows._order_events import OrderEvents
from workflows._order_parts import create_order, in_order, loa_of, open_numbers, order_name, settled
from workflows._order_reads import OrderReads
from workflows._order_refusals import (
    refuse_fruitless_retry,
    refuse_unknown,
    refuse_useless_amendment,
    refuse_without_problem,
)
from workflows._order_retries import chosen_for_retry
from workflows._order_silence import order_silence
from workflows._order_waits import OrderWaits
from workflows._recovery import LinkRecoveries
from workflows._waiting import earliest, is_due, minding, news_or

REFUSALS = {
    FailureType.INVALID_ARGUMENT: reasons.ORDER_REFUSED,
    FailureType.NOT_FOUND: reasons.ORDER_REFUSED,
    FailureType.CONFLICT: reasons.ALREADY_IN_A_HOSTING_ORDER,
}


@workflow.defn(name=contract.WORKFLOW)
class HostingOrder:
    """One order at Sinch with up to 500 numbers."""

    @workflow.init
    def __init__(self, request: HostingOrderRequest) -> None:
        """State exists before the first callback arrives."""
        now = workflow.now()
        self._request = request
        self._state = request.state or OrderState(
            numbers={
                number: ordered(NumberProgress(phone_number=number), now, request.batch.campaign_id is not None)
                for number in request.phone_numbers
            }
        )
        self._rules = request.batch.rules.model_copy(update={"longest_wait": request.batch.pace.link_again})
        self._state.listening.begin(now)
        self._silence = order_silence(request, self._state)
        self._reads = OrderReads(request, self._state, self._advance)
        self._events = OrderEvents(self._state, self._advance)
        self._recoveries = LinkRecoveries(request, self._state, self._advance, self._reads.again)
        self._waits = OrderWaits(request, self._state, self._silence, self._recoveries)
        self._display = Display()
        self._woken = False

    @workflow.run
    async def run(self, request: HostingOrderRequest) -> OrderResult:
        """Submit, follow, settle; then tell the group how each number ended."""
        with self._display.until_cancelled():
            while self._open():
                await self._submit_if_needed()
                await self._read_if_due()
                await self._recoveries.go_on()
                await self._return_numbers()
                await self._mind_the_wait()
                self._show()
                await self._wait_for_news()
                await self._continue_as_new_if_long()
            await self._confirm_failures()
            await self._confirm_numbers()
        self._show()
        return await self._report()

    # the steps

    async def _submit_if_needed(self) -> None:
        state = self._state
        if state.hosting_order_id or state.problem or not in_order(self._state):
            return
        order = create_order(self._request, self._state)
        submission = call(CREATE_ORDER, order, f"order {len(order.numbers)} numbers", profile=self._profile)
        try:
            created = await minding(submission, self._silence.next_due, self._mind_the_silence)
        except ActivityError as error:
            kind, message = failure_of(error)
            if kind is FailureType.CONFLICT and await self._recoveries.take_over_imported(in_order(self._state)):
                self._order_again()
                return
            state.problem = reason(
                REFUSALS.get(kind, reasons.ORDER_REFUSED) if kind else reasons.ORDER_REFUSED, message
            )
            return
        state.hosting_order_id, state.order_state = created.hosting_order_id, created.state
        state.submitted_loa = order.loa
        for number in in_order(self._state):
            state.numbers[number.phone_number] = submitted(
                number, created.hosting_order_id, created.created_time, self._rules
            )
        state.last_read = workflow.now()
        state.polling = state.polling.after_read(self._request.batch.pace, news=True)
        state.listening.news(workflow.now())

    async def _read_if_due(self) -> None:
        state = self._state
        if not is_due(self._reads.next_due()):
            return
        state.read_now = False
        observed = await self._reads.observe()
        state.last_read = workflow.now()
        news = observed is not None and self._learn(observed)
        state.polling = state.polling.after_read(self._request.batch.pace, news=news)
        if news:
            state.listening.news(workflow.now())

    def _learn(self, observed: OrderObserved) -> bool:
        """Take in a snapshot; True where it held news."""
        state = self._state
        news = observed.state != state.order_state
        state.order_state = observed.state
        if observed.state == "REJECTED" and in_order(self._state):
            self._order_rejected()
            return True
        state.report = observed.report
        known = dict(state.numbers)
        records = {record.phone_number: record for record in observed.records}
        for number in list(state.numbers.values()):
            self._advance(number.phone_number, OrderSeen(state=observed.state))
            record = records.get(number.phone_number)
            if record is not None:
                self._advance(number.phone_number, record.model_copy(update={"order_state": observed.state}))
        return news or known != state.numbers

    def _order_rejected(self) -> None:
        """With a corrected LOA at hand the numbers are ordered anew, otherwise an operator decides."""
        if loa_of(self._request, self._state) != self._state.submitted_loa:
            self._order_again()
        else:
            self._state.problem = reason(reasons.ORDER_REJECTED)

    async def _mind_the_silence(self) -> None:
        await self._silence.mind()
        self._show()

    async def _mind_the_wait(self) -> None:
        """At the deadline of a wait settle what is open, with the reason, unless Sinch has a better one."""
        too_late = await self._waits.mind()
        if too_late is None:
            return
        if too_late.code == reasons.CARRIER_DEADLINE_PASSED:
            await self._reads.last_look()
        self._settle_open(too_late)

    async def _wait_for_news(self) -> None:
        if not self._open():
            return
        dues = (self._reads.next_due(), self._waits.next_due(), self._silence.next_due(), *self._recoveries.dues())
        await news_or(earliest(dues), lambda: self._woken or not self._open(), "until the next look")
        self._woken = False

    async def _confirm_failures(self) -> None:
        """Ask once more why numbers failed: whatever was read of them before may not have said all of it."""
        failed = [n for n in self._state.numbers.values() if n.stage is Stage.FAILED]
        in_this_order = [n for n in failed if n.recovery is None or n.recovery.hosted]
        if not self._state.problem:
            await self._reads.again(in_this_order)

    async def _confirm_numbers(self) -> None:
        """What Sinch calls completed is compared with what was asked; differences become findings."""
        numbers, done = self._state.numbers, [n for n in self._state.numbers.values() if n.stage is Stage.DONE]
        if not done or not self._state.hosting_order_id:
            return
        phone_numbers = [number.phone_number for number in done]
        for found in await differing(self._request.batch, self._state.hosting_order_id, phone_numbers):
            number = numbers[found.phone_number]
            numbers[found.phone_number] = number.model_copy(update={"findings": found.findings})

    async def _report(self) -> OrderResult:
        await workflow.wait_condition(workflow.all_handlers_finished)
        numbers = self._state.numbers.values()
        if self._request.report_to:
            await tell_workflow(
                self._request.report_to, ORDER_SETTLED_SIGNAL, settled(self._request, self._state, numbers)
            )
        return OrderResult(hosting_order_id=self._state.hosting_order_id, stages=stage_counts(numbers))

    async def _return_numbers(self) -> None:
        """Failed numbers that are to be tried again but cannot be linked are the group's to order anew."""
        chosen, self._state.to_return = self._state.to_return, []
        if chosen and self._request.report_to:
            numbers = [self._state.numbers[number] for number in chosen]
            await tell_workflow(
                self._request.report_to, NUMBERS_RETURNED_SIGNAL, settled(self._request, self._state, numbers)
            )

    async def _continue_as_new_if_long(self) -> None:
        if self._open() and history_is_long(self._request.events_a_run):
            await go_on_as_new(self._request, self._state)

    # what the steps are made of

    def _open(self) -> list[NumberProgress]:
        return open_numbers(self._state)

    @property
    def _profile(self) -> str:
        return self._request.batch.profile

    def _advance(self, phone_number: str, observation: Model) -> None:
        known = self._state.numbers.get(phone_number)
        if known is not None:
            now = workflow.now()
            number = advance(known, observation, now, self._rules)
            self._state.numbers[phone_number] = number
            if number is not known and number != known:
                self._state.listening.news(now)

    def _order_again(self) -> None:
        """Forget the order that came to nothing; the open numbers go into a new one."""
        state, campaign = self._state, self._request.batch.campaign_id is not None
        state.attempt += 1
        state.problem = state.hosting_order_id = state.report = state.vigil = None
        state.order_state = ""
        state.listening.news(workflow.now())
        for number in in_order(self._state):
            state.numbers[number.phone_number] = ordered(number, workflow.now(), campaign)
        self._woken = True

    def _settle_open(self, why: Reason) -> None:
        for number in in_order(self._state):
            self._state.numbers[number.phone_number] = number.moved(Stage.FAILED, workflow.now(), why)

    def _show(self) -> None:
        numbers = list(self._state.numbers.values())
        open_numbers = self._open()
        self._display.show(
            stage=min((n.stage for n in open_numbers), key=lambda s: s.rank, default=Stage.DONE),
            waiting_on=self._waits.waiting_on,
            hosting_order=self._state.hosting_order_id,
            numbers_done=sum(n.stage is Stage.DONE for n in numbers),
            numbers_failed=sum(n.stage is Stage.FAILED for n in numbers),
            deadline=earliest([self._waits.deadline(), *self._recoveries.deadlines()]),
            details=order_details(self._request.batch.id, self.status()),
        )

    # what the outside can tell and ask

    @workflow.signal(name=CALLBACK_SIGNAL)
    def callback_events(self, callbacks: CallbackEvents) -> None:
        """Take Sinch's events; repeated and late ones change nothing."""
        self._woken |= self._silence.since is not None
        for event in callbacks.events:
            self._woken |= self._events.take(event)

    @workflow.signal(name=contract.STILL_THERE_SIGNAL)
    def still_there(self) -> None:
        """Asked by the group; that the signal arrives is the answer."""

    @workflow.signal(name=contract.SKIP_NUMBERS_SIGNAL)
    def skip_numbers(self, action: NumbersAction) -> None:
        """The group's way to skip numbers that are in this order."""
        self._skip(action)

    @workflow.signal(name=contract.RETRY_NUMBERS_SIGNAL)
    def retry_numbers(self, action: RetryAction) -> None:
        """The group's way to have numbers of this order tried again."""
        if self._open():
            self._retry(action)

    @workflow.query(name=STATUS_QUERY)
    def status(self) -> OrderStatus:
        """Where the order stands."""
        state = self._state
        return OrderStatus(
            wave=self._request.wave,
            attempt=state.attempt,
            hosting_order_id=state.hosting_order_id,
            order_state=state.order_state,
            waiting_on=self._waits.waiting_on,
            waiting_since=self._waits.waiting_since,
            silent_since=self._silence.since,
            problem=state.problem,
            callbacks_received=state.callbacks_received,
            numbers=tuple(state.numbers.values()),
        )

    @workflow.update(name=contract.AMEND_LOA_UPDATE)
    def amend_loa(self, amended: AmendLoa) -> ActionTaken:
        """Take a corrected LOA; Sinch cannot change the LOA of an order, so it counts for the next one."""
        self._state.loa = amended.loa
        if self._state.problem:
            self._order_again()
            return ActionTaken(message="The numbers are ordered again with the corrected LOA.")
        return ActionTaken(
            message=f"Ask Sinch to void hosting order {order_name(self._request, self._state)}: "
            "as soon as it is rejected, the numbers are ordered again with the corrected LOA."
        )

    @amend_loa.validator
    def _may_amend_loa(self, amended: AmendLoa) -> None:
        refuse_useless_amendment(self._request, self._state, amended)

    @workflow.update(name=RETRY_UPDATE)
    def retry(self, action: RetryAction) -> ActionTaken:
        """Try again what failed: the whole order, links of hosted numbers, or single numbers in another order."""
        return ActionTaken(message=self._retry(action))

    def _retry(self, action: RetryAction) -> str:
        chosen = chosen_for_retry(action, self._request, self._state)
        if chosen.whole_order:
            self._order_again()
        self._recoveries.retry(chosen.links)
        self._state.to_return += chosen.returned
        self._woken = True
        return chosen.told

    @retry.validator
    def _may_retry(self, action: RetryAction) -> None:
        refuse_fruitless_retry(self._request, self._state, action)

    @workflow.update(name=CANCEL_UPDATE)
    def cancel(self, action: OperatorAction) -> ActionTaken:
        """Give up an order that came to nothing."""
        self._settle_open(self._state.problem or reason(reasons.ORDER_REFUSED))
        return ActionTaken(message="The order is given up.")

    @cancel.validator
    def _may_cancel(self, action: OperatorAction) -> None:
        refuse_without_problem(self._request, self._state)

    @workflow.update(name=SKIP_UPDATE)
    def skip(self, action: NumbersAction) -> ActionTaken:
        """Stop following numbers; Sinch goes on with them, an order cannot be changed there."""
        return ActionTaken(message=f"{self._skip(action)} numbers are no longer followed; Sinch may still finish them.")

    @skip.validator
    def _may_skip(self, action: NumbersAction) -> None:
        refuse_unknown(self._state, action.phone_numbers)

    def _skip(self, action: NumbersAction) -> int:
        skipped = [n for n in self._open() if n.phone_number in action.phone_numbers]
        why = reason(reasons.SKIPPED_BY_OPERATOR)
        for number in skipped:
            self._state.numbers[number.phone_number] = number.moved(Stage.SKIPPED, workflow.now(), why)
        self._woken = True
        return len(skipped)
