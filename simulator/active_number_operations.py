"""The operations on rented numbers: what they check of a request and what they answer. Sinch API: activeNumbers."""

from collections.abc import Mapping

from simulator.active_numbers import ActiveNumber
from simulator.bodies import parse
from simulator.number_bodies import UpdateActiveNumber
from simulator.number_queries import capabilities, number_types, pattern, region
from simulator.operations import Call, Resource
from simulator.paging import PageRequest, SortKey
from simulator.project import Project
from simulator.queries import demand

_ORDERS: Mapping[str, SortKey | None] = {
    "phoneNumber": lambda number: str(number.phone_number),
    "displayName": lambda number: str(number.display_name),
}


def list_numbers(project: Project, call: Call) -> Resource:
    """ListActiveNumbers."""
    query = call.query
    if project.settings.active_list_needs_filters:
        demand(query, "regionCode", "type")
    region_code, types, has_pattern = region(query.get("regionCode")), number_types(query), pattern(query)
    able = capabilities(query, "capability", "capabilities")

    def matches(number: ActiveNumber) -> bool:
        of_prefix = number.offer.range
        return (
            region_code in {None, of_prefix.region_code}
            and (not types or of_prefix.type in types)
            and able <= set(of_prefix.capabilities)
            and has_pattern(number.phone_number)
        )

    page = project.active_numbers.page(PageRequest.of(query, _ORDERS), matches)
    return {
        "activeNumbers": [number.wire(project.project_id) for number in page.items],
        "nextPageToken": page.next_page_token,
        "totalSize": page.total_size,
    }


def get(project: Project, call: Call) -> Resource:
    """GetActiveNumber."""
    return _number(project, call).wire(project.project_id)


def update(project: Project, call: Call) -> Resource:
    """UpdateActiveNumber."""
    number = _number(project, call)
    project.number_rental.update(number, parse(UpdateActiveNumber, call.body, call.content_type))
    return number.wire(project.project_id)


def release(project: Project, call: Call) -> Resource:
    """ReleaseNumber."""
    number = _number(project, call)
    project.number_rental.release(number)
    return number.wire(project.project_id)


def _number(project: Project, call: Call) -> ActiveNumber:
    return project.active_numbers.get(call.path["phone_number"])
