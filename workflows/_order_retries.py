"""What of a hosting order a request to try again is about."""

from dataclasses import dataclass

from onboarding.contracts.hosting_order import HostingOrderRequest, OrderState
from onboarding.contracts.operator import RetryAction
from onboarding.link_recovery import RecoveryPhase
from onboarding.progress import NumberProgress
from onboarding.stages import Stage
from workflows._order_parts import in_order


@dataclass(frozen=True)
class Chosen:
    """What is tried again, and how."""

    whole_order: bool
    """An order that was refused or rejected goes out again, with all numbers that are still its own."""
    links: list[NumberProgress]
    """Hosted numbers that are linked again."""
    returned: list[str]
    """Failed numbers that are not hosted: the group orders them anew."""

    @property
    def told(self) -> str:
        """The same in words; empty where it is nothing."""
        said = {
            "The numbers are ordered again.": self.whole_order,
            f"{len(self.links)} numbers are linked again.": self.links,
            f"{len(self.returned)} numbers go into another order.": self.returned,
        }
        return " ".join(sentence for sentence, applies in said.items() if applies)


def chosen_for_retry(action: RetryAction, request: HostingOrderRequest, state: OrderState) -> Chosen:
    """What `action` means here. Without a choice only what waits for a person: the rest comes by itself."""
    problem, numbers = state.problem, list(state.numbers.values())
    idle = [number for number in numbers if number.can_be_linked and (action.names_any or _waits(number))]
    lost = [number for number in numbers if number.stage is Stage.FAILED and not number.can_be_linked]
    return Chosen(
        whole_order=problem is not None
        and any(action.chooses(number.phone_number, problem.code) for number in in_order(state)),
        links=[number for number in idle if _is_meant(number, action)],
        returned=[number.phone_number for number in lost if _is_meant(number, action)]
        if action.names_any and request.report_to
        else [],
    )


def _waits(number: NumberProgress) -> bool:
    return number.recovering is not None and number.recovering.phase is RecoveryPhase.OPERATOR


def _is_meant(number: NumberProgress, action: RetryAction) -> bool:
    return number.reason is not None and action.chooses(number.phone_number, number.reason.code)
