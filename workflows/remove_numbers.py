"""`RemoveNumbers`: take numbers out of the Sinch project and see that they are gone.

The event of the deletion is enough, and so is a read that does not find the number any more.
"""

from collections.abc import Sequence
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError

from onboarding import removing
from onboarding.callbacks import CALLBACK_SIGNAL, CallbackEvents
from onboarding.calls.imported_numbers import (
    CHANGES_A_CALL,
    READ_IMPORTED_NUMBERS,
    READS_A_CALL,
    REMOVE_IMPORTED_NUMBERS,
    NumberRemoval,
    ReadImportedNumbers,
    RemovalOutcome,
    RemoveFromSinch,
)
from onboarding.chunks import in_chunks
from onboarding.contracts import remove_numbers as contract
from onboarding.contracts.number_list import NumberListResult
from onboarding.contracts.operator import CANCEL_UPDATE, STATUS_QUERY, ActionTaken, OperatorAction
from onboarding.contracts.remove_numbers import RemoveRequest, RemoveState, RemoveStatus
from onboarding.relinking_texts import remove_details
from onboarding.removing import RemovingNumber
from onboarding.stages import Stage
from workflows._calling import call
from workflows._display import Display
from workflows._number_list import NumberList
from workflows._sinch_waits import SinchWaits


@workflow.defn(name=contract.WORKFLOW)
class RemoveNumbers:
    """Any count of imported numbers, qualified numbers, or both."""

    @workflow.init
    def __init__(self, request: RemoveRequest) -> None:
        """State exists before the first callback arrives."""
        self._request = request
        self._state = request.state or RemoveState()
        self._list = NumberList(
            request,
            self._state,
            self._state.numbers,
            lambda phone_number, now: RemovingNumber(phone_number=phone_number, since=now),
            removing.cancelled,
        )
        self._waits = SinchWaits(request.pace, self._list)
        self._display = Display()

    @workflow.run
    async def run(self, request: RemoveRequest) -> NumberListResult:
        """Keep a window of numbers at work until the list is through; then write the report."""
        with self._display.until_cancelled():
            async for polls in self._list.turns(self._dues, self._show):
                await self._remove(polls)
                await self._look_whether_gone(polls)
                self._end_waits()
        return await self._list.result(self._show)

    # the steps

    async def _remove(self, polls: bool) -> None:
        """Ask for new numbers at once; after a call without an answer, again with the next poll, unless cancelled."""
        new = [number for number in self._at(Stage.PENDING) if not number.asked_before]
        for numbers, asked_before in ((new, False), (self._unanswered() if polls else [], True)):
            for chunk in in_chunks(numbers, CHANGES_A_CALL):
                if not self._state.list.cancelled:
                    await self._remove_chunk(chunk, asked_before)

    async def _remove_chunk(self, chunk: Sequence[RemovingNumber], asked_before: bool) -> None:
        phone_numbers = tuple(number.phone_number for number in chunk)
        registers = self._request.registers
        request = RemoveFromSinch(phone_numbers=phone_numbers, registers=registers, asked_before=asked_before)
        for number in chunk:
            self._list.put(removing.asked_about(number))
        try:
            removed = await call(
                REMOVE_IMPORTED_NUMBERS, request, f"remove {len(chunk)} numbers", profile=self._request.profile
            )
            answers = removed.numbers
        except ActivityError as error:
            workflow.logger.warning("numbers could not be removed: %s", error.cause)
            outcome = RemovalOutcome.NO_ANSWER
            answers = tuple(NumberRemoval(phone_number=number, outcome=outcome) for number in phone_numbers)
        if not self._at(Stage.PROVISIONING):
            self._list.polled(news=True)
        for answer in answers:
            self._take(answer)

    async def _look_whether_gone(self, polls: bool) -> None:
        """Read the numbers that Sinch still shows; once cancelled, also those that may be removed."""
        if not polls:
            return
        news, unclear = False, self._unanswered() if self._state.list.cancelled else []
        for chunk in in_chunks([*self._at(Stage.PROVISIONING), *unclear], READS_A_CALL):
            request = ReadImportedNumbers(phone_numbers=tuple(number.phone_number for number in chunk))
            summary = f"look whether {len(chunk)} numbers are gone"
            try:
                read = await call(READ_IMPORTED_NUMBERS, request, summary, profile=self._request.profile)
            except ActivityError as error:
                workflow.logger.warning("numbers could not be read: %s", error.cause)
                continue
            for found in read.numbers:
                known = self._state.numbers[found.phone_number]
                self._list.put(removing.seen(known, found, self._request.registers, workflow.now()))
                news |= self._state.numbers[found.phone_number] != known
        self._list.polled(news=news)

    def _end_waits(self) -> None:
        for number in self._waits.overdue:
            self._list.put(removing.too_late(number, workflow.now()))

    # what the steps are made of

    def _at(self, stage: Stage) -> list[RemovingNumber]:
        return [number for number in self._state.numbers.values() if number.stage is stage]

    def _unanswered(self) -> list[RemovingNumber]:
        """Numbers whose request got no answer."""
        return [number for number in self._at(Stage.PENDING) if number.asked_before]

    def _take(self, said: NumberRemoval) -> None:
        known = self._state.numbers[said.phone_number]
        self._list.put(removing.removal(known, said, workflow.now()))

    def _dues(self) -> list[datetime]:
        is_new = any(not number.asked_before for number in self._at(Stage.PENDING))
        return [workflow.info().start_time] if is_new else self._waits.dues()

    def _show(self) -> None:
        status = self.status()
        self._display.show(
            stage=Stage.DONE if self._list.is_over else Stage.PROVISIONING,
            waiting_on=self._waits.waiting_on,
            numbers_done=status.stages.get(Stage.DONE, 0),
            numbers_failed=status.stages.get(Stage.FAILED, 0),
            details=remove_details(status),
        )

    # what the outside can tell and ask

    @workflow.signal(name=CALLBACK_SIGNAL)
    def callback_events(self, callbacks: CallbackEvents) -> None:
        """Take Sinch's events; repeated ones change nothing."""
        for known, event in self._list.told_of(callbacks):
            self._list.put(removing.deletion_told(known, event, workflow.now()))

    @workflow.query(name=STATUS_QUERY)
    def status(self) -> RemoveStatus:
        """Where the removal stands."""
        return RemoveStatus(
            id=self._request.id,
            registers=self._request.registers,
            numbers_total=self._request.numbers_total,
            numbers_started=self._state.list.started,
            stages=self._list.counts(lambda number: number.stage.value),
            cancelled=self._state.list.cancelled,
            numbers=tuple(self._state.numbers.values()),
        )

    @workflow.update(name=CANCEL_UPDATE)
    def cancel(self, action: OperatorAction) -> ActionTaken:
        """Remove no further number; those that Sinch was asked for stay removed."""
        self._list.cancel()
        return ActionTaken(
            message=f"No further number is removed. Asked for and followed to their end: {len(self._list.open)}."
        )

    @cancel.validator
    def _may_cancel(self, action: OperatorAction) -> None:
        self._list.refuse_useless_cancel()
