"""Imported numbers at Sinch as the workflows meet them: links that take their time, some of which fail."""

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.client import WorkflowHandle

from onboarding.batch import Contact, StoredFile
from onboarding.calls.imported_numbers import (
    LINK_IMPORTED_NUMBERS,
    READ_IMPORTED_NUMBERS,
    READ_NUMBER_LIST,
    REMOVE_IMPORTED_NUMBERS,
    UNLINK_IMPORTED_NUMBERS,
    WRITE_NUMBER_REPORT,
    ChangeOutcome,
    ImportedNumbersRead,
    LinkNumber,
    LinkNumbers,
    NumberChange,
    NumberList,
    NumberRemoval,
    NumberReportWritten,
    NumbersChanged,
    NumbersRemoved,
    ReadImportedNumbers,
    ReadNumberList,
    RemovalOutcome,
    RemoveFromSinch,
    UnlinkNumber,
    UnlinkNumbers,
    WriteNumberReport,
)
from onboarding.contracts import relink_numbers, remove_numbers
from onboarding.contracts.number_list import NumberListResult
from onboarding.contracts.operator import CANCEL_UPDATE, ActionTaken, OperatorAction
from onboarding.contracts.relink_numbers import RelinkRequest
from onboarding.contracts.remove_numbers import RemoveRequest
from onboarding.ids import relinking_workflow_id, removal_workflow_id
from onboarding.imported_links import Links, LinkSeen, NumberLinksSeen, Service
from onboarding.observations import CallbackEvent
from onboarding.search_attributes import started_with
from onboarding.stages import Stage, WaitingOn
from onboarding.task_queues import SINCH, WORKFLOWS
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.staging import PACE, Scene

OLD, NEW = Links(service_plan_id="plan-1", campaign_id="C-OLD"), Links(service_plan_id="plan-2", campaign_id="C-NEW")
EVERYTHING = ["unlink plan-1", "unlink C-OLD", "link plan-2", "link C-NEW"]
"""What is asked of Sinch for a number from OLD to NEW."""
CONTACT = Contact(name="Ann Lee", email="ann.lee@example.com", company="Example Inc")

_counter = itertools.count(1)


@dataclass
class ImportedLine:
    """One imported number; what was asked of it stands in `asked`, what it must never be asked in `misused`."""

    links: dict[Service, str]
    fails: dict[str, str]
    """Id of a service that the number cannot be linked to -> Sinch's error code."""
    asked: list[str] = field(default_factory=list)
    misused: list[str] = field(default_factory=list)
    records: dict[Service, tuple[str, str, datetime, datetime, str]] = field(default_factory=dict)
    """Last operation, its service id, when it was asked for, when it is through, and the error it ends with."""

    def unlink(self, services: Iterable[Service], now: datetime, ends: datetime) -> None:
        """Begin to unlink; unlinking what is not linked is a misuse."""
        for service in services:
            linked = self.links.get(service, "")
            if not linked or self._is_at_work(service, now):
                self.misused.append(f"unlink {service}")
            self.asked.append(f"unlink {linked}")
            self.records[service] = ("DEPROVISIONING", linked, now, ends, "")

    def link(self, service: Service, service_id: str, now: datetime, ends: datetime) -> None:
        """Begin to link; linking what is not unlinked is a misuse."""
        self._settle(now)
        if self.links.get(service) or self._is_at_work(service, now):
            self.misused.append(f"link {service}")
        self.asked.append(f"link {service_id}")
        self.records[service] = ("PROVISIONING", service_id, now, ends, self.fails.get(service_id, ""))

    def seen(self, phone_number: str, now: datetime) -> NumberLinksSeen:
        """What a read shows."""
        self._settle(now)
        plan, campaign = (self._link_seen(service, now) for service in Service)
        return NumberLinksSeen(phone_number=phone_number, service_plan=plan, campaign=campaign)

    def _is_at_work(self, service: Service, now: datetime) -> bool:
        return service in self.records and now < self.records[service][3]

    def _settle(self, now: datetime) -> None:
        for service, (operation, service_id, _, ends, error) in self.records.items():
            if now >= ends:
                is_linked = operation == "PROVISIONING" and not error
                self.links[service] = service_id if is_linked else ""

    def _link_seen(self, service: Service, now: datetime) -> LinkSeen:
        linked_id = self.links.get(service, "")
        if service not in self.records:
            return LinkSeen(linked_id=linked_id, service_id=linked_id, operation="PROVISIONING", state="DONE")
        operation, service_id, asked_at, ends, error = self.records[service]
        state = "IN_PROGRESS" if now < ends else "FAILED" if error else "DONE"
        return LinkSeen(
            linked_id=linked_id,
            service_id=service_id,
            operation=operation,
            state=state,
            error_code=error if state == "FAILED" else "",
            updated=asked_at if now < ends else ends,
        )


