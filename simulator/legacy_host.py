"""The three hosts of the legacy Number Administration API on one port: their paths differ.

Sinch API: legacy Number Administration API. Sinch gives its operations no ids; faults and counts name them by ours.
"""

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response

from simulator import legacy_operations as legacy
from simulator.api_host import host
from simulator.errors import ApiError, Envelope
from simulator.legacy_administration import LegacyAdministration
from simulator.legacy_organisations import Organisation
from simulator.operations import Call, Operation, Resource
from simulator.world import World

Answer = Callable[[LegacyAdministration, Organisation, Call], Resource | list[Resource] | None]

_ORGANISATION = "/v1/organisations/id/{organisation_id}/numbers"
_SHOP = f"{_ORGANISATION}/shop"
_APPLICATION = "/v1/applications/key/{application_key}/numbers"


def legacy_host(world: World) -> Starlette:
    """The application of the hosts, on a world."""
    access = world.legacy.access

    def signed(operation_id: str, method: str, path: str, answer: Answer) -> Operation:
        return _operation(operation_id, method, path, lambda call: answer(world.legacy, _caller(world, call), call))

    operations = [
        _operation("LegacyLogIn", "POST", "/v1/users/{type}/{identity}/authentication", access.log_in),
        _operation("LegacyCreateInstance", "POST", "/v1/instance", access.create_instance),
        signed("LegacyGetOrganisation", "GET", "/v1/organisations", legacy.organisation),
        signed("LegacyListGroups", "GET", _SHOP, legacy.groups),
        signed("LegacyReserve", "PUT", _SHOP, legacy.reserve),
        signed("LegacyCheckOut", "POST", _SHOP, legacy.check_out),
        signed("LegacyListRentedNumbers", "GET", _ORGANISATION, legacy.rented_numbers),
        signed("LegacyListApplicationNumbers", "GET", _APPLICATION, legacy.application_numbers),
        signed("LegacySetApplicationNumbers", "PUT", f"{_APPLICATION}/{{capability}}", legacy.set_application_numbers),
        signed("LegacyUnassign", "DELETE", f"{_APPLICATION}/{{number}}", legacy.unassign),
    ]
    return host(world, operations, Envelope.CODED)


def _caller(world: World, call: Call) -> Organisation:
    return world.legacy.organisations[world.legacy.access.account(call).organisation_id]


def _operation(
    operation_id: str, method: str, path: str, answer: Callable[[Call], Resource | list[Resource] | None]
) -> Operation:
    def answered(call: Call) -> Response:
        try:
            resource = answer(call)
        except ApiError as error:
            return JSONResponse(error.body(Envelope.CODED), error.http_status, error.headers)
        return Response(status_code=204) if resource is None else JSONResponse(resource)

    return Operation(operation_id, method, path, answered, Envelope.CODED)
