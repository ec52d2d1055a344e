"""Letting the time-skipping server's clock run, also where the server itself forgets to.

The server (1.31.0) counts who holds its clock. It forgets to let go when a child workflow ends whose parent run
has ended before, and on a busy machine sometimes when two children start at once. Then nothing is in flight, and
yet the clock stands for good.

It also refuses the answer of a workflow task that cancels a timer which fired meanwhile, and never gives that task out
again (temporalio/sdk-java#3088). Waits here are in whole hours, as are the timers they wake, which begin some
milliseconds late: without a margin the clock would stop just before a timer, and what the test does next would meet it.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from datetime import timedelta
from typing import Any, TypeVar

from temporalio.api.enums.v1 import EventType
from temporalio.api.testservice.v1 import SleepRequest, UnlockTimeSkippingRequest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from tests.workflows.outside_world import OutsideWorld

Result = TypeVar("Result")

_QUIET_SECONDS = 3.0
"""Letting go of a clock that nobody forgot makes days pass while work is under way: a busy machine is given time."""
_SLEEPS_AT_MOST = timedelta(seconds=100)
"""Of real time; the SDK's own call gives up after 30 seconds, in which a busy machine does not pass many days."""
_BEYOND_TIMERS = timedelta(seconds=30)
"""How far behind the moment asked for the clock stops, so that no timer of that moment is still to fire."""
_TASK_WAITS = (EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED, EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED)
_TASK_ENDS = (
    EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT,
)


class ServerClock:
    """Waits for what takes the server's time; where its clock stands without need, lets go in its place."""

    def __init__(
        self, environment: WorkflowEnvironment, world: OutsideWorld, known: Callable[[], Iterable[str]]
    ) -> None:
        """All activities end in `world`; `known` are the ids of all workflows."""
        self._environment = environment
        self._client: Client = environment.client
        self._world = world
        self._known = known

    async def run(self, waiting: Coroutine[Any, Any, Result]) -> Result:
        """The result of what takes the server's time."""
        task = asyncio.ensure_future(waiting)
        while True:
            before = len(self._world.recorded)
            ended, _ = await asyncio.wait([task], timeout=_QUIET_SECONDS)
            if ended or not self._environment.supports_time_skipping:
                return await task
            if len(self._world.recorded) == before and not await self._busy():
                await self._client.test_service.unlock_time_skipping(UnlockTimeSkippingRequest())

    async def pass_time(self, duration: timedelta) -> None:
        """Let the server's clock go on, and beyond the timers then due; without a clock to skip, wait that long."""
        if self._environment.supports_time_skipping:
            request = SleepRequest()
            request.duration.FromTimedelta(duration + _BEYOND_TIMERS)
            service = self._client.test_service
            await self.run(service.unlock_time_skipping_with_sleep(request, timeout=_SLEEPS_AT_MOST))
        else:
            await self._environment.sleep(duration)

    async def _busy(self) -> bool:
        return self._world.in_flight > 0 or any(
            [await self._has_open_task(workflow_id) for workflow_id in self._known()]
        )

    async def _has_open_task(self, workflow_id: str) -> bool:
        is_open = False
        async for event in self._client.get_workflow_handle(workflow_id).fetch_history_events():
            is_open = event.event_type in _TASK_WAITS or (is_open and event.event_type not in _TASK_ENDS)
        return is_open
