"""The voice challenges of a group: one child workflow a number, whose id keeps any other batch from calling it."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ChildWorkflowError
from temporalio.exceptions import WorkflowAlreadyStartedError as AlreadyStarted
from temporalio.workflow import ParentClosePolicy

from onboarding import reasons
from onboarding.batch import Batch
from onboarding.contracts import verification
from onboarding.contracts.verification import VerificationOutcome, VerificationRequest, VerificationResult
from onboarding.group_numbers import GroupNumbers
from onboarding.ids import verification_workflow_id
from onboarding.phone_numbers import masked
from onboarding.progress import NumberProgress
from onboarding.search_attributes import started_with
from onboarding.stages import Stage, WaitingOn

_ENDS = {
    VerificationOutcome.BLOCKED: reasons.VERIFICATION_BLOCKED,
    VerificationOutcome.NOT_ENTERED: reasons.VOICE_CODE_NOT_ENTERED,
}


class VoiceChallenges:
    """Starts challenges and takes their results into the group's numbers."""

    def __init__(self, batch: Batch, numbers: GroupNumbers, news: Callable[[], None]) -> None:
        """`news` is called whenever a challenge has ended."""
        self._batch = batch
        self._numbers = numbers
        self._news = news
        self._running: dict[str, asyncio.Task[None]] = {}
        self._try_again: dict[str, datetime] = {}

    def __bool__(self) -> bool:
        """True while a challenge runs."""
        return bool(self._running)

    def without(self, numbers: Iterable[NumberProgress]) -> list[NumberProgress]:
        """Of the numbers, those that have no challenge running."""
        return [number for number in numbers if number.phone_number not in self._running]

    def start(self) -> None:
        """Begin a challenge for every number that needs one; a phone another batch is calling is tried later."""
        for number in self.without(self._numbers.at(Stage.NEEDS_VERIFICATION)):
            waits = self._try_again.get(number.phone_number)
            if waits is None or waits <= workflow.now():
                self._try_again.pop(number.phone_number, None)
                self._running[number.phone_number] = asyncio.create_task(self._challenge(number.phone_number))

    def stop_needless(self) -> None:
        """End challenges of numbers that need none any more."""
        for phone_number, task in self._running.items():
            if self._numbers[phone_number].stage is not Stage.NEEDS_VERIFICATION:
                task.cancel()

    def tries_due(self) -> list[datetime]:
        """When phones that another batch was calling are tried again."""
        numbers = self._numbers.at(Stage.NEEDS_VERIFICATION)
        return [self._try_again[n.phone_number] for n in numbers if n.phone_number in self._try_again]

    async def _challenge(self, phone_number: str) -> None:
        batch = self._batch
        try:
            result: VerificationResult = await workflow.execute_child_workflow(
                verification.WORKFLOW,
                VerificationRequest(
                    batch=batch.id,
                    customer=batch.customer,
                    phone_number=phone_number,
                    profile=batch.profile,
                    pace=batch.pace,
                ),
                id=verification_workflow_id(phone_number),
                result_type=VerificationResult,
                parent_close_policy=ParentClosePolicy.REQUEST_CANCEL,
                search_attributes=started_with(
                    batch.id, batch.customer, Stage.NEEDS_VERIFICATION, WaitingOn.VOICE_CODE
                ),
                static_summary=f"voice challenge for {masked(phone_number)}",
            )
            self._take(result)
        except AlreadyStarted:
            self._try_again[phone_number] = workflow.now() + batch.pace.poll_longest.fixed
        except (ChildWorkflowError, asyncio.CancelledError):
            self._end(phone_number, Stage.FAILED, reasons.ENDED_OUTSIDE)
        finally:
            del self._running[phone_number]
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
