"""The shape of an activity call, and the four retry policies there are."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar

from temporalio.common import RetryPolicy

from onboarding.model import Model

Request = TypeVar("Request", bound=Model)
Answer = TypeVar("Answer", bound=Model)

PERSISTENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5))
"""Until it succeeds: for steps that must happen, however long the other side is away."""

BRIEF = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=3)
"""A few tries: for reads that are repeated anyway."""

ONCE = RetryPolicy(maximum_attempts=1)
"""Never by itself: for a step that rings a phone."""

MISSED_AFTER = timedelta(seconds=30)
"""How long nothing is heard of an activity before it counts as lost with its worker."""


@dataclass(frozen=True)
class Call(Generic[Request, Answer]):
    """One activity: its wire name, the model it answers with, where it runs and how patient we are."""

    name: str
    answer: type[Answer]
    task_queue: str
    start_to_close: timedelta
    retry: RetryPolicy
    heartbeat: timedelta | None = MISSED_AFTER
    """None: it is never given up before `start_to_close`, for it may be alive and only cut off from Temporal."""
