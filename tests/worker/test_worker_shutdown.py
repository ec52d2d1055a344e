"""SIGTERM while Sinch is slow: what can be finished is finished, the rest is handed back, nothing is done twice."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from temporalio import workflow
from temporalio.api.history.v1 import ActivityTaskStartedEventAttributes
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from onboarding.calls.hosting_orders import CREATE_ORDER, CreateOrder, OrderCreated
from onboarding.contracts import verification as contract
from onboarding.contracts.operator import STATUS_QUERY
from onboarding.contracts.verification import VerificationRequest, VerificationResult, VerificationStatus
from onboarding.ids import verification_workflow_id
from onboarding.search_attributes import started_with
from onboarding.stages import Stage, WaitingOn
from onboarding.task_queues import WORKFLOWS
from simulator.settings import LOCAL_KEY_ID, LOCAL_KEY_SECRET, LOCAL_PROJECT_ID
from tests.activities.order_requests import order_of
from tests.activities.simulated_sinch import CALL, ORDER, SimulatedSinch, numbers, simulated_sinch
from tests.worker.worker_process import WorkerProcess, settings, worker_process
from tests.workflows.staging import a_batch
from workflows._calling import call

(NUMBER,) = numbers(1)
TASK_QUEUE = "worker-shutdown-test"
HASTY = {"ONBOARD_GRACEFUL_STOP_SECONDS": "0.5"}
_PATIENCE_SECONDS = 60


@workflow.defn(name="OrdersNumbers")
class OrdersNumbers:
    """Creates one hosting order."""

    @workflow.run
    async def run(self, request: CreateOrder) -> OrderCreated:
        return await call(CREATE_ORDER, request, "create the order")


@dataclass(frozen=True)
class Place:
    """A simulated Sinch with an eligible number, a Temporal server, and what workers are told of both.

    What was `begun` is ended with the test.
    """

    sinch: SimulatedSinch
    client: Client
    told: dict[str, str]
    begun: list[WorkflowHandle[Any, Any]] = field(default_factory=list)

    async def ordering(self) -> WorkflowHandle[OrdersNumbers, OrderCreated]:
        """An order is being created; Sinch has it, but has not answered."""
        handle = await self.client.start_workflow(
            OrdersNumbers.run, order_of([NUMBER]), id="OrdersNumbers", task_queue=TASK_QUEUE
        )
        self.begun.append(handle)
        await until(lambda: self.sinch.ledger("hosting_order"))
        return handle

    async def calling(self) -> WorkflowHandle[object, VerificationResult]:
        """A phone is being called; it rings, but Sinch has not answered."""
        batch = a_batch()
        handle = await self.client.start_workflow(
            contract.WORKFLOW,
            VerificationRequest(
                batch=batch.id,
                customer=batch.customer,
                phone_number=NUMBER,
                deadline=batch.pace.voice_code.deadline.after(datetime.now(UTC)),
                pace=batch.pace,
            ),
            id=verification_workflow_id(NUMBER),
            task_queue=WORKFLOWS,
            search_attributes=started_with(batch.id, batch.customer, Stage.VERIFIED, WaitingOn.NOBODY, 1),
        )
        self.begun.append(handle)
        await until(lambda: self.sinch.rings(NUMBER))
        return handle


@pytest.fixture
async def place(tmp_path: Path, client: Client) -> AsyncIterator[Place]:
    async with (
        simulated_sinch() as sinch,
        Worker(
            client,
            task_queue=TASK_QUEUE,
            workflows=[OrdersNumbers],
            workflow_runner=UnsandboxedWorkflowRunner(),
        ),
    ):
        await sinch.make_eligible(NUMBER)
        told = settings(
            tmp_path,
            TEMPORAL_ADDRESS=client.service_client.config.target_host,
            ONBOARD_SINCH_PROJECT_ID=LOCAL_PROJECT_ID,
            ONBOARD_SINCH_KEY_ID=LOCAL_KEY_ID,
            ONBOARD_SINCH_KEY_SECRET=LOCAL_KEY_SECRET,
            ONBOARD_SINCH_IMPORTED_URL=sinch.endpoints.sinch_imported,
            ONBOARD_SINCH_TOKEN_URL=sinch.endpoints.sinch_oauth,
        )
        place = Place(sinch, client, told)
        yield place
        for handle in place.begun:
            with suppress(RPCError):
                await handle.terminate("the test is over")


async def until(happened: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while True:
            if await happened():
                return
            await asyncio.sleep(0.05)


async def attempt_that_ended(handle: WorkflowHandle[OrdersNumbers, OrderCreated]) -> ActivityTaskStartedEventAttributes:
    [started] = [
        event.activity_task_started_event_attributes
        async for event in handle.fetch_history_events()
        if event.HasField("activity_task_started_event_attributes")
    ]
    return started


async def assert_stopped_in_peace(worker: WorkerProcess) -> None:
    assert await worker.stopped() == 0
    assert "stopped" in worker.log
    assert not [word for word in ("warning", "error", "Traceback") if word in worker.log]


async def test_what_is_under_way_may_be_finished_in_the_time_there_is(place: Place) -> None:
    async with worker_process(place.told) as worker:
        await worker.says("working")
        await place.sinch.fail(ORDER, "late", seconds=2)
        handle = await place.ordering()
        await assert_stopped_in_peace(worker)

    assert (await handle.result()).hosting_order_id
    assert (await attempt_that_ended(handle)).attempt == 1
    assert len(await place.sinch.ledger("hosting_order")) == 1


async def test_what_cannot_be_finished_is_handed_back_and_done_by_another_worker_without_doing_it_twice(
    place: Place,
) -> None:
    async with worker_process({**place.told, **HASTY}) as worker:
        await worker.says("working")
        await place.sinch.fail(ORDER, "timeout", after_commit=True)
        handle = await place.ordering()
        await assert_stopped_in_peace(worker)
    async with worker_process(place.told) as worker:
        assert (await handle.result()).hosting_order_id
        await assert_stopped_in_peace(worker)

    ended = await attempt_that_ended(handle)
    assert (ended.attempt, ended.last_failure.application_failure_info.type) == (2, "WorkerShutdown")
    assert len(await place.sinch.ledger("hosting_order")) == 1


async def test_a_call_that_was_under_way_is_not_placed_again_but_looked_after(place: Place) -> None:
    async with worker_process({**place.told, **HASTY}) as worker:
        await worker.says("working")
        await place.sinch.fail(CALL, "timeout", after_commit=True)
        handle = await place.calling()
        await assert_stopped_in_peace(worker)
    async with worker_process(place.told) as worker:

        async def is_known_to_have_been_placed() -> bool:
            status: VerificationStatus = await handle.query(STATUS_QUERY, result_type=VerificationStatus)
            return status.calls_placed == 1

        await until(is_known_to_have_been_placed)
        await assert_stopped_in_peace(worker)

    assert await place.sinch.rings(NUMBER) == 1
