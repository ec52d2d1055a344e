"""The hosting order workflows of a group: started by waves, abandoned so that nothing kills a paid order.

They report by signal. One that was ended from outside never does; a signal that finds nobody shows it.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import WorkflowAlreadyStartedError as AlreadyStarted
from temporalio.workflow import ParentClosePolicy

from onboarding import reasons
from onboarding.batch import GROUP_SIZE
from onboarding.contracts import hosting_order
from onboarding.contracts.group import GroupRequest, GroupState, OrderInFlight
from onboarding.contracts.hosting_order import HostingOrderRequest, OrderSettled
from onboarding.contracts.operator import NumbersAction, RetryAction
from onboarding.group_numbers import GroupNumbers
from onboarding.ids import hosting_order_workflow_id
from onboarding.model import Model
from onboarding.progress import NumberProgress, retried
from onboarding.search_attributes import started_with
from onboarding.stages import Stage, WaitingOn
from workflows._lifecycle import tell_workflow
from workflows._waiting import is_due


class OrdersInFlight:
    """Starts orders and takes their results into the group's numbers."""

    def __init__(self, request: GroupRequest, state: GroupState, numbers: GroupNumbers) -> None:
        """Which orders are in flight stands in `state`."""
        self._request = request
        self._state = state
        self._numbers = numbers

    async def order_next_wave(self) -> None:
        """Order the numbers that are ready, if a wave is due."""
        now = workflow.now()
        if not is_due(self._numbers.wave_due(now)):
            return
        state = self._state
        ready = self._numbers.at(Stage.VERIFIED)[:GROUP_SIZE]
        phone_numbers = tuple(number.phone_number for number in ready)
        wave = state.waves = state.waves + 1
        workflow_id = hosting_order_workflow_id(self._request.batch.id, self._request.slice.sequence, wave)
        state.orders[wave] = OrderInFlight(workflow_id=workflow_id, phone_numbers=phone_numbers)
        for number in ready:
            self._numbers.put(number.moved(Stage.ORDERED, now, ordered_at=now))
        await self._start(workflow_id, wave, phone_numbers)

    async def _start(self, workflow_id: str, wave: int, phone_numbers: tuple[str, ...]) -> None:
        request, batch = self._request, self._request.batch
        try:
            await workflow.start_child_workflow(
                hosting_order.WORKFLOW,
                HostingOrderRequest(
                    batch=batch,
                    sequence=request.slice.sequence,
                    wave=wave,
                    phone_numbers=phone_numbers,
                    report_to=workflow.info().workflow_id,
                    events_a_run=request.events_a_run,
                ),
                id=workflow_id,
                parent_close_policy=ParentClosePolicy.ABANDON,
                search_attributes=started_with(
                    batch.id, batch.customer, Stage.ORDERED, WaitingOn.CARRIER, len(phone_numbers)
                ),
                static_summary=f"{len(phone_numbers)} numbers, wave {wave}",
            )
        except AlreadyStarted:
            workflow.logger.warning("%s is at work already: waiting for its report", workflow_id)

    def take(self, settled: OrderSettled) -> None:
        """An order has come to its end; what it gave back before is in another order by now, or will be."""
        order = self._state.orders.pop(settled.wave, None)
        for number in self._ended(settled, order.returned if order else ()):
            self._numbers.put(number)

    def take_back(self, returned: OrderSettled) -> None:
        """Numbers failed in an order that goes on with others; unless the group is cancelled, they are tried again."""
        order = self._state.orders.get(returned.wave)
        if order is None:
            return
        phone_numbers = tuple(number.phone_number for number in returned.numbers)
        for number in self._ended(returned, order.returned):
            self._numbers.put(number if self._state.cancelled else retried(number, workflow.now()))
        self._state.orders[returned.wave] = order.model_copy(update={"returned": (*order.returned, *phone_numbers)})

    def _ended(self, settled: OrderSettled, without: tuple[str, ...]) -> list[NumberProgress]:
        known = [(self._numbers[ended.phone_number], ended) for ended in settled.numbers]
        return [
            number.moved(
                ended.stage,
                ended.settled_at or workflow.now(),
                ended.reason,
                hosting_order_id=settled.hosting_order_id,
                findings=ended.findings,
            )
            for number, ended in known
            if not number.is_final and number.phone_number not in without
        ]

    def holds(self, phone_number: str) -> bool:
        """Whether a running order has to report the number's end."""
        return any(phone_number in order.holds for order in self._state.orders.values())

    async def skip(self, phone_numbers: Iterable[str]) -> None:
        """Have the orders no longer follow these numbers."""
        await self._tell(
            phone_numbers, hosting_order.SKIP_NUMBERS_SIGNAL, lambda inside: NumbersAction(phone_numbers=inside)
        )

    async def retry(self, phone_numbers: Iterable[str]) -> None:
        """Have the orders try these numbers again."""
        await self._tell(
            phone_numbers, hosting_order.RETRY_NUMBERS_SIGNAL, lambda inside: RetryAction(phone_numbers=inside)
        )

    async def _tell(
        self, phone_numbers: Iterable[str], signal: str, action: Callable[[tuple[str, ...]], Model]
    ) -> None:
        chosen = set(phone_numbers)
        for order in list(self._state.orders.values()):
            inside = tuple(number for number in order.holds if number in chosen)
            if inside:
                await tell_workflow(order.workflow_id, signal, action(inside))

    async def ask_the_silent(self) -> None:
        """From time to time ask orders whether they are still there; numbers of lost ones end with a reason."""
        if not is_due(self.asking_due()):
            return
        self._state.last_reconciled = workflow.now()
        for wave, order in list(self._state.orders.items()):
            is_there = await tell_workflow(order.workflow_id, hosting_order.STILL_THERE_SIGNAL)
            if not is_there and self._state.orders.pop(wave, None) is not None:
                lost = self._numbers.still_open(self._numbers[number] for number in order.holds)
                self._numbers.end(lost, Stage.FAILED, reasons.ENDED_OUTSIDE, workflow.now())

    def asking_due(self) -> datetime | None:
        """When orders are asked next; None while none is in flight."""
        orders = self._state.orders.values()
        if not orders:
            return None
        first = min(self._numbers[order.phone_numbers[0]].ordered_at or workflow.now() for order in orders)
        return self._request.batch.pace.reconcile.after(max(self._state.last_reconciled or first, first))
