"""Waiting for an operator who has to put something right, e.g. the credit of the account."""

from datetime import datetime

from temporalio import workflow

from onboarding.contracts.assign_legacy_numbers import LegacyWait, WishState
from onboarding.legacy_texts import wish_notice
from onboarding.legacy_wishes import LegacyWish
from onboarding.pace import Vigil
from onboarding.reasons import reason
from onboarding.stages import WaitingOn
from workflows._waiting import tell


class LegacyOperator:
    """The wait stands in `state`; the contact of the wish, if there is one, is told and reminded by mail."""

    def __init__(self, wish: LegacyWish, state: WishState) -> None:
        """Nobody is waited for before `begin`."""
        self._wish = wish
        self._state = state

    def begin(self, code: str, said: str = "") -> None:
        """Nothing goes on before somebody has put this right."""
        vigil = Vigil(waiting_on=WaitingOn.OPERATOR, since=workflow.now())
        self._state.wait = LegacyWait(reason=reason(code, said), vigil=vigil)

    async def mind(self, wait: LegacyWait) -> None:
        """Send the mail that is due."""
        due, contact = self._message_due(wait), self._wish.contact
        if contact and due and workflow.now() >= due:
            vigil = await tell(wait.vigil, wish_notice(self._wish, contact, wait), self._wish.pace)
            if self._state.wait is wait:
                self._state.wait = wait.model_copy(update={"vigil": vigil})

    def is_too_late(self, wait: LegacyWait) -> bool:
        """Whether the patience is at its end."""
        return workflow.now() >= self.deadline(wait)

    def deadline(self, wait: LegacyWait) -> datetime:
        """When the patience will be at its end."""
        return wait.vigil.deadline(self._wish.pace.operator)

    def next_due(self, wait: LegacyWait) -> datetime:
        """When the next mail or the end of the patience is due."""
        message_due = self._message_due(wait)
        return min(message_due, self.deadline(wait)) if message_due else self.deadline(wait)

    def _message_due(self, wait: LegacyWait) -> datetime | None:
        return wait.vigil.message_due(self._wish.pace.operator) if self._wish.contact else None
