"""Which numbers are free to be imported or ordered. Sinch API: 409 of importedNumbers and of hosting orders."""

from collections.abc import Iterable

from simulator.errors import ApiError
from simulator.hosting_orders import HostingOrders
from simulator.imported_numbers import ImportedNumbers


class Availability:
    """Knows the numbers of a project that are taken."""

    def __init__(self, orders: HostingOrders, imported_numbers: ImportedNumbers) -> None:
        self._orders = orders
        self._imported_numbers = imported_numbers

    def demand(self, phone_numbers: Iterable[str]) -> None:
        """Raise ApiError 409 when one of the numbers is imported or sits in an order without an end yet."""
        for phone_number in phone_numbers:
            order = self._orders.open_order_of(phone_number)
            if order is not None:
                raise ApiError(
                    409,
                    f"{phone_number} already sits in the hosting order {order.hosting_order_id} ({order.state}).",
                )
            if self._imported_numbers.find(phone_number) is not None:
                raise ApiError(409, f"{phone_number} is already imported.")
