"""What keeps a Sinch project below its limit: the server over all workers, and waiting where Sinch says so."""

import asyncio
from datetime import timedelta
from pathlib import Path

from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from onboarding.calls.qualification import ADD_NUMBERS, AddNumbers
from onboarding.task_queues import SINCH
from tests.activities.simulated_sinch import ADD
from tests.starter.api.two_projects import two_projects
from tests.temporal_server import temporal_server
from tests.worker.worker_process import worker_process

TASK_QUEUE = "worker-rate-limit-test"
PER_SECOND, ACTIVITIES = 5, 40


@workflow.defn(name="AddManyNumbers")
class AddManyNumbers:
    """Adds numbers, each by an activity of its own, all at once."""

    @workflow.run
    async def run(self, count: int) -> None:
        await asyncio.gather(*(self._add(f"+1202555{number:04d}") for number in range(100, 100 + count)))

    async def _add(self, phone_number: str) -> None:
        await workflow.execute_activity(
            ADD_NUMBERS.name,
            AddNumbers(phone_numbers=(phone_number,)),
            task_queue=SINCH,
            schedule_to_close_timeout=timedelta(seconds=120),
        )


async def starts_of(client: Client, count: int) -> list[HistoryEvent]:
    """The starts of so many activities, in their order."""
    async with Worker(
        client, task_queue=TASK_QUEUE, workflows=[AddManyNumbers], workflow_runner=UnsandboxedWorkflowRunner()
    ):
        handle: WorkflowHandle[object, object] = await client.start_workflow(
            "AddManyNumbers", count, id=f"adds-{count}", task_queue=TASK_QUEUE
        )
        await handle.result()
    events = (await handle.fetch_history()).events
    starts = [event for event in events if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED]
    return sorted(starts, key=lambda event: event.event_time.ToNanoseconds())


async def test_two_workers_together_start_no_more_than_the_limit(tmp_path: Path, temporal_cli: str) -> None:
    """Without it 40 activities are started in a moment; a burst of some seconds' worth is the server's own."""
    async with temporal_server(temporal_cli) as temporal, two_projects(tmp_path) as projects:
        told = projects.environment | {
            "TEMPORAL_ADDRESS": temporal.client.service_client.config.target_host,
            "ONBOARD_SINCH_ACTIVITIES_PER_SECOND": str(PER_SECOND),
        }
        async with (
            worker_process(told, "--role", "sinch") as one,
            worker_process(told, "--role", "sinch") as other,
        ):
            await asyncio.gather(one.says("working"), other.says("working"))
            starts = await starts_of(temporal.client, ACTIVITIES)
            await asyncio.gather(one.stopped(), other.stopped())

    identities = {event.activity_task_started_event_attributes.identity for event in starts}
    took = (starts[-1].event_time.ToNanoseconds() - starts[0].event_time.ToNanoseconds()) / 1e9
    assert len(identities) == 2
    assert ACTIVITIES / took < 2 * PER_SECOND


async def test_what_sinch_refuses_with_429_is_done_after_the_wait_it_names(tmp_path: Path, client: Client) -> None:
    async with two_projects(tmp_path) as projects:
        for _ in range(2):
            await projects.sinch.fail(ADD, status=429, retry_after=2)
        address = {"TEMPORAL_ADDRESS": client.service_client.config.target_host}
        async with worker_process(projects.environment | address, "--role", "sinch") as worker:
            (start,) = await starts_of(client, 1)
            await worker.stopped()
        added = await projects.sinch.ledger("qualified_number_added")

    attributes = start.activity_task_started_event_attributes
    assert len(added) == 1
    assert attributes.attempt == 3
    assert "Sinch asks to wait 2 s" in attributes.last_failure.message
