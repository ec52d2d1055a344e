"""The command: how long it takes to start a large batch, and how long to say anything at all."""

import asyncio
import statistics
import sys
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from benchmarks.batch_files import phone_numbers, write_batch
from benchmarks.measure import BenchmarkFailed, Measure, at_most, told
from benchmarks.scale import Scale
from benchmarks.site import Site, running_site

LARGEST_ROWS = 100_000
SECONDS_AT_THE_LARGEST = 20
LINEAR_UP_TO = 1.3
"""Time per row at the largest file against that at the smallest; more is no longer linear."""
HELP_TIMES_PYTHON = 12
_HELP_RUNS = 7
_ONBOARD = str(Path(sys.executable).parent / "onboard")


async def measure_start(scale: Scale) -> AsyncIterator[Measure]:
    """`onboard start` of files that grow. The worker is stopped, so that only the command is measured."""
    async with running_site() as site:
        await site.stack.components["worker"].stop()
        seconds = {rows: await _start_seconds(site, rows) for rows in scale.rows}
    for size, taken in seconds.items():
        name, note = f"onboard start, {size:,} rows", f"{taken / size * 1e6:.0f} us a row"
        if size == LARGEST_ROWS:
            yield at_most(name, taken, "s", SECONDS_AT_THE_LARGEST, note)
        else:
            yield told(name, taken, "s", note)
    smallest, largest = min(seconds), max(seconds)
    if smallest < largest:
        ratio = (seconds[largest] / largest) / (seconds[smallest] / smallest)
        yield at_most(f"time per row, {largest:,} against {smallest:,} rows", ratio, "times", LINEAR_UP_TO)


async def _start_seconds(site: Site, rows: int) -> float:
    batch = write_batch(site.folder, f"rows-{rows}", phone_numbers(rows))
    return await _seconds([_ONBOARD, "start", str(batch), "--yes"])


async def measure_help(_: Scale) -> AsyncIterator[Measure]:
    """`onboard --help` beside an interpreter that does nothing, medians of several runs in turn."""
    python, shown = [], []
    for _run in range(_HELP_RUNS):
        python.append(await _seconds([sys.executable, "-c", "pass"]))
        shown.append(await _seconds([_ONBOARD, "--help"]))
    ratio = statistics.median(shown) / statistics.median(python)
    note = f"{statistics.median(shown) * 1000:.0f} ms against {statistics.median(python) * 1000:.0f} ms"
    yield at_most("onboard --help against python -c pass", ratio, "times", HELP_TIMES_PYTHON, note)


async def _seconds(command: Sequence[str]) -> float:
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    if process.returncode:
        raise BenchmarkFailed(f"{' '.join(command)} ended with {process.returncode}: {said.decode()[-500:]}")
    return time.perf_counter() - started
