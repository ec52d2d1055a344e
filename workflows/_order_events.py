"""Sinch's events about the numbers of an order: which count, and which only say that it is time to look."""

from collections.abc import Callable

from onboarding.contracts.hosting_order import OrderState
from onboarding.link_recovery import RecoveryPhase
from onboarding.model import Model
from onboarding.observations import CallbackEvent
from onboarding.progress import NumberProgress

ENDED = ("COMPLETED", "REJECTED")
"""States in which an order has come to its end at Sinch."""


class OrderEvents:
    """Takes events in; each may come late, more than once, and in any order."""

    def __init__(self, state: OrderState, advance: Callable[[str, Model], None]) -> None:
        """`advance` takes in what was seen of a number."""
        self._state = state
        self._advance = advance

    def take(self, event: CallbackEvent) -> bool:
        """True where something is to be done about it now.

        An order that came to nothing must not settle numbers by its last news, which may come late.
        """
        state = self._state
        state.callbacks_received += 1
        known = state.numbers.get(event.phone_number)
        if known is not None and known.recovering:
            return self._take_about_link(event, known)
        if state.problem:
            return False
        maybe_of_the_order_before = state.attempt > 1 and not state.hosting_order_id
        if known is None or maybe_of_the_order_before:
            state.read_now = True
            return True
        self._advance(event.phone_number, event)
        number = state.numbers[event.phone_number]
        if number is not known and state.hosting_order_id and state.order_state not in (*ENDED, "IN_PROGRESS"):
            state.order_state = "IN_PROGRESS"
            return True
        return number.recovering is not None

    def _take_about_link(self, event: CallbackEvent, known: NumberProgress) -> bool:
        """What cannot be told from news of an earlier try is a reason to read."""
        self._advance(event.phone_number, event)
        recovery = known.recovering
        is_linking = recovery is not None and recovery.phase is RecoveryPhase.LINKING
        if is_linking and (event.timestamp is None or (recovery and recovery.newer_than is None)):
            self._state.read_links_now = True
            return True
        return self._state.numbers[event.phone_number] is not known
