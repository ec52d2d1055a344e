"""The product beside two others on the same simulated Sinch: plain calls without Temporal, and the obvious design."""

from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.baselines.no_durability import seconds_without_durability
from benchmarks.baselines.obvious_design import rate_of_obvious_design
from benchmarks.batch_files import phone_numbers
from benchmarks.batch_runs import run_batch
from benchmarks.measure import Measure, at_least, at_most, told
from benchmarks.scale import Scale
from benchmarks.site import DAY_SECONDS, running_site

TIMES_PLAIN_CALLS = 1.5
TIMES_OBVIOUS_DESIGN = 30


async def measure(scale: Scale) -> AsyncIterator[Measure]:
    """The product and the plain calls with as many numbers, the obvious design with as many as it can bear."""
    numbers = phone_numbers(scale.compared)
    async with running_site() as site:
        run = await run_batch(site, "compared", numbers)
    with TemporaryDirectory(prefix="onboard-bench-") as folder:
        plain = await seconds_without_durability(Path(folder), numbers, DAY_SECONDS)
    yield at_most(
        f"against no durability at all, {run.numbers:,} numbers",
        run.seconds / plain,
        "times its time",
        TIMES_PLAIN_CALLS,
        f"{run.seconds:.1f} s with all callbacks answered ({run.seconds_to_report:.1f} s to the report), plain "
        f"asyncio and httpx {plain:.1f} s; processor time: {run.busiest}",
    )
    few = phone_numbers(scale.obvious_design)
    async with running_site() as site:
        obvious = await rate_of_obvious_design(site, few)
    rate = run.numbers / run.seconds
    yield at_least(
        "against the obvious design",
        rate / obvious,
        "times its numbers/s",
        TIMES_OBVIOUS_DESIGN,
        f"{rate:.0f} numbers/s at {run.numbers:,} numbers",
    )
    yield told(
        f"the obvious design, {len(few)} numbers", obvious, "numbers/s", "a workflow a number, an activity a call"
    )
