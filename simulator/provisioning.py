"""What happens to each number of an order in progress: OSR update, link to plan, campaign and carriers, end.

Sinch API: per number in an order, callback event types. The ``osrUpdate`` of a toll-free number stands for Zipwhip.
"""

from simulator.callbacks import CallbackConfiguration, Callbacks
from simulator.clock import VirtualClock
from simulator.draws import Draws
from simulator.hosting_orders import HostingOrder, HostingOrderNumber, OrderState
from simulator.imported_numbers import ImportedNumbers
from simulator.ledger import ProjectLedger
from simulator.linking import Linking
from simulator.links import State
from simulator.qualified_numbers import QualifiedNumbers
from simulator.settings import DAY, SimulatorSettings


class Provisioning(Linking[HostingOrderNumber]):
    """Drives the records of every number and completes the order when each number is at an end."""

    def __init__(
        self,
        settings: SimulatorSettings,
        clock: VirtualClock,
        draws: Draws,
        failed_before: set[str],
        ledger: ProjectLedger,
        callbacks: Callbacks,
        callback_configuration: CallbackConfiguration,
        qualified_numbers: QualifiedNumbers,
        imported_numbers: ImportedNumbers,
    ) -> None:
        super().__init__(settings, clock, draws, failed_before)
        self._ledger = ledger
        self._callbacks = callbacks
        self._callback_configuration = callback_configuration
        self._qualified_numbers = qualified_numbers
        self._imported_numbers = imported_numbers

    def start(self, order: HostingOrder) -> None:
        """Take an order into progress; the first step of its numbers begins now or at its scheduled time."""
        order.state, order.updated = OrderState.IN_PROGRESS, self._clock.now()
        starts_at = order.request.starts_at(order.updated)
        if starts_at > order.updated:
            self._clock.at(starts_at, self._start_numbers, order)
        else:
            self._start_numbers(order)

    def _start_numbers(self, order: HostingOrder) -> None:
        if order.is_final:
            return
        for number in order.in_order:
            self._moved(number)
            if number.osr_update is State.UNSPECIFIED:
                self._link_platform(number)
            else:
                self._start_osr_update(number)

    def _start_osr_update(self, number: HostingOrderNumber) -> None:
        number.osr_update = State.IN_PROGRESS
        days = number.card.osr_update_days
        seconds = self._drawn(number, self._durations.osr_update, "OSR update") if days is None else days * DAY
        self._clock.after(seconds, self._end_osr_update, number)

    def _end_osr_update(self, number: HostingOrderNumber) -> None:
        if self._is_over(number):
            return
        number.osr_update = State.FAILED if number.card.osr_update_fails else State.DONE
        self._record_ended(number, "osr_update", "OSR_UPDATE", number.osr_update)
        if number.osr_update is State.FAILED:
            self._end(number, "The OSR update failed.")
            return
        self._link_platform(number)

    def _is_over(self, link: HostingOrderNumber) -> bool:
        return link.order.is_final

    def _moved(self, link: HostingOrderNumber) -> None:
        link.updated = link.order.updated = self._clock.now()

    def _ended(self, link: HostingOrderNumber, why_failed: str | None) -> None:
        link.ended = State.DONE if why_failed is None else State.FAILED
        self._record_ended(link, "hosting_process", "HOSTING_PROCESS", link.ended)
        self._qualified_numbers.hosting_ended(link.phone_number, why_failed)
        order = link.order
        if _is_hosted(link):
            self._imported_numbers.take_over(link, order.request.region_code, order.request.callback_url or "")
        order.unfinished -= 1
        if order.unfinished == 0:
            order.state = OrderState.COMPLETED
            self._ledger.write("hosting_order_completed", order.hosting_order_id)

    def _record_ended(
        self, link: HostingOrderNumber, kind: str, event_type: str, state: State, failure_code: str | None = None
    ) -> None:
        self._moved(link)
        order = link.order
        self._ledger.write(kind, link.phone_number, hosting_order_id=order.hosting_order_id, state=state.value)
        by_order = self._settings.callback_resource_is_order
        self._callbacks.emit(
            self._callback_configuration,
            order.request.callback_url,
            resource_type="HOSTING_ORDER_NUMBER",
            resource_id=order.hosting_order_id if by_order else link.phone_number,
            event_type=event_type,
            succeeded=state is State.DONE,
            failure_code=failure_code,
        )


def _is_hosted(number: HostingOrderNumber) -> bool:
    """Whether the number is Sinch's to link: all is done, or only its campaign link failed.

    One that T-Mobile leaves to another aggregator is not.
    """
    only_campaign_failed = number.platform.linked and number.campaign.state is State.FAILED
    return number.ended is State.DONE or (only_campaign_failed and number.sms_tmo.state is not State.FAILED)
