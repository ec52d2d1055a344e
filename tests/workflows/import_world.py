"""Sinch as the workflow of an import meets it: numbers that are imported, linked, refused by T-Mobile, removed.

An import takes its hours: it begins after a tenth of `campaign_hours`, the service plan is linked after a fifth.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.client import WorkflowHandle

from onboarding.batch import Contact, GroupSlice, StoredFile
from onboarding.calls.documents import GroupRowsStored
from onboarding.calls.hosting_orders import OBSERVE_ORDER, ObserveOrder, OrderCreated, OrderObserved, Report
from onboarding.calls.imports import (
    IMPORT_NUMBER,
    KEEP_ROWS,
    OBSERVE_IMPORTED,
    ORDER_IMPORT,
    REMOVE_IMPORTED,
    ImportedObserved,
    ImportedRemoved,
    ImportOrder,
    ImportOutcome,
    KeepRows,
    NumberImport,
    ObserveImported,
    RemoveImported,
    StartImport,
)
from onboarding.contracts.import_numbers import WORKFLOW, ImportRequest, ImportResult, ImportStatus
from onboarding.contracts.operator import STATUS_QUERY
from onboarding.ids import import_workflow_id
from onboarding.imports import ImportBatch, ImportSeen
from onboarding.observations import OrderRecords
from onboarding.pace import Pace
from onboarding.search_attributes import started_with
from onboarding.stages import Stage, WaitingOn
from onboarding.task_queues import SINCH, WORKFLOWS
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.sinch_side import T_MOBILE_REFUSES
from tests.workflows.staging import PACE, Scene, a_batch

FOR_EVER = 24 * 365


@dataclass
class AtSinch:
    """One import: of a single number, or an order."""

    request: StartImport
    begun: datetime
    order_id: str = ""


class ImportWorld(OutsideWorld):
    """By default every import succeeds."""

    def __init__(self) -> None:
        """Nothing is imported."""
        super().__init__()
        self.campaign_hours: float = 10
        self.campaign_failures: dict[str, str] = {}
        self.t_mobile_refuses: set[str] = set()
        self.taken: set[str] = set()
        self.unreadable: set[str] = set()
        self.there: dict[str, ImportSeen] = {}
        self.at_sinch: dict[str, AtSinch] = {}
        self.import_of: dict[str, AtSinch] = {}
        self.removed: list[str] = []
        self.removals_last_hours: float = 0
        self.orders_end = "COMPLETED"
        self.refusals_as_busy = 0
        """How often a migration is refused because the number's order goes on with others."""
        self.most_at_once = 0
        self._removals_begun: dict[str, datetime] = {}

    def orders_made(self) -> list[tuple[str, ...]]:
        """The numbers of every order and single import that Sinch took, in the order of their names."""
        return [self.at_sinch[name].request.numbers for name in sorted(self.at_sinch)]

    def migrated(self) -> list[tuple[str, ...]]:
        """Those that were ordered to be migrated."""
        return [one.request.numbers for one in self.at_sinch.values() if one.request.migrate_to_sinch_tmo]

    def activities(self, task_queue: str) -> list[Callable[..., Any]]:
        """Those of an import as well."""
        further: dict[str, list[Callable[..., Any]]] = {
            SINCH: [self.import_number, self.order_import, self.observe_imported, self.remove_imported],
            WORKFLOWS: [self.keep_rows],
        }
        return super().activities(task_queue) + further.get(task_queue, [])

    @activity.defn(name=IMPORT_NUMBER.name)
    async def import_number(self, request: StartImport) -> NumberImport:
        """Import one number, or say what is the matter with it."""
        (number,) = request.numbers

        def work(now: datetime) -> NumberImport:
            if number in self.there:
                seen = self.there[number]
                alike = (seen.service_plan_id, seen.campaign_id) == (request.service_plan_id, request.campaign_id)
                outcome = ImportOutcome.ADOPTED if alike else ImportOutcome.LINKED_ELSEWHERE
                return NumberImport(outcome=outcome, seen=seen)
            if number in self.taken:
                return NumberImport(outcome=ImportOutcome.TAKEN, message="it is taken")
            self._begin(request, now)
            return NumberImport(outcome=ImportOutcome.UNDER_WAY, seen=self._seen(number, now))

        return await self._serve(IMPORT_NUMBER, request, work)

    @activity.defn(name=ORDER_IMPORT.name)
    async def order_import(self, request: StartImport) -> ImportOrder:
        """Take the order unless a number is at fault."""

        def work(now: datetime) -> ImportOrder:
            if request.migrate_to_sinch_tmo and self.refusals_as_busy > 0:
                self.refusals_as_busy -= 1
                return ImportOrder(alone=request.numbers, busy=True, message="in an order that goes on")
            alone = tuple(n for n in request.numbers if n in self.there or n in self.taken)
            imported = tuple(n for n in request.numbers if n in self.import_of and request.migrate_to_sinch_tmo)
            if alone or imported:
                return ImportOrder(alone=alone or imported, message="a number is at fault")
            order = self._begin(request, now)
            return ImportOrder(
                created=OrderCreated(hosting_order_id=order.order_id, state="SUBMITTED", created_time=order.begun)
            )

        return await self._serve(ORDER_IMPORT, request, work)

    @activity.defn(name=OBSERVE_ORDER.name)
    async def observe_order(self, request: ObserveOrder) -> OrderObserved:
        """State, report and records of an import order."""
        order = next(one for one in self.at_sinch.values() if one.order_id == request.hosting_order_id)

        def work(now: datetime) -> OrderObserved:
            records = tuple(self._records(order, number, now) for number in order.request.numbers)
            report = Report(
                total=len(records),
                sms_provisioned=sum(record.platform == "DONE" for record in records),
                added_to_campaign=sum(record.campaign == "DONE" for record in records),
            )
            state = self._state(order, now)
            shown = records if report != request.known_report or state == self.orders_end else ()
            return OrderObserved(state=state, report=report, records=shown)

        return await self._serve(OBSERVE_ORDER, request, work)

    @activity.defn(name=OBSERVE_IMPORTED.name)
    async def observe_imported(self, request: ObserveImported) -> ImportedObserved:
        """The numbers that are imported."""

        def work(now: datetime) -> ImportedObserved:
            readable = [number for number in request.phone_numbers if number not in self.unreadable]
            there = [number for number in readable if number in self.import_of]
            unread = tuple(number for number in request.phone_numbers if number in self.unreadable)
            return ImportedObserved(numbers=tuple(self._seen(number, now) for number in there), unread=unread)

        return await self._serve(OBSERVE_IMPORTED, request, work)

    @activity.defn(name=REMOVE_IMPORTED.name)
    async def remove_imported(self, request: RemoveImported) -> ImportedRemoved:
        """Gone is what has been on its way out for as long as a removal lasts."""

        def work(now: datetime) -> ImportedRemoved:
            gone = []
            for number in request.phone_numbers:
                begun = self._removals_begun.setdefault(number, now)
                if now >= begun + timedelta(hours=self.removals_last_hours):
                    self.import_of.pop(number, None)
                    self.removed.append(number)
                    gone.append(number)
            return ImportedRemoved(gone=tuple(gone))

        return await self._serve(REMOVE_IMPORTED, request, work)

    @activity.defn(name=KEEP_ROWS.name)
    async def keep_rows(self, request: KeepRows) -> GroupRowsStored:
        """Keep the rows beside the earlier ones."""

        def work(now: datetime) -> GroupRowsStored:
            sequence = request.rows.sequence
            rows = {row.phone_number: row for row in self.rows.get(sequence, ())}
            self.rows[sequence] = tuple((rows | {row.phone_number: row for row in request.rows.rows}).values())
            return GroupRowsStored(file=StoredFile(sha256=f"rows-{sequence}", name="rows.json", size=1))

        return await self._serve(KEEP_ROWS, request, work)

    def _begin(self, request: StartImport, now: datetime) -> AtSinch:
        known = self.at_sinch.get(request.display_name)
        if known is not None:
            return known
        one = AtSinch(request, now, f"order-{len(self.at_sinch) + 1}")
        self.at_sinch[request.display_name] = one
        self.import_of |= dict.fromkeys(request.numbers, one)
        at_once = sum(self._state(other, now) != self.orders_end for other in self.at_sinch.values())
        self.most_at_once = max(self.most_at_once, at_once)
        return one

    def _state(self, one: AtSinch, now: datetime) -> str:
        hours = (now - one.begun) / timedelta(hours=1)
        if hours < self.campaign_hours / 10:
            return "SUBMITTED"
        return "IN_PROGRESS" if hours < self.campaign_hours else self.orders_end

    def _records(self, one: AtSinch, number: str, now: datetime) -> OrderRecords:
        hours = (now - one.begun) / timedelta(hours=1)
        migrates = number in self.t_mobile_refuses and not one.request.migrate_to_sinch_tmo
        campaign = "WAITING"
        if hours >= self.campaign_hours and self.orders_end == "COMPLETED":
            campaign = "FAILED" if migrates or number in self.campaign_failures else "DONE"
        return OrderRecords(
            phone_number=number,
            platform="DONE" if hours >= self.campaign_hours / 5 else "IN_PROGRESS",
            campaign=campaign,
            carrier_errors=(T_MOBILE_REFUSES,) if migrates and campaign == "FAILED" else (),
        )

    def _seen(self, number: str, now: datetime) -> ImportSeen:
        one = self.import_of[number]
        records = self._records(one, number, now)
        return ImportSeen(
            phone_number=number,
            display_name=one.request.display_name,
            service_plan_id=one.request.service_plan_id,
            campaign_id=one.request.campaign_id or "",
            platform=records.platform,
            campaign=records.campaign,
            campaign_error=self.campaign_failures.get(number, "") if records.campaign == "FAILED" else "",
            carrier_errors=records.carrier_errors,
            updated=one.begun,
        )


