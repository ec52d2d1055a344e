"""A task queue is well when workers ask it for work that the server would give them."""

from datetime import UTC, datetime, timedelta

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from temporalio import activity
from temporalio.api.taskqueue.v1 import PollerInfo, TaskQueueStats
from temporalio.api.workflowservice.v1 import DescribeTaskQueueResponse
from temporalio.client import Client
from temporalio.common import WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig

from doctor.diagnosis import Diagnosis, Level
from doctor.queues import QueueInUse, diagnose_queue, diagnosis_of, queues_in_use, state_of
from tests.doctor.patients import begin
from tests.end_to_end.site import until

NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)
SINCH_QUEUE = QueueInUse("sinch-api:retail", "activity", "sinch")
VERSION = WorkerDeploymentVersion("doctor-test", "2.0")


@activity.defn
async def nothing() -> None:
    """Whatever a worker needs one of."""


def poller(age: timedelta) -> PollerInfo:
    asked = Timestamp()
    asked.FromDatetime(NOW - age)
    return PollerInfo(last_access_time=asked, identity="1@host")


def answer(*pollers: PollerInfo, backlog: int = 0, age: timedelta = timedelta()) -> DescribeTaskQueueResponse:
    stats = TaskQueueStats(approximate_backlog_count=backlog)
    stats.approximate_backlog_age.FromTimedelta(age)
    return DescribeTaskQueueResponse(pollers=pollers, stats=stats)


async def looked_at(client: Client, queue: QueueInUse) -> Diagnosis:
    (diagnosis,) = await diagnose_queue(client, queue)
    return diagnosis


def test_every_queue_of_the_product_is_looked_at_with_one_for_each_profile() -> None:
    assert [(queue.name, queue.kind, queue.role) for queue in queues_in_use(("default", "retail"))] == [
        ("onboarding", "workflow", "workflows"),
        ("onboarding", "activity", "workflows"),
        ("sinch-api", "activity", "sinch"),
        ("sinch-api:retail", "activity", "sinch"),
        ("mail", "activity", "mail"),
    ]


async def test_a_queue_that_nobody_works_on_is_named_with_the_worker_to_start(client: Client) -> None:
    found = await looked_at(client, SINCH_QUEUE)
    assert (found.level, found.subject) == (Level.PROBLEM, "sinch-api:retail (activity)")
    assert found.message == "nobody works on sinch-api:retail"
    assert found.next_step == (
        "start a worker: python worker.py --role sinch, with the profile in its ONBOARD_SINCH_PROFILES"
    )


async def test_a_queue_with_a_worker_is_well(client: Client) -> None:
    queue = QueueInUse("doctor-test-served", "activity", "mail")

    async def is_well() -> bool:
        return (await looked_at(client, queue)).level is Level.OK

    async with Worker(client, task_queue=queue.name, activities=[nothing]):
        await until(is_well, "the worker is seen")
        assert (await looked_at(client, queue)).message == "1 worker takes work from it"


async def test_work_that_waits_for_nobody_is_counted(client: Client) -> None:
    queue = QueueInUse("doctor-test-waiting", "workflow", "workflows")
    await begin(client, "OnboardBatch", "left-alone", task_queue=queue.name)

    async def is_counted() -> bool:
        return "; tasks waiting: 1," in (await looked_at(client, queue)).message

    await until(is_counted, "the task is counted")
    assert (await looked_at(client, queue)).level is Level.PROBLEM


async def test_workers_of_a_version_that_gets_no_work_are_told_from_workers_that_do(client: Client) -> None:
    queue = QueueInUse("doctor-test-versions", "activity", "sinch")

    async def is_told() -> bool:
        return "new work goes to workers without a version" in (await looked_at(client, queue)).message

    deployment = WorkerDeploymentConfig(version=VERSION, use_worker_versioning=True)
    async with Worker(client, task_queue=queue.name, activities=[nothing], deployment_config=deployment):
        await until(is_told, "a version without work is told")
    found = await looked_at(client, queue)
    assert found.level is Level.PROBLEM
    assert "temporal worker deployment set-current-version" in found.next_step


@pytest.mark.parametrize(
    ("answered", "level", "message"),
    [
        (answer(poller(timedelta(seconds=61))), Level.OK, "1 worker takes work from it"),
        (answer(poller(timedelta()), poller(timedelta())), Level.OK, "2 workers take work from it"),
        (
            answer(poller(timedelta(seconds=95))),
            Level.PROBLEM,
            "nobody works on sinch-api:retail; the last worker asked at 11:58:25 UTC",
        ),
        (
            answer(poller(timedelta()), backlog=40, age=timedelta(minutes=6)),
            Level.WARNING,
            "its workers do not keep up; tasks waiting: 40, the oldest for 6 min",
        ),
        (
            answer(poller(timedelta()), backlog=40, age=timedelta(minutes=4)),
            Level.OK,
            "1 worker takes work from it; tasks waiting: 40, the oldest for 4 min",
        ),
    ],
)
def test_how_long_ago_a_worker_asked_and_work_waits_decides(
    answered: DescribeTaskQueueResponse, level: Level, message: str
) -> None:
    found = diagnosis_of(state_of(SINCH_QUEUE, answered, NOW))
    assert (found.level, found.message) == (level, message)
