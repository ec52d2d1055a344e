"""What is checked before a request goes to the Numbers API: regions, patterns, needless or empty configurations.

Sinch API: `RentNumberRequest`, `RentAnyNumberRequest`, `ActiveNumberRequest`, search parameters.
"""

import re
from collections.abc import Iterator

from sinch_numbers._checks import blank_members, refuse
from sinch_numbers._errors import FieldViolation
from sinch_numbers._models._active_number_requests import (
    ActiveNumberRequest,
    RentAnyNumberRequest,
    RentNumberRequest,
)
from sinch_numbers._models._available_numbers import (
    NumberCapability,
    NumbersPattern,
    NumbersSearchPattern,
    NumberType,
)

_REGION = re.compile(r"[A-Z]{2}")
_PATTERN = re.compile(r"\+?[0-9]+")


def check_search(region_code: str | None, number_pattern: NumbersPattern | None, *, operation: str) -> None:
    """Raise one InvalidRequest that names everything wrong with what is searched for."""
    refuse(operation, _search_violations(region_code, number_pattern))


def check_rent(request: RentNumberRequest, *, operation: str, phone_number: str) -> None:
    """Raise one InvalidRequest that names everything wrong with `request`."""
    refuse(operation, _rent_violations(request), subject=phone_number)


def check_rent_any(request: RentAnyNumberRequest, *, operation: str) -> None:
    """Raise one InvalidRequest that names everything wrong with `request`."""
    refuse(operation, _rent_any_violations(request))


def check_update(request: ActiveNumberRequest, *, operation: str, phone_number: str) -> None:
    """Raise one InvalidRequest that names everything wrong with `request`."""
    refuse(operation, _update_violations(request), subject=phone_number)


def _search_violations(region_code: str | None, number_pattern: NumbersPattern | None) -> Iterator[FieldViolation]:
    if region_code is not None and not _REGION.fullmatch(region_code):
        yield FieldViolation("regionCode", f"{region_code!r} is not ISO 3166-1 alpha-2, e.g. US")
    if number_pattern is None:
        return
    if not _PATTERN.fullmatch(number_pattern.pattern):
        yield FieldViolation("numberPattern.pattern", f"{number_pattern.pattern!r} is not a sequence of digits")
    elif number_pattern.search_pattern is NumbersSearchPattern.START and number_pattern.pattern[0] != "+":
        yield FieldViolation("numberPattern.pattern", "must begin with + where numbers START with it, e.g. +1206")


def _rent_violations(request: RentNumberRequest) -> Iterator[FieldViolation]:
    yield from blank_members(request)
    if request.sms_configuration and request.sms_configuration.service_plan_id is None:
        yield FieldViolation("smsConfiguration.servicePlanId", "is required to rent a number for SMS")


def _rent_any_violations(request: RentAnyNumberRequest) -> Iterator[FieldViolation]:
    yield from _search_violations(request.region_code, request.number_pattern)
    if (request.region_code, request.type) != ("US", NumberType.LOCAL):
        yield FieldViolation("regionCode/type", "only US LOCAL numbers can be rented unseen; search and rent others")
    yield from _rent_violations(request)
    configurations = {
        NumberCapability.SMS: ("smsConfiguration", request.sms_configuration),
        NumberCapability.VOICE: ("voiceConfiguration", request.voice_configuration),
    }
    for capability, (field, configuration) in configurations.items():
        if configuration and request.capabilities and capability not in request.capabilities:
            yield FieldViolation(field, f"is needless, for {capability} is not among the capabilities")


def _update_violations(request: ActiveNumberRequest) -> Iterator[FieldViolation]:
    if not request.wire_body():
        yield FieldViolation("/".join(_wire_names(request)), "at least one is required")
    if request.sms_configuration and not request.sms_configuration.wire_body():
        yield FieldViolation("smsConfiguration", "is empty; leave it out, or name what to link to")
    yield from blank_members(request)


def _wire_names(request: ActiveNumberRequest) -> list[str]:
    return [str(field.alias) for field in type(request).model_fields.values()]
