"""Imported numbers: importing one, reading them, linking them to service plans and campaigns, removing them.

Sinch API: Imported Numbers.
"""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from functools import partial

from pydantic import JsonValue

from sinch_numbers._checks import check_imported_number, check_one_given, check_required
from sinch_numbers._models._base import OrderBy, RegionCode
from sinch_numbers._models._imported_numbers import (
    CreateImportedNumberRequest,
    ImportedNumber,
    ImportedNumberResponse,
    NumberPattern,
)
from sinch_numbers._number_patterns import pattern_query
from sinch_numbers._number_requests import number_request
from sinch_numbers._paging import Page, iterate_pages, without_other_numbers
from sinch_numbers._settings import ClientSettings
from sinch_numbers._transport import ApiRequest, Query, Transport

_PATH = "importedNumbers"


class ImportedNumbers:
    """`SinchNumbers.imported_numbers`. Every method raises SinchError."""

    def __init__(self, transport: Transport, settings: ClientSettings) -> None:
        self._transport = transport
        self._settings = settings

    def list(
        self,
        *,
        service_plan_id: str | None,
        campaign_id: str | None,
        region_code: RegionCode | None = None,
        number_pattern: NumberPattern | None = None,
        order_by: OrderBy | None = None,
        page_size: int | None = None,
    ) -> AsyncIterator[ImportedNumberResponse]:
        """Every imported number of one service plan and one campaign.

        Sinch's schema asks for both filters, so state each of them: None leaves it out, which Sinch may refuse.
        Sinch API: ImportNumberService_ListImportedNumbers.
        """
        return iterate_pages(
            partial(
                self.list_page,
                service_plan_id=service_plan_id,
                campaign_id=campaign_id,
                region_code=region_code,
                number_pattern=number_pattern,
                order_by=order_by,
                page_size=page_size,
            )
        )

    async def list_page(
        self,
        *,
        service_plan_id: str | None,
        campaign_id: str | None,
        region_code: RegionCode | None = None,
        number_pattern: NumberPattern | None = None,
        order_by: OrderBy | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
        only: Collection[str] | None = None,
    ) -> Page[ImportedNumberResponse]:
        """One page of the numbers that `list` gives; Sinch may make pages smaller than `page_size`.

        `only` these of its numbers (E.164) are read and shown, which is cheap where few of many are wanted. Sinch API:
        ImportNumberService_ListImportedNumbers.
        """
        query = {
            "servicePlanId": service_plan_id,
            "campaignId": campaign_id,
            "regionCode": region_code,
            **pattern_query(number_pattern),
            "orderBy": order_by,
            "pageSize": page_size,
            "pageToken": page_token,
        }
        request = ApiRequest("imported_numbers.list", "GET", _PATH, query)
        shorten = None if only is None else partial(without_other_numbers, member=_PATH, only=only)
        return await self._transport.call(request, Page[ImportedNumberResponse], shorten)

    async def import_number(self, request: CreateImportedNumberRequest) -> ImportedNumber:
        """Import one number without porting it. Linking it goes on after the answer: follow `get` or callbacks.

        A Conflict says that it is imported already, perhaps by a request of one's own whose answer was lost: `get`
        it and compare. Sinch API: ImportNumberService_ImportNumber.
        """
        operation = "imported_numbers.import_number"
        check_imported_number(request, operation=operation, settings=self._settings)
        return await self._transport.call(
            ApiRequest(operation, "POST", _PATH, body=request.wire_body(), subject=request.phone_number),
            ImportedNumber,
        )

    async def get(self, phone_number: str) -> ImportedNumberResponse:
        """One number (E.164). Sinch API: ImportNumberService_GetImportedNumber."""
        request = number_request("imported_numbers.get", "GET", _PATH, phone_number)
        return await self._transport.call(request, ImportedNumberResponse)

    async def rename(self, phone_number: str, display_name: str) -> ImportedNumber:
        """Give the number (E.164) another display name. Repeating it is safe.

        Sinch API: ImportNumberService_UpdateImportedNumber.
        """
        operation = "imported_numbers.rename"
        check_required(display_name.strip(), operation=operation, field="displayName")
        return await self._update(operation, phone_number, {"displayName": display_name})

    async def unlink(
        self,
        phone_number: str,
        *,
        service_plan: bool = True,
        campaign: bool = True,
        callback_url: str | None = None,
    ) -> ImportedNumber:
        """Free the number (E.164) of its service plan and its campaign, or of one of the two. Repeating it is safe.

        The answer comes before the unlink is through. Link the number to something else when the events have come,
        or when `get` shows what was linked (`sms_provisioning`, `campaign_provisioning`) as `DEPROVISIONING` and
        `DONE`. A `callback_url` replaces the present one. Sinch API: ImportNumberService_UpdateImportedNumber.
        """
        operation = "imported_numbers.unlink"
        check_required(service_plan or campaign, operation=operation, field="smsConfiguration")
        links = {"servicePlanId": "" if service_plan else None, "campaignId": "" if campaign else None}
        return await self._change_links(operation, phone_number, links, callback_url)

    async def link(
        self,
        phone_number: str,
        *,
        service_plan_id: str | None = None,
        campaign_id: str | None = None,
        callback_url: str | None = None,
    ) -> ImportedNumber:
        """Link the number (E.164) to a service plan, a campaign or both. Repeating it is safe.

        A number that is linked must be unlinked first, and the unlink be through. Linking goes on after the answer:
        follow `get` or callbacks. A `callback_url` replaces the present one. Sinch API:
        ImportNumberService_UpdateImportedNumber.
        """
        operation = "imported_numbers.link"
        links = {"servicePlanId": service_plan_id, "campaignId": campaign_id}
        check_one_given(links, operation=operation, subject=phone_number)
        return await self._change_links(operation, phone_number, links, callback_url)

    async def delete(self, phone_number: str) -> None:
        """Take the number (E.164) out of the project; a NotFound after a repeated `delete` means that it is gone.

        Sinch API: ImportNumberService_DeleteImportedNumber.
        """
        request = number_request("imported_numbers.delete", "DELETE", _PATH, phone_number)
        await self._transport.call_without_answer(request)

    async def _change_links(
        self, operation: str, phone_number: str, links: Mapping[str, str | None], callback_url: str | None
    ) -> ImportedNumber:
        changed: dict[str, JsonValue] = {name: value for name, value in links.items() if value is not None}
        return await self._update(operation, phone_number, {"smsConfiguration": changed, "callbackUrl": callback_url})

    async def _update(self, operation: str, phone_number: str, fields: Mapping[str, JsonValue]) -> ImportedNumber:
        """Send the fields that have a value, and nothing else."""
        body = {name: value for name, value in fields.items() if value is not None}
        mask = self._settings.field_mask_parameter
        query: Query = {mask: ",".join(_field_paths(body))} if mask else {}
        request = number_request(operation, "PATCH", _PATH, phone_number, query=query, body=body)
        return await self._transport.call(request, ImportedNumber)


def _field_paths(body: Mapping[str, JsonValue], prefix: str = "") -> Iterator[str]:
    for name, value in body.items():
        if isinstance(value, dict):
            yield from _field_paths(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"
