"""When an order is without news for too long: what is expected of Sinch, and from when on it is overdue."""

from datetime import datetime

from onboarding import notices
from onboarding.calls.notifications import Notice
from onboarding.contracts.hosting_order import HostingOrderRequest, OrderState
from onboarding.link_recovery import RecoveryPhase
from onboarding.pace import Pace, Patience, Vigil
from onboarding.stages import WaitingOn
from workflows._order_parts import in_order, open_numbers, order_name
from workflows._silence import Silence


def order_silence(request: HostingOrderRequest, state: OrderState) -> Silence:
    """Watches over everything that an order expects of Sinch."""

    def notice(vigil: Vigil) -> Notice:
        numbers = [number.phone_number for number in open_numbers(state)]
        return notices.silence_notice(request.batch, f"hosting order {order_name(request, state)}", vigil, numbers)

    def reminded(moment: datetime) -> datetime | None:
        vigil = state.vigil
        return vigil.due_after_message(moment, patience_of(vigil, request.batch.pace)) if vigil else None

    return Silence(state.listening, request.batch.pace, lambda: _quiet_since(request, state), notice, reminded)


def patience_of(vigil: Vigil, pace: Pace) -> Patience:
    """With whomever the order waits for."""
    return {
        WaitingOn.OPERATOR: pace.operator,
        WaitingOn.LOA_SIGNATURE: pace.loa_signature,
        WaitingOn.CARRIER: pace.carrier,
    }[vigil.waiting_on]


def _quiet_since(request: HostingOrderRequest, state: OrderState) -> datetime | None:
    """While the LOA is with its signer, or the OSR update is scheduled for later, any answer of Sinch will do."""
    listening, scheduled = state.listening, request.batch.scheduled_osr_update_time
    if listening.heard_at is None or listening.news_at is None or not _is_at_sinch(state):
        return None
    if state.order_state == "WAITING_FOR_LOA_SIGNATURE":
        return listening.heard_at
    return min(listening.heard_at, max(listening.news_at, scheduled or listening.news_at))


def _is_at_sinch(state: OrderState) -> bool:
    """What has failed waits for an operator anyhow, and what is linked again later waits for that moment."""
    recovering = [number.recovering for number in open_numbers(state) if number.recovering]
    in_link = any(recovery.phase is RecoveryPhase.LINKING for recovery in recovering)
    return in_link or (not state.problem and bool(in_order(state)))
