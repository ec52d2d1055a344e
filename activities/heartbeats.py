"""Heartbeats of activities that take long, so that one whose worker died is missed soon and begun again.

Activities know nothing of it: the worker beats for every activity that is called with a heartbeat time-out. The first
beat comes late enough that short activities, which are nearly all, send none.
"""

import asyncio
from typing import Any

from temporalio import activity
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

_BEATS_A_TIMEOUT = 3


class Heartbeats(Interceptor):
    """For the `interceptors` of a worker."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        """Beat while the activity runs."""
        return _Beating(next)


class _Beating(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK fixes the name
        timeout = activity.info().heartbeat_timeout
        if not timeout:
            return await super().execute_activity(input)
        beating = asyncio.create_task(_beat(timeout.total_seconds() / _BEATS_A_TIMEOUT))
        try:
            return await super().execute_activity(input)
        finally:
            beating.cancel()


async def _beat(seconds_apart: float) -> None:
    while True:
        await asyncio.sleep(seconds_apart)
        activity.heartbeat()
