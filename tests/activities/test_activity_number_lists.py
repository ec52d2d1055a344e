"""Lists of numbers and reports in the document store."""

import json
from datetime import UTC, datetime
from pathlib import Path

from activities.document_store import DocumentStore
from activities.number_lists import NumberLists
from onboarding import reasons
from onboarding.calls.documents import GroupRows, ResultRow
from onboarding.calls.imported_numbers import NotBegun, NumberList, ReadNumberList, WriteNumberReport
from onboarding.reasons import reason
from onboarding.stages import Stage
from tests.activities.run_activity import run
from tests.activities.simulated_sinch import numbers


async def test_a_list_is_read_page_by_page(tmp_path: Path) -> None:
    store, everyone = DocumentStore(str(tmp_path)), tuple(numbers(7))
    file = await store.write(NumberList(phone_numbers=everyone).model_dump_json().encode(), "list.json")
    lists = NumberLists(store)
    pages = [await run(lists.read_list, ReadNumberList(file=file, offset=start, count=3)) for start in (0, 3, 6, 9)]
    assert [page.phone_numbers for page in pages] == [everyone[:3], everyone[3:6], everyone[6:], ()]


async def test_the_report_joins_the_rows_and_counts_them(tmp_path: Path) -> None:
    store, (good, bad) = DocumentStore(str(tmp_path)), numbers(2)
    failed = ResultRow(phone_number=bad, stage=Stage.FAILED, reason=reason(reasons.LINKED_BACK))
    rows = [
        await store.write(GroupRows(batch="x", sequence=i, rows=(row,)).model_dump_json().encode(), "rows.json")
        for i, row in enumerate((ResultRow(phone_number=good, stage=Stage.DONE), failed))
    ]
    request = WriteNumberReport(workflow_id="RelinkNumbers:x", rows=tuple(rows))
    written = await run(NumberLists(store).write_report, request)
    assert written.stages == {"DONE": 1, "FAILED": 1}
    kept = json.loads((await store.published("RelinkNumbers:x-report.json")) or b"")
    assert [(row["phone_number"], row["stage"]) for row in kept["numbers"]] == [(good, "DONE"), (bad, "FAILED")]
    assert kept["numbers"][1]["reason"]["code"] == reasons.LINKED_BACK


async def test_the_report_of_a_cancelled_list_names_the_numbers_that_were_left_alone(tmp_path: Path) -> None:
    store, everyone = DocumentStore(str(tmp_path)), tuple(numbers(3))
    file = await store.write(NumberList(phone_numbers=everyone).model_dump_json().encode(), "list.json")
    not_begun = NotBegun(file=file, offset=1, since=datetime(2026, 3, 2, tzinfo=UTC))
    request = WriteNumberReport(workflow_id="ChangeActiveNumbers:x", rows=(), not_begun=not_begun)
    assert (await run(NumberLists(store).write_report, request)).stages == {"CANCELLED": 2}
    kept = json.loads((await store.published("ChangeActiveNumbers:x-report.json")) or b"")
    assert [(row["phone_number"], row["reason"]["code"]) for row in kept["numbers"]] == [
        (number, reasons.NOT_BEGUN) for number in everyone[1:]
    ]
