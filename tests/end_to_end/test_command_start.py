"""`onboard start`: nothing is sent before all is right, nothing is started twice, waiting ends with a telling code."""

import asyncio
import signal
from pathlib import Path

import pytest
from temporalio.service import RPCError

from tests.end_to_end.batches import FOREVER, SELDOM, ends, expected_ends, numbers_of, write_batch
from tests.end_to_end.site import Site

pytestmark = pytest.mark.end_to_end


async def has_started(site: Site, batch: str) -> bool:
    try:
        return await site.is_running(batch)
    except RPCError:
        return False


async def test_bad_input_is_listed_with_its_lines_and_nothing_is_sent(site: Site, tmp_path: Path) -> None:
    numbers = numbers_of(602, "0101")
    path = write_batch(tmp_path, "bad", [*numbers, "+1602555", *numbers])
    text = path.read_text().replace('verification = "invoices-then-voice"', 'verification = "by hand"')
    path.write_text(text.replace('country = "US"', 'country = "FR"'))
    ended = await site.onboard("start", path, "--yes")

    lines = path.read_text().splitlines()
    verification = next(line for line, text in enumerate(lines, start=1) if "by hand" in text)
    country = next(line for line, text in enumerate(lines, start=1) if "FR" in text)
    assert (ended.code, ended.stdout) == (2, "")
    summary, *problems = ended.stderr.splitlines()
    assert summary == "4 problems in the input, nothing was sent:"
    assert [problem.rpartition(": ")[0].partition("'")[0] for problem in problems] == [
        f"{path}, line {verification}, verification = ",
        f"{path}, line {country}, loa.address.country = ",
        f"{tmp_path / 'bad.csv'}, line 3, phone_number = ",
        f"{tmp_path / 'bad.csv'}, line 4, phone_number = ",
    ]
    assert await site.world.side_effects_on(numbers) == []
    assert not await has_started(site, "bad")


async def test_a_dry_run_shows_what_would_be_sent_and_needs_neither_temporal_nor_sinch(
    site: Site, tmp_path: Path
) -> None:
    numbers = numbers_of(602, "0102", "0103")
    path = write_batch(tmp_path, "dry", numbers)
    text = await site.onboard("start", path, "--dry-run", TEMPORAL_ADDRESS="127.0.0.1:1")
    as_json = await site.onboard("start", path, "--dry-run", "--output", "json", TEMPORAL_ADDRESS="127.0.0.1:1")

    assert (text.code, as_json.code) == (0, 0)
    assert "Dry run of batch dry for Harbor Lane Dental Group: nothing is sent." in text.stdout
    assert as_json.data["qualification_requests"] == [{"group": 1, "numbers": list(numbers)}]
    assert await site.world.side_effects_on(numbers) == []
    assert not await has_started(site, "dry")


async def test_numbers_may_come_from_standard_input(site: Site, tmp_path: Path) -> None:
    numbers = numbers_of(602, "0104")
    path = write_batch(tmp_path, "piped", numbers_of(602, "0105"))
    ended = await site.onboard("start", path, "-", "--dry-run", "--output", "json", given="\n".join(numbers))
    assert ended.data["qualification_requests"][0]["numbers"] == list(numbers)


async def test_the_same_batch_again_attaches_and_other_content_is_refused(site: Site, tmp_path: Path) -> None:
    numbers = numbers_of(617, "0101", "0102")
    path = write_batch(tmp_path, "twice", numbers, voice_code=FOREVER, poll_longest=SELDOM, verification="voice")
    first, again = [await site.onboard("start", path, "--output", "json") for _ in range(2)]
    assert (first.code, again.code) == (0, 0)
    assert (first.data["attached"], again.data["attached"]) == (False, True)
    assert first.data["workflow_id"] == again.data["workflow_id"] == "OnboardBatch:twice"
    assert first.data["web_ui"].startswith(f"{site.stack.endpoints.web_ui}/namespaces/default/workflows?query=")
    assert f"Web UI: {first.data['web_ui']}" in (await site.onboard("start", path)).stdout

    other = numbers_of(617, "0101", "0103")
    changed = write_batch(
        tmp_path, "twice", other, voice_code=FOREVER, poll_longest=SELDOM, verification="voice", call_pause='"2s"'
    )
    refused = await site.onboard("start", changed)
    assert (refused.code, refused.stdout) == (2, "")
    assert "batch twice was started before with other content" in refused.stderr
    assert "pace.call_pause: was '1s', now '2s'" in refused.stderr
    assert f"only then: {numbers[1]}\n" in refused.stderr
    assert f"only now: {other[1]}\n" in refused.stderr
    assert await site.world.side_effects_on(other[1:]) == []


async def test_waiting_ends_with_3_when_numbers_failed_and_with_0_when_none_did(site: Site, tmp_path: Path) -> None:
    good, mixed = numbers_of(713, "0101"), numbers_of(713, "0102", "4001", "7001")
    paths = [
        write_batch(tmp_path, batch, numbers, eligible_is_enough=True)
        for batch, numbers in (("all-good", good), ("some-bad", mixed))
    ]
    all_good, some_bad = await asyncio.gather(
        site.through("start", paths[0], "--wait", "--output", "json"), site.through("start", paths[1], "--wait")
    )
    assert (all_good.code, all_good.data["stages"]) == (0, {"DONE": 1})
    assert some_bad.code == 3
    assert "batch some-bad is through\n" in some_bad.stdout
    assert "Batch some-bad of Harbor Lane Dental Group: RUNNING, 3 numbers" in some_bad.stderr
    rows = (await site.onboard("report", "some-bad", "--output", "jsonl")).lines
    assert ends(rows) == expected_ends(mixed)


async def test_a_wait_for_a_person_can_time_out_or_be_interrupted_and_the_batch_goes_on(
    site: Site, waiting_batch: str, tmp_path: Path
) -> None:
    path = site.folder / f"{waiting_batch}.toml"
    timed_out = await site.onboard("start", path, "--wait", "--timeout", "1s")
    assert timed_out.code == 5
    assert f"batch {waiting_batch} is still running, waiting on " in timed_out.stderr
    assert "voice-code (2 numbers)" in timed_out.stderr

    async with site.onboard.started("start", path, "--wait") as process:
        assert process.stderr is not None
        assert b"RUNNING" in await process.stderr.readline()
        process.send_signal(signal.SIGINT)
        interrupted = await site.onboard.ended(process)
    assert interrupted.code == 130
    assert f"batch {waiting_batch} goes on by itself; see: onboard status {waiting_batch}" in interrupted.stderr
    assert await site.is_running(waiting_batch)
