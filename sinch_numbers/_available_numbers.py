"""Available numbers: searching for numbers to rent, and renting them.

Newer documents of Sinch replace renting by number orders and call both operations deprecated.

Sinch API: Available Number of the Numbers API.
"""

from collections.abc import Sequence

from sinch_numbers._models._active_number_requests import RentAnyNumberRequest, RentNumberRequest
from sinch_numbers._models._active_numbers import ActiveNumber
from sinch_numbers._models._available_numbers import AvailableNumber, NumberCapability, NumbersPattern, NumberType
from sinch_numbers._number_patterns import pattern_query
from sinch_numbers._number_requests import number_request
from sinch_numbers._numbers_checks import check_rent, check_rent_any, check_search
from sinch_numbers._paging import Page
from sinch_numbers._transport import ApiRequest, Transport

_PATH = "availableNumbers"
MOST_FOUND = 100


class AvailableNumbers:
    """`SinchNumbers.available_numbers`. Every method raises SinchError."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def search(
        self,
        *,
        region_code: str,
        type: NumberType,  # noqa: A002 - the wire name
        number_pattern: NumbersPattern | None = None,
        capabilities: Sequence[NumberCapability] = (),
        size: int = MOST_FOUND,
    ) -> tuple[AvailableNumber, ...]:
        """Up to `size` numbers of one region (ISO 3166-1 alpha-2) and type that can be rented.

        With several `capabilities` a number has all of them. There is no second page: search for another pattern.
        Sinch API: NumberService_ListAvailableNumbers.
        """
        operation = "available_numbers.search"
        check_search(region_code, number_pattern, operation=operation)
        query = {
            "regionCode": region_code,
            "type": type,
            **pattern_query(number_pattern),
            "capabilities": capabilities,
            "size": size,
        }
        page = await self._transport.call(ApiRequest(operation, "GET", _PATH, query), Page[AvailableNumber])
        return page.items

    async def get(self, phone_number: str) -> AvailableNumber:
        """One number (E.164) with its prices. A NotFound says that it cannot be rented.

        Sinch API: NumberService_GetAvailableNumber.
        """
        request = number_request("available_numbers.get", "GET", _PATH, phone_number)
        return await self._transport.call(request, AvailableNumber)

    async def rent(self, phone_number: str, request: RentNumberRequest) -> ActiveNumber:
        """Rent this number (E.164), which costs money. Linking it goes on after the answer.

        A NotFound says that it cannot be rented, perhaps because a request of one's own whose answer was lost has
        rented it: `active_numbers.get` tells. Sinch API: NumberService_RentNumber.
        """
        operation = "available_numbers.rent"
        check_rent(request, operation=operation, phone_number=phone_number)
        body = request.wire_body()
        return await self._transport.call(
            number_request(operation, "POST", _PATH, phone_number, verb=":rent", body=body), ActiveNumber
        )

    async def rent_any(self, request: RentAnyNumberRequest) -> ActiveNumber:
        """Rent any number that matches, which costs money. Not idempotent: every answered request rents one more.

        After an OutcomeUnknown or a ServerError read `active_numbers.list` before sending again: a `callback_url` of
        its own is what makes the number known there. Sinch API: NumberService_RentAnyNumber.
        """
        operation = "available_numbers.rent_any"
        check_rent_any(request, operation=operation)
        return await self._transport.call(
            ApiRequest(operation, "POST", f"{_PATH}:rentAny", body=request.wire_body()), ActiveNumber
        )
