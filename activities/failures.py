"""The one table from errors of Sinch to failures of activities: what is retried, when, and what is final."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from temporalio.exceptions import ApplicationError

from onboarding.errors import FailureType
from sinch_numbers import (
    Conflict,
    ContentTooLarge,
    InvalidArgument,
    InvalidRequest,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    RequestNotSent,
    ServerError,
    SinchError,
    Unauthenticated,
    UnexpectedStatus,
)

CREDENTIALS_RETRY_DELAY = timedelta(minutes=1)
"""Refused credentials are tried again at this pace: once they are corrected, everything goes on by itself."""

_FINAL: dict[type[SinchError], FailureType] = {
    InvalidRequest: FailureType.INVALID_ARGUMENT,
    InvalidArgument: FailureType.INVALID_ARGUMENT,
    ContentTooLarge: FailureType.INVALID_ARGUMENT,
    NotFound: FailureType.NOT_FOUND,
    Conflict: FailureType.CONFLICT,
}
_RETRIED: dict[type[SinchError], FailureType] = {
    Unauthenticated: FailureType.CREDENTIALS_REFUSED,
    PermissionDenied: FailureType.CREDENTIALS_REFUSED,
    RateLimited: FailureType.RATE_LIMITED,
    RequestNotSent: FailureType.UNAVAILABLE,
    ServerError: FailureType.UNAVAILABLE,
    OutcomeUnknown: FailureType.OUTCOME_UNKNOWN,
}
_WORTH_A_RETRY = (408, 425)


def application_error(error: SinchError) -> ApplicationError:
    """The failure an activity raises for an error of Sinch; the message is for people."""
    for kind, failure in _FINAL.items():
        if isinstance(error, kind):
            return ApplicationError(str(error), type=failure, non_retryable=True)
    for kind, failure in _RETRIED.items():
        if isinstance(error, kind):
            return ApplicationError(str(error), type=failure, next_retry_delay=_delay(error, failure))
    retry = isinstance(error, UnexpectedStatus) and error.http_status in _WORTH_A_RETRY
    failure = FailureType.UNAVAILABLE if retry else FailureType.INVALID_ARGUMENT
    return ApplicationError(str(error), type=failure, non_retryable=not retry)


@contextmanager
def sinch_failures() -> Iterator[None]:
    """Errors of Sinch leave the block as ApplicationError."""
    try:
        yield
    except SinchError as error:
        raise application_error(error) from error


def _delay(error: SinchError, failure: FailureType) -> timedelta | None:
    if error.retry_after is not None:
        return timedelta(seconds=error.retry_after)
    return CREDENTIALS_RETRY_DELAY if failure is FailureType.CREDENTIALS_REFUSED else None
