"""Whom a hosting order waits for: the LOA's signer, the carriers, or an operator; reminders and deadlines.

Numbers whose links failed wait on their own (`_recovery`), all others share one wait at a time.
"""

from datetime import datetime

from temporalio import workflow

from onboarding import notices, reasons
from onboarding.calls.notifications import Notice
from onboarding.contracts.hosting_order import HostingOrderRequest, OrderState
from onboarding.pace import Patience, Vigil
from onboarding.reasons import Reason, reason
from onboarding.stages import WaitingOn
from workflows._order_parts import in_order, order_name
from workflows._order_silence import patience_of
from workflows._recovery import LinkRecoveries
from workflows._silence import Silence
from workflows._waiting import tell

_LATE = {
    WaitingOn.OPERATOR: reasons.ORDER_REFUSED,
    WaitingOn.LOA_SIGNATURE: reasons.LOA_DEADLINE_PASSED,
    WaitingOn.CARRIER: reasons.CARRIER_DEADLINE_PASSED,
}


_PRESSING = (WaitingOn.OPERATOR, WaitingOn.LOA_SIGNATURE, WaitingOn.CARRIER)


class OrderWaits:
    """Reminds whoever an order waits for, and says when the wait is over."""

    def __init__(
        self, request: HostingOrderRequest, state: OrderState, silence: Silence, recoveries: LinkRecoveries
    ) -> None:
        """The vigil stands in `state`; the messages of a `silence` take the place of its reminders."""
        self._request = request
        self._state = state
        self._silence = silence
        self._recoveries = recoveries

    @property
    def waiting_on(self) -> WaitingOn:
        """The most pressing of all waits; where nothing is heard for long, an operator has to look into it."""
        if self._silence.since:
            return WaitingOn.OPERATOR
        waits = (self._of_order, self._recoveries.waiting_on)
        return next((who for who in _PRESSING if who in waits), WaitingOn.NOBODY)

    @property
    def waiting_since(self) -> datetime | None:
        """Since when that is so."""
        state = self._state
        if self._silence.since:
            return self._silence.waiting_since
        if state.vigil and self._of_order is self.waiting_on:
            return state.vigil.since
        return self._recoveries.waiting_since or (state.vigil.since if state.vigil else None)

    @property
    def _of_order(self) -> WaitingOn:
        """Whom the numbers wait for that are not in recovery."""
        if not self._open_numbers():
            return WaitingOn.NOBODY
        if self._state.problem:
            return WaitingOn.OPERATOR
        if self._state.order_state == "WAITING_FOR_LOA_SIGNATURE":
            return WaitingOn.LOA_SIGNATURE
        return WaitingOn.CARRIER

    async def mind(self) -> Reason | None:
        """Send the reminder that is due; the reason to settle with once the deadline has passed, else None."""
        state, now, waiting_on = self._state, workflow.now(), self._of_order
        if waiting_on is WaitingOn.NOBODY:
            await self._silence.mind()
            return None
        if state.vigil is None or state.vigil.waiting_on is not waiting_on:
            state.vigil = Vigil(waiting_on=waiting_on, since=now)
        patience = self._patience(state.vigil)
        if now >= state.vigil.deadline(patience):
            return state.problem or reason(_LATE[waiting_on])
        await self._silence.mind()
        if self._silence.since:
            state.vigil = state.vigil.caught_up(patience, now)
        elif now >= state.vigil.message_due(patience):
            state.vigil = await tell(state.vigil, self._notice(state.vigil), self._request.batch.pace)
        return None

    def next_due(self) -> datetime | None:
        """When the next reminder or the deadline is due."""
        vigil = self._state.vigil
        return vigil.next_due(self._patience(vigil)) if vigil and self._open_numbers() else None

    def deadline(self) -> datetime | None:
        """When the present wait ends."""
        vigil = self._state.vigil
        return vigil.deadline(self._patience(vigil)) if vigil and self._open_numbers() else None

    def _patience(self, vigil: Vigil) -> Patience:
        return patience_of(vigil, self._request.batch.pace)

    def _notice(self, vigil: Vigil) -> Notice:
        request, state = self._request, self._state
        batch, numbers = request.batch, self._open_numbers()
        order = order_name(request, state)
        if state.problem:
            return notices.operator_notice(batch, order, vigil, state.problem, numbers)
        if vigil.waiting_on is WaitingOn.LOA_SIGNATURE:
            signer = (state.submitted_loa or batch.loa).signer
            return notices.loa_notice(batch, order, vigil, signer.email if signer else "nobody", numbers)
        return notices.carrier_notice(batch, order, vigil, numbers)

    def _open_numbers(self) -> list[str]:
        return [number.phone_number for number in in_order(self._state)]
