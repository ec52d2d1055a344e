"""The benchmark runs: its HTTP load, its measures by name, and a tiny batch on a real stack."""

import asyncio
import json
from collections.abc import Sequence
from io import StringIO

import pytest
from rich.console import Console

from benchmarks.__main__ import run
from benchmarks.catalogue import CATALOGUE
from benchmarks.http_load import post, send_all, sink
from benchmarks.measure import Measure, told
from benchmarks.results import print_table
from benchmarks.scale import FULL, Scale


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


async def test_a_measure_that_fails_costs_the_others_nothing() -> None:
    async def breaks(_: Scale) -> Sequence[Measure]:
        raise RuntimeError("no such core")

    async def works(_: Scale) -> Sequence[Measure]:
        return [told("works", 1, "x")]

    kept: list[int] = []
    rows = await run(
        {"breaks": breaks, "works": works}, FULL, Console(file=StringIO()), lambda rows: kept.append(len(rows))
    )
    assert kept == [1, 2]
    assert [(row.name, row.ok, row.note) for row in rows] == [
        ("breaks", False, "RuntimeError: no such core"),
        ("works", True, ""),
    ]


def test_the_table_shows_what_failed_and_what_missed_its_target() -> None:
    shown = StringIO()
    rows = [Measure(name="slow", value=2.5, unit="times", target="<= 1.5", ok=False, note="busy simulator")]
    print_table(rows, Console(file=shown, width=100))
    assert [word in shown.getvalue() for word in ("slow", "2.5", "<= 1.5", "no", "busy simulator")] == [True] * 5


@pytest.mark.end_to_end
async def test_a_tiny_batch_goes_through_a_whole_stack_with_four_callbacks_a_number(temporal_cli: str) -> None:
    row, *more = await CATALOGUE["invoices-path"](FULL.cut_off(3))
    assert (row.name, more) == ("numbers per second, 3 numbers", [])
    assert row.value is not None
    assert row.value > 0
    assert "of 12 callbacks" in row.note
    assert json.loads(row.model_dump_json())["ok"] is True
