"""`onboard status`, `numbers`, `list` and `report`: the same truth for people and for programs."""

import asyncio
import csv
import io
import signal

import pytest

from tests.end_to_end.batches import ends, expected_ends, numbers_of, write_batch
from tests.end_to_end.conftest import WAITING_NUMBERS
from tests.end_to_end.site import Site, until

pytestmark = pytest.mark.end_to_end

FINISHED_NUMBERS = numbers_of(503, "0101", "4001", "7008")


@pytest.fixture(scope="module")
async def finished_batch(shared_site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A batch that is through: one number done, two failed."""
    site, batch = shared_site, "finished"
    path = write_batch(tmp_path_factory.mktemp("finished"), batch, FINISHED_NUMBERS, eligible_is_enough=True)
    await site.onboard("start", path)

    async def is_through() -> bool:
        await site.world.pass_hours(6)
        return not await site.is_running(batch)

    await until(is_through, "the batch is through")
    return batch


async def test_status_tells_stages_who_is_waited_on_and_where_the_web_ui_is(site: Site, waiting_batch: str) -> None:
    text = await site.onboard("status", waiting_batch)
    data = (await site.onboard("status", waiting_batch, "--output", "json")).data
    assert (text.code, text.stderr) == (0, "")
    assert "Batch waiting of Harbor Lane Dental Group: RUNNING, 3 numbers, 0 of 1 groups reported" in text.stdout
    assert "waiting on voice-code: 2 numbers in 2 workflows" in text.stdout
    assert "waiting on loa-signature: 1 number in 1 workflow\n" in text.stdout
    assert f"Web UI: {site.stack.endpoints.web_ui}/namespaces/default/workflows?query=" in text.stdout
    assert (data["state"], data["stages"]) == ("RUNNING", {"NEEDS_VERIFICATION": 2, "AWAITING_LOA": 1})
    assert {wait["waiting_on"]: wait["numbers"] for wait in data["waiting"]} == {"voice-code": 2, "loa-signature": 1}


async def test_watching_ends_with_the_batch_or_with_ctrl_c(site: Site, waiting_batch: str, finished_batch: str) -> None:
    ended = await site.onboard("status", finished_batch, "--watch", "--output", "json")
    assert (ended.code, [line["state"] for line in ended.lines]) == (3, ["COMPLETED"])
    async with site.onboard.started("status", waiting_batch, "--watch") as process:
        assert process.stdout is not None
        assert b"RUNNING" in await process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert (await site.onboard.ended(process)).code == 130


async def test_numbers_are_listed_where_they_are_and_can_be_chosen_by_stage(site: Site, waiting_batch: str) -> None:
    everyone = (await site.onboard("numbers", waiting_batch, "--output", "json")).data
    assert [(row["phone_number"], row["stage"]) for row in everyone] == [
        (WAITING_NUMBERS[0], "AWAITING_LOA"),
        (WAITING_NUMBERS[1], "NEEDS_VERIFICATION"),
        (WAITING_NUMBERS[2], "NEEDS_VERIFICATION"),
    ]
    assert everyone[0]["hosting_order_id"]
    chosen = await site.onboard("numbers", waiting_batch, "--stage", "needs_verification", "--output", "jsonl")
    assert [row["phone_number"] for row in chosen.lines] == list(WAITING_NUMBERS[1:])
    text = await site.onboard("numbers", waiting_batch)
    assert all(number in text.stdout for number in WAITING_NUMBERS)
    assert everyone[0]["hosting_order_id"] in text.stdout
    wrong = await site.onboard("numbers", waiting_batch, "--stage", "BOGUS")
    assert (wrong.code, wrong.stdout) == (2, "")
    assert "NEEDS_VERIFICATION" in wrong.stderr


async def test_list_shows_every_batch_and_a_batch_that_is_not_there_is_pointed_out(
    site: Site, waiting_batch: str, finished_batch: str
) -> None:
    async def finished_is_listed() -> bool:
        return finished_batch in [row["batch"] for row in (await site.onboard("list", "--output", "json")).data]

    await until(finished_is_listed, "the list has the batch")
    listed = {row["batch"]: row for row in (await site.onboard("status", "--output", "jsonl")).lines}
    assert (listed[waiting_batch]["state"], listed[waiting_batch]["numbers"]) == ("RUNNING", 3)
    assert (listed[finished_batch]["done"], listed[finished_batch]["failed"]) == (1, 2)
    text = (await site.onboard("list")).stdout
    assert "Harbor Lane Dental Group" in text
    assert listed[waiting_batch]["started"] in text

    for command in ("status", "numbers"):
        missing = await site.onboard(command, "no-such-batch")
        assert (missing.code, missing.stdout) == (2, "")
        assert "there is no batch 'no-such-batch'; see: onboard list" in missing.stderr


async def test_the_report_is_one_row_a_number_in_every_form(site: Site, finished_batch: str) -> None:
    as_json = await site.onboard("report", finished_batch, "--output", "json")
    as_csv = await site.onboard("report", finished_batch, "--csv")
    text = await site.onboard("report", finished_batch)
    assert (as_json.code, as_csv.code, text.code) == (3, 3, 3)
    assert ends(as_json.data["numbers"]) == expected_ends(FINISHED_NUMBERS)
    assert as_json.data["stages"] == {"DONE": 1, "FAILED": 2}
    rows = list(csv.DictReader(io.StringIO(as_csv.stdout)))
    assert ends({**row, "reason": row["reason"] or None} for row in rows) == expected_ends(FINISHED_NUMBERS)
    explanations = [row["explanation"] for row in as_json.data["numbers"] if row["explanation"]]
    assert len(explanations) == 2
    assert all(explanation in text.stdout for explanation in explanations)
    rows_of_finished = (await site.onboard("numbers", finished_batch, "--output", "json")).data
    assert ends(rows_of_finished) == expected_ends(FINISHED_NUMBERS)


async def test_a_batch_under_way_has_no_report_yet(site: Site, waiting_batch: str) -> None:
    ended = await site.onboard("report", waiting_batch)
    assert (ended.code, ended.stdout) == (1, "")
    assert f"batch {waiting_batch} has no final report yet; see: onboard status {waiting_batch}" in ended.stderr


async def test_twenty_quick_runs_end_without_a_crash(site: Site) -> None:
    runs = await asyncio.gather(*(site.onboard.anew("list", "--output", "json") for _ in range(4)))
    for _ in range(8):
        runs += await asyncio.gather(*(site.onboard("list", "--output", "json") for _ in range(2)))
    assert [(run.code, run.stderr) for run in runs] == [(0, "")] * 20
