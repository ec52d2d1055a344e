"""A small batch that is started while a large one runs must not starve."""

import asyncio
from collections.abc import AsyncIterator

from benchmarks.batch_files import phone_numbers
from benchmarks.batch_runs import batch_seconds, started_batch
from benchmarks.measure import Measure, at_most
from benchmarks.scale import Scale
from benchmarks.site import running_site
from onboarding.batch import DEFAULT_WINDOW

TIMES_ALONE = 3
_SMALL = 100
_HEAD_START_SECONDS = 10.0


async def measure(scale: Scale) -> AsyncIterator[Measure]:
    """A batch of 100 alone and beside the large batch, whose window is the usual one or half of it."""
    small = min(_SMALL, scale.large_batch)
    numbers = phone_numbers(small)
    async with running_site() as site:
        alone = await batch_seconds(site, "alone", numbers)
    for window in (DEFAULT_WINDOW, DEFAULT_WINDOW // 2):
        async with running_site() as site:
            large = phone_numbers(scale.large_batch, after=small)
            workflow_id = await started_batch(site, "large", large, window=window)
            await asyncio.sleep(_HEAD_START_SECONDS)
            beside = await batch_seconds(site, "beside", numbers)
            await site.client.get_workflow_handle(workflow_id).terminate("measured")
        yield at_most(
            f"a batch of {small} beside one of {scale.large_batch:,} with {window} groups in flight",
            beside / alone,
            "times its time alone",
            TIMES_ALONE,
            f"{beside:.1f} s against {alone:.1f} s to the report",
        )
