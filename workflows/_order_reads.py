"""Reading a hosting order at Sinch: when it is due, and what of it."""

from collections.abc import Callable, Iterable
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError

from onboarding.calls.hosting_orders import OBSERVE_ORDER, ObserveOrder, OrderObserved
from onboarding.calls.qualification import FIND_HOSTING_FAILURES, FindHostingFailures
from onboarding.contracts.hosting_order import HostingOrderRequest, OrderState
from onboarding.model import Model
from onboarding.progress import NumberProgress
from workflows._calling import call
from workflows._order_parts import in_order


class OrderReads:
    """The reads of one order; one that fails is made up for by the next."""

    def __init__(self, request: HostingOrderRequest, state: OrderState, take: Callable[[str, Model], None]) -> None:
        """`take` takes in what was seen of a number."""
        self._request = request
        self._state = state
        self._take = take

    def next_due(self) -> datetime | None:
        """When the order is read next; None while it has nothing to tell."""
        state = self._state
        if not state.hosting_order_id or state.problem or not in_order(state):
            return None
        if state.read_now or state.last_read is None:
            return workflow.now()
        return state.last_read + state.polling.wait

    async def observe(self, only: Iterable[NumberProgress] = ()) -> OrderObserved | None:
        """State, report, and the numbers where the report has moved or they are named; None where it cannot be read."""
        state = self._state
        phone_numbers = tuple(number.phone_number for number in only)
        request = ObserveOrder(
            hosting_order_id=state.hosting_order_id or "",
            known_report=None if phone_numbers else state.report,
            phone_numbers=phone_numbers,
        )
        profile = self._request.batch.profile
        try:
            observed = await call(OBSERVE_ORDER, request, f"read order {state.hosting_order_id}", profile=profile)
        except ActivityError as error:
            workflow.logger.warning("order %s could not be read: %s", state.hosting_order_id, error.cause)
            return None
        state.listening.heard(workflow.now())
        return observed

    async def again(self, numbers: Iterable[NumberProgress]) -> None:
        """Read these numbers, whatever the report says."""
        chosen = list(numbers)
        if not chosen or not self._state.hosting_order_id:
            return
        observed = await self.observe(only=chosen)
        if observed is not None and observed.state != "REJECTED":
            for record in observed.records:
                self._take(record.phone_number, record)

    async def last_look(self) -> None:
        """Which open numbers failed at Sinch although neither an event nor their records said so?"""
        phone_numbers = tuple(number.phone_number for number in in_order(self._state))
        request, summary = FindHostingFailures(phone_numbers=phone_numbers), "a last look before the deadline"
        try:
            found = await call(FIND_HOSTING_FAILURES, request, summary, profile=self._request.batch.profile)
        except ActivityError as error:
            workflow.logger.warning("no last look at order %s: %s", self._state.hosting_order_id, error.cause)
            return
        for failure in found.failures:
            self._take(failure.phone_number, failure)