class ImportedWorld(OutsideWorld):
    """Numbers are linked to `OLD` until a test says otherwise; unlinking takes 1 hour, linking 2."""

    def __init__(self) -> None:
        """No number is imported."""
        super().__init__()
        self.imported_lines: dict[str, ImportedLine] = {}
        self.in_hosting_order: set[str] = set()
        self.fails: dict[str, str] = {}
        self.refused: dict[str, str] = {}
        """Number -> Sinch's words when it is asked to link, unlink or remove it."""
        self.unlink_hours = 1.0
        self.link_hours = 2.0
        self.shown_after_removal = timedelta()
        self.removed_at: dict[str, datetime] = {}
        self.left_alone: list[str] = []
        """Numbers of a cancelled list that were never taken in, by the last report."""
        self._lists: dict[str, tuple[str, ...]] = {}

    def import_numbers(self, phone_numbers: Iterable[str], links: Links = OLD) -> None:
        """The numbers are imported and linked."""
        for number in phone_numbers:
            held = {service: links.of(service) or "" for service in links.named}
            self.imported_lines[number] = ImportedLine(links=held, fails=self.fails)

    def stored(self, phone_numbers: Sequence[str]) -> StoredFile:
        """Keep a list in the document store."""
        name = f"list-{next(_counter)}"
        self._lists[name] = tuple(phone_numbers)
        return StoredFile(sha256=name, name=name, size=1)

    def asked(self, phone_number: str) -> list[str]:
        """What Sinch was asked to do with a number."""
        return self.imported_lines[phone_number].asked

    def misused(self) -> list[str]:
        """Unlinking what is not linked, linking what is not unlinked."""
        return [f"{number} {what}" for number, line in self.imported_lines.items() for what in line.misused]

    def activities(self, task_queue: str) -> list[Callable[..., Any]]:
        """Those of every world, and those of imported numbers."""
        more: dict[str, list[Callable[..., Any]]] = {
            WORKFLOWS: [self.read_list, self.write_number_report],
            SINCH: [self.read_imported, self.unlink_imported, self.link_imported, self.remove_imported],
        }
        kind = SINCH if task_queue.startswith(SINCH) else task_queue
        return super().activities(kind) + more.get(kind, [])

    @activity.defn(name=READ_NUMBER_LIST.name)
    async def read_list(self, request: ReadNumberList) -> NumberList:
        """One page of a list."""
        page = self._lists[request.file.sha256][request.offset : request.offset + request.count]
        return await self._serve(READ_NUMBER_LIST, request, lambda now: NumberList(phone_numbers=page))

    @activity.defn(name=WRITE_NUMBER_REPORT.name)
    async def write_number_report(self, request: WriteNumberReport) -> NumberReportWritten:
        """Count the stored rows, and the numbers that were left alone."""
        names, rest = [file.sha256 for file in request.rows], request.not_begun
        found = [row.stage for name in names for row in self.rows[int(name.removeprefix("rows-"))]]
        self.left_alone = list(self._lists[rest.file.sha256][rest.offset :]) if rest else []
        found += [Stage.CANCELLED] * len(self.left_alone)
        stages = {stage.value: found.count(stage) for stage in Stage if stage in found}
        return await self._serve(
            WRITE_NUMBER_REPORT, request, lambda now: NumberReportWritten(path="report.json", stages=stages)
        )

    @activity.defn(name=READ_IMPORTED_NUMBERS.name)
    async def read_imported(self, request: ReadImportedNumbers) -> ImportedNumbersRead:
        """How numbers are linked."""

        def work(now: datetime) -> ImportedNumbersRead:
            found = [self._seen(number, now) for number in request.phone_numbers]
            return ImportedNumbersRead(numbers=tuple(s for s in found if s.is_at_rest or not request.only_at_rest))

        return await self._serve(READ_IMPORTED_NUMBERS, request, work)

    @activity.defn(name=UNLINK_IMPORTED_NUMBERS.name)
    async def unlink_imported(self, request: UnlinkNumbers) -> NumbersChanged:
        """Begin to unlink."""

        def unlink(item: UnlinkNumber, now: datetime) -> None:
            line, ends = self.imported_lines[item.phone_number], now + timedelta(hours=self.unlink_hours)
            if not self._begun_already(item, line, "DEPROVISIONING"):
                line.unlink(item.services, now, ends)

        return await self._serve(
            UNLINK_IMPORTED_NUMBERS, request, lambda now: self._changed(request.numbers, unlink, now)
        )

    @activity.defn(name=LINK_IMPORTED_NUMBERS.name)
    async def link_imported(self, request: LinkNumbers) -> NumbersChanged:
        """Begin to link."""

        def link(item: LinkNumber, now: datetime) -> None:
            line, ends = self.imported_lines[item.phone_number], now + timedelta(hours=self.link_hours)
            if self._begun_already(item, line, "PROVISIONING"):
                return
            for service, service_id in zip(Service, (item.service_plan_id, item.campaign_id), strict=True):
                if service_id:
                    line.link(service, service_id, now, ends)

        return await self._serve(LINK_IMPORTED_NUMBERS, request, lambda now: self._changed(request.numbers, link, now))

    @activity.defn(name=REMOVE_IMPORTED_NUMBERS.name)
    async def remove_imported(self, request: RemoveFromSinch) -> NumbersRemoved:
        """Take numbers away."""

        def work(now: datetime) -> NumbersRemoved:
            repeated = request.asked_before or activity.info().attempt > 1
            removals = [self._removed(number, repeated, now) for number in request.phone_numbers]
            return NumbersRemoved(numbers=tuple(removals))

        return await self._serve(REMOVE_IMPORTED_NUMBERS, request, work)

    def _seen(self, number: str, now: datetime) -> NumberLinksSeen:
        removed = self.removed_at.get(number)
        if number not in self.imported_lines or (removed is not None and now >= removed + self.shown_after_removal):
            held = number in self.in_hosting_order
            return NumberLinksSeen(phone_number=number, is_imported=False, is_in_hosting_order=held)
        return self.imported_lines[number].seen(number, now)

    def _begun_already(self, item: UnlinkNumber | LinkNumber, line: ImportedLine, operation: str) -> bool:
        """Whoever repeats a request looks first, as the real activity does."""
        repeated = item.look_first or activity.info().attempt > 1
        return repeated and any(record[0] == operation for record in line.records.values())

    def _changed(self, items: Sequence[Any], change: Callable[[Any, datetime], None], now: datetime) -> NumbersChanged:
        changes = []
        for item in items:
            number = item.phone_number
            if number in self.refused:
                said = self.refused[number]
                changes.append(NumberChange(phone_number=number, outcome=ChangeOutcome.REFUSED, message=said))
                continue
            change(item, now)
            changes.append(NumberChange(phone_number=number, outcome=ChangeOutcome.ACCEPTED, sinch_time=now))
        return NumbersChanged(numbers=tuple(changes))

    def _removed(self, number: str, repeated: bool, now: datetime) -> NumberRemoval:
        if number in self.refused:
            said = self.refused[number]
            return NumberRemoval(phone_number=number, outcome=RemovalOutcome.REFUSED, message=said)
        if number not in self.imported_lines:
            return NumberRemoval(phone_number=number, outcome=RemovalOutcome.NEVER_THERE)
        self.removed_at.setdefault(number, now)
        outcome = RemovalOutcome.STILL_SHOWN if self.shown_after_removal else RemovalOutcome.GONE
        return NumberRemoval(phone_number=number, outcome=RemovalOutcome.GONE if repeated else outcome)


