"""Qualified numbers: adding numbers to the queue, reading where they stand, proving ownership by a voice call.

There are no callbacks for qualification: read `get` or `list` again and again.

Sinch API: Qualified Numbers.
"""

from collections.abc import AsyncIterator, Sequence
from functools import partial

from sinch_numbers._checks import check_phone_numbers, check_required
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
from sinch_numbers._number_requests import number_request
from sinch_numbers._order_requests import text_enablement, toll_free_text_enablement
from sinch_numbers._paging import Page, iterate_states
from sinch_numbers._settings import ClientSettings
from sinch_numbers._transport import ApiRequest, Transport

_PATH = "qualifiedNumbers"


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
            ApiRequest("qualified_numbers.list", "GET", _PATH, query), Page[QualifiedNumber]
        )

    async def get(self, phone_number: str) -> QualifiedNumber:
        """One number (E.164). Sinch API: QualifiedNumberService_GetQualifiedNumber."""
        request = number_request("qualified_numbers.get", "GET", _PATH, phone_number)
        return await self._transport.call(request, QualifiedNumber)

    async def delete(self, phone_number: str) -> None:
        """Take the number (E.164) out of the queue; a NotFound after a repeated `delete` means that it is gone.

        Sinch API: QualifiedNumberService_DeleteQualifiedNumber.
        """
        request = number_request("qualified_numbers.delete", "DELETE", _PATH, phone_number)
        await self._transport.call_without_answer(request)

    async def add_numbers(self, phone_numbers: Sequence[str]) -> tuple[QualifiedNumber, ...]:
        """Queue 1 to 500 numbers (E.164) for qualification; their invoices still have to be mailed to Sinch.

        Sinch API: QualifiedNumberService_BatchCreateQualifiedNumbers.
        """
        operation = "qualified_numbers.add_numbers"
        check_phone_numbers(phone_numbers, operation=operation, most=self._settings.max_numbers_per_request)
        request = ApiRequest(
            operation,
            "POST",
            f"{_PATH}:addNumbers",
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
                path=f"{_PATH}:textEnableNumbers",
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
                path=f"{_PATH}:textEnableTollFreeNumbers",
                settings=self._settings,
                project_id=self._project_id,
            ),
            HostingOrder,
        )

    async def send_voice_challenge(self, phone_number: str) -> QualifiedNumber:
        """Call the number (E.164) and speak a code. Every call rings a real phone: never repeat it blindly.

        Sinch API: QualifiedNumberService_SendVoiceChallenge.
        """
        operation = "qualified_numbers.send_voice_challenge"
        request = number_request(operation, "POST", _PATH, phone_number, verb=":sendVoiceChallenge")
        return await self._transport.call(request, QualifiedNumber)

    async def verify_voice_challenge(self, phone_number: str, code: str) -> QualifiedNumber:
        """Check the code heard, leading zeros kept.

        A wrong code may come back as a number in `VERIFICATION_FAILED` or as an InvalidArgument. Sinch API:
        QualifiedNumberService_VerifyVoiceChallenge.
        """
        operation = "qualified_numbers.verify_voice_challenge"
        check_required(code.strip(), operation=operation, field="code")
        body = {"code": code.strip()}
        request = number_request(operation, "POST", _PATH, phone_number, verb=":verifyVoiceChallenge", body=body)
        return await self._transport.call(request, QualifiedNumber)
