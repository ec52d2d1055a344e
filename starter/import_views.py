"""Where an import stands, shown like a batch; its settled numbers are in the document store, the others in it."""

from temporalio.client import Client, WorkflowExecution, WorkflowExecutionStatus

from activities.document_store import DocumentStore
from onboarding.calls.documents import GroupRows
from onboarding.contracts.import_numbers import ImportStatus
from onboarding.contracts.operator import STATUS_QUERY
from onboarding.ids import import_workflow_id
from onboarding.stages import Stage, WaitingOn
from starter.connecting import described_or_none
from starter.exits import Exit, Stop
from starter.number_rows import NumberRow, kept_row, report_rows, row_of
from starter.running import ANSWERED_WITHIN
from starter.watching import BatchView, Waiting

_AT_SINCH = (Stage.ORDERED, Stage.PROVISIONING)


async def import_view(client: Client, import_id: str, web_ui: str = "") -> BatchView:
    """The import as a whole. Raises Stop when there is none of this name."""
    described = await _described(client, import_id)
    running = described.status == WorkflowExecutionStatus.RUNNING
    status = await import_status(client, import_id)
    state = described.status.name if described.status else "UNKNOWN"
    return BatchView(
        batch=import_id,
        customer=status.customer,
        state="CANCELLED" if status.cancelled and not running else state,
        numbers_total=status.numbers_total,
        numbers_done=status.stages.get(Stage.DONE, 0),
        numbers_failed=status.stages.get(Stage.FAILED, 0),
        groups_settled=0,
        groups_total=None,
        stages=status.stages,
        waiting=_waiting(status) if running else (),
        web_ui=web_ui,
        is_import=True,
    )


async def import_rows(client: Client, store: DocumentStore, import_id: str) -> list[NumberRow]:
    """Every number of the import that was begun, where it is now. Raises Stop when there is none of this name."""
    described = await _described(client, import_id)
    if described.status == WorkflowExecutionStatus.COMPLETED:
        reported = await report_rows(store, import_id)
        if reported is not None:
            return reported
    status = await import_status(client, import_id)
    kept = [GroupRows.model_validate_json(await store.read(file)).rows for file in status.rows.values()]
    rows = {row.phone_number: kept_row(row) for rows in kept for row in rows}
    return [*(rows | {number.phone_number: row_of(number) for number in status.numbers}).values()]


async def import_status(client: Client, import_id: str) -> ImportStatus:
    """What the workflow says of itself."""
    handle = client.get_workflow_handle(import_workflow_id(import_id))
    status: ImportStatus = await handle.query(STATUS_QUERY, result_type=ImportStatus, rpc_timeout=ANSWERED_WITHIN)
    return status


async def _described(client: Client, import_id: str) -> WorkflowExecution:
    described = await described_or_none(client.get_workflow_handle(import_workflow_id(import_id)))
    if described is None:
        raise Stop(f"there is no batch {import_id!r}; see: onboard list", Exit.USAGE)
    return described


def _waiting(status: ImportStatus) -> tuple[Waiting, ...]:
    asked = len(status.awaiting_consent)
    at_sinch = sum(status.stages.get(stage, 0) for stage in _AT_SINCH) - asked
    counts = {WaitingOn.OPERATOR: asked, WaitingOn.CARRIER: at_sinch}
    return tuple(Waiting(waiting_on=who, workflows=1, numbers=count) for who, count in counts.items() if count)
