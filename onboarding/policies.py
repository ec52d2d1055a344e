"""What becomes of a number whose campaign link failed: one table from Sinch's failure codes to who does what next.

A wait ends by itself with another try; when its last try has failed, it is the operator's turn. Codes that nobody
knows are the operator's from the start. Sinch API: failure codes, and Sinch's advice for each.
"""

from enum import StrEnum

from onboarding import reasons
from onboarding.model import Model
from onboarding.spans import Span


class RecoveryKind(StrEnum):
    """Who ends the wait of a number whose campaign link failed."""

    WAIT = "wait"
    """Time: the number is linked again by itself."""
    OPERATOR = "operator"
    """A person, who says `onboard retry` when what was wrong has been put right."""
    FINAL = "final"
    """Nobody: the number fails at once."""


class Recovery(Model):
    """What is done about one failure code, and by whom."""

    kind: RecoveryKind
    waits: tuple[Span, ...] = ()
    """How long it waits before each further try."""
    who: str
    """Whose turn it is, once it is a person's."""

    def wait_before(self, tries: int) -> Span | None:
        """How long to wait before the next try after so many; None where nothing happens by itself any more."""
        return self.waits[tries] if tries < len(self.waits) else None


_DAILY = (Span("24h"),) * 5
_BACK_OFF = (Span("1h"), Span("4h"), Span("24h"))


def _waits(spans: tuple[Span, ...], who: str) -> Recovery:
    return Recovery(kind=RecoveryKind.WAIT, waits=spans, who=who)


def _operator(who: str) -> Recovery:
    return Recovery(kind=RecoveryKind.OPERATOR, who=who)


def _final(who: str) -> Recovery:
    return Recovery(kind=RecoveryKind.FINAL, who=who)


RECOVERIES = {
    "CAMPAIGN_PENDING_ACCEPTANCE": _waits(_DAILY, "Sinch, which accepts the campaign"),
    "CAMPAIGN_MNO_REVIEW": _waits(_DAILY, "the carrier that reviews the campaign"),
    "PARTNER_SERVICE_UNAVAILABLE": _waits(_BACK_OFF, "Sinch support"),
    "CAMPAIGN_NOT_AVAILABLE": _operator("you and the campaign's owner"),
    "EXCEEDED_10DLC_LIMIT": _operator("you, or Sinch with a number pool"),
    "NUMBER_PROVISIONING_FAILED": _operator("Sinch support"),
    "MNO_SHARING_ERROR": _operator("the campaign's owner"),
    "CAMPAIGN_PROVISIONING_FAILED": _operator("Sinch support"),
    "CAMPAIGN_MNO_SUSPENDED": _operator("the campaign's owner, with Sinch"),
    "INSUFFICIENT_BALANCE": _operator("you"),
    "INVALID_NNID": _operator("the account manager"),
    "SMS_PROVISIONING_FAILED": _operator("you, or Sinch support"),
    "INTERNAL_ERROR": _operator("Sinch support"),
    reasons.T_MOBILE_MIGRATION_REQUIRED: _operator("the former aggregator"),
    reasons.LINK_AGAIN_REFUSED: _operator("you"),
    "CAMPAIGN_EXPIRED": _final("the campaign's owner"),
    "CAMPAIGN_MNO_REJECTED": _final("the campaign's owner"),
    "MOCK_CAMPAIGN_NOT_ALLOWED": _final("you"),
    "TFN_NOT_ALLOWED": _final("you"),
    reasons.HOSTING_FAILED: _final("Sinch support"),
}

UNKNOWN = _operator("Sinch support")


def recovery_of(code: str) -> Recovery:
    """What is done about a failure code; one that is not in the table waits for an operator."""
    return RECOVERIES.get(code, UNKNOWN)
