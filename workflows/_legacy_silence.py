"""Steps at the legacy API that may take days while Sinch is away: they wait on Sinch, and after long on an operator."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, TypeVar

from temporalio import workflow

from onboarding.calls.notifications import Notice
from onboarding.legacy_texts import wish_silence_notice
from onboarding.legacy_wishes import LegacyWish
from onboarding.listening import Listening
from onboarding.pace import Vigil
from onboarding.stages import WaitingOn
from workflows._silence import Silence
from workflows._waiting import minding

Answer = TypeVar("Answer")


class LegacySilence:
    """Watches how long Sinch has not answered one wish; the wish's contact, if there is one, is told by mail."""

    def __init__(
        self, wish: LegacyWish, listening: Listening, waits_on_sinch: Callable[[], bool], show: Callable[[], None]
    ) -> None:
        """`listening` is part of the workflow's state, `show` writes what has changed for people to see."""
        listening.begin(workflow.now())
        self._wish = wish
        self._listening = listening
        self._waits_on_sinch = waits_on_sinch
        self._show = show
        self._silence = Silence(listening, wish.pace, self._quiet_since, self._notice, _never_reminded)

    @property
    def since(self) -> datetime | None:
        """When Sinch answered last, where that is too long ago; else None."""
        return self._silence.since

    @property
    def waiting(self) -> tuple[WaitingOn, datetime | None]:
        """Who is waited for, and since when."""
        if self._silence.since:
            return WaitingOn.OPERATOR, self._silence.waiting_since
        quiet_since = self._quiet_since()
        return (WaitingOn.CARRIER if quiet_since else WaitingOn.NOBODY), quiet_since

    def heard(self) -> None:
        """Sinch has answered, or the wait begins anew."""
        self._listening.heard(workflow.now())

    async def answer_of(self, step: Coroutine[Any, Any, Answer]) -> Answer:
        """What a step has come to; when it has taken long, that is shown and told."""
        self._show()
        return await minding(step, self._due, self._mind)

    async def _mind(self) -> None:
        if self._wish.contact:
            await self._silence.mind()
        self._show()

    def _due(self) -> datetime | None:
        """Where there is nobody to tell, the beginning of the silence is all that there is to show."""
        is_shown = self._wish.contact is None and self._silence.since is not None
        return None if is_shown else self._silence.next_due()

    def _quiet_since(self) -> datetime | None:
        return self._listening.heard_at if self._waits_on_sinch() else None

    def _notice(self, vigil: Vigil) -> Notice:
        return wish_silence_notice(self._wish, vigil, self._listening.heard_at)


def _never_reminded(_since: datetime) -> None:
    """Of a wish that waits on Sinch the mails about silence are the only ones."""
