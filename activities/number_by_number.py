"""Requests about many numbers in one activity: a few at a time, and what came of each."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from activities.failures import application_error
from onboarding.errors import FailureType
from sinch_numbers import SinchError

AT_ONCE = 8
"""Requests that one worker process sends at the same time for one project, whatever the number of workflows."""

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class NumberByNumber:
    """Sends requests for one Sinch project."""

    def __init__(self) -> None:
        """Nothing is being sent."""
        self._at_once = asyncio.Semaphore(AT_ONCE)

    async def each(self, items: Sequence[Item], work: Callable[[Item], Awaitable[Answer]]) -> list[Answer | SinchError]:
        """What came of each item. Raises ApplicationError where the trouble is not that of single numbers."""

        async def one(item: Item) -> Answer | SinchError:
            async with self._at_once:
                try:
                    return await work(item)
                except SinchError as error:
                    return error

        answers = await asyncio.gather(*(one(item) for item in items))
        failures = [application_error(answer) for answer in answers if isinstance(answer, SinchError)]
        unanswered = [failure for failure in failures if not failure.non_retryable]
        for failure in unanswered:
            if failure.type == FailureType.CREDENTIALS_REFUSED or len(unanswered) == len(items):
                raise failure
        return answers


def is_final(error: SinchError) -> bool:
    """Whether Sinch has refused a request for good."""
    return application_error(error).non_retryable
