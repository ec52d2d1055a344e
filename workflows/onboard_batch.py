"""`OnboardBatch`: all groups of a batch, a window of them at a time, and the final report.

Groups are abandoned children: a batch that dies kills no paid order. They report by signal; one that was ended
from outside is found by asking, so it never keeps its place in the window.
"""

import asyncio
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ApplicationError
from temporalio.exceptions import WorkflowAlreadyStartedError as AlreadyStarted
from temporalio.workflow import ParentClosePolicy

from onboarding.batch import Batch, GroupSlice
from onboarding.calls.documents import READ_MANIFEST, WRITE_REPORT, ReadManifest, WriteReport
from onboarding.contracts import batch as contract
from onboarding.contracts import group
from onboarding.contracts.batch import BatchRequest, BatchResult, BatchState, BatchStatus
from onboarding.contracts.group import GroupRequest, GroupSettled
from onboarding.contracts.operator import CANCEL_UPDATE, STATUS_QUERY, ActionTaken, OperatorAction
from onboarding.details import batch_details
from onboarding.ids import group_workflow_id
from onboarding.search_attributes import started_with
from onboarding.stages import Stage, WaitingOn
from workflows._calling import call
from workflows._display import Display
from workflows._lifecycle import go_on_as_new, history_is_long, tell_workflow
from workflows._waiting import news_or


@workflow.defn(name=contract.WORKFLOW)
class OnboardBatch:
    """One batch of any size."""

    @workflow.init
    def __init__(self, request: BatchRequest) -> None:
        """State exists before the first signal arrives."""
        self._request = request
        self._state = request.state or BatchState(last_reconciled=workflow.now())
        self._display = Display()
        self._woken = False

    @workflow.run
    async def run(self, request: BatchRequest) -> BatchResult:
        """Keep a window of groups at work until all have reported; then write the report."""
        while self._more_to_start() or self._state.in_flight:
            await self._start_groups()
            await self._pass_on_cancel()
            await self._ask_silent_groups()
            self._show(Stage.PENDING if self._more_to_start() else Stage.PROVISIONING)
            await self._wait_for_a_group()
            await self._continue_as_new_if_long()
        report = await call(
            WRITE_REPORT,
            WriteReport(manifest=request.manifest, groups=self._state.rows, vanished=tuple(self._state.vanished)),
            "write the final report",
        )
        self._state.stages = report.stages
        self._show(Stage.CANCELLED if self._state.cancelled else Stage.DONE)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return BatchResult(batch=request.batch, stages=report.stages, report=report)

    # the steps

    async def _start_groups(self) -> None:
        state = self._state
        free = self._request.window - len(state.in_flight)
        if free <= 0 or not self._more_to_start():
            return
        page = await call(
            READ_MANIFEST,
            ReadManifest(manifest=self._request.manifest, offset=state.next_slice, count=free),
            f"read the next {free} groups",
        )
        state.slices_total = len(page.manifest.slices)
        if state.cancelled:
            return
        for part in page.slices:
            state.in_flight[part.sequence] = len(part.numbers)
        state.next_slice += len(page.slices)
        await asyncio.gather(*(self._start_group(page.manifest.batch.under(part.terms), part) for part in page.slices))

    async def _start_group(self, batch: Batch, part: GroupSlice) -> None:
        workflow_id = group_workflow_id(batch.id, part.sequence)
        try:
            await workflow.start_child_workflow(
                group.WORKFLOW,
                GroupRequest(
                    batch=batch,
                    slice=part,
                    report_to=workflow.info().workflow_id,
                    events_a_run=self._request.events_a_run,
                ),
                id=workflow_id,
                parent_close_policy=ParentClosePolicy.ABANDON,
                search_attributes=started_with(
                    batch.id, batch.customer, Stage.PENDING, WaitingOn.NOBODY, len(part.numbers)
                ),
                static_summary=f"{len(part.numbers)} numbers of {batch.customer}",
            )
        except AlreadyStarted:
            workflow.logger.warning("%s is at work already: waiting for its report", workflow_id)

    async def _pass_on_cancel(self) -> None:
        state = self._state
        if not state.cancelled or state.cancel_sent:
            return
        state.cancel_sent = True
        for sequence in list(state.in_flight):
            await self._signal_group(sequence, group.CANCEL_SIGNAL, OperatorAction())

    async def _ask_silent_groups(self) -> None:
        due = self._reconcile_due()
        if due is None or workflow.now() < due:
            return
        self._state.last_reconciled = workflow.now()
        for sequence in list(self._state.in_flight):
            await self._signal_group(sequence, group.STILL_THERE_SIGNAL)

    async def _signal_group(self, sequence: int, signal: str, value: OperatorAction | None = None) -> None:
        """Tell a group something; one that is not there any more gives its place back."""
        is_there = await tell_workflow(group_workflow_id(self._request.batch, sequence), signal, value)
        if not is_there and self._state.in_flight.pop(sequence, None) is not None:
            self._state.vanished.append(sequence)
            self._woken = True

    async def _wait_for_a_group(self) -> None:
        if self._state.in_flight and not self._woken:
            await news_or(self._reconcile_due(), lambda: self._woken, "until groups are asked whether they are there")
        self._woken = False

    async def _continue_as_new_if_long(self) -> None:
        if history_is_long(self._request.events_a_run):
            await go_on_as_new(self._request, self._state)

    # what the steps are made of

    def _more_to_start(self) -> bool:
        state = self._state
        all_read = state.slices_total is not None and state.next_slice >= state.slices_total
        return not all_read and not state.cancelled

    def _reconcile_due(self) -> datetime | None:
        if not self._state.in_flight:
            return None
        return self._request.reconcile.after(self._state.last_reconciled or workflow.now())

    def _show(self, stage: Stage) -> None:
        stages = self._state.stages
        self._display.show(
            stage=stage,
            numbers_done=stages.get(Stage.DONE, 0),
            numbers_failed=stages.get(Stage.FAILED, 0),
            details=batch_details(self.status()),
        )

    # what the outside can tell and ask

    @workflow.signal(name=contract.GROUP_SETTLED_SIGNAL)
    def group_settled(self, settled: GroupSettled) -> None:
        """A group has come to its end."""
        state = self._state
        if settled.sequence in state.rows:
            return
        state.in_flight.pop(settled.sequence, None)
        state.rows[settled.sequence] = settled.rows
        for stage, count in settled.stages.items():
            state.stages[stage] = state.stages.get(stage, 0) + count
        self._woken = True

    @workflow.query(name=STATUS_QUERY)
    def status(self) -> BatchStatus:
        """Where the batch stands."""
        state = self._state
        return BatchStatus(
            batch=self._request.batch,
            numbers_total=self._request.numbers_total,
            groups_total=state.slices_total,
            groups_started=state.next_slice,
            groups_in_flight=tuple(state.in_flight),
            groups_settled=len(state.rows),
            stages=state.stages,
            cancelled=state.cancelled,
        )

    @workflow.update(name=CANCEL_UPDATE)
    def cancel(self, action: OperatorAction) -> ActionTaken:
        """Start nothing new and cancel what is not ordered; orders at Sinch are followed to their end."""
        self._state.cancelled = self._woken = True
        return ActionTaken(
            message=f"Batch {self._request.batch} starts nothing new; orders at Sinch are followed to their end."
        )

    @cancel.validator
    def _may_cancel(self, action: OperatorAction) -> None:
        if self._state.cancelled:
            raise ApplicationError(f"Batch {self._request.batch} is cancelled already.", type="Ended")
