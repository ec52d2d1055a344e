"""Manifests, result rows and reports in the document store."""

import asyncio
import csv
import io
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from itertools import accumulate

from temporalio import activity

from activities.document_store import DocumentStore
from onboarding import reasons
from onboarding.batch import GroupSlice, Manifest, RentedNumbers, StoredFile
from onboarding.calls.documents import (
    READ_MANIFEST,
    STORE_GROUP_FILES,
    STORE_GROUP_ROWS,
    WRITE_REPORT,
    GroupFiles,
    GroupRows,
    GroupRowsStored,
    ManifestPage,
    ReadManifest,
    ReportWritten,
    ResultRow,
    WriteReport,
)
from onboarding.calls.imported_numbers import NumberList, NumberReport
from onboarding.findings import in_words
from onboarding.ids import report_name
from onboarding.reasons import reason
from onboarding.stages import Stage

COLUMNS = (
    "phone_number",
    "stage",
    "reason",
    "explanation",
    "hosting_order_id",
    "verified_at",
    "ordered_at",
    "settled_at",
    "findings",
)
PAGE_BYTES = 400_000
"""Of slices in one page, unless a single one is longer: Temporal warns at 512 KB and refuses payloads of 2 MB."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_PHONE_NUMBER = re.compile(r"\+[0-9]+")


class Documents:
    """The documents of batches."""

    def __init__(self, store: DocumentStore) -> None:
        """The store the starter wrote the manifest to."""
        self._store = store

    @activity.defn(name=READ_MANIFEST.name)
    async def read_manifest(self, request: ReadManifest) -> ManifestPage:
        """The batch and a page of its slices."""
        manifest = Manifest.model_validate_json(await self._store.read(request.manifest))
        page = _page(manifest.slices[request.offset : request.offset + request.count])
        slices = [GroupSlice.model_validate_json(await self._store.read(file)) for file in page]
        return ManifestPage(batch=manifest.batch, slices_total=len(manifest.slices), slices=tuple(slices))

    @activity.defn(name=STORE_GROUP_ROWS.name)
    async def store_group_rows(self, request: GroupRows) -> GroupRowsStored:
        """Keep the rows of one group until the report is written."""
        name = f"{request.batch}-{request.sequence:04d}-rows.json"
        return GroupRowsStored(file=await self._store.write(request.model_dump_json().encode(), name))

    @activity.defn(name=STORE_GROUP_FILES.name)
    async def store_group_files(self, request: GroupFiles) -> GroupRowsStored:
        """Keep where the rows of many groups are, so that a batch need not carry it along."""
        name = f"{request.batch}-{min(request.files):04d}-groups.json"
        return GroupRowsStored(file=await self._store.write(request.model_dump_json().encode(), name))

    @activity.defn(name=WRITE_REPORT.name)
    async def write_report(self, request: WriteReport) -> ReportWritten:
        """One row a number, in the order of the batch, as CSV and JSON."""
        manifest = Manifest.model_validate_json(await self._store.read(request.manifest))
        groups = await group_files(self._store, request.earlier) | request.groups
        report, batch = _Report(), manifest.batch
        for file in manifest.slices:
            part = GroupSlice.model_validate_json(await self._store.read(file))
            rows = await self._rows(part, groups.get(part.sequence), request.vanished)
            await asyncio.to_thread(report.add, rows)
        if manifest.rented is not None:
            rows = await self._rented_rows(manifest.rented, request.rented)
            await asyncio.to_thread(report.add, rows)
        csv_path = await self._store.publish(report_name(batch.id, "csv"), report.as_csv())
        json_path = await self._store.publish(report_name(batch.id, "json"), report.as_json(batch.id, batch.customer))
        return ReportWritten(csv=csv_path, json_name=json_path, stages=report.stages())

    async def _rows(
        self, part: GroupSlice, stored: StoredFile | None, vanished: Collection[int]
    ) -> Iterable[ResultRow]:
        if stored is not None:
            return GroupRows.model_validate_json(await self._store.read(stored)).rows
        if part.sequence in vanished:
            stage, why = Stage.FAILED, reason(reasons.ENDED_OUTSIDE)
        else:
            stage, why = Stage.CANCELLED, reason(reasons.CANCELLED_BY_OPERATOR)
        return [ResultRow(phone_number=number, stage=stage, reason=why) for number in part.numbers]

    async def _rented_rows(self, rented: RentedNumbers, change: str | None) -> Iterable[ResultRow]:
        """As the report of the change has them; one that has ended without a report was ended from outside."""
        report = None if change is None else await self._store.published(report_name(change, "json"))
        rows = () if report is None else NumberReport.model_validate_json(report).numbers
        ended = {row.phone_number: row for row in rows}
        if change is not None and report is None:
            stage, why = Stage.FAILED, reason(reasons.ENDED_OUTSIDE)
        else:
            stage, why = Stage.CANCELLED, reason(reasons.CANCELLED_BY_OPERATOR)
        numbers = NumberList.model_validate_json(await self._store.read(rented.numbers)).phone_numbers
        return [ended.get(number, ResultRow(phone_number=number, stage=stage, reason=why)) for number in numbers]


async def group_files(store: DocumentStore, lists: Iterable[StoredFile]) -> dict[int, StoredFile]:
    """Sequence -> where the group's rows are kept, from stored `GroupFiles`; the later ones count."""
    found: dict[int, StoredFile] = {}
    for file in lists:
        found |= GroupFiles.model_validate_json(await store.read(file)).files
    return found


def _page(files: Sequence[StoredFile]) -> Sequence[StoredFile]:
    """As many as fit into one answer, at least one."""
    sizes = list(accumulate(file.size for file in files))
    return files[: max(1, sum(size <= PAGE_BYTES for size in sizes))]


class _Report:
    """The final report in both its forms, written group by group: rows take ten times the room of their text."""

    def __init__(self) -> None:
        self._counts: Counter[Stage] = Counter()
        self._csv = io.StringIO()
        self._writer = csv.DictWriter(self._csv, COLUMNS)
        self._writer.writeheader()
        self._json: list[str] = []

    def add(self, rows: Iterable[ResultRow]) -> None:
        """The next rows."""
        for row in rows:
            flat = _flat(row)
            self._counts[row.stage] += 1
            self._writer.writerow({column: _inert(value) for column, value in flat.items()})
            self._json.append(json.dumps(flat))

    def stages(self) -> dict[str, int]:
        """Stage -> numbers, in the order of the main path."""
        return {stage.value: self._counts[stage] for stage in Stage if self._counts[stage]}

    def as_csv(self) -> bytes:
        """With a header, for spreadsheets."""
        return self._csv.getvalue().encode()

    def as_json(self, batch: str, customer: str) -> bytes:
        """One object, with one number a line."""
        head = json.dumps({"batch": batch, "customer": customer, "stages": self.stages()})
        numbers = ",\n".join(self._json)
        return f'{head[:-1]}, "numbers": [\n{numbers}\n]}}\n'.encode()


def _inert(text: str | None) -> str | None:
    """Quoted as text where a spreadsheet would run it as a formula, for codes and messages come from outside.

    A phone number keeps its bare plus: sign and digits calculate nothing, and programs read the column as E.164.
    """
    if text and text.startswith(_FORMULA_STARTS) and not _PHONE_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _flat(row: ResultRow) -> dict[str, str | None]:
    shown = row.model_dump(mode="json")
    return {
        **{column: shown.get(column) for column in COLUMNS},
        "reason": row.reason.code if row.reason else None,
        "explanation": row.reason.sentence if row.reason else None,
        "findings": in_words(row.findings),
    }
