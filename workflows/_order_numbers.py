"""Which numbers of an order are still its own business."""

from onboarding.contracts.hosting_order import OrderState
from onboarding.progress import NumberProgress


def in_order(state: OrderState) -> list[NumberProgress]:
    """Open numbers that the order itself is still about; those in recovery have left its course."""
    return [number for number in state.numbers.values() if not number.is_final and not number.recovering]
