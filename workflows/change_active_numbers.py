"""`ChangeActiveNumbers`: link active numbers to something else, or release them, and see that it is through.

Every step reads the number first and asks Sinch for what is next, so any of them may be repeated. An event makes its
number be looked at at once; without events polls are enough, which read many numbers by list.
"""

from collections.abc import Sequence
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError

from onboarding import active_number_changes as changes
from onboarding.active_number_changes import ChangeStep, ChangingNumber
from onboarding.active_numbers import ActiveNumberSeen
from onboarding.callbacks import CALLBACK_SIGNAL, CallbackEvents
from onboarding.calls.active_numbers import (
    CHANGE_ACTIVE_NUMBERS,
    CHANGES_A_CALL,
    READ_ACTIVE_NUMBERS,
    READS_A_CALL,
    ActiveNumberChanged,
    ChangeOutcome,
    NumberToChange,
    ReadActiveNumbers,
    Relink,
)
from onboarding.calls.active_numbers import (
    ChangeActiveNumbers as ChangeCall,
)
from onboarding.chunks import in_chunks
from onboarding.contracts import change_active_numbers as contract
from onboarding.contracts.change_active_numbers import ChangeRequest, ChangeState, ChangeStatus
from onboarding.contracts.number_list import NumberListResult
from onboarding.contracts.operator import CANCEL_UPDATE, STATUS_QUERY, ActionTaken, OperatorAction
from onboarding.renting_texts import change_details
from onboarding.stages import Stage
from workflows._calling import call
from workflows._display import Display
from workflows._number_list import NumberList
from workflows._sinch_waits import SinchWaits


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
            request,
            self._state,
            self._state.numbers,
            lambda phone_number, now: ChangingNumber(phone_number=phone_number, since=now),
            changes.cancelled,
        )
        self._waits = SinchWaits(request.pace, self._list)
        self._display = Display()

    @workflow.run
    async def run(self, request: ChangeRequest) -> NumberListResult:
        """Keep a window of numbers at work until the list is through; then write the report."""
        with self._display.until_cancelled():
            async for polls in self._list.turns(self._dues, self._show):
                await self._change(polls)
                self._end_waits()
        return await self._list.result(self._show)

    # the steps

    async def _change(self, polls: bool) -> None:
        """Ask Sinch for what is next of new numbers and those worth a look, which a poll finds among all."""
        before = dict(self._state.numbers)
        if polls:
            await self._look()
        for chunk in in_chunks([*self._at_once(), *(self._unanswered() if polls else ())], CHANGES_A_CALL):
            await self._change_chunk(self._still_wanted(chunk))
        if polls or self._state.last_read is None:
            self._list.polled(news=before != self._state.numbers)

    async def _look(self) -> None:
        """Read the numbers at Sinch; once cancelled, also those that may not have begun."""
        unclear = self._unanswered() if self._state.list.cancelled else []
        at_sinch = [number for number in self._list.open if number.step is ChangeStep.AT_SINCH]
        for chunk in in_chunks([*at_sinch, *unclear], READS_A_CALL):
            request = ReadActiveNumbers(phone_numbers=tuple(number.phone_number for number in chunk))
            summary = f"read {len(chunk)} active numbers"
            try:
                read = await call(READ_ACTIVE_NUMBERS, request, summary, profile=self._request.profile)
            except ActivityError as error:
                workflow.logger.warning("active numbers could not be read: %s", error.cause)
                continue
            for found in read.numbers:
                self._take_seen(found)

    def _take_seen(self, found: ActiveNumberSeen) -> None:
        known, cancelled = self._state.numbers[found.phone_number], self._state.list.cancelled
        self._list.put(changes.seen(known, found, self._request.change, cancelled=cancelled, at=workflow.now()))

    async def _change_chunk(self, chunk: Sequence[ChangingNumber]) -> None:
        if not chunk:
            return
        items = tuple(NumberToChange(phone_number=number.phone_number, asked=number.asked) for number in chunk)
        for number in chunk:
            self._list.put(changes.asked_about(number))
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
            self._list.put(changes.changed(known, said, releases=self._releases, at=workflow.now()))

    def _end_waits(self) -> None:
        for number in self._waits.overdue:
            self._list.put(changes.overdue(number, releases=self._releases, at=workflow.now()))

    # what the steps are made of

    def _at_once(self) -> list[ChangingNumber]:
        """New numbers, and those an event has come about."""
        new = [n for n in self._list.open if n.step is ChangeStep.PENDING and not n.unanswered]
        return new + [n for n in self._list.open if n.nudged]

    def _unanswered(self) -> list[ChangingNumber]:
        """Numbers whose first request got no answer."""
        return [number for number in self._list.open if number.step is ChangeStep.PENDING and number.unanswered]

    def _still_wanted(self, numbers: Sequence[ChangingNumber]) -> list[ChangingNumber]:
        """The numbers as they are now, without those that a cancellation leaves alone."""
        cancelled, known = self._state.list.cancelled, [self._state.numbers[n.phone_number] for n in numbers]
        return [n for n in known if not n.is_final and not (cancelled and n.step is ChangeStep.PENDING)]

    def _dues(self) -> list[datetime]:
        return [workflow.info().start_time] if self._at_once() else self._waits.dues()

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
        for known, _event in self._list.told_of(callbacks):
            self._list.put(changes.nudged(known))

    @workflow.query(name=STATUS_QUERY)
    def status(self) -> ChangeStatus:
        """Where the change stands."""
        return ChangeStatus(
            id=self._request.id,
            numbers_total=self._request.numbers_total,
            numbers_started=self._state.list.started,
            steps=self._list.counts(lambda number: number.step.value),
            waiting_on=self._waits.waiting_on,
            cancelled=self._state.list.cancelled,
            numbers=tuple(self._state.numbers.values()),
        )

    @workflow.update(name=CANCEL_UPDATE)
    def cancel(self, action: OperatorAction) -> ActionTaken:
        """Begin no further number; those whose change is under way are followed to their end."""
        self._list.cancel()
        under_way = len(self._list.open)
        return ActionTaken(message=f"No further number is begun. Under way and followed to their end: {under_way}.")

    @cancel.validator
    def _may_cancel(self, action: OperatorAction) -> None:
        self._list.refuse_useless_cancel()
