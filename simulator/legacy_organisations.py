"""The organisations of the legacy hosts: their credit, the numbers they rent, and the applications that have them.

Every number is for voice or for SMS, as its group says, so an application's list for a capability is made of the
numbers that name the application. Sinch API: checkout, rented numbers, numbers of an application (legacy Number
Administration API).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from simulator.clock import VirtualClock
from simulator.ledger import Ledger
from simulator.legacy_errors import not_a_number, refusal
from simulator.legacy_settings import LegacyAccount
from simulator.legacy_shop import Group, Reservation, money
from simulator.settings import DAY

_RENTED_FOR = 30 * DAY


@dataclass
class RentedNumber:
    """A number of an organisation; ``application_key`` is None while no application has it."""

    number: int
    group: Group
    expires: float
    application_key: str | None = None

    @property
    def capability(self) -> str:
        """``voice`` or ``sms``."""
        return self.group.type.lower()

    def wire(self) -> dict[str, Any]:
        """The number as Sinch shows it."""
        shown: dict[str, Any] = self.group.place() | {
            "number": self.number,
            "capabilities": [self.capability],
            "expires": datetime.fromtimestamp(self.expires, UTC).isoformat(timespec="seconds"),
            "cost": money(self.group.cost),
        }
        return shown if self.application_key is None else shown | {"applicationKey": self.application_key}


class Organisation:
    """One organisation; ``credit`` is in USD, ``accounting`` tells whether it may rent at all."""

    def __init__(self, account: LegacyAccount, clock: VirtualClock, ledger: Ledger) -> None:
        self.organisation_id = account.organisation_id
        self.name = account.organisation_name
        self.credit = account.credit
        self.accounting = account.accounting
        self.application_keys = account.application_keys
        self._clock = clock
        self._ledger = ledger
        self._numbers: dict[int, RentedNumber] = {}

    def wire(self) -> dict[str, Any]:
        """The organisation as Sinch shows it: with its id as a string, as in Sinch's sample."""
        return {"id": str(self.organisation_id), "name": self.name, "countryId": "US"}

    def numbers(self) -> list[RentedNumber]:
        """Every number it rents."""
        return list(self._numbers.values())

    def pay(self, cost: Decimal) -> None:
        """Take money from the credit. Raises ApiError 42200 or 40200, and then nothing has changed."""
        if not self.accounting:
            raise refusal(42200, "Accounting not set up for this organization.")
        if cost > self.credit:
            raise refusal(40200, "Insufficient funds to complete the transaction.")
        self.credit -= cost

    def rent(self, reservation: Reservation) -> None:
        """Take the numbers of a reservation that is paid for."""
        group = reservation.group
        for _ in range(reservation.quantity):
            number = RentedNumber(group.next_number, group, self._clock.now() + _RENTED_FOR)
            group.next_number += 1
            self._numbers[number.number] = number
            self._note("legacy_number_rented", number, group_id=group.group_id, cost=str(group.cost))

    def application_numbers(self, application_key: str) -> list[RentedNumber]:
        """The numbers of an application. Raises ApiError 40400 for an unknown one."""
        if application_key not in self.application_keys:
            raise refusal(40400, f"Application with the key {application_key} was not found.")
        return [number for number in self.numbers() if number.application_key == application_key]

    def overwrite(self, application_key: str, capability: str, numbers: list[int]) -> list[RentedNumber]:
        """Make these the numbers of an application for a capability. Raises ApiError 40400 or 40003."""
        had = [one for one in self.application_numbers(application_key) if one.capability == capability]
        wanted = [self._numbers.get(number) for number in numbers]
        chosen = [number for number in wanted if number is not None and number.capability == capability]
        if len(chosen) < len(numbers):
            raise not_a_number()
        for number in had:
            if number not in chosen:
                self._take_from_application(number)
        for number in chosen:
            if number.application_key != application_key:
                self._take_from_application(number)
                number.application_key = application_key
                self._note("legacy_number_assigned", number, application_key=application_key)
        return chosen

    def unassign(self, application_key: str, number: int) -> None:
        """Take a number from an application. Raises ApiError 40400, or 40003 for a number of somebody else."""
        had = self.application_numbers(application_key)
        if number not in self._numbers:
            raise not_a_number()
        if self._numbers[number] in had:
            self._take_from_application(self._numbers[number])

    def _take_from_application(self, number: RentedNumber) -> None:
        if number.application_key is not None:
            self._note("legacy_number_unassigned", number, application_key=number.application_key)
            number.application_key = None

    def _note(self, kind: str, number: RentedNumber, **details: object) -> None:
        self._ledger.write(kind, f"+{number.number}", None, organisation_id=self.organisation_id, **details)
