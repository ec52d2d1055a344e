"""`ChangeActiveNumbers`: link active numbers to something else, or release them, and see that it is through.

Every step reads the number first and asks Sinch for what is next, so any of them may be repeated. An event makes its
number be looked at at once; without events polls are enough.
"""

from collections.abc import Sequence
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError

from onboarding import active_number_changes as changes
from onboarding.active_number_changes import ChangeStep, ChangingNumber
from onboarding.callbacks import CALLBACK_SIGNAL, CallbackEvents
from onboarding.calls.active_numbers import (
    CHANGE_ACTIVE_NUMBERS,
    CHANGES_A_CALL,
    ActiveNumberChanged,
    ChangeOutcome,
    NumberToChange,
    Relink,
)
from onboarding.calls.active_numbers import (
    ChangeActiveNumbers as ChangeCall,
)
from onboarding.calls.documents import ResultRow
from onboarding.chunks import in_chunks
from onboarding.contracts import change_active_numbers as contract
from onboarding.contracts.change_active_numbers import ChangeRequest, ChangeResult, ChangeState, ChangeStatus
from onboarding.contracts.operator import CANCEL_UPDATE, STATUS_QUERY, ActionTaken, OperatorAction
from onboarding.renting_texts import change_details
from onboarding.stages import Stage, WaitingOn
from workflows._calling import call
from workflows._display import Display
from workflows._lifecycle import go_on_as_new, history_is_long
from workflows._number_list import NumberList
from workflows._waiting import news_or


