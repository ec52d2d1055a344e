"""What waits, what is stuck and who works on it, measured every minute in the worker process for its metrics.

A round is a few counts and one look at each task queue. Temporal may be away meanwhile: the next round comes anyway.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from temporalio.client import Client
from temporalio.common import MetricMeter
from temporalio.service import RPCError

from doctor.failing_tasks import count_failing
from doctor.open_work import OpenWork
from doctor.queues import QueueInUse, QueueState, queue_state, queues_in_use
from doctor.waiting import Moments, waits_on
from onboarding.stages import WaitingOn

EVERY = timedelta(minutes=1)

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True)
class Measurement:
    """One round."""

    waiting: Mapping[WaitingOn, int]
    """Open workflows by whom they wait for."""
    stuck: int
    """Open workflows whose task fails again and again."""
    deadlines_passed: int
    """Open workflows whose wait has ended without their going on."""
    queues: Sequence[QueueState]


class Gauges:
    """The metrics, under the names that docs/deployment.md lists."""

    def __init__(self, meter: MetricMeter) -> None:
        """`meter` is that of the runtime whose endpoint shows them."""
        self._waiting = meter.create_gauge("onboard_workflows_waiting", "Open workflows by whom they wait for")
        self._stuck = meter.create_gauge("onboard_workflows_stuck", "Open workflows whose workflow task keeps failing")
        self._passed = meter.create_gauge(
            "onboard_deadlines_passed", "Open workflows that have not gone on after their deadline"
        )
        self._pollers = meter.create_gauge("onboard_task_queue_pollers", "Workers that ask a task queue for work")
        self._backlog = meter.create_gauge("onboard_task_queue_backlog", "Tasks that wait in a task queue")
        self._measured = meter.create_gauge_float(
            "onboard_last_measured_timestamp_seconds", "When the other onboard metrics were measured, as Unix time"
        )

    def show(self, measurement: Measurement) -> None:
        """Replace what was shown before."""
        for who, count in measurement.waiting.items():
            self._waiting.set(count, {"on": who.value})
        for state in measurement.queues:
            labels = {"queue": state.queue.name, "kind": state.queue.kind}
            self._pollers.set(state.takers, labels)
            self._backlog.set(state.backlog, labels)
        self._stuck.set(measurement.stuck)
        self._passed.set(measurement.deadlines_passed)
        self._measured.set(datetime.now(UTC).timestamp())


async def measure(client: Client, queues: Iterable[QueueInUse]) -> Measurement:
    """Ask the server. Raises RPCError."""
    work = OpenWork(client)
    return Measurement(
        waiting={who: await work.count(waits_on(who)) for who in WaitingOn},
        stuck=await count_failing(work),
        deadlines_passed=await work.count(Moments(datetime.now(UTC)).passed),
        queues=[await queue_state(client, queue) for queue in queues],
    )


@asynccontextmanager
async def watched(
    client: Client, meter: MetricMeter, profiles: Iterable[str], every: timedelta = EVERY
) -> AsyncIterator[None]:
    """Measure at once, and then again and again until the block ends."""
    watching = asyncio.create_task(_watch(client, Gauges(meter), queues_in_use(profiles), every))
    try:
        yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def _watch(client: Client, gauges: Gauges, queues: Sequence[QueueInUse], every: timedelta) -> None:
    while True:
        try:
            async with asyncio.timeout(EVERY.total_seconds()):
                gauges.show(await measure(client, queues))
        except (RPCError, TimeoutError) as error:
            _log.warning("what waits and what is stuck could not be measured", error=str(error) or "no answer in time")
        await asyncio.sleep(every.total_seconds())
