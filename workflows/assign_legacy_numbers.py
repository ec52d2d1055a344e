"""`AssignLegacyNumbers`: numbers of the legacy API for an application, rented first where they are to be bought.

What is rented is given to the application before anything further is rented. Renting, and changing one application,
are turns that wishes take one after the other.
"""

from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ApplicationError, ChildWorkflowError

from onboarding import reasons
from onboarding.calls.documents import STORE_GROUP_ROWS, GroupRows, ResultRow
from onboarding.calls.imported_numbers import WRITE_NUMBER_REPORT, WriteNumberReport
from onboarding.calls.legacy_numbers import READ_RENTED, ReadRented, RentedRead
from onboarding.chunks import in_chunks
from onboarding.contracts import assign_legacy_numbers as contract
from onboarding.contracts.assign_legacy_numbers import WishRequest, WishResult, WishState, WishStatus
from onboarding.contracts.legacy_turns import (
    RENT_WORKFLOW,
    SET_WORKFLOW,
    LegacyRentOutcome,
    LegacyRentRequest,
    LegacyRentResult,
    SetRequest,
    SetResult,
)
from onboarding.contracts.operator import CANCEL_UPDATE, RETRY_UPDATE, STATUS_QUERY, ActionTaken, OperatorAction
from onboarding.ids import legacy_application_workflow_id, legacy_renting_workflow_id
from onboarding.legacy_numbers import LegacyNumbers
from onboarding.legacy_texts import wish_details
from onboarding.legacy_wishes import LegacyAction, taken_in
from onboarding.number_list import ROWS_A_FILE
from onboarding.pace import Polling
from onboarding.reasons import reason
from onboarding.stages import Stage, WaitingOn
from workflows._calling import call
from workflows._display import Display
from workflows._legacy_operator import LegacyOperator
from workflows._legacy_silence import LegacySilence
from workflows._legacy_turns import take_turn
from workflows._lifecycle import go_on_as_new, history_is_long
from workflows._waiting import news_or

REFUSALS_AT_MOST = 3

_OPEN = (Stage.PENDING, Stage.ORDERED)
_OPERATOR_HELPS = {
    LegacyRentOutcome.NOT_ENOUGH_CREDIT: reasons.NOT_ENOUGH_CREDIT,
    LegacyRentOutcome.NO_ACCOUNTING: reasons.ACCOUNTING_NOT_SET_UP,
}


