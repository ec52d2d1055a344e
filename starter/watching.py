"""Where a batch stands: from the workflow list (one page, whatever its size), and number by number where asked.

A number is looked up where it is at the moment: in its hosting order while that runs, else in its group, and
once the batch is through in the final report.
"""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from pydantic import Field
from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from activities.document_store import DocumentStore
from onboarding import search_attributes as keys
from onboarding.contracts import batch, group, hosting_order, import_numbers, verification
from onboarding.contracts.batch import BatchStatus
from onboarding.contracts.group import GroupStatus
from onboarding.contracts.hosting_order import OrderStatus
from onboarding.contracts.operator import STATUS_QUERY
from onboarding.findings import in_words
from onboarding.ids import batch_workflow_id, group_workflow_id, report_name
from onboarding.model import Model
from onboarding.progress import NumberProgress
from onboarding.stages import Stage, WaitingOn
from starter.running import ANSWERED_WITHIN

PAGE = 1000
EXACT_UP_TO = 20
"""Open groups and orders up to which stages are counted by asking each; beyond, the workflow list must do."""


class Waiting(Model):
    """How many workflows, with how many open numbers, wait for somebody."""

    waiting_on: WaitingOn
    workflows: int
    numbers: int


class BatchView(Model):
    """What `onboard status` shows."""

    batch: str
    customer: str
    state: str
    numbers_total: int
    numbers_done: int
    numbers_failed: int
    groups_settled: int
    groups_total: int | None
    stages: dict[str, int]
    waiting: tuple[Waiting, ...]
    web_ui: str = ""
    is_import: bool = False
    """An import has no groups."""

    @property
    def is_through(self) -> bool:
        """True when nothing will change any more."""
        return self.state != "RUNNING"


class NumberRow(Model):
    """What `onboard numbers` and the report show of one number."""

    phone_number: str
    stage: str
    reason: str | None = None
    explanation: str | None = None
    hosting_order_id: str | None = None
    findings: str | None = None
    since: str | None = None


class OpenWorkflow(Model):
    """One running workflow of a batch, as the list shows it."""

    workflow_id: str
    type: str
    waiting_on: WaitingOn = WaitingOn.NOBODY
    numbers_total: int = 0
    numbers_done: int = 0
    numbers_failed: int = 0
    stage: str = ""


class Lists(Model):
    """Open groups and orders of a batch."""

    groups: tuple[OpenWorkflow, ...] = Field(default=())
    orders: tuple[OpenWorkflow, ...] = Field(default=())
    challenges: tuple[OpenWorkflow, ...] = Field(default=())


async def open_workflows(client: Client, batch_id: str) -> Lists:
    """The running workflows of a batch. The list is a few hundred milliseconds behind."""
    found: dict[str, list[OpenWorkflow]] = {group.WORKFLOW: [], hosting_order.WORKFLOW: [], verification.WORKFLOW: []}
    query = f'OnboardingBatch="{batch_id}" AND ExecutionStatus="Running"'
    async for execution in client.list_workflows(query, page_size=PAGE):
        if execution.workflow_type in found:
            found[execution.workflow_type].append(_open(execution))
    return Lists(
        groups=tuple(found[group.WORKFLOW]),
        orders=tuple(found[hosting_order.WORKFLOW]),
        challenges=tuple(found[verification.WORKFLOW]),
    )


def _open(execution: WorkflowExecution) -> OpenWorkflow:
    attributes = execution.typed_search_attributes
    return OpenWorkflow(
        workflow_id=execution.id,
        type=execution.workflow_type,
        waiting_on=WaitingOn(attributes.get(keys.WAITING_ON) or WaitingOn.NOBODY),
        numbers_total=attributes.get(keys.NUMBERS_TOTAL) or 0,
        numbers_done=attributes.get(keys.NUMBERS_DONE) or 0,
        numbers_failed=attributes.get(keys.NUMBERS_FAILED) or 0,
        stage=attributes.get(keys.STAGE) or "",
    )


async def batch_view(client: Client, batch_id: str, web_ui: str = "") -> BatchView:
    """The batch as a whole. Raises Stop when there is none of this name."""
    handle = client.get_workflow_handle(batch_workflow_id(batch_id))
    described = await described_or_none(handle)
    if described is None:
        from starter.import_views import import_view  # noqa: PLC0415 - it shows imports by the models of this module

        return await import_view(client, batch_id, web_ui)
    running = described.status == WorkflowExecutionStatus.RUNNING
    state = described.status.name if described.status else "UNKNOWN"
    status: BatchStatus = await handle.query(STATUS_QUERY, result_type=BatchStatus, rpc_timeout=ANSWERED_WITHIN)
    lists = await open_workflows(client, batch_id) if running else Lists()
    parts = (*lists.groups, *lists.orders)
    stages = await _stages(client, status, lists) if running else dict(status.stages)
    attributes = described.typed_search_attributes
    return BatchView(
        batch=batch_id,
        customer=attributes.get(keys.CUSTOMER) or "",
        state="CANCELLED" if status.cancelled and not running else state,
        numbers_total=status.numbers_total,
        numbers_done=status.stages.get(Stage.DONE, 0) + sum(part.numbers_done for part in parts),
        numbers_failed=status.stages.get(Stage.FAILED, 0) + sum(part.numbers_failed for part in parts),
        groups_settled=status.groups_settled,
        groups_total=status.groups_total,
        stages=stages,
        waiting=_waiting(lists),
        web_ui=web_ui,
    )


async def described_or_none(handle: WorkflowHandle[Any, Any]) -> WorkflowExecution | None:
    """What the server knows of a workflow, or None where there is none of this id."""
    try:
        return await handle.describe()
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return None
        raise


