"""`OnboardGroup`: up to 500 numbers from qualification to the end of their hosting orders.

Numbers that are ready are ordered in waves, so the slowest number holds nobody up: a wave leaves when all others
are settled, when an order is full, or when the wave timer fires.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, ChildWorkflowError, FailureError
from temporalio.exceptions import WorkflowAlreadyStartedError as AlreadyStarted
from temporalio.workflow import ParentClosePolicy

from onboarding import notices, reasons
from onboarding.batch import GROUP_SIZE
from onboarding.calls.documents import STORE_GROUP_ROWS, GroupRows, ResultRow
from onboarding.calls.invoices import SEND_INVOICES, SendInvoices
from onboarding.calls.qualification import ADD_NUMBERS, READ_REVIEWS, AddNumbers, ReadReviews, Reviews
from onboarding.contracts import group as contract
from onboarding.contracts import hosting_order, verification
from onboarding.contracts.batch import GROUP_SETTLED_SIGNAL
from onboarding.contracts.group import GroupRequest, GroupSettled, GroupState, GroupStatus, OrderInFlight
from onboarding.contracts.hosting_order import HostingOrderRequest, OrderSettled
from onboarding.contracts.operator import (
    CANCEL_UPDATE,
    RETRY_UPDATE,
    SKIP_UPDATE,
    STATUS_QUERY,
    ActionTaken,
    NumbersAction,
    OperatorAction,
)
from onboarding.contracts.verification import VerificationOutcome, VerificationRequest, VerificationResult
from onboarding.details import group_details, stage_counts
from onboarding.ids import hosting_order_workflow_id, verification_workflow_id
from onboarding.observations import Review
from onboarding.pace import Patience, Vigil
from onboarding.phone_numbers import masked
from onboarding.progress import NumberProgress, advance, retried
from onboarding.reasons import reason
from onboarding.stages import Stage, WaitingOn
from workflows._calling import call, failure_of
from workflows._display import Display, started_with
from workflows._waiting import news_or, tell

Answer = TypeVar("Answer")

Fits = Callable[[NumberProgress], bool]

IN_REVIEW = (Stage.QUALIFYING, Stage.IN_REVIEW)
_NOTICES = {WaitingOn.VOICE_CODE: notices.voice_notice, WaitingOn.INVOICE_REVIEW: notices.review_notice}


@workflow.defn(name=contract.WORKFLOW)
class OnboardGroup:
    """One slice of a batch: numbers that share plan, campaign, LOA party and number type."""

    @workflow.init
    def __init__(self, request: GroupRequest) -> None:
        """State exists before the first signal arrives."""
        self._request = request
        self._state = request.state or GroupState(
            numbers={
                number: NumberProgress(phone_number=number, since=workflow.now()) for number in request.slice.numbers
            }
        )
        self._verifications: dict[str, asyncio.Task[None]] = {}
        self._try_again: dict[str, datetime] = {}
        self._display = Display()
        # What came in while the run before was ending waits to be carried out.
        self._woken = request.state is not None

    @workflow.run
    async def run(self, request: GroupRequest) -> GroupSettled:
        """Qualify, mail the invoices, verify, order in waves; then tell the batch how the numbers ended."""
        while self._open():
            await self._add_new_numbers()
            await self._mail_invoices()
            await self._read_reviews_if_due()
            await self._remind_and_expire()
            self._start_verifications()
            await self._order_next_wave()
            await self._ask_silent_orders()
            self._show()
            await self._wait_for_news()
            await self._continue_as_new_if_long()
        self._show()
        return await self._report()

    # the steps

    async def _add_new_numbers(self) -> None:
        new = self._at(Stage.PENDING)
        if not new:
            return
        try:
            added = await self._unless_cancelled(
                call(ADD_NUMBERS, AddNumbers(phone_numbers=_e164(new)), f"qualify {len(new)} numbers")
            )
        except ActivityError as error:
            _, message = failure_of(error)
            self._end(self._still_open(new), Stage.FAILED, reasons.REFUSED_BY_SINCH, message)
            return
        if added is None:
            return
        refused = {number.phone_number: number.message for number in added.refused}
        for number in self._still_open(new):
            if number.phone_number in refused:
                self._end([number], Stage.FAILED, reasons.REFUSED_BY_SINCH, refused[number.phone_number])
            else:
                self._move(number, Stage.QUALIFYING)
        self._learn_all(added.reviews)
        self._state.last_read = workflow.now()
        self._state.polling = self._state.polling.after_read(self._request.batch.pace, news=True)

    async def _mail_invoices(self) -> None:
        """One mail with all invoices for the numbers of this qualification request."""
        state, batch = self._state, self._request.batch
        unlisted = [n for n in self._at(*IN_REVIEW) if n.phone_number not in state.mailed]
        if not unlisted or not batch.verification.mails_invoices:
            return
        attempt = state.mails_sent + 1
        mail = SendInvoices(
            batch=batch.id,
            sequence=self._request.slice.sequence,
            attempt=attempt,
            customer=batch.customer,
            contact=batch.contact,
            phone_numbers=_e164(unlisted),
            invoices=self._request.slice.invoices,
        )
        summary = f"mail invoices for {len(unlisted)} numbers"
        try:
            sent = await self._unless_cancelled(call(SEND_INVOICES, mail, summary))
        except ActivityError as error:
            _, message = failure_of(error)
            self._end(self._still_open(unlisted), Stage.FAILED, reasons.INVOICES_NOT_SENT, message)
            return
        if sent is not None:
            state.mails_sent = attempt
            state.mailed |= dict.fromkeys(mail.phone_numbers, attempt)

    async def _read_reviews_if_due(self) -> None:
        state, pace, due = self._state, self._request.batch.pace, self._next_read()
        if due is None or workflow.now() < due:
            return
        numbers = self._under_review()
        request = ReadReviews(phone_numbers=_e164(numbers), younger_than=state.polling.interval / 2)
        news = False
        try:
            news = self._learn_all(await call(READ_REVIEWS, request, f"read the review of {len(numbers)} numbers"))
        except ActivityError as error:
            workflow.logger.warning("reviews could not be read: %s", error.cause)
        state.last_read = workflow.now()
        state.polling = state.polling.after_read(pace, news=news)

    def _learn_all(self, reviews: Reviews) -> bool:
        """Take in where numbers stand; True where one of them has moved."""
        news = False
        for review_state, phone_numbers in reviews.states.items():
            for phone_number in phone_numbers:
                said = reviews.errors.get(phone_number, "")
                news |= self._learn(phone_number, Review(state=review_state, error=said))
        return news

    def _learn(self, phone_number: str, review: Review) -> bool:
        known = self._state.numbers[phone_number]
        news = advance(known, review, workflow.now(), self._request.batch.rules)
        self._state.numbers[phone_number] = news
        if news.stage is not Stage.NEEDS_VERIFICATION and phone_number in self._verifications:
            self._verifications[phone_number].cancel()
        return news.stage is not known.stage

    async def _remind_and_expire(self) -> None:
        pace = self._request.batch.pace
        self._expire(self._at(Stage.QUALIFYING), pace.eligibility, reasons.ELIGIBILITY_DEADLINE_PASSED)
        self._expire(self._at(Stage.IN_REVIEW), pace.invoice_review, reasons.INVOICE_REVIEW_DEADLINE_PASSED)
        unverified = [n for n in self._at(Stage.NEEDS_VERIFICATION) if n.phone_number not in self._verifications]
        self._expire(unverified, pace.voice_code, reasons.VOICE_CODE_NOT_ENTERED)
        for waiting_on, (stages, patience) in self._waits().items():
            await self._remind(waiting_on, self._at(*stages), patience)

    def _expire(self, numbers: Iterable[NumberProgress], patience: Patience, code: str) -> None:
        """At its deadline a number moves on to the voice challenge, where that is still open to it, or ends."""
        for number in numbers:
            if number.since is None or workflow.now() < patience.deadline.after(number.since):
                continue
            if number.stage is Stage.IN_REVIEW and self._request.batch.verification.may_call:
                self._move(number, Stage.NEEDS_VERIFICATION)
            else:
                self._end([number], Stage.FAILED, code)

    async def _remind(self, waiting_on: WaitingOn, numbers: list[NumberProgress], patience: Patience) -> None:
        vigils, now = self._state.vigils, workflow.now()
        in_time = [number for number in numbers if now < patience.deadline.after(number.since or now)]
        if not in_time:
            vigils.pop(waiting_on, None)
            return
        since = min(number.since or now for number in in_time)
        vigil = vigils.setdefault(waiting_on, Vigil(waiting_on=waiting_on, since=since))
        if now >= vigil.message_due(patience):
            batch, sequence = self._request.batch, self._request.slice.sequence
            notice = _NOTICES[waiting_on](batch, sequence, vigil, _e164(in_time))
            vigils[waiting_on] = await tell(vigil, notice, batch.pace)

    def _start_verifications(self) -> None:
        for number in self._at(Stage.NEEDS_VERIFICATION):
            waits = self._try_again.get(number.phone_number)
            if number.phone_number not in self._verifications and (waits is None or waits <= workflow.now()):
                self._try_again.pop(number.phone_number, None)
                task = asyncio.create_task(self._verify(number.phone_number))
                self._verifications[number.phone_number] = task

    async def _verify(self, phone_number: str) -> None:
        """One voice challenge, as a child; its id keeps every other batch from calling the same phone."""
        batch = self._request.batch
        try:
            result: VerificationResult = await workflow.execute_child_workflow(
                verification.WORKFLOW,
                VerificationRequest(
                    batch=batch.id, customer=batch.customer, phone_number=phone_number, pace=batch.pace
                ),
                id=verification_workflow_id(phone_number),
                result_type=VerificationResult,
                parent_close_policy=ParentClosePolicy.REQUEST_CANCEL,
                search_attributes=started_with(
                    batch.id, batch.customer, Stage.NEEDS_VERIFICATION, WaitingOn.VOICE_CODE
                ),
                static_summary=f"voice challenge for {masked(phone_number)}",
            )
            self._take_verification(result)
        except AlreadyStarted:
            self._try_again[phone_number] = workflow.now() + batch.pace.poll_longest.fixed
        except (ChildWorkflowError, asyncio.CancelledError):
            number = self._state.numbers[phone_number]
            if number.stage is Stage.NEEDS_VERIFICATION:
                self._end([number], Stage.FAILED, reasons.ENDED_OUTSIDE)
        finally:
            del self._verifications[phone_number]
            self._woken = True

    def _take_verification(self, result: VerificationResult) -> None:
        number = self._state.numbers[result.phone_number]
        if number.stage is not Stage.NEEDS_VERIFICATION:
            return
        match result.outcome:
            case VerificationOutcome.VERIFIED:
                self._move(number, Stage.VERIFIED)
            case VerificationOutcome.SKIPPED:
                self._end([number], Stage.SKIPPED, reasons.SKIPPED_BY_OPERATOR)
            case VerificationOutcome.BLOCKED:
                self._end([number], Stage.FAILED, reasons.VERIFICATION_BLOCKED, result.message)
            case VerificationOutcome.NOT_ENTERED:
                self._end([number], Stage.FAILED, reasons.VOICE_CODE_NOT_ENTERED, result.message)

    async def _order_next_wave(self) -> None:
        due = self._wave_due()
        if due is None or workflow.now() < due:
            return
        state, request = self._state, self._request
        ready = self._at(Stage.VERIFIED)[:GROUP_SIZE]
        wave = state.waves = state.waves + 1
        workflow_id = hosting_order_workflow_id(request.batch.id, request.slice.sequence, wave)
        state.orders[wave] = OrderInFlight(workflow_id=workflow_id, phone_numbers=_e164(ready))
        for number in ready:
            moved = number.moved(Stage.ORDERED, workflow.now())
            state.numbers[number.phone_number] = moved.model_copy(update={"ordered_at": workflow.now()})
        try:
            await workflow.start_child_workflow(
                hosting_order.WORKFLOW,
                HostingOrderRequest(
                    batch=request.batch,
                    sequence=request.slice.sequence,
                    wave=wave,
                    phone_numbers=_e164(ready),
                    report_to=workflow.info().workflow_id,
                    events_a_run=request.events_a_run,
                ),
                id=workflow_id,
                parent_close_policy=ParentClosePolicy.ABANDON,
                search_attributes=started_with(
                    request.batch.id, request.batch.customer, Stage.ORDERED, WaitingOn.CARRIER, len(ready)
                ),
                static_summary=f"{len(ready)} numbers, wave {wave}",
            )
        except AlreadyStarted:
            workflow.logger.warning("%s is at work already: waiting for its report", workflow_id)

    async def _ask_silent_orders(self) -> None:
        """An order workflow that was ended from outside never reports; a signal that finds nobody shows it."""
        state, now = self._state, workflow.now()
        due = self._reconcile_due()
        if due is None or now < due:
            return
        state.last_reconciled = now
        for wave, order in list(state.orders.items()):
            handle = workflow.get_external_workflow_handle(order.workflow_id)
            try:
                await handle.signal(contract.STILL_THERE_SIGNAL)
            except FailureError:
                if state.orders.pop(wave, None) is not None:
                    lost = [state.numbers[phone_number] for phone_number in order.phone_numbers]
                    self._end([n for n in lost if not n.is_final], Stage.FAILED, reasons.ENDED_OUTSIDE)

    async def _wait_for_news(self) -> None:
        if self._open() and not self._woken:
            await news_or(self._next_due(), lambda: self._woken or not self._open(), "until the next look")
        self._woken = False
        await self._carry_out_requests()

    async def _carry_out_requests(self) -> None:
        """What operators asked for, done outside the handlers because it talks to other workflows."""
        state = self._state
        skipped, state.to_skip = state.to_skip, []
        for order in list(state.orders.values()):
            inside = tuple(n for n in skipped if n in order.phone_numbers)
            if inside:
                await self._skip_in_order(order.workflow_id, inside)
        for phone_number, task in self._verifications.items():
            if state.numbers[phone_number].is_final:
                task.cancel()

    async def _skip_in_order(self, workflow_id: str, phone_numbers: tuple[str, ...]) -> None:
        handle = workflow.get_external_workflow_handle(workflow_id)
        try:
            await handle.signal(hosting_order.SKIP_NUMBERS_SIGNAL, NumbersAction(phone_numbers=phone_numbers))
        except FailureError as error:
            workflow.logger.warning("%s could not be told to skip numbers: %s", workflow_id, error)

    async def _report(self) -> GroupSettled:
        request, numbers = self._request, self._state.numbers.values()
        rows = tuple(ResultRow.model_validate(number, from_attributes=True) for number in numbers)
        stored = await call(
            STORE_GROUP_ROWS,
            GroupRows(batch=request.batch.id, sequence=request.slice.sequence, rows=rows),
            f"store {len(rows)} result rows",
        )
        settled = GroupSettled(sequence=request.slice.sequence, stages=stage_counts(numbers), rows=stored.file)
        await workflow.wait_condition(workflow.all_handlers_finished)
        if request.report_to:
            batch = workflow.get_external_workflow_handle(request.report_to)
            try:
                await batch.signal(GROUP_SETTLED_SIGNAL, settled)
            except FailureError as error:
                workflow.logger.warning("the batch did not take the result: %s", error)
        return settled

    async def _continue_as_new_if_long(self) -> None:
        """Voice challenges report to this run, so it is kept until they have ended; their deadline bounds it."""
        info = workflow.info()
        long = info.get_current_history_length() >= self._request.events_a_run
        if self._open() and not self._verifications and (long or info.is_continue_as_new_suggested()):
            await workflow.wait_condition(workflow.all_handlers_finished)
            workflow.continue_as_new(self._request.model_copy(update={"state": self._state}))

    # what the steps are made of

    def _open(self) -> list[NumberProgress]:
        return [number for number in self._state.numbers.values() if not number.is_final]

    def _still_open(self, numbers: Iterable[NumberProgress]) -> list[NumberProgress]:
        """The numbers as they are now, without those an operator took out while a step was being tried."""
        now = (self._state.numbers[number.phone_number] for number in numbers)
        return [number for number in now if not number.is_final]

    def _at(self, *stages: Stage) -> list[NumberProgress]:
        return [number for number in self._state.numbers.values() if number.stage in stages]

    def _not_ordered(self) -> list[NumberProgress]:
        return [number for number in self._open() if number.ordered_at is None]

    def _under_review(self) -> list[NumberProgress]:
        called = self._verifications
        return [n for n in self._at(*IN_REVIEW, Stage.NEEDS_VERIFICATION) if n.phone_number not in called]

    def _move(self, number: NumberProgress, stage: Stage) -> None:
        self._state.numbers[number.phone_number] = number.moved(stage, workflow.now())

    def _end(self, numbers: Iterable[NumberProgress], stage: Stage, code: str, said: str = "") -> None:
        why = reason(code, said)
        for number in numbers:
            self._state.numbers[number.phone_number] = number.moved(stage, workflow.now(), why)

    async def _unless_cancelled(self, step: Coroutine[Any, Any, Answer]) -> Answer | None:
        """The step's answer, or None when an operator cancelled while it was still being tried."""
        task = asyncio.create_task(step)
        await workflow.wait_condition(lambda: task.done() or self._state.cancelled)
        if not task.done():
            task.cancel()
            self._woken = True
            return None
        return await task

    def _waits(self) -> dict[WaitingOn, tuple[tuple[Stage, ...], Patience]]:
        pace = self._request.batch.pace
        return {
            WaitingOn.VOICE_CODE: ((Stage.NEEDS_VERIFICATION,), pace.voice_code),
            WaitingOn.INVOICE_REVIEW: ((Stage.IN_REVIEW,), pace.invoice_review),
        }

    def _waiting_on(self) -> WaitingOn:
        return next((who for who, (stages, _) in self._waits().items() if self._at(*stages)), WaitingOn.NOBODY)

    def _next_due(self) -> datetime | None:
        pace = self._request.batch.pace
        deadlines = {
            Stage.QUALIFYING: pace.eligibility,
            Stage.IN_REVIEW: pace.invoice_review,
            Stage.NEEDS_VERIFICATION: pace.voice_code,
        }
        moments = [self._next_read(), self._wave_due(), self._reconcile_due()]
        moments += [
            deadlines[number.stage].deadline.after(number.since)
            for number in self._under_review()
            if number.since is not None
        ]
        moments += [vigil.message_due(self._waits()[waiting_on][1]) for waiting_on, vigil in self._state.vigils.items()]
        moments += [self._try_again.get(number.phone_number) for number in self._at(Stage.NEEDS_VERIFICATION)]
        return min((moment for moment in moments if moment), default=None)

    def _next_read(self) -> datetime | None:
        if not self._under_review():
            return None
        return self._state.last_read + self._state.polling.wait if self._state.last_read else workflow.now()

    def _wave_due(self) -> datetime | None:
        """When the next order leaves: now if nobody else can still join it or it is full, else by the wave timer."""
        ready = self._at(Stage.VERIFIED)
        if not ready:
            return None
        if len(ready) >= GROUP_SIZE or len(ready) == len(self._not_ordered()):
            return workflow.now()
        first = min(number.since or workflow.now() for number in ready)
        return self._request.batch.pace.wave.after(first)

    def _reconcile_due(self) -> datetime | None:
        if not self._state.orders:
            return None
        asked = self._state.last_reconciled or workflow.info().start_time
        started = [
            self._state.numbers[order.phone_numbers[0]].ordered_at or asked for order in self._state.orders.values()
        ]
        return self._request.batch.pace.reconcile.after(max(asked, min(started)))

    def _show(self) -> None:
        numbers = list(self._state.numbers.values())
        open_numbers = self._open()
        dues = [
            self._state.vigils[who].deadline(patience)
            for who, (_, patience) in self._waits().items()
            if who in self._state.vigils
        ]
        self._display.show(
            stage=min((n.stage for n in open_numbers), key=lambda s: s.rank, default=Stage.DONE),
            waiting_on=self._waiting_on(),
            numbers_done=sum(n.stage is Stage.DONE for n in numbers),
            numbers_failed=sum(n.stage is Stage.FAILED for n in numbers),
            deadline=min(dues, default=None),
            details=group_details(self._request.batch.id, self.status()),
        )

    # what the outside can tell and ask

    @workflow.signal(name=contract.ORDER_SETTLED_SIGNAL)
    def order_settled(self, settled: OrderSettled) -> None:
        """An order has come to its end."""
        self._state.orders.pop(settled.wave, None)
        for ended in settled.numbers:
            number = self._state.numbers[ended.phone_number]
            if number.is_final:
                continue
            self._state.numbers[ended.phone_number] = number.moved(
                ended.stage, ended.settled_at or workflow.now(), ended.reason
            ).model_copy(update={"hosting_order_id": settled.hosting_order_id})
        self._woken = True

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
        waiting_on = self._waiting_on()
        vigil = self._state.vigils.get(waiting_on)
        return GroupStatus(
            sequence=self._request.slice.sequence,
            stages=stage_counts(self._state.numbers.values()),
            waiting_on=waiting_on,
            waiting_since=vigil.since if vigil else None,
            orders={wave: order.workflow_id for wave, order in self._state.orders.items()},
            numbers=tuple(self._state.numbers.values()),
        )

    @workflow.update(name=CANCEL_UPDATE)
    def cancel(self, action: OperatorAction) -> ActionTaken:
        """Start nothing new; orders that are at Sinch are followed to their end."""
        return ActionTaken(message=f"{self._cancel()} numbers are cancelled; orders at Sinch are followed.")

    def _cancel(self) -> int:
        """At once, so that no step under way can still order or call a number."""
        self._state.cancelled = self._woken = True
        free = self._not_ordered()
        self._end(free, Stage.CANCELLED, reasons.CANCELLED_BY_OPERATOR)
        return len(free)

    @cancel.validator
    def _may_cancel(self, action: OperatorAction) -> None:
        if self._state.cancelled:
            raise ApplicationError("The group is cancelled already.", type="Ended")

    @workflow.update(name=SKIP_UPDATE)
    def skip(self, action: NumbersAction) -> ActionTaken:
        """Take numbers out; those in an order at Sinch are only no longer followed."""
        chosen = [self._state.numbers[n] for n in action.phone_numbers]
        free = [n for n in chosen if n.ordered_at is None]
        self._end(free, Stage.SKIPPED, reasons.SKIPPED_BY_OPERATOR)
        self._state.to_skip += [n.phone_number for n in chosen if n.ordered_at is not None]
        self._woken = True
        return ActionTaken(message=f"{len(chosen)} numbers are skipped.")

    @skip.validator
    def _may_skip(self, action: NumbersAction) -> None:
        self._refuse_unless(action, lambda number: not number.is_final, "already at an end")

    @workflow.update(name=RETRY_UPDATE)
    def retry(self, action: NumbersAction) -> ActionTaken:
        """Start failed numbers again: verified ones with the next order, others with a new review."""
        for phone_number in action.phone_numbers:
            self._state.numbers[phone_number] = retried(self._state.numbers[phone_number], workflow.now())
            self._state.mailed.pop(phone_number, None)
        self._woken = True
        return ActionTaken(message=f"{len(action.phone_numbers)} numbers are tried again.")

    @retry.validator
    def _may_retry(self, action: NumbersAction) -> None:
        if self._state.cancelled:
            raise ApplicationError("The group is cancelled.", type="Ended")
        if not self._open():
            raise ApplicationError("All numbers of the group are settled and reported.", type="Ended")
        self._refuse_unless(action, lambda number: number.stage is Stage.FAILED, "not failed")

    def _refuse_unless(self, action: NumbersAction, fits: Fits, otherwise: str) -> None:
        numbers = self._state.numbers
        unknown = [n for n in action.phone_numbers if n not in numbers]
        if unknown or not action.phone_numbers:
            raise ApplicationError(
                f"Not in this group: {', '.join(unknown) or 'no number given'}.", type="UnknownNumber"
            )
        unfit = [n for n in action.phone_numbers if not fits(numbers[n])]
        if unfit:
            raise ApplicationError(f"These numbers are {otherwise}: {', '.join(unfit)}.", type="WrongStage")


def _e164(numbers: Iterable[NumberProgress]) -> tuple[str, ...]:
    return tuple(number.phone_number for number in numbers)
