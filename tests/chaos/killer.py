"""Kills what the schedule says, and starts it again at once."""

import asyncio
from collections.abc import Sequence

from tests.chaos.schedule import Strike, Victim
from tests.end_to_end.site import Site


class Killer:
    """`ended_by_themselves` are the processes that were not killed and yet were not there any more."""

    def __init__(self, site: Site, strikes: Sequence[Strike]) -> None:
        """Nothing happens before `carry_out`."""
        self._site = site
        self._strikes = strikes
        self.is_done = False
        self.ended_by_themselves: list[str] = []

    async def carry_out(self) -> None:
        """Strike after strike, until the schedule is at its end."""
        for strike in self._strikes:
            await asyncio.sleep(strike.pause)
            await self.start_what_has_ended()
            await asyncio.gather(*map(self._kill, strike.victims))
        self.is_done = True

    async def start_what_has_ended(self) -> None:
        """Processes must not end by themselves, whatever else is away; one that did is started again and noted."""
        for name, component in self._site.stack.components.items():
            if not component.is_running:
                self.ended_by_themselves.append(name)
                await component.start()

    async def _kill(self, victim: Victim) -> None:
        if victim is Victim.CONNECTIONS:
            await self._site.world.reset_connections()
            return
        component = self._site.stack.components[victim]
        await component.kill()
        await component.start()
