"""The operator of a batch: asks the phones what they heard, enters the codes with `onboard code`, has phones rung."""

import asyncio
from collections import Counter

from temporalio.client import RPCTimeoutOrCancelledError
from temporalio.service import RPCError

from onboarding.contracts.verification import VerificationStatus
from starter.challenges import call_again, open_challenges
from starter.exits import Stop
from tests.end_to_end.site import Site

_ROUND_EVERY_SECONDS = 0.2


class VoiceOperator:
    """Answers the voice challenges of one batch; `calls_requested` counts the further calls that were asked for."""

    def __init__(self, site: Site, batch: str) -> None:
        """Nothing is asked or entered before the first round."""
        self._site = site
        self._batch = batch
        self.calls_requested: Counter[str] = Counter()

    async def carry_through(self, hours_a_round: float = 3) -> None:
        """Go round, and let virtual time pass in between, until the batch is through."""
        while await self._site.is_running(self._batch):
            await self.round()
            if hours_a_round:
                await self._site.world.pass_hours(hours_a_round)
            await asyncio.sleep(_ROUND_EVERY_SECONDS)

    async def round(self) -> None:
        """Look after every open challenge once."""
        for challenge in await open_challenges(self._site.client, self._batch):
            await self._answer(challenge)

    async def _answer(self, challenge: VerificationStatus) -> None:
        if not challenge.calls_placed:
            return
        number = challenge.phone_number
        heard = await self._site.world.codes_heard(number)
        if len(heard) > challenge.codes_judged:
            await self._site.onboard("code", number, heard[-1])
        elif challenge.calls_left:
            await self._ask_for_a_call(number)

    async def _ask_for_a_call(self, number: str) -> None:
        try:
            await call_again(self._site.client, number)
        except Stop:
            return
        except (RPCError, RPCTimeoutOrCancelledError):
            self.calls_requested[number] += 1
            raise
        self.calls_requested[number] += 1
