"""Workflows that work through a list of numbers: starting one, seeing where it stands, waiting for it, deciding."""

import asyncio
import getpass
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import (
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.document_store import DocumentStore
from onboarding.batch import BatchId, StoredFile
from onboarding.calls.imported_numbers import NumberList, NumberReport
from onboarding.contracts import change_active_numbers, relink_numbers, remove_numbers, rent_numbers
from onboarding.contracts.assign_legacy_numbers import WishRequest, WishStatus
from onboarding.contracts.change_active_numbers import ChangeRequest, ChangeStatus
from onboarding.contracts.operator import STATUS_QUERY, NumbersAction
from onboarding.contracts.relink_numbers import RelinkRequest, RelinkStatus
from onboarding.contracts.remove_numbers import RemoveRequest, RemoveStatus
from onboarding.contracts.rent_numbers import RentRequest, RentStatus
from onboarding.ids import (
    active_change_workflow_id,
    relinking_workflow_id,
    removal_workflow_id,
    rent_workflow_id,
    report_name,
)
from onboarding.model import Model
from onboarding.relinking import RelinkStep
from onboarding.renting import RentStep
from onboarding.search_attributes import started_with
from onboarding.stages import Stage, WaitingOn
from onboarding.task_queues import WORKFLOWS
from starter.exits import Exit, Stop
from starter.number_rows import NumberRow, number_row
from starter.output import Format, counted, document, message
from starter.running import ANSWERED_WITHIN
from starter.settings import web_ui_link
from starter.updates import instruct

_LOOK_EVERY_SECONDS = 2.0
_SHOWN_AT_MOST = 50
_REQUEST_MEMO = "request"
_EXPLAINED = (RelinkStep.OFFERED, RentStep.RELEASED, Stage.FAILED, Stage.SKIPPED, Stage.CANCELLED)


WorkRequest = RelinkRequest | RemoveRequest | RentRequest | ChangeRequest | WishRequest
WorkStatus = RelinkStatus | RemoveStatus | RentStatus | ChangeStatus | WishStatus


@dataclass(frozen=True)
class Kind:
    """One kind of such workflows."""

    verb: str
    workflow: str
    workflow_id: Callable[[str], str]
    status: type[WorkStatus]
    status_command: str
    reuse: WorkflowIDReusePolicy = WorkflowIDReusePolicy.ALLOW_DUPLICATE
    """Whether work of the same id may be done again once it is through."""


RELINKING = Kind("relink", relink_numbers.WORKFLOW, relinking_workflow_id, RelinkStatus, "relink-status")
REMOVAL = Kind("remove", remove_numbers.WORKFLOW, removal_workflow_id, RemoveStatus, "remove-status")
RENTING = Kind(
    "rent",
    rent_numbers.WORKFLOW,
    rent_workflow_id,
    RentStatus,
    "rent-status",
    WorkflowIDReusePolicy.REJECT_DUPLICATE,
)
"""A wish is rented once, whatever became of it."""
ACTIVE_CHANGE = Kind("change", change_active_numbers.WORKFLOW, active_change_workflow_id, ChangeStatus, "active status")


class WorkView(Model):
    """Where such a workflow stands. While it runs, `numbers` are those at work; afterwards they are all."""

    id: str
    state: str
    numbers_total: int
    steps: dict[str, int]
    waiting_on: WaitingOn
    stands_still: bool = False
    """True where nothing goes on before an operator has decided."""
    numbers: tuple[NumberRow, ...]

    @property
    def is_through(self) -> bool:
        """True when nothing will change any more."""
        return self.state != "RUNNING"


def id_of(kind: Kind, given: str | None, numbers: Sequence[str], *about: object) -> str:
    """The id that was given; without one, the same request always has the same id. Raises Stop."""
    if given:
        try:
            return TypeAdapter(BatchId).validate_python(given)
        except ValidationError:
            raise Stop(f"--id {given}: letters, digits, '.', '_' and '-', at most 64", Exit.USAGE) from None
    digest = hashlib.sha256("\n".join([*map(str, about), *numbers]).encode()).hexdigest()
    return f"{kind.verb}-{digest[:10]}"


async def store_list(store: DocumentStore, work_id: str, numbers: Sequence[str]) -> StoredFile:
    """Keep the list of numbers where the worker finds it."""
    kept = NumberList(phone_numbers=tuple(numbers))
    return await store.write(kept.model_dump_json().encode(), f"{work_id}-numbers.json")


async def start_work(
    client: Client, kind: Kind, request: WorkRequest, format_: Format, *, waits: bool, customer: str | None = None
) -> None:
    """Start the workflow, or attach to it where the same request runs already. Raises Stop where another one does.

    Where the command waits for the end, that is what standard output shows to programs.
    """
    workflow_id, given, total = kind.workflow_id(request.id), request.model_dump(mode="json"), request.numbers_total
    said = "is started"
    try:
        await client.start_workflow(
            kind.workflow,
            request,
            id=workflow_id,
            task_queue=WORKFLOWS,
            id_reuse_policy=kind.reuse,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            memo={_REQUEST_MEMO: given},
            search_attributes=started_with(
                request.id, customer, Stage.PENDING, WaitingOn.NOBODY, request.numbers_total
            ),
            static_summary=f"{kind.verb} {counted(request.numbers_total, 'number')}",
        )
    except WorkflowAlreadyStartedError:
        described = await client.get_workflow_handle(workflow_id).describe()
        if await described.memo_value(_REQUEST_MEMO, default=None) != given:
            raise Stop(
                f"{request.id} was started with other numbers or other ids; take another id", Exit.USAGE
            ) from None
        said = "was started before: attached to it"
    link = web_ui_link(client, request.id)
    data = {"id": request.id, "workflow_id": workflow_id, "numbers": total, "web_ui": link}
    text = f"{request.id} {said}\nWeb UI: {link}\nsee how it stands: onboard {kind.status_command} {request.id}"
    if not waits or format_ is Format.TEXT:
        document(format_, data, text)


async def view(client: Client, store: DocumentStore, kind: Kind, work_id: str) -> WorkView:
    """Where the workflow stands. Raises Stop when there is none of this id."""
    handle = client.get_workflow_handle(kind.workflow_id(work_id))
    try:
        described = await handle.describe()
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            raise Stop(f"there is nothing to {kind.verb} of the id {work_id!r}", Exit.USAGE) from None
        raise
    state = described.status.name if described.status else "UNKNOWN"
    if described.status == WorkflowExecutionStatus.COMPLETED:
        report = await _report(store, handle.id)
        rows = tuple(number_row(row.phone_number, row.stage, row.reason, row.settled_at) for row in report.numbers)
        return WorkView(
            id=work_id,
            state=state,
            numbers_total=len(rows),
            steps=report.stages,
            waiting_on=WaitingOn.NOBODY,
            numbers=rows,
        )
    status = await handle.query(STATUS_QUERY, result_type=kind.status, rpc_timeout=ANSWERED_WITHIN)
    return _running(work_id, state, status)


async def _report(store: DocumentStore, workflow_id: str) -> NumberReport:
    content = await store.published(report_name(workflow_id, "json"))
    if content is None:
        raise Stop(f"the report of {workflow_id} is not in the document store; is ONBOARD_DOCUMENT_STORE the worker's?")
    return NumberReport.model_validate_json(content)


def _running(work_id: str, state: str, status: WorkStatus) -> WorkView:
    if isinstance(status, RemoveStatus):
        rows = [number_row(n.phone_number, n.stage, n.reason, n.since) for n in status.numbers]
        steps, waiting_on, stands_still = status.stages, WaitingOn.CARRIER, False
    elif isinstance(status, WishStatus):
        rows = [number_row(n.phone_number, n.stage, n.reason, n.since) for n in status.numbers]
        steps, waiting_on, stands_still = status.stages, status.waiting_on, status.stands_still
    else:
        rows = [number_row(n.phone_number, n.step, n.reason, n.since) for n in status.numbers]
        steps, waiting_on, stands_still = status.steps, status.waiting_on, status.stands_still
    return WorkView(
        id=work_id,
        state=state,
        numbers_total=status.numbers_total,
        steps=steps,
        waiting_on=waiting_on,
        stands_still=stands_still,
        numbers=tuple(rows),
    )


def view_text(found: WorkView) -> str:
    """The workflow on one screen: counts, who is waited on, and what failed."""
    failed = [row for row in found.numbers if row.stage in _EXPLAINED]
    more = [f"  ... and {len(failed) - _SHOWN_AT_MOST} more"] if len(failed) > _SHOWN_AT_MOST else []
    return "\n".join(
        [
            f"{found.id}: {found.state}, {counted(found.numbers_total, 'number')}, waiting on {found.waiting_on.value}",
            *(f"  {step:<12}{count:>8}" for step, count in found.steps.items()),
            *(f"  {row.phone_number or '-'} {row.stage}: {row.explanation}" for row in failed[:_SHOWN_AT_MOST]),
            *more,
        ]
    )


def exit_of(found: WorkView) -> Exit:
    """3 where numbers failed in a workflow that is through."""
    return Exit.NUMBERS_FAILED if found.is_through and found.steps.get(Stage.FAILED) else Exit.DONE


async def wait_for(client: Client, store: DocumentStore, kind: Kind, work_id: str, format_: Format) -> Exit:
    """Follow it to its end, or to where an operator has to decide; a line on stderr for every change."""
    shown = ""
    while True:
        found = await view(client, store, kind, work_id)
        if found.is_through or found.stands_still:
            break
        if (text := view_text(found)) != shown:
            message(text)
            shown = text
        try:
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
        except asyncio.CancelledError:
            message(f"{work_id} goes on by itself; see: onboard {kind.status_command} {work_id}")
            raise
    document(format_, found.model_dump(mode="json"), view_text(found))
    return exit_of(found) if found.is_through else Exit.STILL_WAITING


async def decide(client: Client, work_id: str, update: str, numbers: Sequence[str]) -> str:
    """Tell a relinking what to do with failed numbers; what it said. Raises Stop when it refuses."""
    action = NumbersAction(phone_numbers=tuple(numbers), by=getpass.getuser())
    return await instruct(client, relinking_workflow_id(work_id), work_id, update, action)
