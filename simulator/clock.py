"""Virtual time: a clock that can run faster than real time or be advanced at will, and what is due on it."""

import asyncio
import heapq
import itertools
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVarTuple

from simulator.settings import DAY

logger = logging.getLogger(__name__)

Arguments = TypeVarTuple("Arguments")

_ACTIONS_BEFORE_OTHERS_RUN = 200


@lru_cache(maxsize=65_536)
def rfc3339(moment: float) -> str:
    """A moment in seconds since 1970 as Sinch writes it: UTC, microseconds, ``Z``."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class VirtualClock:
    """Tells virtual time (seconds since 1970) and runs synchronous actions when they are due.

    It starts at the real present. An action sees exactly its due time as the present, however late the
    machine gets to it, so that the same seed gives the same spans of time.
    """

    def __init__(self, seconds_per_day: float = DAY) -> None:
        self.seconds_per_day = seconds_per_day
        self._virtual_anchor = time.time()
        self._real_anchor = time.monotonic()
        self._pinned: float | None = None
        self._due: list[tuple[float, int, Callable[..., None], tuple[Any, ...]]] = []
        self._sequence = itertools.count()
        self._something_earlier = asyncio.Event()
        self._running_actions = asyncio.Lock()
        self._consequences: Callable[[], Awaitable[None]] | None = None

    def now(self) -> float:
        """The present, in seconds since 1970."""
        if self._pinned is not None:
            return self._pinned
        real_seconds = time.monotonic() - self._real_anchor
        return self._virtual_anchor + real_seconds * DAY / self.seconds_per_day

    def at(self, due: float, action: Callable[[*Arguments], None], *arguments: *Arguments) -> None:
        """Run the action at that moment, or at once when it has passed."""
        if not self._due or due < self._due[0][0]:
            self._something_earlier.set()
        heapq.heappush(self._due, (due, next(self._sequence), action, arguments))

    def after(self, seconds: float, action: Callable[[*Arguments], None], *arguments: *Arguments) -> None:
        """Run the action that many virtual seconds from now."""
        self.at(self.now() + seconds, action, *arguments)

    def when_advancing_wait_for(self, consequences: Callable[[], Awaitable[None]]) -> None:
        """Have :meth:`advance` wait for this after each moment, so that its consequences come in order too."""
        self._consequences = consequences

    async def advance(self, seconds: float) -> None:
        """Jump ahead, running everything that falls due on the way, in order and at its own time."""
        async with self._running_actions:
            start = self.now()
            target = start + seconds
            self._pinned = start
            try:
                await self._settle()
                while self._due and self._due[0][0] <= target:
                    self._pinned = max(start, self._due[0][0])
                    while self._due and self._due[0][0] <= self._pinned:
                        self._run_next()
                    await self._settle()
            finally:
                self._virtual_anchor, self._real_anchor, self._pinned = target, time.monotonic(), None

    async def run(self) -> None:
        """Run what falls due as time goes by, until cancelled."""
        while True:
            self._something_earlier.clear()
            async with self._running_actions:
                await self._run_what_is_due()
            try:
                async with asyncio.timeout(self._real_seconds_to_next()):
                    await self._something_earlier.wait()
            except TimeoutError:
                continue

    async def _run_what_is_due(self) -> None:
        actions = 0
        while self._due and self._due[0][0] <= self.now():
            self._pinned = self._due[0][0]
            try:
                self._run_next()
            except Exception:
                logger.exception("an action of the virtual clock failed; time goes on without it")
            finally:
                self._pinned = None
            actions += 1
            if actions % _ACTIONS_BEFORE_OTHERS_RUN == 0:
                await asyncio.sleep(0)

    def _run_next(self) -> None:
        _, _, action, arguments = heapq.heappop(self._due)
        action(*arguments)

    def _real_seconds_to_next(self) -> float | None:
        if not self._due:
            return None
        return max(0.0, self._due[0][0] - self.now()) * self.seconds_per_day / DAY

    async def _settle(self) -> None:
        if self._consequences is not None:
            await self._consequences()
