"""The operations on imported numbers: what they check of a request and what they answer.

Sinch API: importedNumbers.
"""

from simulator.bodies import ImportNumber, UpdateImportedNumber, demand_same, parse
from simulator.errors import FieldViolation, invalid
from simulator.imported_numbers import ImportedNumber
from simulator.operations import Call, Resource
from simulator.paging import PageRequest
from simulator.project import Project
from simulator.queries import demand, number_pattern, region


def list_numbers(project: Project, call: Call) -> Resource:
    """ListImportedNumbers."""
    query = call.query
    if project.settings.imported_list_needs_filters:
        demand(query, "servicePlanId", "campaignId", may_be_empty="campaignId")
    service_plan_id, campaign_id = query.get("servicePlanId"), query.get("campaignId")
    region_code = region(query)
    has_pattern = number_pattern(query)

    def matches(number: ImportedNumber) -> bool:
        return (
            has_pattern(number.phone_number)
            and service_plan_id in {None, number.platform.linked_id or number.platform.wanted_id}
            and campaign_id in {None, number.campaign.linked_id or number.campaign.wanted_id}
            and region_code in {None, number.region_code}
        )

    page = project.imported_numbers.page(PageRequest.of(query), matches)
    return {
        "importedNumbers": [number.full_wire(project.project_id) for number in page.items],
        "nextPageToken": page.next_page_token,
        "totalSize": page.total_size,
    }


def import_number(project: Project, call: Call) -> Resource:
    """ImportNumber."""
    body = parse(ImportNumber, call.body, call.content_type)
    demand_same("projectId", body.project_id, project.project_id)
    return project.imported_number_linking.import_number(body).wire(project.project_id)


def get(project: Project, call: Call) -> Resource:
    """GetImportedNumber."""
    return project.imported_numbers.get(call.path["phone_number"]).full_wire(project.project_id)


def update(project: Project, call: Call) -> Resource:
    """UpdateImportedNumber."""
    number = project.imported_numbers.get(call.path["phone_number"])
    body = parse(UpdateImportedNumber, call.body, call.content_type)
    demand_same("projectId", body.project_id, project.project_id)
    demand_same("phoneNumber", body.phone_number, number.phone_number)
    demand_same("regionCode", body.region_code, number.region_code)
    services = body.sms_configuration
    if services is not None and services.service_plan_id is None and services.campaign_id is None:
        raise invalid(FieldViolation("smsConfiguration", "an empty object changes nothing: leave it out"))
    project.imported_number_linking.update(number, body)
    return number.wire(project.project_id)


def delete(project: Project, call: Call) -> None:
    """DeleteImportedNumber."""
    project.imported_number_linking.delete(project.imported_numbers.get(call.path["phone_number"]))
