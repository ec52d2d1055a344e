"""The numbers that can be rented from the legacy hosts: groups, reservations and their end.

Sinch API: numbers available to rent, reserve numbers (legacy Number Administration API).
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simulator.clock import VirtualClock
from simulator.draws import Draws
from simulator.ledger import Ledger
from simulator.legacy_errors import invalid_request, refusal

CURRENCY = "USD"


@dataclass
class Group:
    """Like numbers: ``availability`` of them are left, the next one to be rented is ``next_number``."""

    group_id: int
    country: str
    country_id: str
    city: str
    type: str
    availability: int
    area_code: str
    cost: Decimal
    next_number: int

    def wire(self) -> dict[str, Any]:
        """The group as the shop shows it."""
        return self.place() | {"type": self.type, "availability": self.availability, "cost": money(self.cost)}

    def place(self) -> dict[str, Any]:
        """What a number of the group shows of it."""
        return {
            "groupId": self.group_id,
            "country": self.country,
            "countryId": self.country_id,
            "city": self.city,
            "areaCode": self.area_code,
        }


@dataclass(frozen=True, slots=True)
class Reservation:
    """Numbers of a group that are kept for an organisation until it checks them out."""

    organisation_id: int
    group: Group
    quantity: int

    @property
    def cost(self) -> Decimal:
        """What checking it out costs."""
        return self.group.cost * self.quantity


def money(amount: Decimal) -> dict[str, Any]:
    """An amount as Sinch writes it."""
    return {"amount": float(amount), "currencyId": CURRENCY}


class Shop:
    """What is left to rent, and what is reserved."""

    def __init__(self, clock: VirtualClock, draws: Draws, ledger: Ledger, reservation_seconds: float) -> None:
        self._clock = clock
        self._draws = draws
        self._ledger = ledger
        self._seconds = reservation_seconds
        self._groups = {group.group_id: group for group in _groups()}
        self._reservations: dict[str, Reservation] = {}
        self._reserved = 0

    def groups(self) -> list[dict[str, Any]]:
        """All groups as the shop shows them."""
        return [group.wire() for group in self._groups.values()]

    def reserve(self, organisation_id: int, group_id: int, quantity: int) -> str:
        """Keep numbers for a while; answers their reference. Raises ApiError 40003."""
        group = self._groups.get(group_id)
        if group is None:
            raise invalid_request(f"Invalid number group: {group_id}")
        if quantity > group.availability:
            raise invalid_request(f"Invalid quantity: {quantity}; available: {group.availability}")
        group.availability -= quantity
        self._reserved += 1
        reference_id = self._draws.uuid(f"legacy reservation {self._reserved}")
        self._reservations[reference_id] = Reservation(organisation_id, group, quantity)
        self._clock.after(self._seconds, self._expire, reference_id)
        self._ledger.write(
            "legacy_reservation", reference_id, None,
            organisation_id=organisation_id, group_id=group_id, quantity=quantity,
        )  # fmt: skip
        return reference_id

    def reservations(self, organisation_id: int, reference_ids: list[str]) -> list[Reservation]:
        """The reservations of an organisation by their references. Raises ApiError 40400 when one is not there."""
        found = [self._reservations.get(reference_id) for reference_id in reference_ids]
        kept = [one for one in found if one is not None and one.organisation_id == organisation_id]
        if len(kept) < len(reference_ids):
            raise refusal(40400, "Unable to assign numbers to organization: reservation(s) not found or expired")
        return kept

    def take(self, reference_ids: list[str]) -> None:
        """Close reservations that are checked out."""
        for reference_id in reference_ids:
            del self._reservations[reference_id]

    def _expire(self, reference_id: str) -> None:
        reservation = self._reservations.pop(reference_id, None)
        if reservation is not None:
            reservation.group.availability += reservation.quantity
            self._ledger.write("legacy_reservation_expired", reference_id)


def _groups() -> list[Group]:
    cost = Decimal("2.00")
    return [
        Group(1, "France", "FR", "PARIS", "Voice", 7, "01", cost, 33100055550),
        Group(2, "UK", "GB", "LONDON", "Voice", 2, "020", cost, 442079460000),
        Group(13, "US", "US", "SAN FRANCISCO", "Voice", 20, "415", cost, 14155550100),
        Group(75, "US", "US", "New Orleans", "Sms", 5, "504", cost, 15045550100),
        Group(80, "US", "US", "ATLANTA", "Sms", 1000, "404", Decimal("1.50"), 14045550000),
    ]
