"""The operations on hosting orders: what they check of a request and what they answer.

Sinch API: hosting orders, textEnableNumbers, textEnableTollFreeNumbers, importNumbers.
"""

from simulator.bodies import demand_same, parse
from simulator.hosting_orders import HostingOrder, HostingOrderNumber, OrderState, OrderType
from simulator.links import State
from simulator.operations import Call, Resource
from simulator.order_bodies import ImportNumbers, OrderRequest, TextEnableNumbers, TextEnableTollFreeNumbers
from simulator.paging import PageRequest
from simulator.project import Project
from simulator.queries import at_most, demand, literals, region


def list_orders(project: Project, call: Call) -> Resource:
    """ListHostingOrders."""
    query = call.query
    demand(query, "states", "type", "servicePlanId", "campaignId", may_be_empty="campaignId")
    states = literals(query, "states", OrderState, OrderState.UNSPECIFIED)
    types = literals(query, "type", OrderType, OrderType.UNSPECIFIED)
    region_code = region(query)

    def matches(order: HostingOrder) -> bool:
        return (
            (not states or order.state in states)
            and (not types or order.type in types)
            and region_code in {None, order.request.region_code}
        )

    request = PageRequest.of(query)
    orders = project.orders.of_service(query["servicePlanId"], query["campaignId"])
    page = request.cut(orders, matches)
    return {
        "hostingOrders": [order.wire(project.project_id) for order in page.items],
        "nextPageToken": page.next_page_token,
        "totalSize": page.total_size,
    }


def get(project: Project, call: Call) -> Resource:
    """GetHostingOrder."""
    return _order(project, call).wire(project.project_id)


def report(project: Project, call: Call) -> Resource:
    """GetHostingOrderReport."""
    return dict(_order(project, call).report())


def list_numbers(project: Project, call: Call) -> Resource:
    """ListHostingOrderNumbers."""
    query = call.query
    osr_update = literals(query, "osrUpdateState", State, State.UNSPECIFIED)
    platform = literals(query, "platformProvisioningState", State, State.UNSPECIFIED)
    campaign = literals(query, "campaignProvisioningState", State, State.UNSPECIFIED)

    def matches(number: HostingOrderNumber) -> bool:
        return (
            (not osr_update or number.osr_update in osr_update)
            and (not platform or number.platform.state in platform)
            and (not campaign or number.campaign.state in campaign)
        )

    request = PageRequest.of(query)
    numbers = _order(project, call).in_order
    page = request.cut(numbers, matches)
    return {
        "numbers": [number.wire(project.project_id) for number in page.items],
        "nextPageToken": page.next_page_token,
        "totalSize": page.total_size,
    }


def get_number(project: Project, call: Call) -> Resource:
    """GetHostingOrderNumber."""
    return _order(project, call).number(call.path["phone_number"]).wire(project.project_id)


def text_enable(project: Project, call: Call) -> Resource:
    """TextEnableNumbers."""
    return _text_enable(project, call, TextEnableNumbers).wire(project.project_id)


def text_enable_toll_free(project: Project, call: Call) -> Resource:
    """TextEnableTollFreeNumbers."""
    return _text_enable(project, call, TextEnableTollFreeNumbers).wire(project.project_id)


def text_enable_qualified(project: Project, call: Call) -> Resource:
    """TextEnableNumbers of qualified numbers; answers the id of the order only."""
    order = _text_enable(project, call, TextEnableNumbers, verified_only=True)
    return {"hostingOrderId": order.hosting_order_id}


def text_enable_qualified_toll_free(project: Project, call: Call) -> Resource:
    """TextEnableTollFreeNumbers of qualified numbers."""
    return _text_enable(project, call, TextEnableTollFreeNumbers, verified_only=True).wire(project.project_id)


def import_numbers(project: Project, call: Call) -> Resource:
    """ImportNumbers."""
    limit = project.settings.numbers_per_import_order
    return _submit(project, call, ImportNumbers, limit, verified_only=False).wire(project.project_id)


def _order(project: Project, call: Call) -> HostingOrder:
    return project.orders.get(call.path["hosting_order_id"])


def _text_enable(
    project: Project, call: Call, kind: type[OrderRequest], *, verified_only: bool = False
) -> HostingOrder:
    verified_only = verified_only or project.settings.hosting_needs_verification
    return _submit(project, call, kind, project.settings.numbers_per_request, verified_only=verified_only)


def _submit(project: Project, call: Call, kind: type[OrderRequest], limit: int, *, verified_only: bool) -> HostingOrder:
    body = parse(kind, call.body, call.content_type)
    at_most(limit, "numbers", body.numbers)
    demand_same("projectId", body.project_id, project.project_id)
    return project.hosting_desk.submit(body, verified_only=verified_only)
