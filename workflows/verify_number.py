"""`VerifyNumber`: prove the ownership of one number by a voice challenge.

A call rings a real phone, so it is never repeated without knowing that the one before did not happen, or
without a person asking for it.
"""

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from onboarding.calls.qualification import READ_REVIEWS, ReadReviews
from onboarding.calls.voice import (
    CHECK_CODE,
    LOOK_AFTER_CALL,
    PLACE_CALL,
    CallOutcome,
    CallPlaced,
    CheckCode,
    CodeOutcome,
    LookAfterCall,
    NumberSeen,
    PlaceCall,
)
from onboarding.contracts import verification as contract
from onboarding.contracts.group import CHALLENGE_ENDED_SIGNAL
from onboarding.contracts.operator import SKIP_UPDATE, STATUS_QUERY, ActionTaken, OperatorAction
from onboarding.contracts.verification import (
    ReportTo,
    SubmitCode,
    VerificationOutcome,
    VerificationRequest,
    VerificationResult,
    VerificationStatus,
)
from onboarding.details import verification_details
from onboarding.pace import Polling
from onboarding.phone_numbers import masked
from onboarding.stages import Stage, WaitingOn
from workflows._calling import call
from workflows._display import Display
from workflows._lifecycle import tell_workflow
from workflows._waiting import news_or

_FINAL_STAGES = {
    VerificationOutcome.VERIFIED: Stage.VERIFIED,
    VerificationOutcome.SKIPPED: Stage.SKIPPED,
}