def _waiting(lists: Lists) -> tuple[Waiting, ...]:
    workflows: Counter[WaitingOn] = Counter()
    numbers: Counter[WaitingOn] = Counter()
    for part in (*lists.groups, *lists.orders, *lists.challenges):
        is_summary_of_challenges = part.type == group.WORKFLOW and part.waiting_on is WaitingOn.VOICE_CODE
        if part.waiting_on is WaitingOn.NOBODY or is_summary_of_challenges:
            continue
        workflows[part.waiting_on] += 1
        settled = part.numbers_done + part.numbers_failed
        numbers[part.waiting_on] += 1 if part.type == verification.WORKFLOW else part.numbers_total - settled
    return tuple(Waiting(waiting_on=who, workflows=count, numbers=numbers[who]) for who, count in workflows.items())


async def _stages(client: Client, status: BatchStatus, lists: Lists) -> dict[str, int]:
    """Exact where few workflows are open; else each open workflow counts under its least advanced stage."""
    counts: Counter[str] = Counter(status.stages)
    if len(lists.groups) + len(lists.orders) <= EXACT_UP_TO:
        for row in await _open_rows(client, status):
            counts[row.stage] += 1
    else:
        for part in lists.orders:
            counts[part.stage] += part.numbers_total - part.numbers_done - part.numbers_failed
            counts[Stage.DONE] += part.numbers_done
            counts[Stage.FAILED] += part.numbers_failed
        ordered = sum(part.numbers_total for part in lists.orders)
        in_groups = sum(part.numbers_total for part in lists.groups)
        counts["IN_GROUPS"] += max(0, in_groups - ordered)
    known = sum(counts.values())
    counts[Stage.PENDING] += max(0, status.numbers_total - known)
    return {stage: counts[stage] for stage in (*Stage, "IN_GROUPS") if counts[stage]}


async def number_rows(client: Client, store: DocumentStore, batch_id: str) -> list[NumberRow]:
    """Every number of the batch that has started, where it is now."""
    handle = client.get_workflow_handle(batch_workflow_id(batch_id))
    described = await described_or_none(handle)
    if described is None:
        from starter.import_views import import_rows  # noqa: PLC0415 - it shows imports by the models of this module

        return await import_rows(client, store, batch_id)
    if described.status == WorkflowExecutionStatus.COMPLETED:
        reported = await report_rows(store, batch_id)
        if reported is not None:
            return reported
    status: BatchStatus = await handle.query(STATUS_QUERY, result_type=BatchStatus, rpc_timeout=ANSWERED_WITHIN)
    rows: list[NumberRow] = []
    for sequence in range(1, status.groups_started + 1):
        rows += await _group_rows(client, batch_id, sequence)
    return rows


async def final_report(store: DocumentStore, batch_id: str) -> Mapping[str, Any] | None:
    """The report as JSON data, or None where it is not written yet."""
    content = await store.published(report_name(batch_id, "json"))
    return json.loads(content) if content is not None else None


async def report_rows(store: DocumentStore, batch_id: str) -> list[NumberRow] | None:
    """Every number as the final report has it, or None where it is not written yet."""
    report = await final_report(store, batch_id)
    if report is None:
        return None
    return [NumberRow(**{**row, "since": row["settled_at"]}) for row in report["numbers"]]


async def _open_rows(client: Client, status: BatchStatus) -> list[NumberRow]:
    rows: list[NumberRow] = []
    for sequence in status.groups_in_flight:
        rows += await _group_rows(client, status.batch, sequence)
    return rows


async def _group_rows(client: Client, batch_id: str, sequence: int) -> list[NumberRow]:
    """The group's numbers; those in a running order as the order has them."""
    try:
        known: GroupStatus = await client.get_workflow_handle(group_workflow_id(batch_id, sequence)).query(
            STATUS_QUERY, result_type=GroupStatus, rpc_timeout=ANSWERED_WITHIN
        )
        progress = {number.phone_number: number for number in known.numbers}
        for workflow_id in known.orders.values():
            order: OrderStatus = await client.get_workflow_handle(workflow_id).query(
                STATUS_QUERY, result_type=OrderStatus, rpc_timeout=ANSWERED_WITHIN
            )
            progress |= {number.phone_number: number for number in order.numbers}
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return []
        raise
    return [row_of(number) for number in progress.values()]


def row_of(number: NumberProgress) -> NumberRow:
    """A number as its workflow has it."""
    return NumberRow(
        phone_number=number.phone_number,
        stage=number.stage,
        reason=number.reason.code if number.reason else None,
        explanation=number.reason.sentence if number.reason else None,
        hosting_order_id=number.hosting_order_id or None,
        findings=in_words(number.findings),
        since=number.since.isoformat() if number.since else None,
    )


async def batches(client: Client) -> list[Mapping[str, Any]]:
    """All batches and imports the server remembers, newest first."""
    found: list[Mapping[str, Any]] = []
    query = f'WorkflowType="{batch.WORKFLOW}" OR WorkflowType="{import_numbers.WORKFLOW}"'
    async for execution in client.list_workflows(query, page_size=PAGE):
        attributes = execution.typed_search_attributes
        found.append(
            {
                "batch": attributes.get(keys.BATCH) or execution.id,
                "customer": attributes.get(keys.CUSTOMER),
                "state": execution.status.name if execution.status else "",
                "numbers": attributes.get(keys.NUMBERS_TOTAL),
                "done": attributes.get(keys.NUMBERS_DONE),
                "failed": attributes.get(keys.NUMBERS_FAILED),
                "started": execution.start_time.isoformat(timespec="seconds"),
            }
        )
    return found
