"""Workers, batches and the passing of time: what every workflow test begins with."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.common import TypedSearchAttributes
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from onboarding.batch import Address, AuthorisedPerson, Batch, Contact, GroupSlice, LoaParty, StoredFile
from onboarding.contracts import batch as batch_contract
from onboarding.contracts import group as group_contract
from onboarding.contracts import hosting_order as order_contract
from onboarding.contracts import verification as verification_contract
from onboarding.contracts.batch import BatchRequest, BatchResult
from onboarding.contracts.group import GroupRequest, GroupSettled
from onboarding.contracts.hosting_order import HostingOrderRequest, OrderResult
from onboarding.contracts.verification import VerificationRequest, VerificationResult
from onboarding.ids import (
    batch_workflow_id,
    group_workflow_id,
    hosting_order_workflow_id,
    verification_workflow_id,
)
from onboarding.model import Model
from onboarding.pace import Pace, Patience
from onboarding.search_attributes import started_with
from onboarding.spans import Span
from onboarding.stages import Stage, WaitingOn
from onboarding.task_queues import MAIL, SINCH, WORKFLOWS
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.prepared_sandbox import prepared_workflow_runner
from tests.workflows.server_clock import Result, ServerClock
from workflows.registry import WORKFLOWS as WORKFLOW_TYPES

PACE = Pace(
    poll_first=Span("10m"),
    poll_longest=Span("4h"),
    poll_growth=2.0,
    wave=Span("24h"),
    eligibility=Patience(remind_every=Span("2d"), deadline=Span("10d")),
    invoice_review=Patience(remind_every=Span("3d"), deadline=Span("10d")),
    voice_code=Patience(remind_every=Span("1d"), deadline=Span("7d")),
    loa_signature=Patience(remind_every=Span("3d"), deadline=Span("30d")),
    carrier=Patience(remind_every=Span("5d"), deadline=Span("20d")),
    operator=Patience(remind_every=Span("1d"), deadline=Span("5d")),
    no_news=Span("5d"),
)
"""As in real life, but without business days, whose length depends on the day a test runs."""

LOA = LoaParty(
    authorised_person=AuthorisedPerson(first_name="Jane", last_name="Doe", email="jane.doe@example.com"),
    address=Address(
        building_number="1", street="Main St", city="Springfield", state="IL", postal_code="62701", country="US"
    ),
    current_voice_carrier="Example Voice",
)
CORRECTED_LOA = LOA.model_copy(update={"current_voice_carrier": "Other Voice"})

INVOICES = (StoredFile(sha256="invoice", name="invoice.pdf", size=1),)

_CACHED = 1000

_counter = itertools.count(1)


def fresh_numbers(count: int) -> tuple[str, ...]:
    """Numbers no other test uses: the id of a voice challenge is the number alone."""
    return tuple(f"+1202{next(_counter):07d}" for _ in range(count))


def a_batch(**changes: Any) -> Batch:
    """A batch with an id of its own."""
    contact = Contact(name="Ann Lee", email="ann.lee@example.com", company="Example Inc")
    fields = {
        "id": f"b{next(_counter)}",
        "customer": "Example Inc",
        "service_plan_id": "plan-1",
        "campaign_id": "C123456",
        "loa": LOA,
        "contact": contact,
        "pace": PACE,
    }
    return Batch.model_validate(fields | changes)


def paced(**changes: Any) -> Pace:
    """`PACE` with changes, spans as they are written."""
    return Pace.model_validate(PACE.model_dump() | changes)


SELDOM = paced(poll_longest="1d")
"""For waits of which the end counts, not what is polled on the way."""


class Scene:
    """One test's workers and outside world on a server that other tests use after it."""

    def __init__(self, environment: WorkflowEnvironment, world: OutsideWorld, connection: Client) -> None:
        """Workers are started by `staged`; their `connection` is their own, since only one of a kind may use it."""
        self.environment = environment
        self._connection = connection
        self.client: Client = environment.client
        self.world = world
        self.workers: dict[str, Worker] = {}
        self._clock = ServerClock(environment, world, self._known_workflows)
        self.started: list[WorkflowHandle[Any, Any]] = []

    async def start_batch(
        self, slices: Sequence[Sequence[str]], batch: Batch | None = None, **changes: Any
    ) -> WorkflowHandle[Any, BatchResult]:
        """Start `OnboardBatch` with one group a slice."""
        batch = batch or a_batch()
        parts = [
            GroupSlice(sequence=i, numbers=tuple(numbers), invoices=INVOICES) for i, numbers in enumerate(slices, 1)
        ]
        request = BatchRequest(
            batch=batch.id,
            customer=batch.customer,
            numbers_total=sum(map(len, slices)),
            manifest=self.world.manifest(batch, parts),
            **changes,
        )
        return await self._start(
            batch_contract.WORKFLOW,
            request,
            batch_workflow_id(batch.id),
            BatchResult,
            batch,
            Stage.PENDING,
            request.numbers_total,
        )

    async def start_group(
        self, numbers: Sequence[str], batch: Batch | None = None, **changes: Any
    ) -> WorkflowHandle[Any, GroupSettled]:
        """Start one `OnboardGroup` without a batch above it."""
        batch = batch or a_batch()
        part = GroupSlice(sequence=1, numbers=tuple(numbers), invoices=INVOICES)
        request = GroupRequest(batch=batch, slice=part, **changes)
        workflow_id = group_workflow_id(batch.id, 1)
        return await self._start(
            group_contract.WORKFLOW, request, workflow_id, GroupSettled, batch, Stage.PENDING, len(numbers)
        )

    async def start_order(
        self, numbers: Sequence[str], batch: Batch | None = None, **changes: Any
    ) -> WorkflowHandle[Any, OrderResult]:
        """Start one `HostingOrder` without a group above it."""
        batch = batch or a_batch()
        request = HostingOrderRequest(batch=batch, sequence=1, wave=1, phone_numbers=tuple(numbers), **changes)
        workflow_id = hosting_order_workflow_id(batch.id, 1, 1)
        return await self._start(
            order_contract.WORKFLOW, request, workflow_id, OrderResult, batch, Stage.ORDERED, len(numbers)
        )

    async def start_verification(
        self, phone_number: str, batch: Batch | None = None
    ) -> WorkflowHandle[Any, VerificationResult]:
        """Start one `VerifyNumber` without a group above it."""
        batch = batch or a_batch()
        request = VerificationRequest(
            batch=batch.id,
            customer=batch.customer,
            phone_number=phone_number,
            deadline=batch.pace.voice_code.deadline.after(await self.now()),
            pace=batch.pace,
        )
        workflow_id = verification_workflow_id(phone_number)
        return await self._start(
            verification_contract.WORKFLOW,
            request,
            workflow_id,
            VerificationResult,
            batch,
            Stage.NEEDS_VERIFICATION,
            None,
        )

    def verification(self, phone_number: str) -> WorkflowHandle[Any, Any]:
        """The voice challenge of this number."""
        return self.client.get_workflow_handle(verification_workflow_id(phone_number))

    def order(self, batch: Batch, wave: int = 1, sequence: int = 1) -> WorkflowHandle[Any, Any]:
        """A hosting order of this batch."""
        return self.client.get_workflow_handle(hosting_order_workflow_id(batch.id, sequence, wave))

    def group(self, batch: Batch, sequence: int = 1) -> WorkflowHandle[Any, Any]:
        """A group of this batch."""
        return self.client.get_workflow_handle(group_workflow_id(batch.id, sequence))

    async def pass_hours(self, hours: float) -> None:
        """Let the server's clock go on; what becomes due on the way is done."""
        await self._clock.pass_time(timedelta(hours=hours))

    async def result(self, handle: WorkflowHandle[Any, Result]) -> Result:
        """Let the server's clock go on until the workflow has ended; what it ended with."""
        return await self._clock.run(handle.result())

    async def now(self) -> datetime:
        """The server's time."""
        return await self.environment.get_current_time()

    async def settle(self) -> None:
        """Wait until all that is due now is done.

        The test server's clock stands while anything is in flight, and for good if its workflow is ended meanwhile.
        """
        if self.environment.supports_time_skipping:
            await self._clock.pass_time(timedelta(seconds=1))

    async def terminate_all(self) -> None:
        """End whatever still runs."""
        for workflow_id in self._known_workflows():
            try:
                await self.client.get_workflow_handle(workflow_id).terminate("the test is over")
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise

    def _known_workflows(self) -> set[str]:
        """Every workflow calls an activity first, so the world has met all that were not started from here."""
        return {handle.id for handle in self.started} | {recorded.workflow_id for recorded in self.world.recorded}

    async def start_worker(self, task_queue: str, *, remembers: bool = True) -> None:
        """Work on this queue; a worker that remembers nothing replays a workflow from its start at every task."""
        worker = Worker(
            self._connection,
            task_queue=task_queue,
            activities=self.world.activities(task_queue),
            workflows=WORKFLOW_TYPES if task_queue == WORKFLOWS else (),
            workflow_runner=prepared_workflow_runner(),
            max_cached_workflows=_CACHED if remembers else 0,
        )
        self.workers[task_queue] = worker
        await worker.__aenter__()

    async def stop_worker(self, task_queue: str) -> None:
        """End the worker at once; activities in flight are cancelled."""
        await self.workers.pop(task_queue).__aexit__(None, None, None)

    async def start(
        self,
        workflow: str,
        request: Model,
        workflow_id: str,
        result_type: type[Result],
        search_attributes: TypedSearchAttributes,
    ) -> WorkflowHandle[Any, Result]:
        """Start a workflow, which is terminated at the end where it still runs."""
        handle: WorkflowHandle[Any, Result] = await self.client.start_workflow(
            workflow,
            request,
            id=workflow_id,
            task_queue=WORKFLOWS,
            result_type=result_type,
            search_attributes=search_attributes,
        )
        self.started.append(handle)
        return handle

    async def _start(
        self,
        workflow: str,
        request: Model,
        workflow_id: str,
        result_type: type[Any],
        batch: Batch,
        stage: Stage,
        numbers: int | None,
    ) -> WorkflowHandle[Any, Any]:
        shown = started_with(batch.id, batch.customer, stage, WaitingOn.NOBODY, numbers)
        return await self.start(workflow, request, workflow_id, result_type, shown)


