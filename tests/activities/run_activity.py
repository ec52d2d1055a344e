"""Running an activity the way a worker does: with an attempt, a workflow id, and failures that leave as one type."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from onboarding.errors import FailureType

Request = TypeVar("Request")
Answer = TypeVar("Answer")

WORKFLOW_ID = "HostingOrder:shops:0001:1"


async def run(activity: Callable[[Request], Awaitable[Answer]], request: Request, *, attempt: int = 1) -> Answer:
    environment = ActivityEnvironment()
    environment.info = replace(environment.info, attempt=attempt, workflow_id=WORKFLOW_ID)
    return await environment.run(activity, request)


async def failed(
    activity: Callable[[Request], Awaitable[object]], request: Request, *, attempt: int = 1
) -> ApplicationError:
    """The failure that the activity ends with."""
    with pytest.raises(ApplicationError) as raised:
        await run(activity, request, attempt=attempt)
    return raised.value


def is_final(failure: ApplicationError, kind: FailureType) -> bool:
    return failure.type == kind and failure.non_retryable


def is_retried(failure: ApplicationError, kind: FailureType) -> bool:
    return failure.type == kind and not failure.non_retryable