def an_import(**changes: Any) -> ImportBatch:
    """A batch of imports with an id of its own."""
    batch = a_batch()
    contact = Contact(name="Ann Lee", email="ann.lee@example.com", company="Example Inc")
    fields = {
        "id": batch.id,
        "customer": batch.customer,
        "service_plan_id": batch.service_plan_id,
        "campaign_id": batch.campaign_id,
        "contact": contact,
        "pace": PACE,
    }
    return ImportBatch.model_validate(fields | changes)


def pace_of_import(**changes: Any) -> Pace:
    """The pace of the tests with changes, spans as they are written."""
    return Pace.model_validate(PACE.model_dump() | changes)


async def start_import(
    scene: Scene, slices: Sequence[Sequence[str]], batch: ImportBatch | None = None, **changes: Any
) -> WorkflowHandle[Any, ImportResult]:
    """Start `ImportNumbers` with these slices."""
    batch = batch or an_import()
    parts = [GroupSlice(sequence=i, numbers=tuple(numbers)) for i, numbers in enumerate(slices, 1)]
    total = sum(map(len, slices))
    manifest = scene.world.manifest(batch, parts)
    shown = started_with(batch.id, batch.customer, Stage.PENDING, WaitingOn.NOBODY, total)
    return await scene.start(
        WORKFLOW,
        ImportRequest(batch=batch, numbers_total=total, manifest=manifest, **changes),
        import_workflow_id(batch.id),
        ImportResult,
        shown,
    )


async def import_status(handle: WorkflowHandle[Any, Any]) -> ImportStatus:
    """What the workflow says of itself."""
    status: ImportStatus = await handle.query(STATUS_QUERY, result_type=ImportStatus)
    return status
