"""A small batch that is started while a large one runs must not starve."""

import asyncio
from collections.abc import AsyncIterator

from benchmarks.batch_files import phone_numbers
from benchmarks.batch_runs import batch_seconds, started_batch
from benchmarks.measure import Measure, at_most
from benchmarks.scale import Scale
from benchmarks.site import running_site

TIMES_ALONE = 3
_SMALL = 100
_HEAD_START_SECONDS = 4.0


async def measure(scale: Scale) -> AsyncIterator[Measure]:
    """A batch of 100 alone, and another one beside the large batch, on one stack."""
    small = min(_SMALL, scale.large_batch)
    async with running_site() as site:
        alone = await batch_seconds(site, "alone", phone_numbers(small))
        large = phone_numbers(scale.large_batch, after=2 * small)
        workflow_id = await started_batch(site, "large", large)
        await asyncio.sleep(_HEAD_START_SECONDS)
        beside = await batch_seconds(site, "beside", phone_numbers(small, after=small))
        await site.client.get_workflow_handle(workflow_id).terminate("measured")
    yield at_most(
        f"a batch of {small} beside one of {scale.large_batch:,}",
        beside / alone,
        "times its time alone",
        TIMES_ALONE,
        f"{beside:.1f} s against {alone:.1f} s to the report",
    )
