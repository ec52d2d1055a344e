"""The table from errors of Sinch to failures of activities."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from activities.failures import CREDENTIALS_RETRY_DELAY, application_error
from activities.qualification import Qualification
from activities.reviews import QualifiedNumberReader
from onboarding.calls.qualification import ReadReviews
from onboarding.errors import FailureType
from sinch_numbers import (
    Conflict,
    ContentTooLarge,
    ErrorResponse,
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
    UnreadableResponse,
)
from tests.activities.run_activity import failed, is_retried
from tests.activities.simulated_sinch import GET_NUMBER, SimulatedSinch

FINAL, RETRIED = False, True

TABLE: dict[type[SinchError], tuple[FailureType, bool, timedelta | None]] = {
    InvalidRequest: (FailureType.INVALID_ARGUMENT, FINAL, None),
    InvalidArgument: (FailureType.INVALID_ARGUMENT, FINAL, None),
    ContentTooLarge: (FailureType.INVALID_ARGUMENT, FINAL, None),
    UnexpectedStatus: (FailureType.INVALID_ARGUMENT, FINAL, None),
    NotFound: (FailureType.NOT_FOUND, FINAL, None),
    Conflict: (FailureType.CONFLICT, FINAL, None),
    Unauthenticated: (FailureType.CREDENTIALS_REFUSED, RETRIED, CREDENTIALS_RETRY_DELAY),
    PermissionDenied: (FailureType.CREDENTIALS_REFUSED, RETRIED, CREDENTIALS_RETRY_DELAY),
    RateLimited: (FailureType.RATE_LIMITED, RETRIED, None),
    RequestNotSent: (FailureType.UNAVAILABLE, RETRIED, None),
    ServerError: (FailureType.UNAVAILABLE, RETRIED, None),
    OutcomeUnknown: (FailureType.OUTCOME_UNKNOWN, RETRIED, None),
    UnreadableResponse: (FailureType.OUTCOME_UNKNOWN, RETRIED, None),
}


def _kinds(root: type[SinchError]) -> Iterator[type[SinchError]]:
    """All but those of the legacy API, which are special cases of these."""
    for kind in root.__subclasses__():
        if not kind.__module__.startswith("sinch_numbers.legacy"):
            yield kind
            yield from _kinds(kind)


def test_the_table_knows_every_error_of_the_client() -> None:
    assert set(TABLE) == set(_kinds(SinchError)) - {ErrorResponse}


@pytest.mark.parametrize("kind", TABLE, ids=lambda kind: kind.__name__)
def test_every_error_becomes_one_type_of_failure(kind: type[SinchError]) -> None:
    failure = application_error(kind("as it is", operation="hosting_orders.get", subject="order-1"))
    assert (failure.type, not failure.non_retryable, failure.next_retry_delay) == TABLE[kind]
    assert "hosting_orders.get for order-1: as it is" in failure.message


@pytest.mark.parametrize("kind", [kind for kind, row in TABLE.items() if row[1] is RETRIED], ids=lambda k: k.__name__)
def test_the_next_attempt_waits_as_long_as_sinch_asks(kind: type[SinchError]) -> None:
    failure = application_error(kind("busy", operation="hosting_orders.get", retry_after=17.5))
    assert failure.next_retry_delay == timedelta(seconds=17.5)


@pytest.mark.parametrize("status", [408, 425])
def test_a_status_that_says_try_again_is_retried(status: int) -> None:
    failure = application_error(UnexpectedStatus("again", operation="hosting_orders.get", http_status=status))
    assert is_retried(failure, FailureType.UNAVAILABLE)


async def test_an_activity_waits_as_long_as_the_header_of_a_429_says(sinch: SimulatedSinch) -> None:
    await sinch.fail(GET_NUMBER, status=429, retry_after=42)
    qualification = Qualification(sinch.client, QualifiedNumberReader(sinch.client))
    failure = await failed(qualification.read_reviews, ReadReviews(phone_numbers=("+12025550100",)))
    assert is_retried(failure, FailureType.RATE_LIMITED)
    assert failure.next_retry_delay == timedelta(seconds=42)
    assert "Sinch asks to wait 42 s" in failure.message
