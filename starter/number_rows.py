"""The numbers of a batch one by one: from the final report once it is through, else from where each is.

Numbers of groups that have reported are in the document store, the others in their hosting order while that runs, or
in their group. So no more workflows are asked than are at work, whatever the size of the batch.
"""

import asyncio
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.document_store import DocumentStore
from activities.documents import group_files
from onboarding.calls.documents import GroupRows, ResultRow
from onboarding.contracts.batch import SETTLED_ROWS_QUERY, BatchStatus, SettledRows
from onboarding.contracts.group import GroupStatus
from onboarding.contracts.hosting_order import OrderStatus
from onboarding.contracts.operator import STATUS_QUERY
from onboarding.findings import in_words
from onboarding.ids import batch_workflow_id, group_workflow_id, report_name
from onboarding.model import Model
from onboarding.progress import NumberProgress
from onboarding.reasons import Reason
from starter.connecting import described_or_none
from starter.rented_numbers import linking_status
from starter.running import ANSWERED_WITHIN

_ASKED_AT_A_TIME = 10


class NumberRow(Model):
    """What `onboard numbers` and the report show of one number."""

    phone_number: str
    stage: str
    reason: str | None = None
    explanation: str | None = None
    hosting_order_id: str | None = None
    findings: str | None = None
    since: str | None = None


def number_row(
    phone_number: str,
    stage: str,
    reason: Reason | None,
    since: datetime | None,
    *,
    hosting_order_id: str | None = None,
    findings: str | None = None,
) -> NumberRow:
    """A row of what is known of a number."""
    return NumberRow(
        phone_number=phone_number,
        stage=stage,
        reason=reason.code if reason else None,
        explanation=reason.sentence if reason else None,
        hosting_order_id=hosting_order_id,
        findings=findings,
        since=since.isoformat() if since else None,
    )


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
    settled: SettledRows = await handle.query(SETTLED_ROWS_QUERY, result_type=SettledRows, rpc_timeout=ANSWERED_WITHIN)
    files = await group_files(store, settled.earlier) | settled.groups
    begun = range(1, status.groups_started + 1)
    of_group = await rows_of_groups(client, batch_id, (sequence for sequence in begun if sequence not in files))
    for sequence, file in files.items():
        kept = GroupRows.model_validate_json(await store.read(file))
        of_group[sequence] = [kept_row(row) for row in kept.rows]
    rows = [row for sequence in sorted(of_group) for row in of_group[sequence]]
    return rows + await _rented_rows(client, status.rented)


async def _rented_rows(client: Client, change: str | None) -> list[NumberRow]:
    """Rented numbers that are being linked."""
    if change is None:
        return []
    at_work = (await linking_status(client, change)).numbers
    return [number_row(n.phone_number, n.stage, n.reason, n.since) for n in at_work]


async def rows_of_groups(client: Client, batch_id: str, sequences: Iterable[int]) -> dict[int, list[NumberRow]]:
    """Sequence -> the group's numbers; those in a running order as the order has them."""
    turn = asyncio.Semaphore(_ASKED_AT_A_TIME)

    async def in_turn(sequence: int) -> tuple[int, list[NumberRow]]:
        async with turn:
            return sequence, await _group_rows(client, batch_id, sequence)

    return dict(await asyncio.gather(*map(in_turn, sequences)))


async def _group_rows(client: Client, batch_id: str, sequence: int) -> list[NumberRow]:
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


def row_of(number: NumberProgress) -> NumberRow:
    """A number as its workflow has it."""
    return number_row(
        number.phone_number,
        number.stage,
        number.reason,
        number.since,
        hosting_order_id=number.hosting_order_id or None,
        findings=in_words(number.findings),
    )


def kept_row(row: ResultRow) -> NumberRow:
    """A settled number as the document store has it."""
    return number_row(
        row.phone_number,
        row.stage,
        row.reason,
        row.settled_at,
        hosting_order_id=row.hosting_order_id,
        findings=in_words(row.findings),
    )
