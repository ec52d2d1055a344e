"""Running the obvious design (`benchmarks.baselines.workflow_a_number`) on a stack's Temporal and Sinch."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from benchmarks.baselines.workflow_a_number import TASK_QUEUE, NumberWorkflow, Obvious
from benchmarks.http_load import sink
from benchmarks.site import Site
from starter.stack.component import Component

_STARTS_AT_ONCE = 50


async def rate_of_obvious_design(site: Site, numbers: Sequence[str]) -> float:
    """Numbers per second; the product's own worker gets nothing to do. The first number is left out: it warms up."""
    async with sink(lambda _: None) as url, _worker(site, url):
        room = asyncio.Semaphore(_STARTS_AT_ONCE)
        await _run(site, numbers[0], room)
        started = time.monotonic()
        await asyncio.gather(*(_run(site, number, room) for number in numbers[1:]))
        return (len(numbers) - 1) / (time.monotonic() - started)


async def _run(site: Site, number: str, room: asyncio.Semaphore) -> None:
    async with room:
        handle = await site.client.start_workflow(
            NumberWorkflow.run, number, id=f"number-{number}", task_queue=TASK_QUEUE
        )
    await handle.result()


@asynccontextmanager
async def _worker(site: Site, callback_url: str) -> AsyncIterator[None]:
    given = Obvious(
        temporal=site.stack.endpoints.temporal, ports=site.sinch_ports, key=site.sinch_key, callback_url=callback_url
    )
    file = site.folder / "obvious.json"
    file.write_text(given.model_dump_json())
    command = [sys.executable, "-m", "benchmarks.baselines.workflow_a_number", str(file)]
    worker = Component("worker of the obvious design", command, {}, site.folder / "obvious.log")
    await worker.start()
    try:
        yield
    finally:
        await worker.stop()
