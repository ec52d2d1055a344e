"""What is being done about the failed campaign link of a hosted number: look, wait, ask a person, link again.

Pure, like the progress of a number, of which it is a part. Tries are counted; the policy of the failure code
(`onboarding.policies`) says what follows each of them.
"""

from datetime import datetime
from enum import StrEnum

from onboarding.model import Model
from onboarding.policies import RecoveryKind, recovery_of
from onboarding.reasons import Reason
from onboarding.spans import Span


class RecoveryPhase(StrEnum):
    """What happens next to a number whose campaign link failed."""

    LOOK_UP = "look-up"
    """Sinch is asked whether the number is imported, and why the link failed."""
    WAIT = "wait"
    """It is linked again at a known moment."""
    OPERATOR = "operator"
    """A person decides."""
    LINKING = "linking"
    """A further try is under way at Sinch."""


class LinkRecovery(Model):
    """Where the recovery of one number stands. `since` and `retry_at` are the workflow's clock."""

    phase: RecoveryPhase
    since: datetime
    """When the phase began."""
    why: Reason
    """Why the last try failed."""
    tries: int = 0
    """How often the number has been linked again."""
    retry_at: datetime | None = None
    """When it is linked again, in the phase WAIT."""
    newer_than: datetime | None = None
    """Sinch's clock: what is not newer belongs to an earlier try."""
    looked_up: bool = False
    hosted: bool = True
    """False once it has shown that there is no imported number to link: another order has to host it."""

    def is_new(self, moment: datetime | None) -> bool:
        """True for news of the present try; news without a moment cannot be told from old ones."""
        return moment is not None and self.newer_than is not None and moment > self.newer_than

    def moved(self, phase: RecoveryPhase, at: datetime, **changes: object) -> "LinkRecovery":
        """The same recovery in a phase that begins now."""
        return self.model_copy(update={"phase": phase, "since": at, "retry_at": None, **changes})

    @property
    def outlook(self) -> str:
        """What comes next, in a sentence."""
        match self.phase:
            case RecoveryPhase.WAIT if self.retry_at:
                return f"It is linked again at {self.retry_at:%Y-%m-%d %H:%M} UTC."
            case RecoveryPhase.OPERATOR:
                return f"It waits for {recovery_of(self.why.code).who}."
            case RecoveryPhase.LINKING:
                return f"It is being linked again (try {self.tries + 1})."
        return "Sinch is asked why."


def after_failure(
    before: LinkRecovery | None,
    why: Reason,
    at: datetime,
    *,
    cause_known: bool,
    longest_wait: Span | None,
) -> LinkRecovery | None:
    """What follows a failed try, the first one included (`before` None); None where the policy says it is final.

    `longest_wait` shortens the waits of the policy to what a batch wants to wait at most. The same failure told again
    changes nothing.
    """
    known = before or LinkRecovery(phase=RecoveryPhase.LOOK_UP, since=at, why=why)
    if not (cause_known or known.looked_up):
        return known.model_copy(update={"why": why})
    recovery = recovery_of(why.code)
    if recovery.kind is RecoveryKind.FINAL:
        return None
    wait = recovery.wait_before(known.tries)
    phase = RecoveryPhase.WAIT if wait else _asks(known)
    if known.phase is phase and (phase is RecoveryPhase.LOOK_UP or known.why.code == why.code):
        return known.model_copy(update={"why": why})
    return known.moved(phase, at, why=why, retry_at=_shortened(wait, longest_wait).after(at) if wait else None)


def _asks(recovery: LinkRecovery) -> RecoveryPhase:
    """A person is only asked about a number that Sinch was asked about before."""
    return RecoveryPhase.OPERATOR if recovery.looked_up else RecoveryPhase.LOOK_UP


def _shortened(wait: Span, longest: Span | None) -> Span:
    return longest if longest is not None and longest.fixed < wait.fixed else wait