@workflow.defn(name=contract.WORKFLOW)
class ChangeActiveNumbers:
    """Any count of active numbers of one project."""

    @workflow.init
    def __init__(self, request: ChangeRequest) -> None:
        """State exists before the first callback arrives."""
        self._request = request
        self._state = request.state or ChangeState()
        self._releases = not isinstance(request.change, Relink)
        self._list = NumberList(
            request.numbers,
            request.numbers_total,
            request.window,
            self._state.list,
            self._state.numbers,
            lambda phone_number: ChangingNumber(phone_number=phone_number, since=workflow.now()),
            lambda number: ResultRow(
                phone_number=number.phone_number, stage=number.stage, reason=number.reason, settled_at=number.since
            ),
        )
        self._display = Display()

    @workflow.run
    async def run(self, request: ChangeRequest) -> ChangeResult:
        """Keep a window of numbers at work until the list is through; then write the report."""
        with self._display.until_cancelled():
            while not self._list.is_over:
                await self._list.take_in()
                await self._change(self._is_due(self._next_poll()))
                self._end_waits()
                await self._list.put_away()
                self._show()
                await self._wait_for_news()
                await self._continue_as_new_if_long()
        report = await self._list.report()
        self._show()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return ChangeResult(id=request.id, stages=report.stages, report=report)

    # the steps

    async def _change(self, polls: bool) -> None:
        """Look at new numbers and those with an event at once, with a poll at all."""
        before = dict(self._state.numbers)
        for chunk in in_chunks(self._list.open if polls else self._at_once(), CHANGES_A_CALL):
            await self._change_chunk(chunk)
        if polls or self._state.last_read is None:
            self._state.last_read = workflow.now()
            news = before != self._state.numbers
            self._state.polling = self._state.polling.after_read(self._request.pace, news=news)

    async def _change_chunk(self, chunk: Sequence[ChangingNumber]) -> None:
        items = tuple(NumberToChange(phone_number=number.phone_number, asked=number.asked) for number in chunk)
        for number in chunk:
            self._state.numbers[number.phone_number] = number.model_copy(update={"nudged": False})
        request = ChangeCall(numbers=items, change=self._request.change)
        verb = "release" if self._releases else "relink"
        try:
            answer = await call(
                CHANGE_ACTIVE_NUMBERS, request, f"{verb} {len(items)} numbers", profile=self._request.profile
            )
            answers = answer.numbers
        except ActivityError as error:
            workflow.logger.warning("%d numbers got no answer: %s", len(items), error.cause)
            outcome = ChangeOutcome.NO_ANSWER
            answers = tuple(ActiveNumberChanged(phone_number=item.phone_number, outcome=outcome) for item in items)
        for said in answers:
            known = self._state.numbers[said.phone_number]
            now = workflow.now()
            self._state.numbers[said.phone_number] = changes.changed(known, said, releases=self._releases, at=now)

    def _end_waits(self) -> None:
        for number in self._list.open:
            if self._is_due(self._deadline_of(number)):
                over = changes.overdue(number, releases=self._releases, at=workflow.now())
                self._state.numbers[number.phone_number] = over

    async def _wait_for_news(self) -> None:
        moment = self._next_due()

        def is_sooner() -> bool:
            due = self._next_due()
            return self._list.is_over or (due is not None and (moment is None or due < moment))

        await news_or(moment, is_sooner, "until the next look")

    async def _continue_as_new_if_long(self) -> None:
        if not self._list.is_over and history_is_long(self._request.events_a_run):
            await go_on_as_new(self._request, self._state)

    # what the steps are made of

    def _at_once(self) -> list[ChangingNumber]:
        """New numbers, and those an event has come about."""
        new = [n for n in self._list.open if n.step is ChangeStep.PENDING and not n.unanswered]
        return new + [n for n in self._list.open if n.nudged]

    def _is_due(self, moment: datetime | None) -> bool:
        return moment is not None and workflow.now() >= moment

    def _next_due(self) -> datetime | None:
        """When the next step can be done; a moment in the past is now."""
        if self._list.has_room or self._list.can_put_away or self._at_once():
            return workflow.info().start_time
        moments = [self._next_poll(), *(self._deadline_of(number) for number in self._list.open)]
        moments += [due for n in self._list.open if (due := self._no_news_from(n)) > workflow.now()]
        return min((moment for moment in moments if moment), default=None)

    def _next_poll(self) -> datetime | None:
        last = self._state.last_read
        return last + self._state.polling.wait if last and self._list.open else None

    def _deadline_of(self, number: ChangingNumber) -> datetime | None:
        return self._request.pace.carrier.deadline.after(number.since)

    def _no_news_from(self, number: ChangingNumber) -> datetime:
        return self._request.pace.no_news.after(number.since)

    def _waiting_on(self) -> WaitingOn:
        """Where nothing is heard of a number for long, an operator has to look into it."""
        if any(self._is_due(self._no_news_from(number)) for number in self._list.open):
            return WaitingOn.OPERATOR
        return WaitingOn.NOBODY if self._list.is_over else WaitingOn.CARRIER

    def _show(self) -> None:
        status = self.status()
        self._display.show(
            stage=Stage.DONE if self._list.is_over else Stage.PROVISIONING,
            waiting_on=status.waiting_on,
            numbers_done=status.steps.get(ChangeStep.DONE, 0),
            numbers_failed=status.steps.get(ChangeStep.FAILED, 0),
            details=change_details(status, "release" if self._releases else "relink"),
        )

    # what the outside can tell and ask

    @workflow.signal(name=CALLBACK_SIGNAL)
    def callback_events(self, callbacks: CallbackEvents) -> None:
        """Take Sinch's events: each says that its number is worth a look."""
        for event in callbacks.events:
            known = self._state.numbers.get(event.phone_number)
            if known is not None:
                self._state.numbers[event.phone_number] = changes.nudged(known)

    @workflow.query(name=STATUS_QUERY)
    def status(self) -> ChangeStatus:
        """Where the change stands."""
        return ChangeStatus(
            id=self._request.id,
            numbers_total=self._request.numbers_total,
            numbers_started=self._state.list.started,
            steps=self._list.counts(lambda number: number.step.value),
            waiting_on=self._waiting_on(),
            cancelled=self._state.list.cancelled,
            numbers=tuple(self._state.numbers.values()),
        )

    @workflow.update(name=CANCEL_UPDATE)
    def cancel(self, action: OperatorAction) -> ActionTaken:
        """Start no further numbers; those that Sinch was asked about are followed."""
        self._state.list.cancelled = True
        return ActionTaken(message="No further numbers are started; those that Sinch was asked about are followed.")
