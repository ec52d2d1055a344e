"""How long a stack under attack does nothing."""

import asyncio

from tests.end_to_end.simulated_world import SimulatedWorld

_LOOK_EVERY_SECONDS = 0.5


class Stalls:
    """`longest` is the longest time, in seconds, in which no request reached the simulated Sinch."""

    def __init__(self, world: SimulatedWorld) -> None:
        """Nothing is watched before `watch`."""
        self._world = world
        self.longest = 0.0

    async def watch(self) -> None:
        """Look until cancelled."""
        loop = asyncio.get_running_loop()
        known, since = 0, loop.time()
        while True:
            seen = (await self._world.requests()).total()
            if seen != known:
                known, since = seen, loop.time()
            self.longest = max(self.longest, loop.time() - since)
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
