"""Where a batch stands: by one query to its workflow and one page of the workflow list, whatever its size."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus

from onboarding import search_attributes as keys
from onboarding.active_number_changes import ChangeStep
from onboarding.contracts import batch, group, hosting_order, import_numbers, verification
from onboarding.contracts.batch import BatchStatus
from onboarding.contracts.change_active_numbers import ChangeStatus
from onboarding.contracts.operator import STATUS_QUERY
from onboarding.ids import batch_workflow_id
from onboarding.model import Model
from onboarding.stages import Stage, WaitingOn
from starter.connecting import described_or_none
from starter.number_rows import rows_of_groups
from starter.rented_numbers import linking_status
from starter.running import ANSWERED_WITHIN

PAGE = 1000
EXACT_UP_TO = 10
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


class OpenWorkflow(Model):
    """One running workflow of a batch, as the list shows it."""

    workflow_id: str
    type: str
    waiting_on: WaitingOn = WaitingOn.NOBODY
    numbers_total: int = 0
    numbers_done: int = 0
    numbers_failed: int = 0
    stage: str = ""


class Open(Model):
    """What of a batch is at work."""

    groups: tuple[OpenWorkflow, ...] = ()
    orders: tuple[OpenWorkflow, ...] = ()
    challenges: int = 0
    """Only counted, since every number may have one."""


async def open_workflows(client: Client, batch_id: str, *types: str) -> list[OpenWorkflow]:
    """The running workflows of these types. The list is a few hundred milliseconds behind."""
    query = _running(batch_id, *types)
    return [_open(execution) async for execution in client.list_workflows(query, page_size=PAGE)]


def _running(batch_id: str, *types: str) -> str:
    names = ", ".join(f'"{name}"' for name in types)
    return f'OnboardingBatch="{batch_id}" AND ExecutionStatus="Running" AND WorkflowType IN ({names})'


async def _at_work(client: Client, batch_id: str) -> Open:
    listed = await open_workflows(client, batch_id, group.WORKFLOW, hosting_order.WORKFLOW)
    challenges = await client.count_workflows(_running(batch_id, verification.WORKFLOW))
    return Open(
        groups=tuple(part for part in listed if part.type == group.WORKFLOW),
        orders=tuple(part for part in listed if part.type == hosting_order.WORKFLOW),
        challenges=challenges.count,
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
    at_work = await _at_work(client, batch_id) if running else Open()
    parts = (*at_work.groups, *at_work.orders)
    linking = await linking_status(client, status.rented) if running and status.rented else None
    if linking is not None:
        status = status.model_copy(update={"stages": _with_rented(status.stages, linking)})
    stages = await _stages(client, status, at_work) if running else dict(status.stages)
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
        waiting=_waiting(at_work, linking),
        web_ui=web_ui,
    )


def _with_rented(stages: Mapping[str, int], linking: ChangeStatus) -> dict[str, int]:
    """The stages of the batch's own numbers and those of the rented ones."""
    counts = Counter(stages)
    for step, count in linking.steps.items():
        counts[Stage.PROVISIONING if step == ChangeStep.AT_SINCH else step] += count
    return dict(counts)


def _waiting(at_work: Open, linking: ChangeStatus | None) -> tuple[Waiting, ...]:
    workflows: Counter[WaitingOn] = Counter()
    numbers: Counter[WaitingOn] = Counter()
    for part in (*at_work.groups, *at_work.orders):
        is_summary_of_challenges = part.type == group.WORKFLOW and part.waiting_on is WaitingOn.VOICE_CODE
        if part.waiting_on is WaitingOn.NOBODY or is_summary_of_challenges:
            continue
        workflows[part.waiting_on] += 1
        numbers[part.waiting_on] += part.numbers_total - part.numbers_done - part.numbers_failed
    if at_work.challenges:
        workflows[WaitingOn.VOICE_CODE] += at_work.challenges
        numbers[WaitingOn.VOICE_CODE] += at_work.challenges
    if linking is not None and linking.waiting_on is not WaitingOn.NOBODY:
        workflows[linking.waiting_on] += 1
        numbers[linking.waiting_on] += sum(not number.is_final for number in linking.numbers)
    return tuple(Waiting(waiting_on=who, workflows=count, numbers=numbers[who]) for who, count in workflows.items())


async def _stages(client: Client, status: BatchStatus, at_work: Open) -> dict[str, int]:
    """Exact where few workflows are open; else each open workflow counts under its least advanced stage."""
    counts: Counter[str] = Counter(status.stages)
    # The list is behind, the batch itself knows its groups.
    if max(len(at_work.groups), len(status.groups_in_flight)) + len(at_work.orders) <= EXACT_UP_TO:
        for rows in (await rows_of_groups(client, status.batch, status.groups_in_flight)).values():
            counts.update(row.stage for row in rows)
    else:
        for part in at_work.orders:
            counts[part.stage] += part.numbers_total - part.numbers_done - part.numbers_failed
            counts[Stage.DONE] += part.numbers_done
            counts[Stage.FAILED] += part.numbers_failed
        ordered = sum(part.numbers_total for part in at_work.orders)
        in_groups = sum(part.numbers_total for part in at_work.groups)
        counts["IN_GROUPS"] += max(0, in_groups - ordered)
    known = sum(counts.values())
    counts[Stage.PENDING] += max(0, status.numbers_total - known)
    return {stage: counts[stage] for stage in (*Stage, "IN_GROUPS") if counts[stage]}


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
