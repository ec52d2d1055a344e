"""The voice challenges of a group: one child workflow a number, whose id keeps any other batch from calling it.

The run that starts a challenge awaits its end, which costs the fewest events. Challenges that outlive the run are told
to report by signal to whichever run follows.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

from temporalio import workflow
from temporalio.common import SearchAttributePair
from temporalio.exceptions import ChildWorkflowError, FailureError
from temporalio.exceptions import WorkflowAlreadyStartedError as AlreadyStarted
from temporalio.workflow import ParentClosePolicy

from onboarding import reasons
from onboarding.contracts import verification
from onboarding.contracts.group import GroupRequest, GroupState
from onboarding.contracts.verification import ReportTo, VerificationOutcome, VerificationRequest, VerificationResult
from onboarding.group_numbers import GroupNumbers
from onboarding.ids import verification_workflow_id
from onboarding.phone_numbers import masked
from onboarding.progress import NumberProgress
from onboarding.search_attributes import DEADLINE, started_with
from onboarding.stages import Stage, WaitingOn
from workflows._lifecycle import tell_workflow
from workflows._waiting import is_due

_ENDS = {
    VerificationOutcome.BLOCKED: reasons.VERIFICATION_BLOCKED,
    VerificationOutcome.NOT_ENTERED: reasons.VOICE_CODE_NOT_ENTERED,
}


class VoiceChallenges:
    """Starts challenges and takes their results into the group's numbers."""

    def __init__(
        self, request: GroupRequest, state: GroupState, numbers: GroupNumbers, news: Callable[[], None]
    ) -> None:
        """`news` is called whenever a challenge has ended. Those of earlier runs stand in `state`."""
        self._batch = request.batch
        self._state = state
        self._numbers = numbers
        self._news = news
        self._awaited: dict[str, asyncio.Task[None]] = {}
        self._begun: dict[str, bool] = {}

    def without(self, numbers: Iterable[NumberProgress]) -> list[NumberProgress]:
        """Of the numbers, those that have no challenge running."""
        running = {*self._awaited, *self._state.challenges}
        return [number for number in numbers if number.phone_number not in running]

    def start(self) -> None:
        """Begin a challenge for every number that needs one; a phone another batch is calling is tried later."""
        for number in self.without(self._numbers.at(Stage.NEEDS_VERIFICATION)):
            waits = self._state.calls_later.get(number.phone_number)
            if waits is None or waits <= workflow.now():
                self._state.calls_later.pop(number.phone_number, None)
                self._awaited[number.phone_number] = asyncio.create_task(self._challenge(number.phone_number))

    async def stop_needless(self) -> None:
        """End challenges of numbers that need none any more."""
        for phone_number, task in self._awaited.items():
            if self._is_needless(phone_number):
                task.cancel()
        for phone_number in filter(self._is_needless, list(self._state.challenges)):
            self._state.challenges.remove(phone_number)
            try:
                await workflow.get_external_workflow_handle(verification_workflow_id(phone_number)).cancel()
            except FailureError as error:
                workflow.logger.info("the challenge of %s has ended already: %s", masked(phone_number), error)

    def dues(self) -> list[datetime]:
        """When phones that another batch was calling are tried again, and challenges of earlier runs asked."""
        numbers = self._numbers.at(Stage.NEEDS_VERIFICATION)
        later = self._state.calls_later
        tries = [later[n.phone_number] for n in numbers if n.phone_number in later]
        asking = self._asking_due()
        return [*tries, asking] if asking else tries

    # challenges that outlive the run

    async def hand_over(self) -> None:
        """Before the run ends: what it awaits is told to report by signal, or has reported to it."""
        awaited = self._awaited
        await workflow.wait_condition(lambda: all(number in self._begun for number in awaited))
        await asyncio.gather(*(self._hand_over(phone_number) for phone_number in list(awaited)))

    async def _hand_over(self, phone_number: str) -> None:
        if await self._tell_to_report(phone_number):
            self._state.challenges_asked = self._state.challenges_asked or workflow.now()
            if phone_number in self._awaited:
                self._state.challenges.append(phone_number)
        else:
            await workflow.wait_condition(lambda: phone_number not in self._awaited)

    async def ask_the_silent(self) -> None:
        """From time to time ask challenges of earlier runs whether they are still there."""
        if not is_due(self._asking_due()):
            return
        self._state.challenges_asked = workflow.now()
        await asyncio.gather(*(self._ask(phone_number) for phone_number in list(self._state.challenges)))

    async def _ask(self, phone_number: str) -> None:
        is_there = await self._tell_to_report(phone_number)
        if not is_there and phone_number in self._state.challenges:
            self._state.challenges.remove(phone_number)
            self._end(phone_number, Stage.FAILED, reasons.ENDED_OUTSIDE)

    def take(self, result: VerificationResult) -> None:
        """A challenge of an earlier run has ended."""
        if result.phone_number in self._state.challenges:
            self._state.challenges.remove(result.phone_number)
            self._take(result)

    async def _tell_to_report(self, phone_number: str) -> bool:
        report_to = ReportTo(workflow_id=workflow.info().workflow_id)
        return await tell_workflow(verification_workflow_id(phone_number), verification.REPORT_SIGNAL, report_to)

    def _asking_due(self) -> datetime | None:
        asked = self._state.challenges_asked
        return self._batch.pace.reconcile.after(asked) if asked and self._state.challenges else None

    # one challenge

    async def _challenge(self, phone_number: str) -> None:
        batch = self._batch
        deadline = batch.pace.voice_code.deadline.after(workflow.now())
        try:
            challenge = await workflow.start_child_workflow(
                verification.WORKFLOW,
                VerificationRequest(
                    batch=batch.id,
                    customer=batch.customer,
                    phone_number=phone_number,
                    deadline=deadline,
                    profile=batch.profile,
                    pace=batch.pace,
                ),
                id=verification_workflow_id(phone_number),
                result_type=VerificationResult,
                parent_close_policy=ParentClosePolicy.ABANDON,
                search_attributes=started_with(
                    batch.id, batch.customer, Stage.NEEDS_VERIFICATION, WaitingOn.VOICE_CODE
                ).updated(SearchAttributePair(DEADLINE, deadline)),
                static_summary=f"voice challenge for {masked(phone_number)}",
            )
            self._begun[phone_number] = True
            self._take(await challenge)
        except AlreadyStarted:
            self._state.calls_later[phone_number] = workflow.now() + batch.pace.poll_longest.fixed
        except (ChildWorkflowError, asyncio.CancelledError):
            self._end(phone_number, Stage.FAILED, reasons.ENDED_OUTSIDE)
        finally:
            del self._awaited[phone_number]
            self._begun.pop(phone_number, None)
            if phone_number in self._state.challenges:
                self._state.challenges.remove(phone_number)
            self._news()

    def _take(self, result: VerificationResult) -> None:
        number = self._numbers[result.phone_number]
        match result.outcome:
            case VerificationOutcome.VERIFIED if number.stage is Stage.NEEDS_VERIFICATION:
                self._numbers.move(number, Stage.VERIFIED, workflow.now())
            case VerificationOutcome.SKIPPED:
                self._end(result.phone_number, Stage.SKIPPED, reasons.SKIPPED_BY_OPERATOR)
            case ended if ended in _ENDS:
                self._end(result.phone_number, Stage.FAILED, _ENDS[ended], result.message)

    def _end(self, phone_number: str, stage: Stage, code: str, said: str = "") -> None:
        number = self._numbers[phone_number]
        if number.stage is Stage.NEEDS_VERIFICATION:
            self._numbers.end([number], stage, code, workflow.now(), said)

    def _is_needless(self, phone_number: str) -> bool:
        return self._numbers[phone_number].stage is not Stage.NEEDS_VERIFICATION
