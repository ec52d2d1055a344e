"""Waits about which nothing is heard for long: they show as an operator's, who is told by mail, until the next news.

Whatever deadline the wait has stays as it is.
"""

from collections.abc import Callable
from datetime import datetime

from temporalio import workflow

from onboarding.calls.notifications import Notice
from onboarding.listening import Listening
from onboarding.pace import Pace, Patience, Vigil
from onboarding.stages import WaitingOn
from workflows._waiting import tell


class Silence:
    """Watches one wait."""

    def __init__(
        self,
        listening: Listening,
        pace: Pace,
        quiet_since: Callable[[], datetime | None],
        notice: Callable[[Vigil], Notice],
        reminded: Callable[[datetime], datetime | None],
    ) -> None:
        """`quiet_since` is when something was heard last; None while nothing is expected from Sinch.

        `reminded` is when the next reminder of the wait itself is due, if one has gone out since a moment: then the
        contact knows of it, and the first message about the silence takes the place of that reminder.
        """
        self._listening = listening
        self._pace = pace
        self._quiet_since = quiet_since
        self._notice = notice
        self._reminded = reminded

    @property
    def since(self) -> datetime | None:
        """When something was heard last, where that is too long ago; else None."""
        begins = self._begins()
        return self._quiet_since() if begins is not None and workflow.now() >= begins else None

    @property
    def waiting_since(self) -> datetime | None:
        """Since when an operator is waited for."""
        return self._begins() if self.since else None

    async def mind(self) -> None:
        """Send the message that is due; with the first news the wait for the operator is over."""
        listening, since = self._listening, self.since
        if since is None:
            listening.vigil = None
            return
        vigil = listening.vigil or self._first(since)
        if workflow.now() >= vigil.message_due(self._patience):
            vigil = await tell(vigil, self._notice(vigil), self._pace)
        listening.vigil = vigil

    def next_due(self) -> datetime | None:
        """When the silence has lasted too long, or the next message is due."""
        vigil = self._listening.vigil
        return vigil.message_due(self._patience) if vigil and self.since else self._begins()

    def _first(self, since: datetime) -> Vigil:
        begins = self._pace.no_news.after(since)
        return Vigil(waiting_on=WaitingOn.OPERATOR, since=self._reminded(since) or begins)

    def _begins(self) -> datetime | None:
        quiet_since = self._quiet_since()
        return self._pace.no_news.after(quiet_since) if quiet_since else None

    @property
    def _patience(self) -> Patience:
        """Reminders keep the rhythm of the wait for the carriers."""
        return self._pace.carrier