@asynccontextmanager
async def staged(environment: WorkflowEnvironment, world: OutsideWorld) -> AsyncIterator[Scene]:
    """Workers for all three task queues; whatever still runs at the end is terminated."""
    client = environment.client
    connection = await Client.connect(
        client.service_client.config.target_host,
        namespace=client.namespace,
        data_converter=client.data_converter,
        identity=client.identity,
    )
    scene = Scene(environment, world, connection)
    try:
        for task_queue in (WORKFLOWS, SINCH, MAIL):
            await scene.start_worker(task_queue)
        yield scene
        await scene.settle()
    finally:
        await scene.terminate_all()
        for task_queue in list(scene.workers):
            await scene.stop_worker(task_queue)


@asynccontextmanager
async def refused(kind: str) -> AsyncIterator[None]:
    """An update inside is rejected by its validator, with this error type."""
    with pytest.raises(WorkflowUpdateFailedError) as caught:
        yield
    assert isinstance(caught.value.cause, ApplicationError)
    assert caught.value.cause.type == kind


async def until(happened: Callable[[], object]) -> None:
    """Wait in real time, for at most half a minute, for something that takes no time of the server's."""
    async with asyncio.timeout(30):
        while not happened():  # noqa: ASYNC110 - what happens is in activities that know of no event
            await asyncio.sleep(0.01)
