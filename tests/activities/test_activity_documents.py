"""Manifests page by page, the rows of groups, and the final report as CSV and JSON."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from activities.document_store import DocumentStore
from activities.documents import COLUMNS, Documents
from onboarding.batch import Batch, GroupSlice, Manifest, RentedNumbers, StoredFile
from onboarding.calls.documents import (
    GroupFiles,
    GroupRows,
    ManifestPage,
    ReadManifest,
    ReportWritten,
    ResultRow,
    WriteReport,
)
from onboarding.calls.imported_numbers import NumberList, NumberReport
from onboarding.errors import FailureType
from onboarding.findings import Finding
from onboarding.reasons import Reason, reason
from onboarding.stages import Stage
from tests.activities.damage import damage
from tests.activities.mail_requests import CONTACT
from tests.activities.order_requests import PARTY, SERVICE_PLAN
from tests.activities.run_activity import failed, is_final, run
from tests.activities.simulated_sinch import numbers

BATCH = Batch(id="shops", customer="Bäckerei Groß", service_plan_id=SERVICE_PLAN, loa=PARTY, contact=CONTACT)
MOMENT = datetime(2026, 1, 5, 10, 30, tzinfo=UTC)
OTHER_PLAN = Finding(code="SERVICE_PLAN_DIFFERS", sentence="Asked for plan-1; the number is on plan-2.")
DONE = ResultRow(
    phone_number="+12025550100",
    stage=Stage.DONE,
    hosting_order_id="01arz3ndektsv4rrffq69g5fav",
    verified_at=MOMENT,
    ordered_at=MOMENT,
    settled_at=MOMENT,
)


class Archive:
    """A document store with one manifest, and the activities on it."""

    def __init__(self, folder: Path) -> None:
        self.store = DocumentStore(str(folder))
        self.documents = Documents(self.store)

    async def keep(self, *slices: list[str], rented: tuple[str, ...] = ()) -> StoredFile:
        """Store a manifest of these slices and rented numbers as the command does."""
        files = []
        for sequence, phone_numbers in enumerate(slices, start=1):
            part = GroupSlice(sequence=sequence, numbers=tuple(phone_numbers))
            files.append(await self.store.write(part.model_dump_json().encode(), f"shops-{sequence:04d}.json"))
        listed = await self.store.write(NumberList(phone_numbers=rented).model_dump_json().encode(), "rented.json")
        manifest = Manifest(
            batch=BATCH,
            numbers_total=sum(map(len, slices)),
            slices=tuple(files),
            rented=RentedNumbers(numbers=listed, numbers_total=len(rented), service_plan_id=SERVICE_PLAN),
        )
        return await self.store.write(manifest.model_dump_json().encode(), "shops-manifest.json")

    async def keep_rows(self, sequence: int, *rows: ResultRow) -> StoredFile:
        request = GroupRows(batch="shops", sequence=sequence, rows=rows)
        return (await run(self.documents.store_group_rows, request)).file

    async def page(self, manifest: StoredFile, offset: int, count: int) -> ManifestPage:
        return await run(self.documents.read_manifest, ReadManifest(manifest=manifest, offset=offset, count=count))

    async def report(self, *rows: ResultRow) -> tuple[list[dict[str, str]], list[dict[str, Any]]]:
        """The report of a batch of one group, as CSV and as JSON rows."""
        manifest = await self.keep([row.phone_number for row in rows])
        stored = await self.keep_rows(1, *rows)
        await run(self.documents.write_report, WriteReport(manifest=manifest, groups={1: stored}))
        return await self.csv_rows(), (await self.json_report())["numbers"]

    async def csv_rows(self) -> list[dict[str, str]]:
        text = (await self.store.published("shops-report.csv") or b"").decode()
        return list(csv.DictReader(io.StringIO(text, newline="")))

    async def json_report(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads(await self.store.published("shops-report.json") or b"")
        return report


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path)


async def test_a_manifest_is_read_page_by_page(archive: Archive) -> None:
    manifest = await archive.keep(*([number] for number in numbers(5)))
    pages = [await archive.page(manifest, offset, 2) for offset in (0, 2, 4, 6)]
    assert [[part.sequence for part in page.slices] for page in pages] == [[1, 2], [3, 4], [5], []]
    assert [part.numbers for part in pages[1].slices] == [(numbers(5)[2],), (numbers(5)[3],)]
    assert (pages[3].batch, pages[3].slices_total) == (BATCH, 5)


async def test_long_slices_come_in_shorter_pages_and_one_at_least(archive: Archive) -> None:
    """An answer that is too long for Temporal would be refused again and again."""
    long = [f"+1{number:014d}" for number in range(15_000)]
    manifest = await archive.keep(long, long * 2, ["+12025550100"])
    pages = [await archive.page(manifest, offset, 3) for offset in (0, 1, 2)]
    assert [[part.sequence for part in page.slices] for page in pages] == [[1], [2], [3]]


async def test_a_manifest_with_a_damaged_slice_is_a_final_failure(archive: Archive, tmp_path: Path) -> None:
    manifest = await archive.keep(numbers(1))
    stored = Manifest.model_validate_json(await archive.store.read(manifest))
    (part,) = stored.slices
    damage(tmp_path, part)
    request = ReadManifest(manifest=manifest, offset=0, count=1)
    failure = await failed(archive.documents.read_manifest, request)
    assert is_final(failure, FailureType.DOCUMENT_DAMAGED)
    assert "shops-0001.json" in failure.message


async def test_the_rows_of_a_group_are_kept_under_a_name_that_says_whose_they_are(archive: Archive) -> None:
    stored = await archive.keep_rows(7, DONE)
    assert stored.name == "shops-0007-rows.json"
    assert GroupRows.model_validate_json(await archive.store.read(stored)).rows == (DONE,)


async def test_a_finished_number_is_reported_with_its_order_its_moments_and_what_differs(archive: Archive) -> None:
    (in_csv,), (in_json,) = await archive.report(DONE.model_copy(update={"findings": (OTHER_PLAN,)}))
    assert in_csv == {
        "phone_number": "+12025550100",
        "stage": "DONE",
        "reason": "",
        "explanation": "",
        "hosting_order_id": "01arz3ndektsv4rrffq69g5fav",
        "verified_at": "2026-01-05T10:30:00Z",
        "ordered_at": "2026-01-05T10:30:00Z",
        "settled_at": "2026-01-05T10:30:00Z",
        "findings": "SERVICE_PLAN_DIFFERS: Asked for plan-1; the number is on plan-2.",
    }
    assert in_json == {column: value or None for column, value in in_csv.items()}
    assert tuple(in_csv) == COLUMNS


async def test_a_failed_number_is_reported_with_what_to_do_next(archive: Archive) -> None:
    why = reason("OSR_UPDATE_FAILED", 'the "holder" is\nunknown, Zoë says')
    row = ResultRow(phone_number="+12025555001", stage=Stage.FAILED, reason=why)
    (in_csv,), (in_json,) = await archive.report(row)
    for reported in (in_csv, in_json):
        assert (reported["reason"], reported["explanation"]) == (why.code, why.sentence)


async def test_rows_come_in_the_order_of_the_batch_whatever_became_of_their_groups(archive: Archive) -> None:
    one, two, three, four = numbers(8)[:2], numbers(8)[2:4], numbers(8)[4:6], numbers(8)[6:]
    manifest = await archive.keep(one, two, three, four)
    last = await archive.keep_rows(4, *(ResultRow(phone_number=number, stage=Stage.DONE) for number in four))
    first = await archive.keep_rows(1, *(ResultRow(phone_number=number, stage=Stage.SKIPPED) for number in one))
    request = WriteReport(manifest=manifest, groups={4: last, 1: first}, vanished=(2,))
    written = await run(archive.documents.write_report, request)
    rows = await archive.csv_rows()
    assert [row["phone_number"] for row in rows] == numbers(8)
    assert [(row["stage"], row["reason"]) for row in rows] == [
        *[("SKIPPED", "")] * 2,
        *[("FAILED", "ENDED_OUTSIDE")] * 2,
        *[("CANCELLED", "CANCELLED_BY_OPERATOR")] * 2,
        *[("DONE", "")] * 2,
    ]
    counts = {"DONE": 2, "FAILED": 2, "SKIPPED": 2, "CANCELLED": 2}
    assert (written.stages, (await archive.json_report())["stages"]) == (counts, counts)


async def test_rows_that_were_put_away_are_reported_too(archive: Archive) -> None:
    one, two = numbers(2)
    manifest = await archive.keep([one], [two])
    files = {
        sequence: await archive.keep_rows(sequence, ResultRow(phone_number=number, stage=Stage.DONE))
        for sequence, number in enumerate((one, two), 1)
    }
    put_away = await run(archive.documents.store_group_files, GroupFiles(batch="shops", files={1: files[1]}))
    request = WriteReport(manifest=manifest, groups={2: files[2]}, earlier=(put_away.file,))
    assert (await run(archive.documents.write_report, request)).stages == {"DONE": 2}
    assert put_away.file.name == "shops-0001-groups.json"


async def test_rented_numbers_are_reported_after_the_others_as_their_change_has_them(archive: Archive) -> None:
    own, linked, failed_one, unstarted = numbers(4)
    manifest = await archive.keep([own], rented=(linked, failed_one, unstarted))
    stored = await archive.keep_rows(1, ResultRow(phone_number=own, stage=Stage.DONE))
    ended = (
        ResultRow(phone_number=failed_one, stage=Stage.FAILED, reason=reason("EXCEEDED_10DLC_LIMIT")),
        ResultRow(phone_number=linked, stage=Stage.DONE),
    )
    change = NumberReport(workflow_id="ChangeActiveNumbers:shops.rented", stages={}, numbers=ended)
    await archive.store.publish("ChangeActiveNumbers:shops.rented-report.json", change.model_dump_json().encode())
    request = WriteReport(manifest=manifest, groups={1: stored}, rented=change.workflow_id)
    written = await run(archive.documents.write_report, request)
    assert [(row["phone_number"], row["stage"], row["reason"]) for row in await archive.csv_rows()] == [
        (own, "DONE", ""),
        (linked, "DONE", ""),
        (failed_one, "FAILED", "EXCEEDED_10DLC_LIMIT"),
        (unstarted, "CANCELLED", "CANCELLED_BY_OPERATOR"),
    ]
    assert written.stages == {"DONE": 2, "FAILED": 1, "CANCELLED": 1}


@pytest.mark.parametrize(
    ("change", "end"),
    [(None, ("CANCELLED", "CANCELLED_BY_OPERATOR")), ("ChangeActiveNumbers:gone", ("FAILED", "ENDED_OUTSIDE"))],
)
async def test_rented_numbers_that_were_not_linked_are_reported_with_why(
    archive: Archive, change: str | None, end: tuple[str, str]
) -> None:
    manifest = await archive.keep(rented=tuple(numbers(2)))
    await run(archive.documents.write_report, WriteReport(manifest=manifest, groups={}, rented=change))
    assert [(row["stage"], row["reason"]) for row in await archive.csv_rows()] == [end] * 2


async def test_the_report_says_whose_it_is_and_where(archive: Archive) -> None:
    manifest = await archive.keep(numbers(1))
    written = await run(archive.documents.write_report, WriteReport(manifest=manifest, groups={}))
    assert isinstance(written, ReportWritten)
    report = await archive.json_report()
    assert (report["batch"], report["customer"]) == ("shops", "Bäckerei Groß")
    assert written.csv.endswith("/reports/shops-report.csv")
    assert written.json_name.endswith("/reports/shops-report.json")


async def test_a_report_written_again_replaces_the_older_one(archive: Archive) -> None:
    manifest = await archive.keep(numbers(2))
    await run(archive.documents.write_report, WriteReport(manifest=manifest, groups={}))
    rows = await archive.keep_rows(1, *(ResultRow(phone_number=number, stage=Stage.DONE) for number in numbers(2)))
    await run(archive.documents.write_report, WriteReport(manifest=manifest, groups={1: rows}))
    assert [row["stage"] for row in await archive.csv_rows()] == ["DONE", "DONE"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
async def test_no_text_of_others_becomes_a_formula_in_a_spreadsheet(archive: Archive, start: str) -> None:
    text = f'{start}HYPERLINK("https://evil.example.com")'
    row = ResultRow(
        phone_number="+12025550100",
        stage=Stage.FAILED,
        reason=Reason(code=text, sentence=text),
        hosting_order_id=text,
    )
    (in_csv,), (in_json,) = await archive.report(row)
    for column in ("reason", "explanation", "hosting_order_id"):
        assert in_csv[column] == f"'{text}"
        assert in_json[column] == text


async def test_phone_numbers_stay_as_they_are_in_both_reports(archive: Archive) -> None:
    in_csv, in_json = await archive.report(*(ResultRow(phone_number=n, stage=Stage.DONE) for n in numbers(3)))
    assert [row["phone_number"] for row in in_csv] == [row["phone_number"] for row in in_json] == numbers(3)
