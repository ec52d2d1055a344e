"""What the worker keeps in memory for numbers that wait: orders whose LOA nobody signs."""

from collections.abc import AsyncIterator

from benchmarks.batch_files import phone_numbers
from benchmarks.batch_runs import started_batch
from benchmarks.measure import Measure, at_most, told
from benchmarks.processes import resident_bytes
from benchmarks.scale import Scale
from benchmarks.site import Site, running_site
from benchmarks.waiting import until
from onboarding.contracts.batch import BatchRequest

MEGABYTES_AT_MOST = 30
"""Growth of the resident set per 10,000 waiting numbers."""
_PER = 10_000
_BATCH_SIZE = 500 * int(BatchRequest.model_fields["window"].default)
"""As many numbers as one batch has in flight at a time; more of them wait in more batches."""
_LOOK_EVERY_SECONDS, _PATIENCE = 0.5, 900.0


async def measure(scale: Scale) -> AsyncIterator[Measure]:
    """The worker's resident set with nothing to do, and with everything waiting for a signature."""
    async with running_site() as site:
        worker = site.components["worker"].process_id or 0
        idle = resident_bytes(worker)
        for first in range(0, scale.waiting, _BATCH_SIZE):
            size = min(_BATCH_SIZE, scale.waiting - first)
            numbers = phone_numbers(size, after=first)
            await started_batch(site, f"waiting-{first}", numbers, signer="never@example.com")
        await _all_wait(site, scale.waiting)
        busy = resident_bytes(worker)
    growth = (busy - idle) / 1e6
    note = f"{idle / 1e6:.0f} MB idle, {busy / 1e6:.0f} MB with {scale.waiting:,} waiting numbers"
    name = "worker memory per 10,000 waiting numbers"
    if scale.waiting < _PER:
        yield told(name, growth / scale.waiting * _PER, "MB", f"{note}; too few for a verdict")
    else:
        yield at_most(name, growth / scale.waiting * _PER, "MB", MEGABYTES_AT_MOST, note)


async def _all_wait(site: Site, numbers: int) -> None:
    orders = -(-numbers // 500)

    async def all_do() -> bool:
        return (await site.client.count_workflows('OnboardingWaitingOn="loa-signature"')).count >= orders

    await until(all_do, f"{orders} orders wait for a signature", every=_LOOK_EVERY_SECONDS, within=_PATIENCE)
