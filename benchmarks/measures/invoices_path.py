"""The usual way of a number: invoices, hosting orders of 500, all callbacks on. What it costs, and how that grows."""

from collections.abc import AsyncIterator, Iterator, Sequence

from benchmarks.batch_files import phone_numbers
from benchmarks.batch_runs import BatchRun, run_batch
from benchmarks.measure import Measure, at_most, told
from benchmarks.scale import Scale
from benchmarks.site import running_site

EVENTS_AT_MOST = {500: 0.4, 10_000: 0.5}
"""History events a number, by the size of the batch."""
ACTIONS_AT_MOST = 0.15
API_CALLS_AT_MOST = 0.1
LARGEST = 100_000
SECONDS_AT_THE_LARGEST = 180
GROWTH_AT_MOST = 1.3
_FULL_GROUP = 500


async def measure(scale: Scale) -> AsyncIterator[Measure]:
    """Batches of every size, each on a fresh stack."""
    runs = []
    for size in scale.batches:
        runs.append(await _run(size))
        for row in _rows(runs[-1]):
            yield row
    for row in _growth(runs):
        yield row


async def _run(size: int) -> BatchRun:
    async with running_site() as site:
        return await run_batch(site, f"invoices-{size}", phone_numbers(size))


def _rows(run: BatchRun) -> Iterator[Measure]:
    of = f"{run.numbers:,} numbers"
    counted = run.counted
    note = (
        f"{run.seconds:.1f} s until the report is written and all callbacks are answered, "
        f"{run.seconds_to_report:.1f} s of it to the report; {counted.callbacks_taken} of {counted.callbacks} "
        f"callbacks reached an open workflow, in {counted.signals} signals; processor time: {run.busiest}"
    )
    yield told(f"numbers per second, {of}", run.numbers / run.seconds, "numbers/s", note)
    if run.numbers == LARGEST:
        yield at_most(f"seconds, {of}", run.seconds, "s", SECONDS_AT_THE_LARGEST)
    if run.numbers < _FULL_GROUP:
        return
    cost, per = run.histories, 1 / run.numbers
    lengths = f"{cost.events} events in {cost.runs} histories, the longest with {cost.longest}"
    if run.numbers in EVENTS_AT_MOST:
        limit = EVENTS_AT_MOST[run.numbers]
        yield at_most(f"history events per number, {of}", run.events_a_number, "events", limit, lengths)
    else:
        yield told(f"history events per number, {of}", run.events_a_number, "events", lengths)
    yield at_most(f"Temporal Cloud Actions per number, {of}", cost.actions * per, "Actions", ACTIONS_AT_MOST)
    calls = ", ".join(f"{name} {count}" for name, count in counted.api_calls.items() if count)
    yield at_most(f"Sinch API calls per number, {of}", run.api_calls * per, "calls", API_CALLS_AT_MOST, calls)


def _growth(runs: Sequence[BatchRun]) -> Iterator[Measure]:
    by_size = {run.numbers: run.seconds / run.numbers for run in runs}
    if LARGEST in by_size:
        ratio = by_size[LARGEST] / by_size[LARGEST // 10]
        yield at_most("time per number, 100,000 against 10,000 numbers", ratio, "times", GROWTH_AT_MOST)
