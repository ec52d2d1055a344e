"""`OnboardBatch` at any size: histories stay short, and groups that get lost give their place in the window back.

The groups are stubs that report at once, so that the window itself is what is measured.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

with workflow.unsafe.imports_passed_through():
    from benchmarks.batch_files import CAMPAIGN, SERVICE_PLAN
    from benchmarks.histories import history_cost
    from benchmarks.measure import Measure, at_least, at_most, told
    from benchmarks.scale import Scale
    from benchmarks.site import running_site
    from onboarding.batch import (
        GROUP_SIZE,
        Address,
        AuthorisedPerson,
        Batch,
        Contact,
        GroupSlice,
        LoaParty,
        StoredFile,
    )
    from onboarding.calls.documents import (
        READ_MANIFEST,
        STORE_GROUP_FILES,
        WRITE_REPORT,
        GroupFiles,
        GroupRowsStored,
        ManifestPage,
        ReadManifest,
        ReportWritten,
        WriteReport,
    )
    from onboarding.contracts import batch as batch_contract
    from onboarding.contracts import group as group_contract
    from onboarding.contracts.batch import GROUP_SETTLED_SIGNAL, BatchRequest, BatchResult
    from onboarding.contracts.group import GroupRequest, GroupSettled
    from onboarding.ids import batch_workflow_id
    from onboarding.search_attributes import started_with
    from onboarding.spans import Span
    from onboarding.stages import Stage, WaitingOn
    from onboarding.task_queues import WORKFLOWS
    from workflows.onboard_batch import OnboardBatch

EVENTS_AT_MOST = 4_096
_LOST_EVERY = 10
"""Of so many groups one is cancelled and one is terminated."""
_LOSING_GROUPS = 60
_LIST_LAG_SECONDS = 3.0
_AS_IN_LIFE = Span("24h")
_FILE = StoredFile(sha256="0" * 64, name="stub.json", size=1)


@workflow.defn(name=group_contract.WORKFLOW)
class StubGroup:
    """Reports at once; of a batch that loses groups, some end without a word."""

    @workflow.run
    async def run(self, request: GroupRequest) -> GroupSettled:
        """Tell the batch, as a real group does at its end."""
        part = request.slice
        settled = GroupSettled(sequence=part.sequence, stages={Stage.DONE: GROUP_SIZE}, rows=_FILE)
        if request.batch.customer == _LOSES and part.sequence % _LOST_EVERY < _WAYS_TO_GET_LOST:
            await workflow.wait_condition(lambda: False)
        parent = workflow.get_external_workflow_handle(request.report_to or "")
        await parent.signal(GROUP_SETTLED_SIGNAL, settled)
        return settled


_LOSES, _KEEPS = "Lost and Found Ltd", "Harbor Lane Dental Group"
_WAYS_TO_GET_LOST = 2


class StubDocuments:
    """A manifest of any size without documents behind it."""

    def __init__(self, batch: Batch, groups: int) -> None:
        self._batch = batch
        self._groups = groups
        self._put_away = 0

    @activity.defn(name=READ_MANIFEST.name)
    async def read_manifest(self, request: ReadManifest) -> ManifestPage:
        """Slices without numbers: a stub group needs none."""
        last = min(request.offset + request.count, self._groups)
        slices = tuple(GroupSlice(sequence=position + 1, numbers=()) for position in range(request.offset, last))
        return ManifestPage(batch=self._batch, slices_total=self._groups, slices=slices)

    @activity.defn(name=STORE_GROUP_FILES.name)
    async def store_group_files(self, request: GroupFiles) -> GroupRowsStored:
        """Only counted."""
        self._put_away += len(request.files)
        return GroupRowsStored(file=_FILE)

    @activity.defn(name=WRITE_REPORT.name)
    async def write_report(self, request: WriteReport) -> ReportWritten:
        """The counts of the groups that reported."""
        reported = self._put_away + len(request.groups)
        return ReportWritten(csv="", json_name="", stages={Stage.DONE: reported * GROUP_SIZE})


async def measure(scale: Scale) -> AsyncIterator[Measure]:
    """Batches of stub groups, and one that loses groups in every way there is."""
    async with running_site() as site:
        await site.stack.components["worker"].stop()
        yield await _losing(site.client, min(_LOSING_GROUPS, -(-max(scale.windows) // GROUP_SIZE)))
        for numbers in scale.windows:
            for row in await _whole(site.client, -(-numbers // GROUP_SIZE)):
                yield row


async def _whole(client: Client, groups: int) -> Sequence[Measure]:
    started = time.monotonic()
    stages = await _run(client, f"window-{groups}", groups, _KEEPS)
    seconds = time.monotonic() - started
    await asyncio.sleep(_LIST_LAG_SECONDS)
    query = f'OnboardingBatch="window-{groups}" AND WorkflowType="{batch_contract.WORKFLOW}"'
    cost = await history_cost(client, query)
    of = f"OnboardBatch of {groups * GROUP_SIZE:,} numbers"
    return [
        at_most(f"events of the longest history, {of}", cost.longest, "events", EVENTS_AT_MOST, f"{cost.runs} runs"),
        at_least(f"numbers accounted for, {of}", stages.get(Stage.DONE, 0), "numbers", groups * GROUP_SIZE),
        told(f"groups per second, {of}", groups / seconds, "groups/s", "stub groups that report at once"),
    ]


async def _losing(client: Client, groups: int) -> Measure:
    """Groups that stay silent are ended from outside; the batch has to come to its end nevertheless."""
    name = "window-losing"
    silent = asyncio.create_task(_end_the_silent(client, name))
    try:
        stages = await _run(client, name, groups, _LOSES, Span("3s"))
    finally:
        silent.cancel()
    kept = sum(sequence % _LOST_EVERY >= _WAYS_TO_GET_LOST for sequence in range(1, groups + 1))
    came = stages.get(Stage.DONE, 0) // GROUP_SIZE
    note = f"{groups - kept} of {groups} groups were cancelled or terminated without a report; the batch ended"
    return at_least("groups that report although others vanish", came, "groups", kept, note)


async def _end_the_silent(client: Client, batch: str) -> None:
    """Cancel and terminate in turn what does not end by itself."""
    query = f'OnboardingBatch="{batch}" AND WorkflowType="{group_contract.WORKFLOW}" AND ExecutionStatus="Running"'
    while True:
        await asyncio.sleep(1)
        async for silent in client.list_workflows(query):
            handle = client.get_workflow_handle(silent.id, run_id=silent.run_id)
            if int(silent.id.rpartition(":")[2]) % _LOST_EVERY == 0:
                await handle.cancel()
            elif int(silent.id.rpartition(":")[2]) % _LOST_EVERY < _WAYS_TO_GET_LOST:
                await handle.terminate("the benchmark loses it")


async def _run(client: Client, name: str, groups: int, customer: str, reconcile: Span = _AS_IN_LIFE) -> dict[str, int]:
    batch = _batch(name, customer)
    documents = StubDocuments(batch, groups)
    total = groups * GROUP_SIZE
    async with Worker(
        client,
        task_queue=WORKFLOWS,
        workflows=[OnboardBatch, StubGroup],
        activities=[documents.read_manifest, documents.store_group_files, documents.write_report],
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        result: BatchResult = await client.execute_workflow(
            batch_contract.WORKFLOW,
            BatchRequest(batch=name, customer=customer, numbers_total=total, manifest=_FILE, reconcile=reconcile),
            id=batch_workflow_id(name),
            task_queue=WORKFLOWS,
            result_type=BatchResult,
            search_attributes=started_with(name, customer, Stage.PENDING, WaitingOn.NOBODY, total),
        )
    return result.stages


def _batch(name: str, customer: str) -> Batch:
    return Batch(
        id=name,
        customer=customer,
        service_plan_id=SERVICE_PLAN,
        campaign_id=CAMPAIGN,
        contact=Contact(name="Robin Park", email="robin.park@example.com", company=customer),
        loa=LoaParty(
            authorised_person=AuthorisedPerson(first_name="Avery", last_name="Jordan", email="avery@example.com"),
            address=Address(
                building_number="1200",
                street="Harbor Lane",
                city="San Francisco",
                state="CA",
                postal_code="94111",
                country="US",
            ),
            current_voice_carrier="Prairie Bell",
        ),
    )