@workflow.defn(name=contract.WORKFLOW)
class AssignLegacyNumbers:
    """One wish."""

    @workflow.init
    def __init__(self, request: WishRequest) -> None:
        """State exists before the first update arrives."""
        self._request = request
        self._wish = request.wish
        self._state = request.state or WishState()
        self._numbers = LegacyNumbers(self._state.numbers)
        self._operator = LegacyOperator(self._wish, self._state)
        self._display = Display()
        self._silence = LegacySilence(self._wish, self._state.listening, self._waits_on_sinch, self._show)
        self._woken = False

    @workflow.run
    async def run(self, request: WishRequest) -> WishResult:
        """Assign what is rented, rent what is missing, until every number is at its end; then write the report."""
        with self._display.until_cancelled():
            await self._take_in()
            while not self._all_settled():
                if self._state.wait:
                    await self._operator.mind(self._state.wait)
                elif self._numbers.ordered:
                    await self._set_application()
                else:
                    await self._rent()
                self._show()
                await self._wait_for_news()
                await self._continue_as_new_if_long()
        return await self._report()

    # the steps

    async def _take_in(self) -> None:
        wish, read = self._wish, RentedRead()
        if self._state.taken_in:
            return
        if wish.action is not LegacyAction.BUY:
            request = ReadRented(organisation_id=wish.organisation_id, phone_numbers=wish.numbers)
            reading = call(READ_RENTED, request, "which numbers are rented?", profile=wish.profile)
            read = await self._silence.answer_of(reading)
        self._state.numbers += taken_in(wish, read.numbers, workflow.now())
        self._state.taken_in = True
        self._silence.heard()
        if read.refusal:
            said = reason(reasons.ASSIGNMENT_REFUSED, read.refusal)
            self._numbers.end(Stage, Stage.FAILED, said, workflow.now())

    async def _rent(self) -> None:
        wish, state = self._wish, self._state
        request = LegacyRentRequest(
            wish=wish,
            missing=self._numbers.missing,
            budget=wish.budget_after(state.spent),
            held=state.held,
            profile=wish.profile,
        )
        turn_id, title = legacy_renting_workflow_id(wish.profile), f"rent {request.missing} numbers for {wish.id}"
        try:
            turn = take_turn(RENT_WORKFLOW, turn_id, request, LegacyRentResult, wish.id, title)
            result = await self._silence.answer_of(turn)
        except ChildWorkflowError:
            self._fail((Stage.PENDING,), reasons.ENDED_OUTSIDE)
            return
        if result is None:
            self._try_later()
            return
        state.held = result.held
        state.refusals = state.refusals + 1 if result.outcome is LegacyRentOutcome.REFUSED else 0
        self._take(result)

    def _take(self, result: LegacyRentResult) -> None:
        """What a turn means for the numbers that are missing."""
        state, now = self._state, workflow.now()
        if result.outcome is not LegacyRentOutcome.NO_ANSWER:
            self._silence.heard()
        match result.outcome:
            case LegacyRentOutcome.RENTED:
                state.spent += result.spent
                self._numbers.rented(result, now)
                state.polling = Polling()
            case LegacyRentOutcome.NOT_ENOUGH_CREDIT | LegacyRentOutcome.NO_ACCOUNTING:
                self._operator.begin(_OPERATOR_HELPS[result.outcome], result.message)
            case LegacyRentOutcome.NO_ANSWER:
                state.reserved_until = self._wish.pace.reservation.after(now)
                self._try_later()
            case LegacyRentOutcome.NOT_OFFERED if state.reserved_until and now < state.reserved_until:
                state.not_before = state.reserved_until
            case LegacyRentOutcome.NOT_OFFERED:
                self._fail((Stage.PENDING,), reasons.NOT_IN_THE_SHOP)
            case LegacyRentOutcome.OVER_THE_LIMIT:
                self._fail((Stage.PENDING,), reasons.SPENDING_LIMIT_REACHED, result.message)
            case LegacyRentOutcome.REFUSED if state.refusals >= REFUSALS_AT_MOST:
                self._fail((Stage.PENDING,), reasons.RENTING_REFUSED, result.message)
            case LegacyRentOutcome.REFUSED | LegacyRentOutcome.LAPSED:
                self._try_later()

    async def _set_application(self) -> None:
        wish, numbers = self._wish, self._numbers.ordered
        request = SetRequest(wish=wish, phone_numbers=numbers, profile=wish.profile)
        turn_id = legacy_application_workflow_id(wish.application_key)
        title = f"{wish.action.value} {len(numbers)} numbers for {wish.id}"
        try:
            turn = take_turn(SET_WORKFLOW, turn_id, request, SetResult, wish.id, title)
            result = await self._silence.answer_of(turn)
        except ChildWorkflowError:
            self._fail((Stage.ORDERED,), reasons.ENDED_OUTSIDE)
            return
        if result is None:
            self._try_later()
            return
        self._silence.heard()
        self._numbers.application_set(result.application, numbers, workflow.now())
        self._state.polling = Polling()
        if result.application.lost:
            self._operator.begin(reasons.ASSIGNMENT_OVERWRITTEN)

    async def _wait_for_news(self) -> None:
        """Until the next step is due, or an operator says something."""
        state = self._state
        moment = self._operator.next_due(state.wait) if state.wait else state.not_before
        if moment is not None:
            await news_or(moment, lambda: self._woken, "until the next step is due")
        self._woken, state.not_before = False, None

    async def _continue_as_new_if_long(self) -> None:
        if history_is_long(self._request.events_a_run):
            await go_on_as_new(self._request, self._state)

    async def _report(self) -> WishResult:
        self._state.reporting = True
        workflow_id, stored = workflow.info().workflow_id, []
        rows = [
            ResultRow(
                phone_number=number.phone_number, stage=number.stage, reason=number.reason, settled_at=number.since
            )
            for number in self._state.numbers
        ]
        for sequence, chunk in enumerate(in_chunks(rows, ROWS_A_FILE), start=1):
            group = GroupRows(batch=workflow_id, sequence=sequence, rows=tuple(chunk))
            stored.append((await call(STORE_GROUP_ROWS, group, f"store {len(chunk)} result rows")).file)
        request = WriteNumberReport(workflow_id=workflow_id, rows=tuple(stored))
        written = await call(WRITE_NUMBER_REPORT, request, "write the report")
        self._show()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return WishResult(id=self._wish.id, stages=written.stages, spent=self._state.spent, report=written)

    # what the steps are made of

    def _all_settled(self) -> bool:
        """After settling what a cancellation or the end of the patience settles. What is rented is assigned anyway."""
        wait = self._state.wait
        if self._state.cancelled:
            why = reason(reasons.CANCELLED_BY_OPERATOR)
            self._numbers.end(_OPEN if wait else (Stage.PENDING,), Stage.CANCELLED, why, workflow.now())
        elif wait and self._operator.is_too_late(wait):
            self._numbers.end(_OPEN, Stage.FAILED, wait.reason, workflow.now())
        if self._numbers.is_over:
            self._state.wait = None
        return self._numbers.is_over

    def _waits_on_sinch(self) -> bool:
        return self._state.wait is None and not (self._state.taken_in and self._numbers.is_over)

    def _fail(self, stages: tuple[Stage, ...], code: str, said: str = "") -> None:
        self._numbers.end(stages, Stage.FAILED, reason(code, said), workflow.now())

    def _try_later(self) -> None:
        self._state.polling = self._state.polling.after_read(self._wish.pace, news=False)
        self._state.not_before = workflow.now() + self._state.polling.wait

    def _stage(self) -> Stage:
        if not self._numbers.is_over:
            return Stage.ORDERED if self._numbers.ordered else Stage.PENDING
        return Stage.CANCELLED if self._state.cancelled else Stage.DONE

    def _deadline(self) -> datetime | None:
        return self._operator.deadline(self._state.wait) if self._state.wait else None

    def _show(self) -> None:
        status = self.status()
        self._display.show(
            stage=self._stage(),
            waiting_on=status.waiting_on,
            numbers_done=status.stages.get(Stage.DONE, 0),
            numbers_failed=status.stages.get(Stage.FAILED, 0),
            deadline=self._deadline(),
            details=wish_details(status),
        )

    # what the outside can tell and ask

    @workflow.query(name=STATUS_QUERY)
    def status(self) -> WishStatus:
        """Where the wish stands."""
        state, wait = self._state, self._state.wait
        waiting_on, waiting_since = (WaitingOn.OPERATOR, wait.vigil.since) if wait else self._silence.waiting
        return WishStatus(
            wish=self._wish,
            stages=self._numbers.counts(),
            spent=state.spent,
            waiting_on=waiting_on,
            waiting_since=waiting_since,
            waiting_for=wait.reason if wait else None,
            silent_since=self._silence.since,
            cancelled=state.cancelled,
            numbers=tuple(state.numbers),
        )

    @workflow.update(name=RETRY_UPDATE)
    def retry(self, action: OperatorAction) -> ActionTaken:
        """What was wrong has been put right: go on."""
        self._state.wait, self._woken = None, True
        self._silence.heard()
        return ActionTaken(message=f"{self._wish.id} goes on.")

    @retry.validator
    def _may_retry(self, action: OperatorAction) -> None:
        if self._state.wait is None:
            raise ApplicationError(f"{self._wish.id} waits for nobody.", type="NothingToRetry")

    @workflow.update(name=CANCEL_UPDATE)
    def cancel(self, action: OperatorAction) -> ActionTaken:
        """Rent no further number; what is rented stays rented."""
        self._state.cancelled = self._woken = True
        return ActionTaken(message=f"{self._wish.id} rents no further number; what is rented stays rented.")

    @cancel.validator
    def _may_cancel(self, action: OperatorAction) -> None:
        if self._state.reporting or self._state.cancelled:
            raise ApplicationError(f"{self._wish.id} is over or cancelled already.", type="Ended")
