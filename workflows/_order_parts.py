"""What a hosting order is made of: its numbers, its names, what Sinch is asked for and what the group is told."""

from collections.abc import Iterable

from onboarding.batch import BlanketLoa, LoaParty
from onboarding.calls.hosting_orders import CreateOrder
from onboarding.contracts.hosting_order import HostingOrderRequest, OrderSettled, OrderState, SettledNumber
from onboarding.ids import order_display_name
from onboarding.progress import NumberProgress


def open_numbers(state: OrderState) -> list[NumberProgress]:
    """Numbers that have not come to their end."""
    return [number for number in state.numbers.values() if not number.is_final]


def in_order(state: OrderState) -> list[NumberProgress]:
    """Open numbers that the order itself is still about; those in recovery have left its course."""
    return [number for number in open_numbers(state) if not number.recovering]


def display_name(request: HostingOrderRequest, state: OrderState) -> str:
    """The name under which Sinch has the present attempt."""
    return order_display_name(request.batch.id, request.sequence, request.wave, state.attempt)


def order_name(request: HostingOrderRequest, state: OrderState) -> str:
    """What people find the order by, also before Sinch has given it an id."""
    return state.hosting_order_id or display_name(request, state)


def loa_of(request: HostingOrderRequest, state: OrderState) -> LoaParty | BlanketLoa:
    """The LOA party of the next submission."""
    return state.loa or request.batch.loa


def create_order(request: HostingOrderRequest, state: OrderState) -> CreateOrder:
    """What Sinch is asked for."""
    batch = request.batch
    return CreateOrder(
        display_name=display_name(request, state),
        region=batch.region,
        numbers=tuple(number.phone_number for number in in_order(state)),
        service_plan_id=batch.service_plan_id,
        campaign_id=batch.campaign_id,
        nnid=batch.nnid,
        number_type=batch.number_type,
        scheduled_osr_update_time=batch.scheduled_osr_update_time,
        loa=loa_of(request, state),
    )


def settled(request: HostingOrderRequest, state: OrderState, numbers: Iterable[NumberProgress]) -> OrderSettled:
    """How these numbers ended, for the group."""
    return OrderSettled(
        wave=request.wave,
        hosting_order_id=state.hosting_order_id,
        numbers=tuple(SettledNumber.model_validate(number, from_attributes=True) for number in numbers),
    )