async def start_relinking(
    scene: Scene, world: ImportedWorld, numbers: Sequence[str], wanted: Links = NEW, **changes: Any
) -> WorkflowHandle[Any, NumberListResult]:
    """Start `RelinkNumbers` for these numbers."""
    name = f"r{next(_counter)}"
    fields = {"pace": PACE, "contact": CONTACT} | changes
    request = RelinkRequest(id=name, wanted=wanted, numbers=world.stored(numbers), numbers_total=len(numbers), **fields)
    shown = started_with(name, "", Stage.PENDING, WaitingOn.NOBODY, len(numbers))
    return await scene.start(relink_numbers.WORKFLOW, request, relinking_workflow_id(name), NumberListResult, shown)


async def start_removal(
    scene: Scene, world: ImportedWorld, numbers: Sequence[str], **changes: Any
) -> WorkflowHandle[Any, NumberListResult]:
    """Start `RemoveNumbers` for these numbers."""
    name = f"r{next(_counter)}"
    fields = {"pace": PACE, "registers": {"imported": True, "qualified": False}} | changes
    request = RemoveRequest.model_validate(
        {"id": name, "numbers": world.stored(numbers), "numbers_total": len(numbers)} | fields
    )
    shown = started_with(name, "", Stage.PENDING, WaitingOn.NOBODY, len(numbers))
    return await scene.start(remove_numbers.WORKFLOW, request, removal_workflow_id(name), NumberListResult, shown)


async def cancel(handle: WorkflowHandle[Any, Any]) -> str:
    """Cancel the whole; what the workflow says."""
    taken: ActionTaken = await handle.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"), result_type=ActionTaken)
    return taken.message


def ended(world: ImportedWorld, number: str) -> tuple[Stage, str | None]:
    """Stage and reason in the stored rows."""
    row = next(row for rows in world.rows.values() for row in rows if row.phone_number == number)
    return row.stage, row.reason.code if row.reason else None


def explained(world: ImportedWorld, number: str) -> str:
    """The sentence in the stored rows."""
    row = next(row for rows in world.rows.values() for row in rows if row.phone_number == number)
    return row.reason.sentence if row.reason else ""


def happened(number: str, *event_types: str, at: datetime, status: str = "SUCCEEDED") -> list[CallbackEvent]:
    """One event of each type."""
    return [
        CallbackEvent(
            event_id=f"imported-{next(_counter)}", phone_number=number, event_type=kind, status=status, timestamp=at
        )
        for kind in event_types
    ]
