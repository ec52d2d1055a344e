"""`OnboardBatch`: all groups of a batch, a window of them at a time, and the final report.

Groups are abandoned children: a batch that dies kills no paid order. They report by signal; one that was ended
from outside is found by asking, at once where its end is seen and else with the next round, so it never keeps its
place in the window. What a run carries is bounded, whatever the size: rows of many groups are kept in the document
store, and slices that are read ahead are read again by the next run.
"""

import asyncio
from collections import deque
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ApplicationError
from temporalio.exceptions import WorkflowAlreadyStartedError as AlreadyStarted
from temporalio.workflow import ParentClosePolicy

from onboarding.batch import Batch, GroupSlice
from onboarding.calls.documents import (
    READ_MANIFEST,
    STORE_GROUP_FILES,
    WRITE_REPORT,
    GroupFiles,
    ReadManifest,
    WriteReport,
)
from onboarding.contracts import batch as contract
from onboarding.contracts import change_active_numbers, group
from onboarding.contracts.batch import BatchRequest, BatchResult, BatchState, BatchStatus, SettledRows
from onboarding.contracts.group import GroupRequest, GroupSettled
from onboarding.contracts.operator import CANCEL_UPDATE, STATUS_QUERY, ActionTaken, OperatorAction
from onboarding.details import batch_details
from onboarding.ids import active_change_workflow_id, group_workflow_id
from onboarding.search_attributes import started_with
from onboarding.stages import Stage, WaitingOn
from workflows._calling import call
from workflows._display import Display
from workflows._lifecycle import go_on_as_new, history_is_long, tell_workflow
from workflows._waiting import news_or

