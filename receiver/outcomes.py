"""How a callback can end, and what Sinch is answered then."""

from collections.abc import Mapping
from enum import StrEnum

RETRY_AFTER_SECONDS = 5
"""What `Retry-After` says while Temporal is away or busy."""


class Outcome(StrEnum):
    """End of one callback; the values are the `outcome` label of the metrics and the body of the answer."""

    TAKEN = "taken"
    STALE = "stale"
    BAD_TOKEN = "bad_token"  # noqa: S105
    BAD_SIGNATURE = "bad_signature"
    UNKNOWN_PROJECT = "unknown_project"
    NOT_ALLOWED = "not_allowed"
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    UNAVAILABLE = "unavailable"


STATUSES: Mapping[Outcome, int] = {
    Outcome.TAKEN: 200,
    Outcome.STALE: 200,
    Outcome.MALFORMED: 400,
    Outcome.BAD_TOKEN: 401,
    Outcome.BAD_SIGNATURE: 401,
    Outcome.UNKNOWN_PROJECT: 401,
    Outcome.NOT_ALLOWED: 403,
    Outcome.TOO_SLOW: 408,
    Outcome.TOO_LARGE: 413,
    Outcome.UNAVAILABLE: 503,
}

HEADERS: Mapping[Outcome, Mapping[str, str]] = {
    Outcome.UNAVAILABLE: {"Retry-After": str(RETRY_AFTER_SECONDS)},
    Outcome.TOO_SLOW: {"Connection": "close"},
}


class Refused(Exception):
    """The callback goes no further; `outcome` says why."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome
