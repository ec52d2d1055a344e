"""What an operator cannot ask of a hosting order: each refusal says why, and what can be done."""

from collections.abc import Iterable

from temporalio.exceptions import ApplicationError

from onboarding.contracts.hosting_order import AmendLoa, HostingOrderRequest, OrderState
from onboarding.contracts.operator import RetryAction
from workflows._order_parts import loa_of, open_numbers, order_name
from workflows._order_retries import chosen_for_retry


def refuse_unknown(state: OrderState, phone_numbers: Iterable[str]) -> None:
    """Raises ApplicationError `UnknownNumber` where a number is not in the order."""
    unknown = [number for number in phone_numbers if number not in state.numbers]
    if unknown:
        raise ApplicationError(f"Not in this order: {', '.join(unknown)}.", type="UnknownNumber")


def refuse_when_ended(state: OrderState) -> None:
    """Raises ApplicationError `Ended` where every number has come to its end."""
    if not open_numbers(state):
        raise ApplicationError("The order has ended.", type="Ended")


def refuse_without_problem(request: HostingOrderRequest, state: OrderState) -> None:
    """Raises ApplicationError `AtWork` while Sinch is at work on the order."""
    refuse_when_ended(state)
    if not state.problem:
        raise ApplicationError(
            f"Hosting order {order_name(request, state)} is at work at Sinch, where nothing can cancel "
            "or repeat it: wait for it, or skip numbers.",
            type="AtWork",
        )


def refuse_fruitless_retry(request: HostingOrderRequest, state: OrderState, action: RetryAction) -> None:
    """Raises ApplicationError `WrongStage` where none of the chosen numbers has failed, `AtWork` where nothing has."""
    refuse_unknown(state, action.phone_numbers)
    chosen = chosen_for_retry(action, request, state).told
    refuse_when_ended(state)
    if not chosen and action.names_any:
        raise ApplicationError("None of these numbers has failed for such a reason.", type="WrongStage")
    if not chosen:
        refuse_without_problem(request, state)


def refuse_useless_amendment(request: HostingOrderRequest, state: OrderState, amended: AmendLoa) -> None:
    """Raises ApplicationError `Unchanged` or `TooLate` where another LOA would change nothing."""
    refuse_when_ended(state)
    if amended.loa == loa_of(request, state):
        raise ApplicationError("This is the LOA the order has: nothing to amend.", type="Unchanged")
    if state.order_state == "IN_PROGRESS":
        raise ApplicationError("The LOA is signed and the order is being carried out.", type="TooLate")
