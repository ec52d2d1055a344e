"""The steps of a recovery that we take ourselves: linking a number again, postponing that, giving it up.

What Sinch says in between is `onboarding.progress`.
"""

from datetime import datetime

from onboarding import reasons
from onboarding.link_recovery import LinkRecovery, RecoveryPhase
from onboarding.progress import NumberProgress
from onboarding.reasons import Reason, reason
from onboarding.stages import Stage


def link_now(number: NumberProgress, at: datetime) -> NumberProgress:
    """A person wants it linked again at once, also where it has failed for good; `can_be_linked` must hold."""
    recovery = _recovery(number).moved(RecoveryPhase.WAIT, at, retry_at=at)
    return number.model_copy(update={"settled_at": None}).recovering_by(recovery, at)


def hosted_already(number: NumberProgress, at: datetime) -> NumberProgress:
    """A number that cannot be ordered because an earlier order has hosted it: only its link is missing."""
    why = reason(reasons.CAMPAIGN_PROVISIONING_FAILED)
    return number.recovering_by(
        LinkRecovery(phase=RecoveryPhase.WAIT, since=at, why=why, retry_at=at, looked_up=True), at
    )


def linking(number: NumberProgress, at: datetime) -> NumberProgress:
    """The next try begins; from now on its news count."""
    recovery = _recovery(number)
    return number.recovering_by(recovery.moved(RecoveryPhase.LINKING, at, tries=recovery.tries + 1), at)


def link_sent(number: NumberProgress, newer_than: datetime | None, at: datetime) -> NumberProgress:
    """Sinch has taken the link; `newer_than` is Sinch's clock. Its news may have been faster than its answer."""
    recovery = _recovery(number)
    if not _is_linking(number) or newer_than is None:
        return number
    return number.recovering_by(recovery.model_copy(update={"newer_than": newer_than}), at)


def link_postponed(number: NumberProgress, retry_at: datetime, at: datetime) -> NumberProgress:
    """The link could not be sent: the try does not count and comes again."""
    if not _is_linking(number):
        return number
    recovery = _recovery(number)
    return number.recovering_by(recovery.moved(RecoveryPhase.WAIT, at, tries=recovery.tries - 1, retry_at=retry_at), at)


def link_refused(number: NumberProgress, said: str, at: datetime) -> NumberProgress:
    """Sinch does not take the link: a person has to correct something."""
    why = reason(reasons.LINK_AGAIN_REFUSED, said)
    return number.recovering_by(_recovery(number).moved(RecoveryPhase.OPERATOR, at, why=why, looked_up=True), at)


def given_up(number: NumberProgress, at: datetime, why: Reason | None = None) -> NumberProgress:
    """The number fails; without another reason, with that of its last try."""
    return number.moved(Stage.FAILED, at, why or _recovery(number).why)


def _is_linking(number: NumberProgress) -> bool:
    return number.recovering is not None and number.recovering.phase is RecoveryPhase.LINKING


def _recovery(number: NumberProgress) -> LinkRecovery:
    assert number.recovery is not None  # noqa: S101 - these steps are for numbers in recovery
    return number.recovery
