"""Types of activity failures, as they stand in histories (`ApplicationError.type`)."""

from enum import StrEnum


class FailureType(StrEnum):
    """What a failed activity says went wrong; workflows decide by these and by nothing else."""

    INVALID_ARGUMENT = "InvalidArgument"
    CREDENTIALS_REFUSED = "CredentialsRefused"
    NOT_FOUND = "NotFound"
    CONFLICT = "Conflict"
    RATE_LIMITED = "RateLimited"
    UNAVAILABLE = "Unavailable"
    OUTCOME_UNKNOWN = "OutcomeUnknown"
    MAIL_UNAVAILABLE = "MailUnavailable"
    MAIL_REFUSED = "MailRefused"
    DOCUMENT_MISSING = "DocumentMissing"
    DOCUMENT_DAMAGED = "DocumentDamaged"
