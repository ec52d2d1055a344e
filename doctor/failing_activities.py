"""Activities that fail again and again: Sinch refuses credentials, a mail server is away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.client import Client, WorkflowExecutionDescription

from doctor.diagnosis import Cause, Diagnosis, problem
from doctor.failures import failure_in_words, failure_type
from doctor.profiles import Profiles
from onboarding.errors import FailureType
from processes.settings import PREFIX

CHECK = "activities"
FAILURES = 5
"""An activity that has failed this often is no passing trouble any more."""

_NEEDS_SOMEBODY = (FailureType.CREDENTIALS_REFUSED,)
"""What no repetition makes better counts from its first failure on."""


@dataclass(frozen=True)
class FailingActivity:
    """An activity that is tried again and again."""

    workflow_id: str
    activity: str
    task_queue: str
    failures: int
    last_tried: datetime
    kind: str
    """One of `FailureType`, any other type, or empty."""
    said: str


async def failing_activities(client: Client, described: WorkflowExecutionDescription) -> list[FailingActivity]:
    """Those of one workflow."""
    pending = described.raw_description.pending_activities
    read = [await _read(client, described.id, activity) for activity in pending if activity.HasField("last_failure")]
    return [one for one in read if one.failures >= FAILURES or (one.failures and one.kind in _NEEDS_SOMEBODY)]


async def _read(client: Client, workflow_id: str, activity: PendingActivityInfo) -> FailingActivity:
    return FailingActivity(
        workflow_id=workflow_id,
        activity=activity.activity_type.name,
        task_queue=activity.activity_options.task_queue.name,
        failures=activity.attempt - 1,
        last_tried=activity.last_attempt_complete_time.ToDatetime(UTC),
        kind=failure_type(activity.last_failure),
        said=await failure_in_words(client.data_converter, activity.last_failure),
    )


def diagnose_activities(found: Sequence[FailingActivity], profiles: Profiles) -> list[Diagnosis]:
    """One diagnosis for activities of a type that fail for the same reason on the same task queue."""
    alike: dict[tuple[str, str, str], list[FailingActivity]] = {}
    for activity in sorted(found, key=lambda activity: -activity.failures):
        alike.setdefault((activity.activity, activity.task_queue, activity.kind), []).append(activity)
    return [_diagnosis(group, profiles) for group in alike.values()]


def _diagnosis(group: Sequence[FailingActivity], profiles: Profiles) -> Diagnosis:
    worst = group[0]
    more = f"; {len(group) - 1} more like it" if len(group) > 1 else ""
    times = "once" if worst.failures == 1 else f"{worst.failures} times"
    message = f"{worst.activity} failed {times}, last at {worst.last_tried:%Y-%m-%d %H:%M} UTC: {worst.said}{more}"
    next_step, cause = _remedy(worst, profiles)
    return problem(CHECK, worst.workflow_id, message, next_step, cause)


def _remedy(activity: FailingActivity, profiles: Profiles) -> tuple[str, Cause]:
    match activity.kind:
        case FailureType.CREDENTIALS_REFUSED:
            return (
                f"set {profiles.credentials_of(activity.task_queue)} and start the workers again",
                Cause.CONFIGURATION,
            )
        case FailureType.MAIL_UNAVAILABLE:
            return f"bring the mail server up, or correct {PREFIX}SMTP_* and start the workers again", Cause.UNAVAILABLE
        case FailureType.UNAVAILABLE | FailureType.OUTCOME_UNKNOWN | FailureType.RATE_LIMITED:
            return "it goes on by itself once Sinch answers; if it does not, ask Sinch support", Cause.UNAVAILABLE
        case _:
            see = f"temporal workflow describe --workflow-id {activity.workflow_id}"
            return f"look for the cause in the worker's log; see: {see}", Cause.WORK