@workflow.defn(name=contract.WORKFLOW)
class VerifyNumber:
    """One number, one challenge: place the call, take the code, check it; limited calls, one deadline."""

    @workflow.init
    def __init__(self, request: VerificationRequest) -> None:
        """State exists before the first update arrives."""
        self._request = request
        self._code: str | None = None
        self._call_wanted = True
        self._placing = False
        self._calls_placed = 0
        self._last_call_at: datetime | None = None
        self._seen: NumberSeen | None = None
        self._codes_judged = 0
        self._wrong_codes = 0
        self._outcome: VerificationOutcome | None = None
        self._message = ""
        self._report_to: str | None = None
        self._display = Display()
        self._deadline_timer: asyncio.Task[None] | None = None

    @workflow.run
    async def run(self, request: VerificationRequest) -> VerificationResult:
        """Call, wait for the code, check it, until the number is verified or the time is up."""
        with self._display.until_cancelled():
            outcome = await self._challenge()
        self._display.show(waiting_on=WaitingOn.NOBODY, stage=_FINAL_STAGES.get(outcome, Stage.FAILED))
        await workflow.wait_condition(workflow.all_handlers_finished)
        result = VerificationResult(
            phone_number=request.phone_number,
            outcome=outcome,
            message=self._message,
            calls_placed=self._calls_placed,
        )
        if self._report_to:
            await tell_workflow(self._report_to, CHALLENGE_ENDED_SIGNAL, result)
        return result

    async def _challenge(self) -> VerificationOutcome:
        while self._outcome is None:
            if self._call_wanted:
                await self._place_call()
            elif self._code is not None:
                await self._check_code(self._code)
            else:
                self._show()
                await self._wait_for_somebody()
        if self._outcome is VerificationOutcome.NOT_ENTERED and await self._is_verified_otherwise():
            self._outcome = VerificationOutcome.VERIFIED
        return self._outcome

    async def _place_call(self) -> None:
        self._placing = True
        polling = Polling()
        while self._outcome is None:
            placed = await self._request_call()
            self._seen = placed.seen or self._seen
            if placed.outcome is CallOutcome.UNKNOWN:
                placed = await self._look_what_happened()
                self._seen = placed.seen or self._seen
            if placed.outcome is not CallOutcome.NOT_PLACED:
                self._take_call_outcome(placed)
                break
            self._message = placed.message
            polling = polling.after_read(self._request.pace, news=False)
            await self._pause(polling.wait)
        self._call_wanted = self._placing = False

    async def _request_call(self) -> CallPlaced:
        shown = masked(self._request.phone_number)
        try:
            request = PlaceCall(phone_number=self._request.phone_number)
            return await call(PLACE_CALL, request, f"call {shown}", profile=self._request.profile)
        except ActivityError as error:
            # The activity answers whatever Sinch does; when it fails itself, it may have got through before.
            return CallPlaced(outcome=CallOutcome.UNKNOWN, message=str(error.cause))

    async def _look_what_happened(self) -> CallPlaced:
        """Ask Sinch, for as long as it takes."""
        request = LookAfterCall(phone_number=self._request.phone_number, seen=self._seen)
        summary = f"was {masked(self._request.phone_number)} called?"
        polling = Polling()
        while self._outcome is None:
            try:
                return await call(LOOK_AFTER_CALL, request, summary, profile=self._request.profile)
            except ActivityError:
                polling = polling.after_read(self._request.pace, news=False)
                await self._pause(polling.wait)
        return CallPlaced(outcome=CallOutcome.REFUSED, message=self._message)

    async def _is_verified_otherwise(self) -> bool:
        """The orders desk may have accepted the invoices while nobody entered a code."""
        number = self._request.phone_number
        request, summary = ReadReviews(phone_numbers=(number,)), f"is {masked(number)} verified by now?"
        try:
            reviews = await call(READ_REVIEWS, request, summary, profile=self._request.profile)
            return number in reviews.states.get("VERIFIED", ())
        except ActivityError:
            return False

    def _take_call_outcome(self, placed: CallPlaced) -> None:
        self._message = placed.message
        match placed.outcome:
            case CallOutcome.PLACED:
                self._calls_placed += 1
                self._last_call_at = workflow.now()
            case CallOutcome.ALREADY_VERIFIED:
                self._outcome = VerificationOutcome.VERIFIED
            case CallOutcome.BLOCKED:
                self._outcome = VerificationOutcome.BLOCKED

    async def _check_code(self, code: str) -> None:
        shown = masked(self._request.phone_number)
        request = CheckCode(phone_number=self._request.phone_number, code=code, seen=self._seen)
        try:
            checked = await call(CHECK_CODE, request, f"check the code for {shown}", profile=self._request.profile)
        except ActivityError as error:
            self._message = str(error.cause)
            self._code = None
            return
        self._code = None
        self._codes_judged += 1
        self._message, self._seen = checked.message, checked.seen or self._seen
        match checked.outcome:
            case CodeOutcome.VERIFIED:
                self._outcome = VerificationOutcome.VERIFIED
            case CodeOutcome.BLOCKED:
                self._outcome = VerificationOutcome.BLOCKED
            case CodeOutcome.WRONG:
                self._wrong_codes += 1

    async def _wait_for_somebody(self) -> None:
        """One timer for all waits: while it goes on running, codes and calls cost no event for it."""
        timer = self._deadline_timer = self._deadline_timer or asyncio.create_task(self._until_deadline())
        await workflow.wait_condition(lambda: self._somebody_came() or timer.done())
        if not self._somebody_came():
            self._outcome = VerificationOutcome.NOT_ENTERED

    async def _until_deadline(self) -> None:
        left = self._request.deadline - workflow.now()
        await workflow.sleep(max(left, timedelta(0)), summary="until the voice code is entered")

    async def _pause(self, length: timedelta) -> None:
        moment = min(workflow.now() + length, self._request.deadline)
        await news_or(moment, lambda: self._outcome is not None, "until the next try")
        if workflow.now() >= self._request.deadline and self._outcome is None:
            self._outcome = VerificationOutcome.NOT_ENTERED

    def _somebody_came(self) -> bool:
        return self._code is not None or self._call_wanted or self._outcome is not None

    def _show(self) -> None:
        self._display.show(deadline=self._request.deadline, details=verification_details(self.status()))

    @workflow.signal(name=contract.REPORT_SIGNAL)
    def report(self, report_to: ReportTo) -> None:
        """The run that awaited the result has ended: the next one gets it by signal."""
        self._report_to = report_to.workflow_id

    @workflow.query(name=STATUS_QUERY)
    def status(self) -> VerificationStatus:
        """Where the challenge stands; no code is ever shown."""
        return VerificationStatus(
            phone_number=self._request.phone_number,
            calls_placed=self._calls_placed,
            calls_left=max(0, self._request.pace.calls_at_most - self._calls_placed),
            codes_judged=self._codes_judged,
            wrong_codes=self._wrong_codes,
            last_call_at=self._last_call_at,
            deadline=self._request.deadline,
            outcome=self._outcome,
            message=self._message,
        )

    @workflow.update(name=contract.SUBMIT_CODE_UPDATE)
    def submit_code(self, submitted: SubmitCode) -> ActionTaken:
        """Take the code somebody heard; it is checked at once."""
        self._code = submitted.code
        return ActionTaken(message="The code is being checked.")

    @submit_code.validator
    def _may_submit_code(self, submitted: SubmitCode) -> None:
        if self._outcome is not None:
            raise ApplicationError(f"The challenge has ended: {self._outcome}.", type="Ended")
        if not self._calls_placed:
            raise ApplicationError("No call has been placed yet: wait for the call.", type="NoCall")
        if self._code is not None:
            raise ApplicationError("Another code is being checked: wait for its result.", type="Busy")

    @workflow.update(name=contract.CALL_AGAIN_UPDATE)
    def call_again(self, action: OperatorAction) -> ActionTaken:
        """Ring the phone once more."""
        self._call_wanted = True
        return ActionTaken(message=f"Calling {masked(self._request.phone_number)} again.")

    @call_again.validator
    def _may_call_again(self, action: OperatorAction) -> None:
        pace = self._request.pace
        if self._outcome is not None:
            raise ApplicationError(f"The challenge has ended: {self._outcome}.", type="Ended")
        if self._call_wanted or self._placing:
            raise ApplicationError("A call is being placed already.", type="Busy")
        if self._calls_placed >= pace.calls_at_most:
            raise ApplicationError(f"All {pace.calls_at_most} calls are used up.", type="NoCallsLeft")
        if self._last_call_at and workflow.now() < pace.call_pause.after(self._last_call_at):
            raise ApplicationError(f"The last call is less than {pace.call_pause} old.", type="TooSoon")

    @workflow.update(name=SKIP_UPDATE)
    def skip(self, action: OperatorAction) -> ActionTaken:
        """Give the challenge up."""
        self._outcome = self._outcome or VerificationOutcome.SKIPPED
        return ActionTaken(message=f"{masked(self._request.phone_number)} is skipped.")
