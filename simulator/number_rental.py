"""Renting numbers, what they cost, and giving them back. Sinch API: rent, update, release, prices and charges."""

from calendar import monthrange
from datetime import UTC, datetime

from simulator.active_numbers import ActiveNumber, ActiveNumbers
from simulator.clock import VirtualClock
from simulator.errors import FieldViolation, invalid, not_found
from simulator.ledger import ProjectLedger
from simulator.number_bodies import RentNumber, UpdateActiveNumber
from simulator.number_inventory import NumberInventory, Offer
from simulator.number_provisioning import NumberProvisioning
from simulator.number_ranges import Money


class NumberRental:
    """Rents numbers for one project, charges for them month by month, and lets released ones go."""

    def __init__(
        self,
        clock: VirtualClock,
        ledger: ProjectLedger,
        inventory: NumberInventory,
        numbers: ActiveNumbers,
        provisioning: NumberProvisioning,
    ) -> None:
        self._clock = clock
        self._ledger = ledger
        self._inventory = inventory
        self._numbers = numbers
        self._provisioning = provisioning

    def rent(self, offer: Offer, request: RentNumber) -> ActiveNumber:
        """Rent a number; raises ApiError 400 for services it cannot have, 404 when it is gone just now."""
        request.demand_services()
        if offer.range.needs_documents:
            raise invalid(FieldViolation("phoneNumber", f"{offer.phone_number} needs supporting documentation"))
        now = self._clock.now()
        number = self._numbers.new(offer, request.callback_url or "", _a_month_after(now))
        self._demand_not_gone(number)
        self._provisioning.change(number, request.sms_configuration, request.voice_configuration)
        self._inventory.take(offer)
        self._numbers.enter(number)
        paid = Money(offer.range.currency, offer.range.setup + offer.range.monthly)
        self._ledger.write(
            "number_rented",
            number.phone_number,
            paid=paid.wire(),
            setup_price=offer.range.setup_price.wire(),
            monthly_price=offer.range.monthly_price.wire(),
        )
        self._clock.at(number.next_charge, self._month_ends, number)
        return number

    def update(self, number: ActiveNumber, request: UpdateActiveNumber) -> None:
        """Apply what a request names, all or (raising ApiError 400) nothing; services change in the course of time."""
        request.demand_contents()
        self._provisioning.change(number, request.sms_configuration, request.voice_configuration)
        if request.display_name is not None:
            number.display_name = request.display_name
        if request.callback_url is not None:
            number.callback_url = request.callback_url
        self._ledger.write(
            "number_updated", number.phone_number, **request.model_dump(by_alias=True, exclude_none=True)
        )

    def release(self, number: ActiveNumber) -> None:
        """Let the number go when the month that is paid for ends; a number released before stays as it is."""
        if number.expires is None:
            number.expires = number.next_charge
            self._ledger.write("number_released", number.phone_number)

    def _demand_not_gone(self, number: ActiveNumber) -> None:
        if number.card.gone_when_rented:
            self._inventory.take(number.offer)
            raise not_found("available number", number.phone_number)

    def _month_ends(self, number: ActiveNumber) -> None:
        if number.expires is not None:
            self._numbers.remove(number)
            self._ledger.write("number_expired", number.phone_number)
            return
        number.next_charge = _a_month_after(number.next_charge)
        self._ledger.write("number_charged", number.phone_number, paid=number.offer.range.monthly_price.wire())
        self._clock.at(number.next_charge, self._month_ends, number)


def _a_month_after(moment: float) -> float:
    """The same time of the same day next month, or of its last day."""
    time = datetime.fromtimestamp(moment, UTC)
    year, month = (time.year + 1, 1) if time.month == 12 else (time.year, time.month + 1)
    return time.replace(year=year, month=month, day=min(time.day, monthrange(year, month)[1])).timestamp()
