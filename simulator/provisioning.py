"""What happens to each number of an order in progress: OSR update, SMS platform, campaign, carriers, end.

Sinch API: per number in an order, callback event types. A failed record leaves the later ones WAITING.
"""

from simulator.callbacks import CallbackConfiguration, Callbacks
from simulator.clock import VirtualClock
from simulator.draws import Draws
from simulator.hosting_orders import CarrierRecord, HostingOrder, HostingOrderNumber, OrderState, State
from simulator.ledger import ProjectLedger
from simulator.outcomes import FOR_EVER
from simulator.qualified_numbers import QualifiedNumbers
from simulator.settings import DAY, Range, SimulatorSettings

_REFUSED_BY_A_CARRIER = "NUMBER_PROVISIONING_FAILED"


class Provisioning:
    """Drives the records of every number and completes the order when each number is at an end."""

    def __init__(
        self,
        settings: SimulatorSettings,
        clock: VirtualClock,
        draws: Draws,
        ledger: ProjectLedger,
        callbacks: Callbacks,
        callback_configuration: CallbackConfiguration,
        qualified_numbers: QualifiedNumbers,
    ) -> None:
        self._settings = settings
        self._durations = settings.durations
        self._clock = clock
        self._draws = draws
        self._ledger = ledger
        self._callbacks = callbacks
        self._callback_configuration = callback_configuration
        self._qualified_numbers = qualified_numbers

    def start(self, order: HostingOrder) -> None:
        """Take an order into progress; its OSR updates begin now or at their scheduled time."""
        order.state, order.updated = OrderState.IN_PROGRESS, self._clock.now()
        scheduled = order.request.scheduled_osr_update_time
        if scheduled is not None and scheduled.timestamp() > self._clock.now():
            self._clock.at(scheduled.timestamp(), self._start_osr_updates, order)
        else:
            self._start_osr_updates(order)

    def _start_osr_updates(self, order: HostingOrder) -> None:
        if order.is_final:
            return
        for number in order.in_order:
            number.osr_update = State.IN_PROGRESS
            self._touch(number)
            days = number.card.osr_update_days
            seconds = self._drawn(number, self._durations.osr_update, "OSR update") if days is None else days * DAY
            self._clock.after(seconds, self._end_osr_update, number)

    def _end_osr_update(self, number: HostingOrderNumber) -> None:
        if number.order.is_final:
            return
        number.osr_update = State.FAILED if number.card.osr_update_fails else State.DONE
        self._record_ended(number, "osr_update", "OSR_UPDATE", number.osr_update)
        if number.osr_update is State.FAILED:
            self._end(number, "The OSR update failed.")
            return
        number.platform = State.IN_PROGRESS
        seconds = self._drawn(number, self._durations.platform_provisioning, "platform provisioning")
        self._clock.after(seconds, self._end_platform, number)

    def _end_platform(self, number: HostingOrderNumber) -> None:
        if number.order.is_final:
            return
        number.platform = State.FAILED if number.card.platform_fails else State.DONE
        self._record_ended(number, "platform", "PROVISIONING_TO_SMS_PLATFORM", number.platform)
        if number.platform is State.FAILED:
            self._end(number, "The provisioning to the SMS platform failed.")
        elif number.campaign is State.UNSPECIFIED:
            self._end(number)
        else:
            number.campaign = State.IN_PROGRESS
            seconds = self._drawn(number, self._durations.campaign_provisioning, "campaign provisioning")
            self._clock.after(seconds / 2, self._end_registry_half, number, seconds / 2)

    def _end_registry_half(self, number: HostingOrderNumber, carriers_half: float) -> None:
        """The Campaign Registry has answered; with its consent the number goes to the carriers."""
        if number.order.is_final:
            return
        if number.card.campaign_failure_code is not None:
            self._fail_campaign(number, number.card.campaign_failure_code)
            return
        number.sms_att = number.sms_tmo = self._carrier(State.IN_PROGRESS)
        self._touch(number)
        self._clock.after(carriers_half, self._end_carriers_half, number)

    def _end_carriers_half(self, number: HostingOrderNumber) -> None:
        if number.order.is_final:
            return
        if number.card.manual_action_days is None:
            self._carriers_answered(number)
            return
        number.manual_action = True
        self._touch(number)
        if number.card.manual_action_days != FOR_EVER:
            self._clock.after(number.card.manual_action_days * DAY, self._end_manual_action, number)

    def _end_manual_action(self, number: HostingOrderNumber) -> None:
        if number.order.is_final:
            return
        number.manual_action = False
        self._carriers_answered(number)

    def _carriers_answered(self, number: HostingOrderNumber) -> None:
        number.sms_att = self._carrier(State.DONE)
        if number.card.t_mobile_error is not None:
            number.sms_tmo = CarrierRecord(
                State.FAILED,
                self._clock.now(),
                error_code=number.card.t_mobile_error,
                error_message="The number belongs to another aggregator at T-Mobile and must be migrated.",
            )
            self._fail_campaign(number, _REFUSED_BY_A_CARRIER)
            return
        number.sms_tmo = number.mms_att = number.mms_tmo = number.sms_att
        if number.card.hosting_fails_at_the_end:
            self._end(number)
            return
        number.campaign = State.DONE
        self._record_ended(number, "campaign", "LINK_TO_10DLC_CAMPAIGN", State.DONE)
        self._end(number)

    def _fail_campaign(self, number: HostingOrderNumber, failure_code: str) -> None:
        number.campaign = State.FAILED
        self._record_ended(number, "campaign", "LINK_TO_10DLC_CAMPAIGN", State.FAILED, failure_code)
        self._end(number, f"The link to the campaign failed: {failure_code}.")

    def _end(self, number: HostingOrderNumber, why_failed: str | None = None) -> None:
        if why_failed is None and number.card.hosting_fails_at_the_end:
            why_failed = "The hosting of the number failed."
        number.ended = State.DONE if why_failed is None else State.FAILED
        self._record_ended(number, "hosting_process", "HOSTING_PROCESS", number.ended)
        self._qualified_numbers.hosting_ended(number.phone_number, why_failed)
        order = number.order
        order.unfinished -= 1
        if order.unfinished == 0:
            order.state = OrderState.COMPLETED
            self._ledger.write("hosting_order_completed", order.hosting_order_id)

    def _record_ended(
        self,
        number: HostingOrderNumber,
        kind: str,
        event_type: str,
        state: State,
        failure_code: str | None = None,
    ) -> None:
        self._touch(number)
        order = number.order
        self._ledger.write(kind, number.phone_number, hosting_order_id=order.hosting_order_id, state=state.value)
        if order.request.callback_url is not None:
            by_order = self._settings.callback_resource_is_order
            self._callbacks.emit(
                self._callback_configuration,
                order.request.callback_url,
                resource_type="HOSTING_ORDER_NUMBER",
                resource_id=order.hosting_order_id if by_order else number.phone_number,
                event_type=event_type,
                succeeded=state is State.DONE,
                failure_code=failure_code,
            )

    def _touch(self, number: HostingOrderNumber) -> None:
        number.updated = number.order.updated = self._clock.now()

    def _carrier(self, state: State) -> CarrierRecord:
        return CarrierRecord(state, self._clock.now())

    def _drawn(self, number: HostingOrderNumber, span: Range, step: str) -> float:
        return self._draws.seconds(span, number.phone_number, step)
