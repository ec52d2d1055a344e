"""The operations on numbers that can be rented, and on the regions that have some. Sinch API: availableNumbers."""

from itertools import islice

from simulator.bodies import parse
from simulator.errors import FieldViolation, invalid, not_found
from simulator.number_bodies import NumberPattern, RentAnyNumber, RentNumber
from simulator.number_inventory import Wanted
from simulator.number_queries import capabilities, number_types, pattern, pattern_matcher, region
from simulator.number_ranges import RANGES, REGION_NAMES, NumberType
from simulator.operations import Call, Resource
from simulator.paging import page_size
from simulator.project import Project
from simulator.queries import demand


def search(project: Project, call: Call) -> Resource:
    """ListAvailableNumbers."""
    query = call.query
    demand(query, "regionCode", "type")
    types = number_types(query)
    if len(types) != 1:
        raise invalid(FieldViolation("type", "exactly one of MOBILE, LOCAL, TOLL_FREE"))
    (number_type,) = types
    region_code = region(query["regionCode"]) or ""
    wanted = Wanted(region_code, number_type, capabilities(query, "capabilities"), pattern(query))
    offers = islice(project.inventory.search(wanted), page_size(query, "size"))
    return {"availableNumbers": [offer.wire() for offer in offers]}


def get(project: Project, call: Call) -> Resource:
    """GetAvailableNumber."""
    return project.inventory.get(call.path["phone_number"]).wire()


def rent(project: Project, call: Call) -> Resource:
    """RentNumber."""
    body = parse(RentNumber, call.body, call.content_type)
    offer = project.inventory.get(call.path["phone_number"])
    return project.number_rental.rent(offer, body).wire(project.project_id)


def rent_any(project: Project, call: Call) -> Resource:
    """RentAnyNumber."""
    body = parse(RentAnyNumber, call.body, call.content_type)
    if (body.region_code, body.type) != ("US", NumberType.LOCAL):
        raise invalid(FieldViolation("type", "any number can be rented of type LOCAL in the region US only"))
    asked = body.number_pattern or NumberPattern()
    matches = pattern_matcher(asked.pattern, asked.search_pattern)
    wanted = Wanted(body.region_code, body.type, frozenset(body.capabilities or ()), matches)
    offer = next(project.inventory.search(wanted), None)
    if offer is None:
        raise not_found("available number", asked.pattern or "any")
    return project.number_rental.rent(offer, body).wire(project.project_id)


def list_regions(_project: Project, call: Call) -> Resource:
    """ListAvailableRegions."""
    asked = number_types(call.query, "types")
    regions = []
    for code, name in REGION_NAMES.items():
        types = sorted({of_prefix.type.value for of_prefix in RANGES if of_prefix.region_code == code})
        if not asked or asked & set(types):
            regions.append({"regionCode": code, "regionName": name, "types": types})
    return {"availableRegions": regions}
