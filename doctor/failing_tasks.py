"""Workflows whose workflow task fails again and again: the code that runs cannot go on with what their history holds.

Temporal repeats such a task for ever. A server from 1.30 on marks these workflows by a search attribute; an older one
only tells when it is asked about each, so there some are looked into.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryReverseRequest
from temporalio.client import Client, WorkflowExecutionDescription
from temporalio.service import RPCError, RPCStatusCode

from doctor.diagnosis import Cause, Diagnosis, problem
from doctor.failures import failure_in_words, failure_type
from doctor.open_work import OpenWork, describe, inspect

CHECK = "workflow tasks"
ATTEMPTS = 3
"""A task that is tried for this time or a later one is no accident any more."""

_REPORTED = "TemporalReportedProblems IS NOT NULL"
_MOST_DESCRIBED = 200
_LAST_EVENTS = 10


@dataclass(frozen=True)
class FailingTask:
    """A workflow whose task is repeated; `since` is when it was first scheduled."""

    workflow_id: str
    run_id: str
    workflow_type: str
    attempt: int
    since: datetime


def failing_task(described: WorkflowExecutionDescription) -> FailingTask | None:
    """The task of this workflow, where it fails repeatedly."""
    raw = described.raw_description
    task = raw.pending_workflow_task
    if not raw.HasField("pending_workflow_task") or task.attempt < ATTEMPTS:
        return None
    since = task.original_scheduled_time.ToDatetime(UTC)
    return FailingTask(described.id, described.run_id, described.workflow_type, task.attempt, since)


async def reported_by_the_server(work: OpenWork) -> Sequence[WorkflowExecutionDescription] | None:
    """The workflows that the server has marked, described; None where it marks none. Raises RPCError."""
    if await _count_reported(work) is None:
        return None
    return await describe(work.client, [found async for found in work.listed(_REPORTED, at_most=_MOST_DESCRIBED)])


async def count_failing(work: OpenWork) -> int:
    """How many workflows are known to be stuck: all of them, or on an older server those among the ones that were
    started last. Raises RPCError.
    """
    reported = await _count_reported(work)
    if reported is not None:
        return reported
    inspected = await inspect(work, _MOST_DESCRIBED)
    return sum(failing_task(described) is not None for described in inspected.looked_at)


async def _count_reported(work: OpenWork) -> int | None:
    try:
        return await work.count(_REPORTED)
    except RPCError as error:
        if error.status == RPCStatusCode.INVALID_ARGUMENT:
            return None
        raise


async def diagnose_failing(client: Client, tasks: Sequence[FailingTask]) -> list[Diagnosis]:
    """One diagnosis for workflows of a type that fail with the same words. Raises RPCError."""
    alike: dict[tuple[str, str], list[FailingTask]] = {}
    for task in sorted(tasks, key=lambda task: task.since):
        alike.setdefault((task.workflow_type, await _last_failure(client, task)), []).append(task)
    return [_diagnosis(said, group) for (_, said), group in alike.items()]


def _diagnosis(said: str, group: Sequence[FailingTask]) -> Diagnosis:
    first = group[0]
    more = f"; {len(group) - 1} more like it" if len(group) > 1 else ""
    return problem(
        CHECK,
        first.workflow_id,
        f"its workflow task has been tried {first.attempt} times since {first.since:%Y-%m-%d %H:%M} UTC: {said}{more}",
        "deploy a worker that can go on with its history (the version it was started with, or a fix): the task is "
        f"tried again by itself; see: temporal workflow show --workflow-id {first.workflow_id}",
        Cause.WORK,
    )


async def _last_failure(client: Client, task: FailingTask) -> str:
    """What the worker said when the task failed first; later failures of the same task are in no history."""
    answer = await client.workflow_service.get_workflow_execution_history_reverse(
        GetWorkflowExecutionHistoryReverseRequest(
            namespace=client.namespace,
            execution=WorkflowExecution(workflow_id=task.workflow_id, run_id=task.run_id),
            maximum_page_size=_LAST_EVENTS,
        )
    )
    for event in answer.history.events:
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
            failure = event.workflow_task_failed_event_attributes.failure
            return ": ".join(
                filter(None, [failure_type(failure), await failure_in_words(client.data_converter, failure)])
            )
    return "no worker finishes it in time"
