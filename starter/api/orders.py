"""`onboard orders`: hosting orders, their reports and their numbers.

Sinch API: HostingOrderService_ListHostingOrders, HostingOrderService_GetHostingOrder, GetHostingOrderReport,
HostingOrderService_ListHostingOrderNumbers.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from sinch_numbers import HostingOrder, HostingOrderState, HostingOrderType, OrderBy, State
from starter.api.project import PAGE_SIZE, literals, optional_literal, sinch_project
from starter.api.showing import show_one, show_rows
from starter.output import Format, message

_COLUMNS = {
    "order": "hosting_order_id",
    "state": "state",
    "type": "type",
    "name": "display_name",
    "campaign": "campaign_id",
    "created": "created_time",
    "updated": "updated_time",
}
_NUMBER_COLUMNS = {
    "number": "phone_number",
    "osr": "osr_update.state",
    "platform": "platform_provisioning.state",
    "campaign": "campaign_provisioning.state",
    "sms at AT&T": "sms_att.state",
    "sms at T-Mobile": "sms_tmo.state",
    "error at AT&T": "sms_att.error_code",
    "error at T-Mobile": "sms_tmo.error_code",
}
_TIMES = {OrderBy.CREATED_TIME: "created_time", OrderBy.UPDATED_TIME: "updated_time"}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


async def show_list(
    profile: str,
    states: Sequence[str] | None,
    types: Sequence[str] | None,
    service_plan_id: str,
    campaign_id: str,
    order_by: str | None,
    format_: Format,
) -> None:
    """Orders in any of these states and of any of these types. Raises Stop."""
    wanted = literals(HostingOrderState, states, "--state")
    kinds = literals(HostingOrderType, types, "--type")
    by = optional_literal(OrderBy, order_by, "--order-by")
    found: dict[str, HostingOrder] = {}
    async with sinch_project(profile) as sinch:
        for kind in kinds:
            async for order in sinch.hosting_orders.list(
                states=wanted,
                type=kind,
                service_plan_id=service_plan_id,
                campaign_id=campaign_id,
                order_by=by,
                page_size=PAGE_SIZE,
            ):
                found[order.hosting_order_id] = order
    orders = list(found.values())
    if by is not None:
        # Each state and type is a list of its own, so the whole has to be put in order here.
        orders.sort(key=lambda order: getattr(order, _TIMES[by]) or _LONG_AGO)
    if not orders and not campaign_id:
        message("There is no such order without a campaign; for orders with one, name it by --campaign.")
    show_rows(format_, orders, _COLUMNS)


async def show(profile: str, order_id: str, format_: Format) -> None:
    """One order with its report. Raises Stop."""
    async with sinch_project(profile) as sinch:
        order = await sinch.hosting_orders.get(order_id)
        report = await sinch.hosting_orders.report(order_id)
    show_one(format_, {**order.model_dump(mode="json"), "report": report.model_dump(mode="json")})


async def show_numbers(
    profile: str, order_id: str, osr: str | None, platform: str | None, campaign: str | None, format_: Format
) -> None:
    """The numbers of an order, all or those in these states. Raises Stop."""
    osr_state = optional_literal(State, osr, "--osr")
    platform_state = optional_literal(State, platform, "--platform")
    campaign_state = optional_literal(State, campaign, "--campaign")
    async with sinch_project(profile) as sinch:
        listed = sinch.hosting_orders.list_numbers(
            order_id,
            osr_update_state=osr_state,
            platform_provisioning_state=platform_state,
            campaign_provisioning_state=campaign_state,
            page_size=PAGE_SIZE,
        )
        numbers = [number async for number in listed]
    show_rows(format_, numbers, _NUMBER_COLUMNS)
