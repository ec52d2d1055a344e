"""Qualified numbers: adding numbers to the queue, reading where they stand, proving ownership by a voice call.

There are no callbacks for qualification: read `get` or `list` again and again.

Sinch API: Qualified Numbers.
"""

from collections.abc import AsyncIterator, Sequence
from functools import partial

from pydantic import JsonValue

from sinch_numbers._checks import check_phone_numbers, check_required, phone_number_segment
from sinch_numbers._models._base import OrderBy, RegionCode
from sinch_numbers._models._hosting_orders import HostingOrder
from sinch_numbers._models._order_requests import (
    TextEnableNumbersRequest,
    TextEnableResponse,
    TextEnableTollFreeNumbersRequest,
)
from sinch_numbers._models._qualified_numbers import (
    BatchCreateQualifiedNumbersResponse,
    GlobalProcessState,
    QualifiedNumber,
)
from sinch_numbers._order_requests import text_enablement, toll_free_text_enablement
from sinch_numbers._paging import Page, iterate_states
from sinch_numbers._settings import ClientSettings
from sinch_numbers._transport import ApiRequest, Transport


class QualifiedNumbers:
    """`SinchNumbers.qualified_numbers`. Every method raises SinchError."""

    def __init__(self, transport: Transport, settings: ClientSettings, project_id: str) -> None:
        self._transport = transport
        self._settings = settings
        self._project_id = project_id

    def list(
        self,
        *,
        states: Sequence[GlobalProcessState],
        region_code: RegionCode | None = None,
        order_by: OrderBy | None = None,
        page_size: int | None = None,
    ) -> AsyncIterator[QualifiedNumber]:
        """Every number of the project in any of `states`.

        One list a state is read, in the order of a number's life: a number that moves on meanwhile may be seen
        twice; one that moves back (another voice challenge after a failed one) may be missed.
        `ClientSettings.states_in_one_request` reads one list instead. Sinch API:
        QualifiedNumberService_ListQualifiedNumbers.
        """
        check_required(states, operation="qualified_numbers.list", field="states")
        return iterate_states(
            states,
            partial(self.list_page, region_code=region_code, order_by=order_by, page_size=page_size),
            in_one_request=self._settings.states_in_one_request,
        )

    async def list_page(
        self,
        *states: GlobalProcessState,
        region_code: RegionCode | None = None,
        order_by: OrderBy | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> Page[QualifiedNumber]:
        """One page of the numbers in one state; Sinch may make pages smaller than `page_size`.

        Several states are sent as a repeated parameter, which Sinch does not document. Sinch API:
        QualifiedNumberService_ListQualifiedNumbers.
        """
        check_required(states, operation="qualified_numbers.list", field="states")
        query = {
            "states": states,
            "regionCode": region_code,
            "orderBy": order_by,
            "pageSize": page_size,
            "pageToken": page_token,
        }
        return await self._transport.call(
            ApiRequest("qualified_numbers.list", "GET", "qualifiedNumbers", query), Page[QualifiedNumber]
        )

    async def get(self, phone_number: str) -> QualifiedNumber:
        """One number (E.164). Sinch API: QualifiedNumberService_GetQualifiedNumber."""
        return await self._call_number("qualified_numbers.get", "GET", phone_number)

    async def delete(self, phone_number: str) -> None:
        """Take the number (E.164) out of the queue; a NotFound after a repeated `delete` means that it is gone.

        Sinch API: QualifiedNumberService_DeleteQualifiedNumber.
        """
        operation = "qualified_numbers.delete"
        path = _number_path(phone_number, operation)
        await self._transport.call_without_answer(ApiRequest(operation, "DELETE", path, subject=phone_number))

    async def add_numbers(self, phone_numbers: Sequence[str]) -> tuple[QualifiedNumber, ...]:
        """Queue 1 to 500 numbers (E.164) for qualification; their invoices still have to be mailed to Sinch.

        Sinch API: QualifiedNumberService_BatchCreateQualifiedNumbers.
        """
        operation = "qualified_numbers.add_numbers"
        check_phone_numbers(phone_numbers, operation=operation, most=self._settings.max_numbers_per_request)
        request = ApiRequest(
            operation,
            "POST",
            "qualifiedNumbers:addNumbers",
            body={"phoneNumbers": [*phone_numbers]},
            subject=phone_numbers[0] if len(phone_numbers) == 1 else f"{len(phone_numbers)} numbers",
        )
        return (await self._transport.call(request, BatchCreateQualifiedNumbersResponse)).qualified_numbers

    async def text_enable(self, request: TextEnableNumbersRequest) -> TextEnableResponse:
        """Order the text enablement of 1 to 500 verified numbers. Not idempotent, and it answers with the id only.

        After an OutcomeUnknown or a ServerError look for the order with `hosting_orders.find_by_display_name`
        before sending again. Sinch API: QualifiedNumberService_TextEnableNumbers.
        """
        return await self._transport.call(
            text_enablement(
                request,
                operation="qualified_numbers.text_enable",
                path="qualifiedNumbers:textEnableNumbers",
                settings=self._settings,
            ),
            TextEnableResponse,
        )

    async def text_enable_toll_free(self, request: TextEnableTollFreeNumbersRequest) -> HostingOrder:
        """Order the text enablement of 1 to 500 verified toll-free numbers. Not idempotent.

        After an OutcomeUnknown or a ServerError look for the order with `hosting_orders.find_by_display_name`,
        without campaign, before sending again. Sinch API: QualifiedNumbersTextEnableTollFreeNumbers.
        """
        return await self._transport.call(
            toll_free_text_enablement(
                request,
                operation="qualified_numbers.text_enable_toll_free",
                path="qualifiedNumbers:textEnableTollFreeNumbers",
                settings=self._settings,
                project_id=self._project_id,
            ),
            HostingOrder,
        )

    async def send_voice_challenge(self, phone_number: str) -> QualifiedNumber:
        """Call the number (E.164) and speak a code. Every call rings a real phone: never repeat it blindly.

        Sinch API: QualifiedNumberService_SendVoiceChallenge.
        """
        return await self._call_number(
            "qualified_numbers.send_voice_challenge", "POST", phone_number, verb=":sendVoiceChallenge"
        )

    async def verify_voice_challenge(self, phone_number: str, code: str) -> QualifiedNumber:
        """Check the code heard, leading zeros kept.

        A wrong code may come back as a number in `VERIFICATION_FAILED` or as an InvalidArgument. Sinch API:
        QualifiedNumberService_VerifyVoiceChallenge.
        """
        operation = "qualified_numbers.verify_voice_challenge"
        check_required(code.strip(), operation=operation, field="code")
        return await self._call_number(
            operation, "POST", phone_number, verb=":verifyVoiceChallenge", body={"code": code.strip()}
        )

    async def _call_number(
        self,
        operation: str,
        method: str,
        phone_number: str,
        *,
        verb: str = "",
        body: dict[str, JsonValue] | None = None,
    ) -> QualifiedNumber:
        path = f"{_number_path(phone_number, operation)}{verb}"
        return await self._transport.call(
            ApiRequest(operation, method, path, body=body, subject=phone_number), QualifiedNumber
        )


def _number_path(phone_number: str, operation: str) -> str:
    return f"qualifiedNumbers/{phone_number_segment(phone_number, operation=operation)}"
