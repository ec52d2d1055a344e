"""The number endpoints of the legacy Number Administration API.

Sinch API: L3 to L10 (legacy Number Administration API). Each gets the organisation that signed the request.
"""

from typing import Any

from simulator.legacy_administration import LegacyAdministration
from simulator.legacy_bodies import group_and_quantity, json_object, numbers, reference_ids
from simulator.legacy_errors import invalid_type, not_a_number, not_the_owner
from simulator.legacy_organisations import Organisation
from simulator.operations import Call, Resource

_CAPABILITIES = ("sms", "voice")


def organisation(_legacy: LegacyAdministration, caller: Organisation, _call: Call) -> Resource:
    """The caller's organisation."""
    return caller.wire()


def groups(legacy: LegacyAdministration, caller: Organisation, call: Call) -> list[Resource]:
    """What can be rented."""
    _demand_owner(caller, call)
    return legacy.shop.groups()


def reserve(legacy: LegacyAdministration, caller: Organisation, call: Call) -> Resource:
    """Keep numbers of one group for a while."""
    _demand_owner(caller, call)
    group_id, quantity = group_and_quantity(json_object(call))
    return {"referenceId": legacy.shop.reserve(caller.organisation_id, group_id, quantity)}


def check_out(legacy: LegacyAdministration, caller: Organisation, call: Call) -> None:
    """Rent what is reserved."""
    _demand_owner(caller, call)
    legacy.check_out(caller, reference_ids(json_object(call)))


def rented_numbers(_legacy: LegacyAdministration, caller: Organisation, call: Call) -> list[Resource]:
    """Every number of the organisation."""
    _demand_owner(caller, call)
    return [number.wire() for number in caller.numbers()]


def application_numbers(_legacy: LegacyAdministration, caller: Organisation, call: Call) -> list[Resource]:
    """Every number of an application."""
    return [number.wire() for number in caller.application_numbers(call.path["application_key"])]


def set_application_numbers(legacy: LegacyAdministration, caller: Organisation, call: Call) -> list[Resource]:
    """Overwrite an application's list for a capability; answers the new list."""
    capability = capability_in(call.path)
    caller.application_numbers(call.path["application_key"])
    chosen = legacy.overwrite(caller, call.path["application_key"], capability, numbers(json_object(call)))
    return [number.wire() for number in chosen]


def unassign(_legacy: LegacyAdministration, caller: Organisation, call: Call) -> None:
    """Take one number from an application."""
    caller.application_numbers(call.path["application_key"])
    if not call.path["number"].isdecimal():
        raise not_a_number()
    caller.unassign(call.path["application_key"], int(call.path["number"]))


def capability_in(path: dict[str, Any]) -> str:
    """The capability that a path names, in any case; raises ApiError 40001."""
    given: str = path["capability"]
    if given.lower() not in _CAPABILITIES:
        raise invalid_type(given)
    return given.lower()


def _demand_owner(caller: Organisation, call: Call) -> None:
    if call.path["organisation_id"] != str(caller.organisation_id):
        raise not_the_owner(call.path["organisation_id"])
