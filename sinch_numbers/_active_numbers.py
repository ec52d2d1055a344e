"""Active numbers: reading the numbers that the project rents, linking, unlinking and releasing them.

Sinch API: Active Number of the Numbers API.
"""

from collections.abc import AsyncIterator, Sequence
from functools import partial

from pydantic import JsonValue

from sinch_numbers._checks import check_required
from sinch_numbers._models._active_number_requests import ActiveNumberRequest
from sinch_numbers._models._active_numbers import ActiveNumber, ActiveNumbersOrderBy
from sinch_numbers._models._available_numbers import NumberCapability, NumbersPattern, NumberType
from sinch_numbers._number_patterns import pattern_query
from sinch_numbers._number_requests import number_request
from sinch_numbers._numbers_checks import check_search, check_update
from sinch_numbers._paging import Page, iterate_pages
from sinch_numbers._transport import ApiRequest, Transport

_PATH = "activeNumbers"
PAGE_SIZE = 100


class ActiveNumbers:
    """`SinchNumbers.active_numbers`. Every method raises SinchError."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self,
        *,
        region_code: str | None,
        type: NumberType | None,  # noqa: A002 - the wire name
        number_pattern: NumbersPattern | None = None,
        capability: Sequence[NumberCapability] = (),
        order_by: ActiveNumbersOrderBy | None = None,
        page_size: int = PAGE_SIZE,
    ) -> AsyncIterator[ActiveNumber]:
        """Every active number of one region (ISO 3166-1 alpha-2) and type.

        Sinch's older documents require both, so state each of them: None leaves it out. Without a type Sinch may
        list mobile numbers alone. Sinch API: NumberService_ListActiveNumbers.
        """
        return iterate_pages(
            partial(
                self.list_page,
                region_code=region_code,
                type=type,
                number_pattern=number_pattern,
                capability=capability,
                order_by=order_by,
                page_size=page_size,
            )
        )

    async def list_page(
        self,
        *,
        region_code: str | None,
        type: NumberType | None,  # noqa: A002 - the wire name
        number_pattern: NumbersPattern | None = None,
        capability: Sequence[NumberCapability] = (),
        order_by: ActiveNumbersOrderBy | None = None,
        page_size: int = PAGE_SIZE,
        page_token: str | None = None,
    ) -> Page[ActiveNumber]:
        """One page of the numbers that `list` gives; Sinch may make pages smaller than `page_size`.

        Sinch API: NumberService_ListActiveNumbers.
        """
        operation = "active_numbers.list"
        check_search(region_code, number_pattern, operation=operation)
        query = {
            "regionCode": region_code,
            "type": type,
            **pattern_query(number_pattern),
            "capability": capability,
            "orderBy": order_by,
            "pageSize": page_size,
            "pageToken": page_token,
        }
        return await self._transport.call(ApiRequest(operation, "GET", _PATH, query), Page[ActiveNumber])

    async def get(self, phone_number: str) -> ActiveNumber:
        """One number (E.164). Sinch API: NumberService_GetActiveNumber."""
        sent = number_request("active_numbers.get", "GET", _PATH, phone_number)
        return await self._transport.call(sent, ActiveNumber)

    async def update(self, phone_number: str, request: ActiveNumberRequest) -> ActiveNumber:
        """Rename the number (E.164), link it for SMS or voice, or send its callbacks elsewhere. Repeating it is safe.

        A number that is linked for SMS must be unlinked first, and the unlink be through. Linking goes on after the
        answer: follow `get` or callbacks. Sinch API: NumberService_UpdateActiveNumber.
        """
        operation = "active_numbers.update"
        check_update(request, operation=operation, phone_number=phone_number)
        sent = number_request(operation, "PATCH", _PATH, phone_number, body=request.wire_body())
        return await self._transport.call(sent, ActiveNumber)

    async def unlink(
        self,
        phone_number: str,
        *,
        service_plan: bool = True,
        campaign: bool = True,
        callback_url: str | None = None,
    ) -> ActiveNumber:
        """Free the number (E.164) of its service plan and its campaign, or of one of the two. Repeating it is safe.

        The answer may come before the unlink is through: follow `get` or callbacks. A `callback_url` replaces the
        present one. Sinch API: NumberService_UpdateActiveNumber.
        """
        operation = "active_numbers.unlink"
        check_required(service_plan or campaign, operation=operation, field="smsConfiguration")
        asked = {"servicePlanId": service_plan, "campaignId": campaign}
        body: dict[str, JsonValue] = {"smsConfiguration": {name: "" for name, unlinked in asked.items() if unlinked}}
        if callback_url is not None:
            body["callbackUrl"] = callback_url
        sent = number_request(operation, "PATCH", _PATH, phone_number, body=body)
        return await self._transport.call(sent, ActiveNumber)

    async def release(self, phone_number: str) -> ActiveNumber:
        """End the rent of the number (E.164), which stays active until `expire_at`.

        A NotFound after a repeated `release` means that it is gone. Sinch API: NumberService_ReleaseNumber.
        """
        sent = number_request("active_numbers.release", "POST", _PATH, phone_number, verb=":release")
        return await self._transport.call(sent, ActiveNumber)
