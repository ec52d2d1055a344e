"""Running one batch on a stack from start to report, and what that took."""

import asyncio
import sys
import time
from collections.abc import Sequence

from temporalio.client import Client

from benchmarks.batch_files import write_batch
from benchmarks.histories import HistoryCost, history_cost
from benchmarks.measure import BenchmarkFailed
from benchmarks.site import Counters, Site
from benchmarks.waiting import until
from onboarding.batch import DEFAULT_WINDOW
from onboarding.contracts.batch import BatchResult
from onboarding.model import Model
from onboarding.stages import Stage
from starter.batches import start_batch
from starter.input import read_batch
from starter.settings import document_store

CALLBACKS_A_NUMBER = 4
"""OSR update, SMS platform, campaign, end of the hosting process."""

_LIST_LAG_SECONDS = 3.0
_LOOK_EVERY_SECONDS = 0.1
_CALLBACKS_WITHIN_SECONDS = 1_200.0


class BatchRun(Model):
    """One batch, done, and all its callbacks answered."""

    numbers: int
    seconds_to_report: float
    """From reading its files to the result of its workflow."""
    seconds: float
    """The same, or until the last of its callbacks was answered, whichever came later."""
    counted: Counters
    histories: HistoryCost

    @property
    def events_a_number(self) -> float:
        """History events of all workflows of the batch."""
        return self.histories.events / self.numbers

    @property
    def api_calls(self) -> int:
        """Requests to Sinch, those for tokens left out."""
        return sum(self.counted.api_calls.values())

    @property
    def busiest(self) -> str:
        """What every process spent, the busiest first: `worker 3.1 s, receiver 2.0 s`."""
        spent = sorted(self.counted.cpu_seconds.items(), key=lambda part: -part[1])
        return ", ".join(f"{name} {seconds:.1f} s" for name, seconds in spent)


async def run_batch(site: Site, batch: str, numbers: Sequence[str]) -> BatchRun:
    """Run it alone on the stack. Raises BenchmarkFailed unless every number comes to a good end."""
    before, started = await site.counters(), time.monotonic()
    seconds_to_report = await batch_seconds(site, batch, numbers)
    counted = await _when_all_callbacks_are_answered(site, before, len(numbers) * CALLBACKS_A_NUMBER)
    seconds = time.monotonic() - started
    await asyncio.sleep(_LIST_LAG_SECONDS)
    histories = await history_cost(site.client, f'OnboardingBatch="{batch}"')
    return BatchRun(
        numbers=len(numbers),
        seconds_to_report=seconds_to_report,
        seconds=seconds,
        counted=counted,
        histories=histories,
    )


async def _when_all_callbacks_are_answered(site: Site, before: Counters, expected: int) -> Counters:
    async def all_are() -> bool:
        return (await site.counters()).since(before).callbacks >= expected

    what = f"{expected} callbacks are answered"
    await until(all_are, what, every=_LOOK_EVERY_SECONDS, within=_CALLBACKS_WITHIN_SECONDS)
    return (await site.counters()).since(before)


async def batch_seconds(site: Site, batch: str, numbers: Sequence[str]) -> float:
    """Seconds from reading the files to the result. Raises BenchmarkFailed unless every number comes to a good end."""
    started = time.monotonic()
    workflow_id = await started_batch(site, batch, numbers)
    stages = await stages_at_the_end(site.client, workflow_id)
    seconds = time.monotonic() - started
    if stages != {Stage.DONE: len(numbers)}:
        raise BenchmarkFailed(f"batch {batch} of {len(numbers)} numbers ended with {stages}")
    return seconds


async def started_batch(
    site: Site,
    batch: str,
    numbers: Sequence[str],
    *,
    signer: str = "avery@example.com",
    window: int = DEFAULT_WINDOW,
) -> str:
    """Start a batch as `onboard start` does; its workflow id."""
    path = write_batch(site.folder, batch, numbers, signer=signer, window=window)
    given = read_batch(path, None, sys.stdin.buffer)
    return (await start_batch(site.client, document_store(), given)).workflow_id


async def stages_at_the_end(client: Client, workflow_id: str) -> dict[str, int]:
    """Stage -> numbers, once the batch has ended."""
    result: BatchResult = await client.get_workflow_handle(workflow_id, result_type=BatchResult).result()
    return result.stages
