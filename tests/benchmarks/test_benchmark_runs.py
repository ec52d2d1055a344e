"""The benchmark runs: its HTTP load, its measures by name, and a tiny batch on a real stack."""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.__main__ import run
from benchmarks.catalogue import CATALOGUE
from benchmarks.http_load import post, send_all, sink
from benchmarks.measure import Measure, told
from benchmarks.measure_process import measured
from benchmarks.one_measure import write_rows
from benchmarks.results import print_table
from benchmarks.scale import FULL


async def test_every_request_is_sent_once_with_its_body_and_every_answer_is_timed() -> None:
    bodies: list[bytes] = []
    async with sink(bodies.append) as url:
        port = int(url.rpartition(":")[2])
        load = await send_all(port, [post("/x", b"%d" % number) for number in range(50)], connections=7)
    assert sorted(map(int, bodies)) == list(range(50))
    assert (load.statuses, load.taken, len(load.waits)) == ({200: 50}, 50, 50)
    assert load.waits[0] <= load.wait_of(0.5) <= load.wait_of(0.99) <= load.waits[-1]


async def test_a_body_that_comes_in_pieces_is_taken_as_one() -> None:
    bodies: list[bytes] = []
    raw = post("/x", b"whole").raw
    async with sink(bodies.append) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        for position in range(0, len(raw), 10):
            writer.write(raw[position : position + 10])
            await writer.drain()
            await asyncio.sleep(0)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
        writer.close()
    assert bodies == [b"whole"]


async def test_a_measure_that_fails_keeps_the_rows_it_had_and_adds_one_that_says_why(tmp_path: Path) -> None:
    async def breaks() -> AsyncIterator[Measure]:
        yield told("before", 1, "x")
        raise RuntimeError("no such core")

    await write_rows("breaks", breaks(), tmp_path / "rows")
    rows = [Measure.model_validate_json(line) for line in (tmp_path / "rows").read_text().splitlines()]
    assert [(row.name, row.ok, row.note) for row in rows] == [
        ("before", True, ""),
        ("breaks", False, "RuntimeError: no such core"),
    ]


_STARTS_ANOTHER_AND_HANGS = """\
import pathlib, subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", sys.argv[2]], start_new_session=True)
with pathlib.Path(sys.argv[1]).open("a") as rows:
    rows.write('{"name": "first row", "value": 1, "unit": "x"}\\n')
time.sleep(600)
"""


def _hanging(mark: Path) -> Callable[[str, Path], Sequence[str]]:
    """The command of a measure that never ends; it and the process it starts have `mark` as an argument."""
    return lambda _, rows: [sys.executable, "-c", _STARTS_ANOTHER_AND_HANGS, str(rows), str(mark)]


async def test_a_measure_that_takes_too_long_ends_with_all_its_processes_and_keeps_its_rows(tmp_path: Path) -> None:
    kept: list[Measure] = []
    running = asyncio.create_task(measured("hangs", FULL, 5.0, kept.extend, _hanging(tmp_path)))
    await _two_processes_run(tmp_path)
    await running
    assert [(row.name, row.ok, row.note) for row in kept] == [
        ("first row", True, ""),
        ("hangs", False, "BenchmarkFailed: not through within 5 s"),
    ]
    assert _processes_with(tmp_path) == 0


async def test_stopping_a_benchmark_ends_the_measure_at_once_and_keeps_its_rows(tmp_path: Path) -> None:
    kept: list[Measure] = []
    running = asyncio.create_task(measured("hangs", FULL, 600.0, kept.extend, _hanging(tmp_path)))
    await _two_processes_run(tmp_path)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert [(row.ok, row.note) for row in kept[-1:]] == [(False, "BenchmarkFailed: stopped before it was through")]
    assert _processes_with(tmp_path) == 0


async def _two_processes_run(mark: Path) -> None:
    async with asyncio.timeout(30):
        while _processes_with(mark) < 2:  # noqa: ASYNC110 - there is nothing but /proc to tell
            await asyncio.sleep(0.02)


def _processes_with(mark: Path) -> int:
    """How many processes have this as an argument."""
    found = 0
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            found += entry.name.isdigit() and str(mark) in (entry / "cmdline").read_text().split("\0")
    return found


async def test_a_measure_whose_process_dies_is_a_row_with_its_last_words() -> None:
    def dying(name: str, rows: Path) -> list[str]:
        return [sys.executable, "-c", "raise SystemExit('out of memory')", name, str(rows)]

    kept: list[Measure] = []
    await measured("dies", FULL, 60.0, kept.extend, dying)
    assert [(row.name, row.ok) for row in kept] == [("dies", False)]
    assert "out of memory" in kept[0].note


async def test_measures_for_which_no_time_is_left_say_so() -> None:
    kept: list[Measure] = []
    assert await run(["help", "start"], FULL, 0.0, Console(file=StringIO()), kept.extend)
    assert [(row.name, row.ok) for row in kept] == [("help", False), ("start", False)]


def test_the_table_shows_what_failed_and_what_missed_its_target() -> None:
    shown = StringIO()
    rows = [Measure(name="slow", value=2.5, unit="times", target="<= 1.5", ok=False, note="busy simulator")]
    print_table(rows, Console(file=shown, width=100))
    assert [word in shown.getvalue() for word in ("slow", "2.5", "<= 1.5", "no", "busy simulator")] == [True] * 5


@pytest.mark.end_to_end
async def test_a_tiny_batch_goes_through_a_whole_stack_with_four_callbacks_a_number(temporal_cli: str) -> None:
    row, *more = [row async for row in CATALOGUE["invoices-path"].rows(FULL.cut_off(3))]
    assert (row.name, more) == ("numbers per second, 3 numbers", [])
    assert row.value is not None
    assert row.value > 0
    assert "of 12 callbacks" in row.note
    assert json.loads(row.model_dump_json())["ok"] is True
