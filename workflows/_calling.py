"""Calling an activity by its description in `onboarding.calls`."""

import asyncio
from typing import TypeVar

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, FailureError, is_cancelled_exception

from onboarding.calls.call import Call
from onboarding.errors import FailureType
from onboarding.model import Model
from onboarding.task_queues import DEFAULT_PROFILE, SINCH, sinch_queue

Request = TypeVar("Request", bound=Model)
Answer = TypeVar("Answer", bound=Model)


async def call(
    described: Call[Request, Answer], request: Request, summary: str, *, profile: str = DEFAULT_PROFILE
) -> Answer:
    """Run the activity; `summary` (under 200 bytes, no full phone numbers) labels it in the Web UI.

    `profile` says which Sinch project a call to Sinch is about.

    Raises ActivityError once the retry policy is at its end, and CancelledError when the workflow is cancelled.
    """
    try:
        answer: Answer = await workflow.execute_activity(
            described.name,
            request,
            result_type=described.answer,
            task_queue=sinch_queue(profile) if described.task_queue == SINCH else described.task_queue,
            start_to_close_timeout=described.start_to_close,
            heartbeat_timeout=described.heartbeat,
            retry_policy=described.retry,
            summary=summary,
        )
    except ActivityError as error:
        if is_cancelled_exception(error):
            raise asyncio.CancelledError from error
        raise
    return answer


def failure_of(error: ActivityError) -> tuple[FailureType | None, str]:
    """What went wrong, and its message; no type for time-outs and anything we did not raise ourselves."""
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.type in list(FailureType):
        return FailureType(cause.type), cause.message
    return None, cause.message if isinstance(cause, FailureError) else str(error)