AT_A_TIME = 50
"""Groups that are read, started or asked before the length of the history is looked at again."""
ROWS_IN_STATE = 200
"""Groups whose rows a run keeps at hand: 26 KB for the next run."""
_RUN_ENDS_AT = 1_500
"""Events. While a run does its last step, 200 groups in flight may add 8 each, and 50 that have vanished 13."""


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
        self._ahead: deque[tuple[Batch, GroupSlice]] = deque()

    @workflow.run
    async def run(self, request: BatchRequest) -> BatchResult:
        """Keep a window of groups at work until all have reported; then write the report."""
        while self._more_to_start() or self._state.in_flight:
            await self._start_groups()
            await self._ask_groups()
            await self._put_rows_away()
            self._show(Stage.PENDING if self._more_to_start() else Stage.PROVISIONING)
            await self._wait_for_a_group()
            await self._continue_as_new_if_long()
        await self._link_rented()
        report = await call(
            WRITE_REPORT,
            WriteReport(
                manifest=request.manifest,
                groups=self._state.rows,
                earlier=tuple(self._state.earlier),
                vanished=tuple(self._state.vanished),
                rented=self._change_of_rented,
            ),
            "write the final report",
        )
        self._state.stages = report.stages
        self._show(Stage.CANCELLED if self._state.cancelled else Stage.DONE)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return BatchResult(batch=request.batch, stages=report.stages, report=report)

    # the steps

    async def _start_groups(self) -> None:
        state = self._state
        if self._free_places() and self._more_to_start() and not self._ahead:
            await self._read_ahead()
        starting: list[tuple[Batch, GroupSlice]] = []
        while self._ahead and not state.cancelled and len(starting) < AT_A_TIME and self._free_places():
            batch, part = self._ahead.popleft()
            state.next_slice += 1
            if part.sequence not in state.rows:
                state.in_flight[part.sequence] = len(part.numbers)
                starting.append((batch, part))
        await asyncio.gather(*(self._start_group(batch, part) for batch, part in starting))

    async def _read_ahead(self) -> None:
        first = self._state.next_slice
        request = ReadManifest(manifest=self._request.manifest, offset=first, count=AT_A_TIME)
        page = await call(READ_MANIFEST, request, f"read the groups from {first + 1} on")
        self._state.slices_total = page.slices_total
        self._ahead.extend((page.batch.under(part.terms), part) for part in page.slices)

    async def _start_group(self, batch: Batch, part: GroupSlice) -> None:
        workflow_id = group_workflow_id(batch.id, part.sequence)
        try:
            started = await workflow.start_child_workflow(
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
        else:
            started.add_done_callback(lambda _: self._has_ended(part.sequence))

    def _has_ended(self, sequence: int) -> None:
        """A group that ends well has reported before; where the report is missing, it is asked."""
        if sequence in self._state.in_flight and sequence not in self._state.to_ask:
            self._state.to_ask.append(sequence)

    async def _ask_groups(self) -> None:
        """Tell some of those that are to be asked what there is to say; the rest have their turn in the next round."""
        state, due = self._state, self._reconcile_due()
        if due is not None and due <= workflow.now():
            state.last_reconciled = workflow.now()
            state.to_ask = list(state.in_flight)
        asked, state.to_ask = state.to_ask[:AT_A_TIME], state.to_ask[AT_A_TIME:]
        await asyncio.gather(*(self._ask(sequence) for sequence in asked))

    async def _ask(self, sequence: int) -> None:
        """One that is not there any more gives its place back."""
        workflow_id = group_workflow_id(self._request.batch, sequence)
        if self._state.cancelled:
            is_there = await tell_workflow(workflow_id, group.CANCEL_SIGNAL, OperatorAction())
        else:
            is_there = await tell_workflow(workflow_id, group.STILL_THERE_SIGNAL)
        if not is_there and self._state.in_flight.pop(sequence, None) is not None:
            self._state.vanished.append(sequence)
            self._woken = True

    async def _put_rows_away(self) -> None:
        state = self._state
        # What a group reported before it was this batch's turn to start it says that it need not be started.
        begun = {sequence: file for sequence, file in state.rows.items() if sequence <= state.next_slice}
        if len(begun) < ROWS_IN_STATE:
            return
        request = GroupFiles(batch=self._request.batch, files=begun)
        kept = await call(STORE_GROUP_FILES, request, f"put the rows of {len(begun)} groups away")
        state.earlier.append(kept.file)
        for sequence in begun:
            del state.rows[sequence]

    async def _wait_for_a_group(self) -> None:
        if self._state.in_flight and not self._has_work():
            await news_or(self._reconcile_due(), self._has_work, "until groups are asked whether they are there")
        self._woken = False

    async def _continue_as_new_if_long(self) -> None:
        if history_is_long(min(self._request.events_a_run, _RUN_ENDS_AT)):
            await go_on_as_new(self._request, self._state)

    async def _link_rented(self) -> None:
        """Link the rented numbers to the batch's plan and campaign; how each ended is in the change's report."""
        change = self._request.rented
        if change is None or self._state.cancelled:
            return
        workflow_id = active_change_workflow_id(change.id)
        try:
            linking = await workflow.start_child_workflow(
                change_active_numbers.WORKFLOW,
                change,
                id=workflow_id,
                parent_close_policy=ParentClosePolicy.ABANDON,
                search_attributes=started_with(
                    change.id, self._request.customer, Stage.PENDING, WaitingOn.NOBODY, change.numbers_total
                ),
                static_summary=f"link {change.numbers_total} rented numbers like batch {self._request.batch}",
            )
        except AlreadyStarted:
            workflow.logger.warning("%s is at work already, for somebody else", workflow_id)
            self._state.links_rented = True
            return
        self._state.links_rented = True
        self._show(Stage.PROVISIONING)
        await workflow.wait_condition(linking.done)
        if linking.exception() is not None:
            workflow.logger.warning("%s has not linked all rented numbers: %s", workflow_id, linking.exception())

    # what the steps are made of

    @property
    def _change_of_rented(self) -> str | None:
        """The workflow that links the rented numbers, once it has begun."""
        change = self._request.rented
        return active_change_workflow_id(change.id) if change and self._state.links_rented else None

    def _more_to_start(self) -> bool:
        state = self._state
        all_read = state.slices_total is not None and state.next_slice >= state.slices_total
        return not all_read and not state.cancelled

    def _free_places(self) -> int:
        return self._request.window - len(self._state.in_flight)

    def _has_work(self) -> bool:
        can_start = self._free_places() > 0 and self._more_to_start()
        return self._woken or bool(self._state.to_ask) or can_start

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
        state, sequence = self._state, settled.sequence
        early = sequence > state.next_slice and sequence not in state.rows
        if not (early or sequence in state.in_flight or sequence in state.vanished):
            return
        state.in_flight.pop(sequence, None)
        if sequence in state.vanished:
            state.vanished.remove(sequence)
        state.rows[sequence] = settled.rows
        state.settled += 1
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
            groups_settled=state.settled,
            stages=state.stages,
            cancelled=state.cancelled,
            rented=self._request.rented.id if self._request.rented and state.links_rented else None,
        )

    @workflow.query(name=contract.SETTLED_ROWS_QUERY)
    def settled_rows(self) -> SettledRows:
        """Where the numbers of groups that have reported are."""
        return SettledRows(groups=self._state.rows, earlier=tuple(self._state.earlier))

    @workflow.update(name=CANCEL_UPDATE)
    def cancel(self, action: OperatorAction) -> ActionTaken:
        """Start nothing new and cancel what is not ordered; orders at Sinch are followed to their end."""
        self._state.cancelled = self._woken = True
        self._state.to_ask = list(self._state.in_flight)
        return ActionTaken(
            message=f"Batch {self._request.batch} starts nothing new; orders at Sinch are followed to their end."
        )

    @cancel.validator
    def _may_cancel(self, action: OperatorAction) -> None:
        if self._state.cancelled:
            raise ApplicationError(f"Batch {self._request.batch} is cancelled already.", type="Ended")
        if self._state.links_rented:
            said = f"All groups of batch {self._request.batch} are through; its rented numbers are being linked"
            raise ApplicationError(f"{said}: onboard active cancel {self.status().rented}", type="Ended")
