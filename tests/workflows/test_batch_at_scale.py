"""`OnboardBatch` over more groups than 100,000 numbers make, and over groups that get lost in every way there is."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import (
    Client,
    CountWorkflowsInput,
    Interceptor,
    ListWorkflowsInput,
    OutboundInterceptor,
    QueryWorkflowInput,
    WorkflowHandle,
)
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from activities.document_store import DocumentStore
from onboarding.contracts import group as group_contract
from onboarding.contracts.batch import GROUP_SETTLED_SIGNAL, SETTLED_ROWS_QUERY, BatchResult, BatchStatus, SettledRows
from onboarding.contracts.group import GroupSettled
from onboarding.contracts.operator import CANCEL_UPDATE, STATUS_QUERY, OperatorAction
from onboarding.ids import group_workflow_id
from starter.number_rows import number_rows
from starter.statuses import next_pause, status_text
from starter.watching import batch_view
from tests.histories.runs import histories_of_runs
from tests.workflows.staging import a_batch
from tests.workflows.stub_groups import ENDS_SILENTLY, FAILS, REPORTS, WAITS, start_stubs, stored_rows, stub_worker
from workflows.onboard_batch import AT_A_TIME, ROWS_IN_STATE

SETTLED, WAITING = ROWS_IN_STATE + 20, 20
EVENTS_A_RUN = 300
Batch = WorkflowHandle[Any, BatchResult]


class Counted(Interceptor, OutboundInterceptor):
    """Counts what a client asks the server for."""

    def __init__(self) -> None:
        self.made: Counter[str] = Counter()

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 - its name in the SDK
        OutboundInterceptor.__init__(self, next)
        return self

    async def query_workflow(self, input: QueryWorkflowInput) -> Any:  # noqa: A002
        self.made["query"] += 1
        return await self.next.query_workflow(input)

    def list_workflows(self, input: ListWorkflowsInput) -> Any:  # noqa: A002
        self.made["list"] += 1
        return self.next.list_workflows(input)

    async def count_workflows(self, input: CountWorkflowsInput) -> Any:  # noqa: A002
        self.made["count"] += 1
        return await self.next.count_workflows(input)


@pytest.fixture
async def store(dev_server: WorkflowEnvironment, tmp_path: Path) -> AsyncIterator[DocumentStore]:
    """A document store, with a worker on it."""
    store = DocumentStore(str(tmp_path))
    async with stub_worker(dev_server.client, store):
        yield store


async def status_of(batch: Batch) -> BatchStatus:
    status: BatchStatus = await batch.query(STATUS_QUERY, result_type=BatchStatus)
    return status


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(120):
        while not await holds():  # noqa: ASYNC110 - what happens is on the server
            await asyncio.sleep(0.1)


async def result_of(batch: Batch) -> dict[str, int]:
    async with asyncio.timeout(120):
        return (await batch.result()).stages


def counting(client: Client) -> tuple[Client, Counter[str]]:
    """The same connection, with a count of what is asked by it."""
    counted, config = Counted(), client.config()
    config["interceptors"] = [counted]
    return Client(**config), counted.made


async def test_a_batch_of_more_than_a_hundred_thousand_numbers_stays_small_and_is_cheap_to_look_at(
    dev_server: WorkflowEnvironment, store: DocumentStore
) -> None:
    settings = a_batch()
    ways = [REPORTS] * SETTLED + [WAITS] * (WAITING + 5)
    batch = await start_stubs(dev_server.client, store, settings, ways, events_a_run=EVENTS_A_RUN)

    async def all_but_the_waiting_have_reported() -> bool:
        status = await status_of(batch)
        return (status.groups_settled, len(status.groups_in_flight)) == (SETTLED, WAITING)

    await until(all_but_the_waiting_have_reported)

    client, asked = counting(dev_server.client)
    view = await batch_view(client, settings.id)
    assert asked == {"query": 1, "list": 1, "count": 1}
    assert (view.numbers_total, view.numbers_done, view.groups_settled) == (SETTLED + WAITING + 5, SETTLED, SETTLED)
    assert sum(view.stages.values()) == view.numbers_total
    assert len(status_text(view).splitlines()) < 10

    asked.clear()
    rows = await number_rows(client, store, settings.id)
    assert asked == {"query": 2 + WAITING}
    assert [row.stage for row in rows] == ["DONE"] * SETTLED + ["IN_REVIEW"] * WAITING
    assert [row.phone_number for row in rows[:SETTLED]] == [f"group {n}" for n in range(1, SETTLED + 1)]

    kept: SettledRows = await batch.query(SETTLED_ROWS_QUERY, result_type=SettledRows)
    assert (len(kept.earlier), len(kept.groups) < ROWS_IN_STATE) == (1, True)

    await batch.execute_update(CANCEL_UPDATE, OperatorAction())
    assert await result_of(batch) == {"DONE": SETTLED + WAITING, "CANCELLED": 5}
    await every_run_was_short(dev_server.client, batch)


async def every_run_was_short(client: Client, batch: Batch) -> None:
    """And none was handed the rows of more groups than a run keeps; most groups cost no reading of their own."""
    histories = await histories_of_runs(client, client.get_workflow_handle(batch.id))
    assert len(histories) > 2
    assert max(len(history.events) for history in histories) < EVENTS_A_RUN + 300
    events = [event for history in histories for event in history.events]
    reads = [
        event.activity_task_scheduled_event_attributes.activity_type.name == "documents.read_manifest"
        for event in events
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
    ]
    assert sum(reads) <= len(histories) + SETTLED / AT_A_TIME + 1
    assert max(event.ByteSize() for event in events) < 200_000


async def test_groups_that_end_without_a_report_give_their_place_back_at_once(
    dev_server: WorkflowEnvironment, store: DocumentStore
) -> None:
    """The next round of questions is a day away."""
    ways = [FAILS, ENDS_SILENTLY, WAITS, WAITS, REPORTS, REPORTS]
    settings = a_batch(window=4)
    batch = await start_stubs(dev_server.client, store, settings, ways)

    async def are_in_flight(*sequences: int) -> bool:
        return (await status_of(batch)).groups_in_flight == sequences

    await until(lambda: are_in_flight(3, 4))
    await dev_server.client.get_workflow_handle(group_workflow_id(settings.id, 3)).cancel()
    await dev_server.client.get_workflow_handle(group_workflow_id(settings.id, 4)).terminate("by mistake")
    assert await result_of(batch) == {"DONE": 2, "FAILED": 4}


async def test_groups_of_an_earlier_run_that_are_lost_are_found_in_the_next_round(
    dev_server: WorkflowEnvironment, store: DocumentStore
) -> None:
    """The run that started them has seen nothing of their end, and many are asked side by side."""
    ways = [WAITS] * 12
    settings = a_batch(window=12)
    batch = await start_stubs(dev_server.client, store, settings, ways, events_a_run=5, reconcile="3s")

    async def another_run_has_begun() -> bool:
        return (await status_of(batch)).groups_started == 12 and len(await runs(batch)) > 1

    async def runs(handle: Batch) -> list[Any]:
        return await histories_of_runs(dev_server.client, dev_server.client.get_workflow_handle(handle.id))

    await until(another_run_has_begun)
    for sequence in range(1, 13):
        await dev_server.client.get_workflow_handle(group_workflow_id(settings.id, sequence)).terminate("all of them")
    assert await result_of(batch) == {"FAILED": 12}


async def test_a_group_that_reports_before_its_turn_is_not_started_and_one_that_reports_twice_counts_once(
    dev_server: WorkflowEnvironment, store: DocumentStore
) -> None:
    """As after a batch was terminated and started again: groups of the first run report to the second."""
    settings = a_batch(window=1)
    batch = await start_stubs(dev_server.client, store, settings, [WAITS, WAITS, REPORTS])
    early = GroupSettled(sequence=2, stages={"DONE": 1}, rows=await stored_rows(store, settings.id, 2))
    for _ in range(2):
        await batch.signal(GROUP_SETTLED_SIGNAL, early)

    first = dev_server.client.get_workflow_handle(group_workflow_id(settings.id, 1))

    async def first_is_at_work() -> bool:
        with suppress(RPCError):
            await first.describe()
            return (await status_of(batch)).groups_in_flight == (1,)
        return False

    await until(first_is_at_work)
    await first.signal(group_contract.CANCEL_SIGNAL, OperatorAction())
    assert await result_of(batch) == {"DONE": 3}
    assert (await status_of(batch)).stages == {"DONE": 3}
    with pytest.raises(RPCError, match="not found"):
        await dev_server.client.get_workflow_handle(group_workflow_id(settings.id, 2)).describe()


def test_looks_at_a_batch_come_less_and_less_often() -> None:
    pauses = [2.0]
    for _ in range(20):
        pauses.append(next_pause(pauses[-1]))
    assert pauses == sorted(pauses)
    assert (pauses[1], pauses[-1]) == (2.4, 15.0)
