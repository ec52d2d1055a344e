"""Where a number can be, whom it waits for, and why it ended: the words every surface shows."""

from enum import StrEnum


class Stage(StrEnum):
    """Stage of one number, in the order of the main path."""

    PENDING = "PENDING"
    QUALIFYING = "QUALIFYING"
    IN_REVIEW = "IN_REVIEW"
    NEEDS_VERIFICATION = "NEEDS_VERIFICATION"
    VERIFIED = "VERIFIED"
    ORDERED = "ORDERED"
    AWAITING_LOA = "AWAITING_LOA"
    PROVISIONING = "PROVISIONING"
    DONE = "DONE"
    FAILED = "FAILED"
    SKIPPED = "SKIPPED"
    CANCELLED = "CANCELLED"

    @property
    def is_final(self) -> bool:
        """True where a number only leaves by an explicit retry."""
        return self in _FINAL

    @property
    def rank(self) -> int:
        """Position on the main path; all final stages share the highest one."""
        return len(_PATH) if self.is_final else _PATH.index(self)


_FINAL = frozenset({Stage.DONE, Stage.FAILED, Stage.SKIPPED, Stage.CANCELLED})
_PATH = tuple(stage for stage in Stage if stage not in _FINAL)


class WaitingOn(StrEnum):
    """Who has to move next."""

    NOBODY = "nobody"
    INVOICE_REVIEW = "invoice-review"
    VOICE_CODE = "voice-code"
    LOA_SIGNATURE = "loa-signature"
    CARRIER = "carrier"
    OPERATOR = "operator"


class Verification(StrEnum):
    """How the ownership of a number is proven."""

    INVOICES = "invoices"
    VOICE = "voice"
    INVOICES_THEN_VOICE = "invoices-then-voice"

    @property
    def mails_invoices(self) -> bool:
        """True where an invoice mail starts the review."""
        return self is not Verification.VOICE

    @property
    def may_call(self) -> bool:
        """True where a number may be verified by a voice challenge."""
        return self is not Verification.INVOICES
