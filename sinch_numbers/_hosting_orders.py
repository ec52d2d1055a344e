"""Hosting orders: creating them, finding them, following them and their numbers.

Sinch API: Hosting Orders.
"""

from collections.abc import AsyncIterator, Sequence
from functools import partial

from sinch_numbers._checks import check_required, path_segment, phone_number_segment
from sinch_numbers._models._base import OrderBy, RegionCode, State
from sinch_numbers._models._hosting_orders import (
    HostingOrder,
    HostingOrderNumber,
    HostingOrderReport,
    HostingOrderState,
    HostingOrderType,
)
from sinch_numbers._models._order_requests import (
    ImportNumbersRequest,
    TextEnableNumbersRequest,
    TextEnableTollFreeNumbersRequest,
)
from sinch_numbers._order_requests import order_request, text_enablement, toll_free_text_enablement
from sinch_numbers._paging import Page, iterate_pages, iterate_states
from sinch_numbers._settings import ClientSettings
from sinch_numbers._transport import ApiRequest, Transport

_LOOKUP_PAGE_SIZE = 100


class HostingOrders:
    """`SinchNumbers.hosting_orders`. Every method raises SinchError."""

    def __init__(self, transport: Transport, settings: ClientSettings, project_id: str) -> None:
        self._transport = transport
        self._settings = settings
        self._project_id = project_id

    async def import_numbers(self, request: ImportNumbersRequest) -> HostingOrder:
        """Order the import of 1 to 5 numbers (`ClientSettings.max_numbers_per_import`). Not idempotent.

        Sinch's `ImportHostingOrder` is a HostingOrder without the fields of text enabling. After an OutcomeUnknown
        or a ServerError look for the order with `find_by_display_name` before sending again. Sinch API:
        HostingOrderService_ImportNumbers.
        """
        return await self._transport.call(
            order_request(
                request,
                operation="hosting_orders.import_numbers",
                path="hostingOrders:importNumbers",
                settings=self._settings,
            ),
            HostingOrder,
        )

    async def text_enable(self, request: TextEnableNumbersRequest) -> HostingOrder:
        """Order the text enablement of 1 to 500 numbers. Not idempotent.

        After an OutcomeUnknown or a ServerError look for the order with `find_by_display_name` before sending
        again. Sinch API: TextEnableNumbers.
        """
        return await self._transport.call(
            text_enablement(
                request,
                operation="hosting_orders.text_enable",
                path="hostingOrders:textEnableNumbers",
                settings=self._settings,
            ),
            HostingOrder,
        )

    async def text_enable_toll_free(self, request: TextEnableTollFreeNumbersRequest) -> HostingOrder:
        """Order the text enablement of 1 to 500 toll-free numbers. Not idempotent.

        After an OutcomeUnknown or a ServerError look for the order with `find_by_display_name`, without campaign,
        before sending again. Sinch API: TextEnableTollFreeNumbers.
        """
        return await self._transport.call(
            toll_free_text_enablement(
                request,
                operation="hosting_orders.text_enable_toll_free",
                path="hostingOrders:textEnableTollFreeNumbers",
                settings=self._settings,
                project_id=self._project_id,
            ),
            HostingOrder,
        )

    async def find_by_display_name(
        self,
        display_name: str,
        *,
        states: Sequence[HostingOrderState],
        type: HostingOrderType,  # noqa: A002 - the wire name
        service_plan_id: str,
        campaign_id: str | None,
    ) -> HostingOrder | None:
        """The first listed order with exactly this display name, or None.

        Give every state that the order can have reached; `list` explains why none is missed. Sinch API:
        HostingOrderService_ListHostingOrders.
        """
        orders = self.list(
            states=states,
            type=type,
            service_plan_id=service_plan_id,
            campaign_id=campaign_id,
            page_size=_LOOKUP_PAGE_SIZE,
        )
        async for order in orders:
            if order.display_name == display_name:
                return order
        return None

    def list(
        self,
        *,
        states: Sequence[HostingOrderState],
        type: HostingOrderType,  # noqa: A002 - the wire name
        service_plan_id: str,
        campaign_id: str | None,
        region_code: RegionCode | None = None,
        order_by: OrderBy | None = None,
        page_size: int | None = None,
    ) -> AsyncIterator[HostingOrder]:
        """Every order in any of `states`; the four filters are mandatory.

        One list a state is read, in the order of an order's life: an order that moves on meanwhile may be seen
        twice, but is not missed. `ClientSettings.states_in_one_request` reads one list instead. A `campaign_id` of
        None finds orders without campaign. Sinch API: HostingOrderService_ListHostingOrders.
        """
        check_required(states, operation="hosting_orders.list", field="states")
        return iterate_states(
            states,
            partial(
                self.list_page,
                type=type,
                service_plan_id=service_plan_id,
                campaign_id=campaign_id,
                region_code=region_code,
                order_by=order_by,
                page_size=page_size,
            ),
            in_one_request=self._settings.states_in_one_request,
        )

    async def list_page(
        self,
        *states: HostingOrderState,
        type: HostingOrderType,  # noqa: A002 - the wire name
        service_plan_id: str,
        campaign_id: str | None,
        region_code: RegionCode | None = None,
        order_by: OrderBy | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> Page[HostingOrder]:
        """One page of the orders in one state; Sinch may make pages smaller than `page_size`.

        Several states are sent as a repeated parameter, which Sinch does not document. Sinch API:
        HostingOrderService_ListHostingOrders.
        """
        check_required(states, operation="hosting_orders.list", field="states")
        query = {
            "states": states,
            "type": type,
            "servicePlanId": service_plan_id,
            "campaignId": campaign_id or "",
            "regionCode": region_code,
            "orderBy": order_by,
            "pageSize": page_size,
            "pageToken": page_token,
        }
        return await self._transport.call(
            ApiRequest("hosting_orders.list", "GET", "hostingOrders", query), Page[HostingOrder]
        )

    async def get(self, hosting_order_id: str) -> HostingOrder:
        """One order. Sinch API: HostingOrderService_GetHostingOrder."""
        operation = "hosting_orders.get"
        path = _order_path(hosting_order_id, operation)
        return await self._transport.call(ApiRequest(operation, "GET", path, subject=hosting_order_id), HostingOrder)

    async def report(self, hosting_order_id: str) -> HostingOrderReport:
        """Progress counters of one order. Sinch API: GetHostingOrderReport."""
        operation = "hosting_orders.report"
        path = f"{_order_path(hosting_order_id, operation)}/report"
        return await self._transport.call(
            ApiRequest(operation, "GET", path, subject=hosting_order_id), HostingOrderReport
        )

    def list_numbers(
        self,
        hosting_order_id: str,
        *,
        osr_update_state: State | None = None,
        campaign_provisioning_state: State | None = None,
        platform_provisioning_state: State | None = None,
        order_by: OrderBy | None = None,
        page_size: int | None = None,
    ) -> AsyncIterator[HostingOrderNumber]:
        """Every number of one order, or those in the given states.

        Sinch API: HostingOrderService_ListHostingOrderNumbers.
        """
        return iterate_pages(
            partial(
                self.list_numbers_page,
                hosting_order_id,
                osr_update_state=osr_update_state,
                campaign_provisioning_state=campaign_provisioning_state,
                platform_provisioning_state=platform_provisioning_state,
                order_by=order_by,
                page_size=page_size,
            )
        )

    async def list_numbers_page(
        self,
        hosting_order_id: str,
        *,
        osr_update_state: State | None = None,
        campaign_provisioning_state: State | None = None,
        platform_provisioning_state: State | None = None,
        order_by: OrderBy | None = None,
        page_size: int | None = None,
        page_token: str | None = None,
    ) -> Page[HostingOrderNumber]:
        """One page of the numbers of one order; Sinch may make pages smaller than `page_size`.

        Sinch API: HostingOrderService_ListHostingOrderNumbers.
        """
        operation = "hosting_orders.list_numbers"
        path = f"{_order_path(hosting_order_id, operation)}/numbers"
        query = {
            "osrUpdateState": osr_update_state,
            "campaignProvisioningState": campaign_provisioning_state,
            "platformProvisioningState": platform_provisioning_state,
            "orderBy": order_by,
            "pageSize": page_size,
            "pageToken": page_token,
        }
        return await self._transport.call(
            ApiRequest(operation, "GET", path, query, subject=hosting_order_id), Page[HostingOrderNumber]
        )

    async def get_number(self, hosting_order_id: str, phone_number: str) -> HostingOrderNumber:
        """One number (E.164) of one order. Sinch API: HostingOrderService_GetHostingOrderNumber."""
        operation = "hosting_orders.get_number"
        number = phone_number_segment(phone_number, operation=operation)
        path = f"{_order_path(hosting_order_id, operation)}/numbers/{number}"
        return await self._transport.call(
            ApiRequest(operation, "GET", path, subject=f"{phone_number} of {hosting_order_id}"),
            HostingOrderNumber,
        )


def _order_path(hosting_order_id: str, operation: str) -> str:
    return f"hostingOrders/{path_segment(hosting_order_id, operation=operation, field='hostingOrderId')}"
