"""Task queues: whether somebody takes work from each, and how much is waiting."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType, WorkerVersioningMode
from temporalio.api.taskqueue.v1 import PollerInfo, TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest, DescribeTaskQueueResponse
from temporalio.client import Client

from doctor.diagnosis import Cause, Diagnosis, fine, problem, warning
from onboarding.task_queues import MAIL, ROLES, WORKFLOWS, sinch_queue

CHECK = "task queues"
POLL_IS_OLD = timedelta(seconds=90)
"""A worker asks again every minute at the latest; the server remembers who asked for five."""
BACKLOG_IS_OLD = timedelta(minutes=5)

_WORKFLOW, _ACTIVITY = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY
_VERSIONED = WorkerVersioningMode.WORKER_VERSIONING_MODE_VERSIONED


@dataclass(frozen=True)
class QueueInUse:
    """A task queue that work of the product goes to, and the worker role that takes it."""

    name: str
    kind: str
    """`workflow` or `activity`."""
    role: str


@dataclass(frozen=True)
class QueueState:
    """A queue at one moment. `takers` have asked for work within the last minute and a half."""

    queue: QueueInUse
    takers: int
    last_asked: datetime | None
    backlog: int
    backlog_age: timedelta
    new_work_goes_to: str = ""
    """`<deployment>:<build id>` of the version that is current; empty = workers without a version."""
    reaches_somebody: bool = True
    """False where workers ask for work, but none of them is of the version that gets new work."""


def queues_in_use(profiles: Iterable[str]) -> tuple[QueueInUse, ...]:
    """All queues of the product, with one for each profile of a Sinch project."""
    role_of = {queue: role for role, queue in ROLES.items()}
    return (
        QueueInUse(WORKFLOWS, "workflow", role_of[WORKFLOWS]),
        QueueInUse(WORKFLOWS, "activity", role_of[WORKFLOWS]),
        *(QueueInUse(sinch_queue(profile), "activity", "sinch") for profile in profiles),
        QueueInUse(MAIL, "activity", role_of[MAIL]),
    )


async def queue_state(client: Client, queue: QueueInUse) -> QueueState:
    """Ask the server. Raises RPCError."""
    answer = await client.workflow_service.describe_task_queue(
        DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=queue.name),
            task_queue_type=_WORKFLOW if queue.kind == "workflow" else _ACTIVITY,
            report_stats=True,
        )
    )
    return state_of(queue, answer, datetime.now(UTC))


def state_of(queue: QueueInUse, answer: DescribeTaskQueueResponse, now: datetime) -> QueueState:
    """What the server's answer says of a queue."""
    takers = [poller for poller in answer.pollers if now - poller.last_access_time.ToDatetime(UTC) < POLL_IS_OLD]
    current = answer.versioning_info.current_deployment_version
    return QueueState(
        queue=queue,
        takers=len(takers),
        last_asked=max((poller.last_access_time.ToDatetime(UTC) for poller in answer.pollers), default=None),
        backlog=answer.stats.approximate_backlog_count,
        backlog_age=answer.stats.approximate_backlog_age.ToTimedelta(),
        new_work_goes_to=f"{current.deployment_name}:{current.build_id}" if current.build_id else "",
        reaches_somebody=not takers or any(_version(poller) == (current.build_id or None) for poller in takers),
    )


def _version(poller: PollerInfo) -> str | None:
    """The build id of a worker that takes only work of its version."""
    options = poller.deployment_options
    return options.build_id if options.worker_versioning_mode == _VERSIONED else None


async def diagnose_queue(client: Client, queue: QueueInUse) -> Sequence[Diagnosis]:
    """One look at one queue. Raises RPCError."""
    return [diagnosis_of(await queue_state(client, queue))]


def diagnosis_of(state: QueueState) -> Diagnosis:
    """In words, with the worker to start."""
    queue, subject = state.queue, f"{state.queue.name} ({state.queue.kind})"
    if not state.takers:
        last = f"; the last worker asked at {state.last_asked:%H:%M:%S} UTC" if state.last_asked else ""
        message = f"nobody works on {queue.name}{last}{_waiting(state)}"
        return problem(CHECK, subject, message, _what_to_start(queue), Cause.WORK)
    if not state.reaches_somebody:
        version = f"version {state.new_work_goes_to}" if state.new_work_goes_to else "workers without a version"
        message = f"new work goes to {version}, and no such worker asks for it{_waiting(state)}"
        next_step = "start such a worker, or run: temporal worker deployment set-current-version (docs/deployment.md)"
        return problem(CHECK, subject, message, next_step, Cause.WORK)
    if state.backlog and state.backlog_age > BACKLOG_IS_OLD:
        message = f"its workers do not keep up{_waiting(state)}"
        return warning(CHECK, subject, message, f"start more workers: python worker.py --role {queue.role}")
    workers = "1 worker takes" if state.takers == 1 else f"{state.takers} workers take"
    return fine(CHECK, subject, f"{workers} work from it{_waiting(state)}")


def _waiting(state: QueueState) -> str:
    if not state.backlog:
        return ""
    minutes = state.backlog_age.total_seconds() / 60
    return f"; tasks waiting: {state.backlog}, the oldest for {minutes:.0f} min"


def _what_to_start(queue: QueueInUse) -> str:
    command = f"start a worker: python worker.py --role {queue.role}"
    return f"{command}, with the profile in its ONBOARD_SINCH_PROFILES" if ":" in queue.name else command
