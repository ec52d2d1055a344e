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
_CHALLENGES_AT_A_TIME = 3


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
        """Look after every open challenge once, some at a time. Raises, after all of them, what went wrong with one."""
        challenges = await open_challenges(self._site.client, self._batch)
        hands = asyncio.Semaphore(_CHALLENGES_AT_A_TIME)
        answered = await asyncio.gather(*(self._answer(each, hands) for each in challenges), return_exceptions=True)
        for problem in filter(None, answered):
            raise problem

    async def _answer(self, challenge: VerificationStatus, hands: asyncio.Semaphore) -> None:
        if challenge.calls_placed:
            async with hands:
                await self._enter_or_ring(challenge)

    async def _enter_or_ring(self, challenge: VerificationStatus) -> None:
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
