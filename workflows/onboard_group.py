"""`OnboardGroup`: up to 500 numbers from qualification to the end of their hosting orders.

Numbers that are ready are ordered in waves, so the slowest number holds nobody up: a wave leaves when all others
are settled, when an order is full, or when the wave timer fires.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from onboarding import reasons
from onboarding.calls.documents import STORE_GROUP_ROWS, GroupRows, ResultRow
from onboarding.calls.invoices import SEND_INVOICES, SendInvoices
from onboarding.calls.qualification import ADD_NUMBERS, READ_REVIEWS, AddNumbers, ReadReviews, Reviews
from onboarding.contracts import group as contract
from onboarding.contracts.batch import GROUP_SETTLED_SIGNAL
from onboarding.contracts.group import GroupRequest, GroupSettled, GroupState, GroupStatus
from onboarding.contracts.hosting_order import OrderSettled
from onboarding.contracts.operator import (
    CANCEL_UPDATE,
    RETRY_UPDATE,
    SKIP_UPDATE,
    STATUS_QUERY,
    ActionTaken,
    NumbersAction,
    OperatorAction,
)
from onboarding.contracts.verification import VerificationResult
from onboarding.details import group_details, stage_counts
from onboarding.group_numbers import GroupNumbers
from onboarding.observations import Review
from onboarding.progress import NumberProgress, advance, retried
from onboarding.stages import Stage
from workflows._calling import call, failure_of
from workflows._display import Display
from workflows._group_waits import GroupWaits
from workflows._lifecycle import go_on_as_new, history_is_long, tell_workflow
from workflows._orders_in_flight import OrdersInFlight
from workflows._voice_challenges import VoiceChallenges
from workflows._waiting import earliest, is_due, minding, news_or

Answer = TypeVar("Answer")
Fits = Callable[[NumberProgress], bool]

UNDER_REVIEW = (Stage.QUALIFYING, Stage.IN_REVIEW)


@workflow.defn(name=contract.WORKFLOW)
class OnboardGroup:
    """One slice of a batch: numbers that share plan, campaign, LOA party and number type."""

    @workflow.init
    def __init__(self, request: GroupRequest) -> None:
        """State exists before the first signal arrives."""
        now = workflow.now()
        self._request = request
        self._state = request.state or GroupState(
            numbers={number: NumberProgress(phone_number=number, since=now) for number in request.slice.numbers}
        )
        self._numbers = GroupNumbers(self._state.numbers, request.batch.pace)
        self._state.listening.begin(now)
        self._challenges = VoiceChallenges(request, self._state, self._numbers, self._wake)
        self._orders = OrdersInFlight(request, self._state, self._numbers)
        self._waits = GroupWaits(request, self._state, self._numbers, self._challenges)
        self._display = Display()
        # What came in while the run before was ending waits to be carried out.
        self._woken = request.state is not None

    @workflow.run
    async def run(self, request: GroupRequest) -> GroupSettled:
        """Qualify, mail the invoices, verify, order in waves; then tell the batch how the numbers ended."""
        with self._display.until_cancelled():
            await self._bring_to_ends()
        await self._challenges.stop_needless()
        self._show()
        return await self._report()

    async def _bring_to_ends(self) -> None:
        """Where the group is cancelled from outside, its phones are called no more."""
        try:
            while self._numbers.open():
                await self._add_new_numbers()
                await self._mail_invoices()
                await self._read_reviews_if_due()
                await self._waits.mind()
                self._challenges.start()
                await self._orders.order_next_wave()
                await self._orders.ask_the_silent()
                await self._challenges.ask_the_silent()
                self._show()
                await self._wait_for_news()
                await self._continue_as_new_if_long()
        except asyncio.CancelledError:
            self._cancel()
            await self._challenges.stop_needless()
            raise

    # the steps

    async def _add_new_numbers(self) -> None:
        new = self._numbers.at(Stage.PENDING)
        if not new:
            return
        request, summary = AddNumbers(phone_numbers=_e164(new)), f"qualify {len(new)} numbers"
        try:
            added = await self._unless_cancelled(
                call(ADD_NUMBERS, request, summary, profile=self._request.batch.profile)
            )
        except ActivityError as error:
            self._fail(new, reasons.REFUSED_BY_SINCH, failure_of(error)[1])
            return
        if added is None:
            return
        refused = {number.phone_number: number.message for number in added.refused}
        now = workflow.now()
        for number in self._numbers.still_open(new):
            if number.phone_number in refused:
                self._fail([number], reasons.REFUSED_BY_SINCH, refused[number.phone_number])
            else:
                self._numbers.move(number, Stage.QUALIFYING, now)
        await self._learn(added.reviews)
        self._state.last_read = workflow.now()
        self._state.polling = self._state.polling.after_read(self._request.batch.pace, news=True)

    async def _mail_invoices(self) -> None:
        """One mail with all invoices for the numbers of this qualification request."""
        state, batch = self._state, self._request.batch
        unlisted = [n for n in self._numbers.at(*UNDER_REVIEW) if n.phone_number not in state.mailed]
        if not unlisted or not batch.verification.mails_invoices:
            return
        attempt = state.mails_sent + 1
        mail = SendInvoices(
            batch=batch.id,
            sequence=self._request.slice.sequence,
            attempt=attempt,
            profile=batch.profile,
            customer=batch.customer,
            contact=batch.contact,
            phone_numbers=_e164(unlisted),
            invoices=self._request.slice.invoices,
        )
        summary = f"mail invoices for {len(unlisted)} numbers"
        try:
            sent = await self._unless_cancelled(call(SEND_INVOICES, mail, summary))
        except ActivityError as error:
            self._fail(unlisted, reasons.INVOICES_NOT_SENT, failure_of(error)[1])
            return
        if sent is not None:
            state.mails_sent = attempt
            state.mailed |= dict.fromkeys(mail.phone_numbers, attempt)

    async def _read_reviews_if_due(self) -> None:
        state, pace = self._state, self._request.batch.pace
        if not is_due(self._next_read()):
            return
        numbers = self._under_review()
        request = ReadReviews(phone_numbers=_e164(numbers), younger_than=state.polling.interval / 2)
        news = False
        try:
            summary = f"read the review of {len(numbers)} numbers"
            news = await self._learn(await call(READ_REVIEWS, request, summary, profile=self._request.batch.profile))
        except ActivityError as error:
            workflow.logger.warning("reviews could not be read: %s", error.cause)
        state.last_read = workflow.now()
        state.polling = state.polling.after_read(pace, news=news)

    async def _learn(self, reviews: Reviews) -> bool:
        """Take in where numbers stand; True where one of them has moved."""
        now, rules, news = workflow.now(), self._request.batch.rules, False
        self._state.listening.heard(now)
        for review_state, phone_numbers in reviews.states.items():
            for phone_number in phone_numbers:
                known = self._numbers[phone_number]
                review = Review(state=review_state, error=reviews.errors.get(phone_number, ""))
                self._numbers.put(advance(known, review, now, rules))
                news |= self._numbers[phone_number].stage is not known.stage
        await self._challenges.stop_needless()
        return news

    async def _wait_for_news(self) -> None:
        if self._numbers.open() and not self._woken:
            await news_or(self._next_due(), lambda: self._woken or not self._numbers.open(), "until the next look")
        self._woken = False
        await self._carry_out_requests()

    async def _carry_out_requests(self) -> None:
        """What operators asked for, done outside the handlers because it talks to other workflows."""
        skipped, self._state.to_skip = self._state.to_skip, []
        await self._orders.skip(skipped)
        again, self._state.to_retry = self._state.to_retry, []
        await self._orders.retry(again)
        await self._challenges.stop_needless()

    async def _report(self) -> GroupSettled:
        request, numbers = self._request, self._numbers.all()
        rows = tuple(ResultRow.model_validate(number, from_attributes=True) for number in numbers)
        stored = await call(
            STORE_GROUP_ROWS,
            GroupRows(batch=request.batch.id, sequence=request.slice.sequence, rows=rows),
            f"store {len(rows)} result rows",
        )
        settled = GroupSettled(sequence=request.slice.sequence, stages=stage_counts(numbers), rows=stored.file)
        await workflow.wait_condition(workflow.all_handlers_finished)
        if request.report_to:
            await tell_workflow(request.report_to, GROUP_SETTLED_SIGNAL, settled)
        return settled

    async def _continue_as_new_if_long(self) -> None:
        if self._numbers.open() and history_is_long(self._request.events_a_run):
            await self._challenges.hand_over()
            await go_on_as_new(self._request, self._state)

    # what the steps are made of

    def _wake(self) -> None:
        self._woken = True

    def _under_review(self) -> list[NumberProgress]:
        return self._challenges.without(self._numbers.at(*UNDER_REVIEW, Stage.NEEDS_VERIFICATION))

    def _fail(self, numbers: Iterable[NumberProgress], code: str, said: str) -> None:
        """Those that an operator took out meanwhile stay out."""
        self._numbers.end(self._numbers.still_open(numbers), Stage.FAILED, code, workflow.now(), said)

    async def _unless_cancelled(self, step: Coroutine[Any, Any, Answer]) -> Answer | None:
        """The step's answer, or None when an operator cancelled while it was still being tried."""
        task = asyncio.create_task(step)
        decided = workflow.wait_condition(lambda: task.done() or self._state.cancelled)
        await minding(decided, self._waits.silence.next_due, self._mind_the_silence)
        if not task.done():
            task.cancel()
            self._wake()
            return None
        return await task

    async def _mind_the_silence(self) -> None:
        await self._waits.silence.mind()
        self._show()

    def _next_due(self) -> datetime | None:
        moments = [self._next_read(), self._numbers.wave_due(workflow.now()), self._orders.asking_due()]
        moments += [*self._waits.dues(), *self._challenges.dues()]
        return earliest(moments)

    def _next_read(self) -> datetime | None:
        if not self._under_review():
            return None
        return self._state.last_read + self._state.polling.wait if self._state.last_read else workflow.now()

    def _show(self) -> None:
        numbers, open_numbers = self._numbers.all(), self._numbers.open()
        self._display.show(
            stage=min((n.stage for n in open_numbers), key=lambda s: s.rank, default=Stage.DONE),
            waiting_on=self._waits.waiting_on,
            numbers_done=sum(n.stage is Stage.DONE for n in numbers),
            numbers_failed=sum(n.stage is Stage.FAILED for n in numbers),
            deadline=self._waits.deadline(),
            details=group_details(self._request.batch.id, self.status()),
        )

    # what the outside can tell and ask

    @workflow.signal(name=contract.ORDER_SETTLED_SIGNAL)
    def order_settled(self, settled: OrderSettled) -> None:
        """An order has come to its end."""
        self._orders.take(settled)
        self._wake()

    @workflow.signal(name=contract.NUMBERS_RETURNED_SIGNAL)
    def numbers_returned(self, returned: OrderSettled) -> None:
        """Numbers that failed in an order are the group's again."""
        self._orders.take_back(returned)
        self._wake()

    @workflow.signal(name=contract.CHALLENGE_ENDED_SIGNAL)
    def challenge_ended(self, result: VerificationResult) -> None:
        """A voice challenge of an earlier run has ended."""
        self._challenges.take(result)
        self._wake()

    @workflow.signal(name=contract.STILL_THERE_SIGNAL)
    def still_there(self) -> None:
        """Asked by the batch; that the signal arrives is the answer."""

    @workflow.signal(name=contract.CANCEL_SIGNAL)
    def cancel_requested(self, action: OperatorAction) -> None:
        """The batch was cancelled."""
        self._cancel()

    @workflow.query(name=STATUS_QUERY)
    def status(self) -> GroupStatus:
        """Where the group stands."""
        return GroupStatus(
            sequence=self._request.slice.sequence,
            stages=stage_counts(self._numbers.all()),
            waiting_on=self._waits.waiting_on,
            waiting_since=self._waits.waiting_since,
            silent_since=self._waits.silence.since,
            orders={wave: order.workflow_id for wave, order in self._state.orders.items()},
            numbers=tuple(self._numbers.all()),
        )

    @workflow.update(name=CANCEL_UPDATE)
    def cancel(self, action: OperatorAction) -> ActionTaken:
        """Start nothing new; orders that are at Sinch are followed to their end."""
        return ActionTaken(message=f"{self._cancel()} numbers are cancelled; orders at Sinch are followed.")

    def _cancel(self) -> int:
        """At once, so that no step under way can still order or call a number."""
        self._state.cancelled = self._woken = True
        free = self._numbers.not_ordered()
        self._numbers.end(free, Stage.CANCELLED, reasons.CANCELLED_BY_OPERATOR, workflow.now())
        return len(free)

    @cancel.validator
    def _may_cancel(self, action: OperatorAction) -> None:
        if self._state.cancelled:
            raise ApplicationError("The group is cancelled already.", type="Ended")

    @workflow.update(name=SKIP_UPDATE)
    def skip(self, action: NumbersAction) -> ActionTaken:
        """Take numbers out; those in an order at Sinch are only no longer followed."""
        chosen = [self._numbers[n] for n in action.phone_numbers]
        free = [n for n in chosen if n.ordered_at is None]
        self._numbers.end(free, Stage.SKIPPED, reasons.SKIPPED_BY_OPERATOR, workflow.now())
        self._state.to_skip += [n.phone_number for n in chosen if n.ordered_at is not None]
        self._wake()
        return ActionTaken(message=f"{len(chosen)} numbers are skipped.")

    @skip.validator
    def _may_skip(self, action: NumbersAction) -> None:
        self._refuse_unless(action, lambda number: not number.is_final, "already at an end")

    @workflow.update(name=RETRY_UPDATE)
    def retry(self, action: NumbersAction) -> ActionTaken:
        """Start failed numbers again: verified ones with the next order, others with a new review.

        Numbers in a running order are that order's to try again.
        """
        ordered = [number for number in action.phone_numbers if self._orders.holds(number)]
        self._state.to_retry += ordered
        for phone_number in (number for number in action.phone_numbers if number not in ordered):
            self._numbers.put(retried(self._numbers[phone_number], workflow.now()))
            self._state.mailed.pop(phone_number, None)
        self._wake()
        passed_on = f" Their orders decide about {len(ordered)} of them." if ordered else ""
        return ActionTaken(message=f"{len(action.phone_numbers)} numbers are tried again.{passed_on}")

    @retry.validator
    def _may_retry(self, action: NumbersAction) -> None:
        if self._state.cancelled:
            raise ApplicationError("The group is cancelled.", type="Ended")
        if not self._numbers.open():
            raise ApplicationError("All numbers of the group are settled and reported.", type="Ended")
        self._refuse_unless(action, self._may_be_tried_again, "not failed")

    def _may_be_tried_again(self, number: NumberProgress) -> bool:
        return number.stage is Stage.FAILED or self._orders.holds(number.phone_number)

    def _refuse_unless(self, action: NumbersAction, fits: Fits, otherwise: str) -> None:
        unknown = [n for n in action.phone_numbers if n not in self._numbers]
        if unknown or not action.phone_numbers:
            raise ApplicationError(
                f"Not in this group: {', '.join(unknown) or 'no number given'}.", type="UnknownNumber"
            )
        unfit = [n for n in action.phone_numbers if not fits(self._numbers[n])]
        if unfit:
            raise ApplicationError(f"These numbers are {otherwise}: {', '.join(unfit)}.", type="WrongStage")


def _e164(numbers: Iterable[NumberProgress]) -> tuple[str, ...]:
    return tuple(number.phone_number for number in numbers)
