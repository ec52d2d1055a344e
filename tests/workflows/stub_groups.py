"""Batches of any size over groups that do no work: the window, its reports and its losses are what is left.

What a stub group does stands where its number would: `REPORTS`, `FAILS`, `ENDS_SILENTLY` or `WAITS` (until the batch
cancels it). Documents are real, in a folder of the test.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from temporalio import workflow
from temporalio.client import Client, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.document_store import DocumentStore
from activities.documents import Documents
from onboarding.batch import Batch, GroupSlice, Manifest, StoredFile
from onboarding.calls.documents import GroupRows, ResultRow
from onboarding.contracts import batch as batch_contract
from onboarding.contracts import group as contract
from onboarding.contracts.batch import BatchResult
from onboarding.contracts.group import GroupRequest, GroupSettled, GroupStatus
from onboarding.contracts.operator import STATUS_QUERY, OperatorAction
from onboarding.ids import batch_workflow_id
from onboarding.progress import NumberProgress
from onboarding.stages import Stage, WaitingOn
from onboarding.task_queues import WORKFLOWS
from starter.batches import batch_request, start_once, store_slices
from workflows.onboard_batch import OnboardBatch

REPORTS, FAILS, ENDS_SILENTLY, WAITS = "reports", "fails", "ends silently", "waits"


@workflow.defn(name=contract.WORKFLOW)
class StubGroup:
    """One group of one number; its rows were stored beforehand, as its only invoice."""

    @workflow.init
    def __init__(self, request: GroupRequest) -> None:
        """Nothing has happened."""
        self._part = request.slice
        self._cancelled = False

    @workflow.run
    async def run(self, request: GroupRequest) -> GroupSettled:
        """End in the way that the slice names."""
        (way,), (rows,) = self._part.numbers, self._part.invoices
        if way == FAILS:
            raise ApplicationError("as the test wants it", non_retryable=True)
        if way == WAITS:
            await workflow.wait_condition(lambda: self._cancelled)
        settled = GroupSettled(sequence=self._part.sequence, stages={Stage.DONE: 1}, rows=rows)
        if way != ENDS_SILENTLY:
            parent = workflow.get_external_workflow_handle(request.report_to or "")
            await parent.signal(batch_contract.GROUP_SETTLED_SIGNAL, settled)
        return settled

    @workflow.signal(name=contract.CANCEL_SIGNAL)
    def cancel_requested(self, action: OperatorAction) -> None:
        """The batch was cancelled."""
        self._cancelled = True

    @workflow.signal(name=contract.STILL_THERE_SIGNAL)
    def still_there(self) -> None:
        """Yes."""

    @workflow.query(name=STATUS_QUERY)
    def status(self) -> GroupStatus:
        """One number under review."""
        number = NumberProgress(phone_number=self._part.numbers[0], stage=Stage.IN_REVIEW)
        return GroupStatus(
            sequence=self._part.sequence,
            stages={Stage.IN_REVIEW: 1},
            waiting_on=WaitingOn.NOBODY,
            waiting_since=None,
            orders={},
            numbers=(number,),
        )


@asynccontextmanager
async def stub_worker(client: Client, store: DocumentStore) -> AsyncIterator[None]:
    """The real batch workflow and the real documents, over stub groups."""
    documents = Documents(store)
    async with Worker(
        client,
        task_queue=WORKFLOWS,
        workflows=[OnboardBatch, StubGroup],
        activities=[
            documents.read_manifest,
            documents.store_group_rows,
            documents.store_group_files,
            documents.write_report,
        ],
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        yield


async def stored_rows(store: DocumentStore, batch: str, sequence: int) -> StoredFile:
    """The rows of a group whose one number is done."""
    row = ResultRow(phone_number=f"group {sequence}", stage=Stage.DONE)
    rows = GroupRows(batch=batch, sequence=sequence, rows=(row,))
    return await store.write(rows.model_dump_json().encode(), "rows.json")


async def start_stubs(
    client: Client, store: DocumentStore, batch: Batch, ways: Sequence[str], **changes: Any
) -> WorkflowHandle[Any, BatchResult]:
    """Start a batch as the command does, with one stub group for each of these ways to go."""
    parts = [
        GroupSlice(sequence=sequence, numbers=(way,), invoices=(await stored_rows(store, batch.id, sequence),))
        for sequence, way in enumerate(ways, 1)
    ]
    manifest = await store_slices(store, Manifest, batch, parts)
    request = batch_request(batch, len(parts), manifest).model_copy(update=changes)
    workflow_id = batch_workflow_id(batch.id)
    await start_once(client, store, Manifest, batch_contract.WORKFLOW, workflow_id, request)
    return client.get_workflow_handle(workflow_id, result_type=BatchResult)
