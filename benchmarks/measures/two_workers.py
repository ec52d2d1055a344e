"""Does a second worker process help, and if not, what is in the way?"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.batch_files import phone_numbers
from benchmarks.batch_runs import BatchRun, run_batch
from benchmarks.measure import Measure, told
from benchmarks.scale import Scale
from benchmarks.site import Site, running_site
from starter.stack.component import Component


async def measure(scale: Scale) -> AsyncIterator[Measure]:
    """The same batch with one worker and with two, each on a fresh stack."""
    numbers = phone_numbers(scale.two_workers)
    async with running_site() as site:
        one = await run_batch(site, "one-worker", numbers)
    async with running_site() as site, _second_worker(site):
        two = await run_batch(site, "two-workers", numbers)
    yield told(
        f"two workers against one, {len(numbers):,} numbers",
        one.seconds / two.seconds,
        "times the numbers/s",
        f"one: {_told(one)}; two: {_told(two)} (the second worker's time is not in this list)",
    )


def _told(run: BatchRun) -> str:
    return f"{run.seconds:.1f} s, processor time {run.busiest}"


@asynccontextmanager
async def _second_worker(site: Site) -> AsyncIterator[None]:
    environment = {**site.stack.environment, "ONBOARD_METRICS_ADDRESS": ""}
    command = [sys.executable, "-m", "worker"]
    worker = Component("second worker", command, environment, site.folder / "second_worker.log")
    await worker.start()
    try:
        yield
    finally:
        await worker.stop()
