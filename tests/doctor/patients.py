"""Workflows that look like the product's, and cannot go on."""

from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.client import Client, WorkflowHandle
from temporalio.common import RetryPolicy, SearchAttributePair, TypedSearchAttributes

from onboarding import search_attributes as keys
from onboarding.calls.qualification import ADD_NUMBERS, AddNumbers
from onboarding.contracts import group, hosting_order
from onboarding.search_attributes import started_with
from onboarding.stages import Stage, WaitingOn

NOBODY_WORKS = "doctor-test-without-workers"
_TASK_TIMEOUT = timedelta(seconds=1)
"""A repeated task that fails is given up by the SDK without a word, and then repeated after this time."""


@workflow.defn(name=group.WORKFLOW)
class Wedged:
    """Its code has a mistake that no repetition repairs."""

    @workflow.run
    async def run(self, _: str) -> None:
        """Look up what is not there."""
        raise KeyError("no such stage")


@workflow.defn(name=hosting_order.WORKFLOW)
class Persistent:
    """Tries to add a number again and again."""

    @workflow.run
    async def run(self, task_queue: str) -> None:
        """The activity's queue is given."""
        await workflow.execute_activity(
            ADD_NUMBERS.name,
            AddNumbers(phone_numbers=("+12025550101",)),
            task_queue=task_queue,
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=RetryPolicy(initial_interval=timedelta(milliseconds=20), backoff_coefficient=1),
        )


async def begin(
    client: Client,
    workflow_type: str,
    batch: str,
    *,
    part: int = 1,
    argument: str = "",
    task_queue: str = NOBODY_WORKS,
    waiting_on: WaitingOn = WaitingOn.NOBODY,
    deadline: datetime | None = None,
) -> WorkflowHandle[Any, Any]:
    """Start one; by default nobody works on its task queue, so that it stays as it is."""
    attributes = started_with(batch, "Example Inc", Stage.PENDING, waiting_on)
    due = [SearchAttributePair(keys.DEADLINE, deadline)] if deadline else []
    return await client.start_workflow(
        workflow_type,
        argument,
        id=f"{workflow_type}:{batch}:{part:04d}",
        task_queue=task_queue,
        task_timeout=_TASK_TIMEOUT,
        search_attributes=TypedSearchAttributes([*attributes.search_attributes, *due]),
    )
