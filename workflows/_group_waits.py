"""The waits of a group before anything is ordered: whom its numbers wait for, reminders, deadlines."""

from collections.abc import Callable, Sequence
from datetime import datetime

from temporalio import workflow

from onboarding import notices, reasons
from onboarding.batch import Batch
from onboarding.calls.notifications import Notice
from onboarding.contracts.group import GroupRequest, GroupState
from onboarding.group_numbers import GroupNumbers
from onboarding.pace import Patience, Vigil
from onboarding.progress import NumberProgress
from onboarding.stages import Stage, WaitingOn
from workflows._silence import Silence
from workflows._voice_challenges import VoiceChallenges
from workflows._waiting import earliest, tell

WAITS = {
    WaitingOn.VOICE_CODE: Stage.NEEDS_VERIFICATION,
    WaitingOn.INVOICE_REVIEW: Stage.IN_REVIEW,
    WaitingOn.CARRIER: Stage.QUALIFYING,
}
"""Whom a group waits for, the most pressing first, and the stage its numbers are in meanwhile."""

_LATE = {
    Stage.QUALIFYING: reasons.ELIGIBILITY_DEADLINE_PASSED,
    Stage.IN_REVIEW: reasons.INVOICE_REVIEW_DEADLINE_PASSED,
    Stage.NEEDS_VERIFICATION: reasons.VOICE_CODE_NOT_ENTERED,
}
_NOTICES: dict[WaitingOn, Callable[[Batch, int, Vigil, Sequence[str]], Notice]] = {
    WaitingOn.VOICE_CODE: notices.voice_notice,
    WaitingOn.INVOICE_REVIEW: notices.review_notice,
    WaitingOn.CARRIER: notices.eligibility_notice,
}


class GroupWaits:
    """Reminds whoever a group waits for, and ends waits at their deadlines."""

    def __init__(
        self, request: GroupRequest, state: GroupState, numbers: GroupNumbers, challenges: VoiceChallenges
    ) -> None:
        """The vigils stand in `state`."""
        self._request = request
        self._state = state
        self._numbers = numbers
        self._challenges = challenges
        self.silence = Silence(
            state.listening, request.batch.pace, self._quiet_since, self._silence_notice, self._reminded
        )

    def _quiet_since(self) -> datetime | None:
        """Reviews have reminders of their own; that Sinch cannot be read, or not be told, is the silence."""
        under_review = (Stage.PENDING, Stage.QUALIFYING, Stage.IN_REVIEW)
        return self._state.listening.heard_at if self._numbers.at(*under_review) else None

    def _reminded(self, moment: datetime) -> datetime | None:
        vigils = [v for who, v in self._state.vigils.items() if who is not WaitingOn.VOICE_CODE]
        dues = [vigil.due_after_message(moment, self._patience(vigil.waiting_on)) for vigil in vigils]
        return earliest(dues)

    def _silence_notice(self, vigil: Vigil) -> Notice:
        group = f"{self._request.slice.sequence:04d}"
        numbers = [number.phone_number for number in self._numbers.not_ordered()]
        return notices.silence_notice(self._request.batch, f"the qualification of group {group}", vigil, numbers)

    @property
    def waiting_on(self) -> WaitingOn:
        """Whom the group waits for most."""
        if self.silence.since:
            return WaitingOn.OPERATOR
        return next((who for who, stage in WAITS.items() if self._numbers.at(stage)), WaitingOn.NOBODY)

    @property
    def waiting_since(self) -> datetime | None:
        """Since when that is so."""
        vigil = self._state.vigils.get(self.waiting_on)
        return vigil.since if vigil else self.silence.waiting_since

    async def mind(self) -> None:
        """End what is overdue, send the reminders that are due."""
        for stage in _LATE:
            for number in self._numbers.overdue(self._on_their_own(stage), workflow.now()):
                self._end_wait(number)
        await self.silence.mind()
        for waiting_on, stage in WAITS.items():
            await self._remind(waiting_on, self._numbers.at(stage))

    def _end_wait(self, number: NumberProgress) -> None:
        """From the review a number moves on to the voice challenge, where that is open to it; else it ends."""
        if number.stage is Stage.IN_REVIEW and self._request.batch.verification.may_call:
            self._numbers.move(number, Stage.NEEDS_VERIFICATION, workflow.now())
        else:
            self._numbers.end([number], Stage.FAILED, _LATE[number.stage], workflow.now())

    def _on_their_own(self, stage: Stage) -> list[NumberProgress]:
        """A running challenge minds its own deadline."""
        return self._challenges.without(self._numbers.at(stage))

    async def _remind(self, waiting_on: WaitingOn, numbers: list[NumberProgress]) -> None:
        now, vigils, patience = workflow.now(), self._state.vigils, self._patience(waiting_on)
        overdue = {number.phone_number for number in self._numbers.overdue(numbers, now)}
        in_time = [number for number in numbers if number.phone_number not in overdue]
        if not in_time:
            vigils.pop(waiting_on, None)
            return
        since = min(number.since or now for number in in_time)
        vigil = vigils.setdefault(waiting_on, Vigil(waiting_on=waiting_on, since=since))
        if self.silence.since and waiting_on is not WaitingOn.VOICE_CODE:
            vigils[waiting_on] = vigil.caught_up(patience, now)
        elif now >= vigil.message_due(patience):
            phone_numbers = [number.phone_number for number in in_time]
            notice = _NOTICES[waiting_on](self._request.batch, self._request.slice.sequence, vigil, phone_numbers)
            vigils[waiting_on] = await tell(vigil, notice, self._request.batch.pace)

    def dues(self) -> list[datetime]:
        """When a reminder or a deadline is due."""
        messages = [vigil.message_due(self._patience(who)) for who, vigil in self._state.vigils.items()]
        waiting = [number for stage in _LATE for number in self._on_their_own(stage)]
        if silence := self.silence.next_due():
            messages.append(silence)
        return messages + [due for number in waiting if (due := self._numbers.deadline(number)) is not None]

    def deadline(self) -> datetime | None:
        """The first deadline of the present waits."""
        vigils = self._state.vigils.items()
        return min((vigil.deadline(self._patience(who)) for who, vigil in vigils), default=None)

    def _patience(self, waiting_on: WaitingOn) -> Patience:
        patience = self._numbers.patience(WAITS[waiting_on])
        assert patience is not None  # noqa: S101 - every stage of WAITS has one
        return patience
