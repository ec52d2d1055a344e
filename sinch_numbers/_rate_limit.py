"""Requests of one client started evenly, so that Sinch need not answer 429."""

import asyncio
from collections.abc import Awaitable, Callable


class RateLimit:
    """A token bucket with room for one token: requests start evenly spaced, in the order in which they asked.

    A request that is cancelled while it waits takes no token. requests_per_second of None never waits.
    """

    def __init__(
        self,
        requests_per_second: float | None,
        monotonic_clock: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._seconds_apart = 1 / requests_per_second if requests_per_second else 0.0
        self._now = monotonic_clock
        self._sleep = sleep
        self._turn = asyncio.Lock()
        self._next_token_at = monotonic_clock()

    async def take_token(self) -> None:
        """Return when the next request may start."""
        async with self._turn:
            due = max(self._next_token_at, self._now())
            while (wait := due - self._now()) > 0:
                await self._sleep(wait)
            self._next_token_at = due + self._seconds_apart
