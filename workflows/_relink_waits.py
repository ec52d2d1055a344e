"""Whom a relinking waits for, the mails about it, and the ends of patience.

A number has no news between two steps, so its reminders are the mails about its silence.
"""

from datetime import datetime

from temporalio import workflow

from onboarding.contracts.relink_numbers import RelinkRequest, RelinkState
from onboarding.pace import Pace, Patience, Vigil
from onboarding.relinking import AT_SINCH, RelinkingNumber, RelinkStep
from onboarding.relinking_texts import relink_notice
from onboarding.stages import WaitingOn
from workflows._waiting import is_due, tell


class RelinkWaits:
    """An operator is waited for where numbers are offered, else Sinch."""

    def __init__(self, request: RelinkRequest, state: RelinkState) -> None:
        """The vigil stands in `state`."""
        self._request = request
        self._state = state

    @property
    def waiting_on(self) -> WaitingOn:
        """Whom the relinking waits for most; where nothing is heard for long, an operator has to look into it."""
        return WaitingOn.OPERATOR if self.silent_since else self._reminded

    @property
    def waiting_since(self) -> datetime | None:
        """Since when that is so."""
        vigil = self._state.vigil
        if self.silent_since and self._reminded is not WaitingOn.OPERATOR:
            return self._pace.no_news.after(self.silent_since)
        return vigil.since if vigil else None

    @property
    def silent_since(self) -> datetime | None:
        """When something was heard last of the number that was heard of longest ago, where that is too long ago."""
        first = min((number.since for number in self._at_sinch()), default=None)
        return first if first and workflow.now() >= self._pace.no_news.after(first) else None

    def _silence_due(self) -> datetime | None:
        """When the next number will have been heard of too long ago."""
        dues = (self._pace.no_news.after(number.since) for number in self._at_sinch())
        return min((due for due in dues if due > workflow.now()), default=None)

    @property
    def _reminded(self) -> WaitingOn:
        if any(number.step is RelinkStep.OFFERED for number in self._state.numbers.values()):
            return WaitingOn.OPERATOR
        at_work = any(not number.is_final for number in self._state.numbers.values())
        return WaitingOn.CARRIER if at_work else WaitingOn.NOBODY

    def deadline_of(self, number: RelinkingNumber) -> datetime | None:
        """When the patience with a number is at its end; None while nobody is waited for."""
        if number.step is RelinkStep.OFFERED:
            return self._pace.operator.deadline.after(number.since)
        if number.is_awaited:
            return self._pace.carrier.deadline.after(number.since)
        return None

    @property
    def overdue(self) -> list[RelinkingNumber]:
        """Numbers at the end of the patience."""
        return [number for number in self._state.numbers.values() if is_due(self.deadline_of(number))]

    def dues(self) -> list[datetime | None]:
        """When the next mail is due, the next silence is long, and the patience with each number ends."""
        deadlines = [self.deadline_of(number) for number in self._state.numbers.values()]
        return [self._message_due(), self._silence_due(), *deadlines]

    async def remind(self) -> None:
        """Send the mail that is due."""
        waited_for, state = self._waited_for(), self._state
        if not waited_for:
            state.vigil = None
            return
        who, since = self._reminded, min(number.since for number in waited_for)
        moved_on = state.vigil is not None and who is WaitingOn.CARRIER and state.vigil.since < since
        if state.vigil is None or state.vigil.waiting_on is not who or moved_on:
            state.vigil = Vigil(waiting_on=who, since=since)
        contact, due = self._request.contact, self._message_due()
        if contact and due and workflow.now() >= due:
            notice = relink_notice(self._request.id, contact, state.vigil, waited_for)
            state.vigil = await tell(state.vigil, notice, self._pace)

    def _message_due(self) -> datetime | None:
        """When the next mail is due; None where nobody is to be told."""
        vigil = self._state.vigil
        return vigil.message_due(self._patience(vigil)) if vigil and self._request.contact else None

    def _waited_for(self) -> list[RelinkingNumber]:
        if self._reminded is not WaitingOn.OPERATOR:
            return self._at_sinch()
        return [number for number in self._state.numbers.values() if number.step is RelinkStep.OFFERED]

    def _at_sinch(self) -> list[RelinkingNumber]:
        return [number for number in self._state.numbers.values() if number.step in AT_SINCH]

    def _patience(self, vigil: Vigil) -> Patience:
        return self._pace.operator if vigil.waiting_on is WaitingOn.OPERATOR else self._pace.carrier

    @property
    def _pace(self) -> Pace:
        return self._request.pace
