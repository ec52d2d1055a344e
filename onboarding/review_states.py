"""What the review state of a qualified number means for it, by the way its ownership is to be proven.

Sinch API: states of a qualified number (`globalProcessState` without its prefix).
"""

from onboarding import reasons
from onboarding.observations import Review
from onboarding.reasons import Reason, reason
from onboarding.stages import Stage, Verification


def meaning_of(
    review: Review, verification: Verification, *, eligible_is_enough: bool
) -> tuple[Stage, Reason | None] | None:
    """Stage and, where it ended badly, reason; None for a literal nobody knows.

    A number whose hosting failed earlier has its ownership proven: it is ready for another order.
    """
    by_voice_only = not verification.mails_invoices
    match review.state:
        case "ELIGIBLE_CHECK_PENDING":
            return Stage.QUALIFYING, None
        case "ELIGIBLE" | "VERIFICATION_PENDING" | "VERIFICATION_FAILED" if eligible_is_enough:
            return Stage.VERIFIED, None
        case "ELIGIBLE" | "VERIFICATION_PENDING":
            return (Stage.NEEDS_VERIFICATION if by_voice_only else Stage.IN_REVIEW), None
        case "VERIFICATION_FAILED" if verification.may_call:
            return Stage.NEEDS_VERIFICATION, None
        case "VERIFIED" | "HOSTING_FAILED":
            return Stage.VERIFIED, None
        case ended if ended in _REVIEW_ENDS:
            stage, code = _REVIEW_ENDS[ended]
            return stage, reason(code, review.error)
        case _:
            return None


_REVIEW_ENDS = {
    "NOT_ELIGIBLE": (Stage.FAILED, reasons.NOT_ELIGIBLE),
    "VERIFICATION_FAILED": (Stage.FAILED, reasons.INVOICE_REFUSED),
    "VERIFICATION_BLOCKED": (Stage.FAILED, reasons.VERIFICATION_BLOCKED),
    "HOSTING_IN_PROGRESS": (Stage.FAILED, reasons.ALREADY_IN_A_HOSTING_ORDER),
    "HOSTING_DONE": (Stage.SKIPPED, reasons.ALREADY_TEXT_ENABLED),
}
