"""The request bodies of the imported-numbers host, and what is wrong with a body that does not fit.

Sinch API: importedNumbers, addNumbers, verifyVoiceChallenge, callbackConfiguration. Unknown fields are ignored, an
explicit null counts as absent. The bodies that order hosting are in :mod:`simulator.order_bodies`.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)
from pydantic.alias_generators import to_camel

from simulator.errors import ApiError, FieldViolation, invalid
from simulator.phone_numbers import RegionCode, objection

_URL = r"^https?://[^/\s]+"


def _accepted(phone_number: str) -> str:
    complaint = objection(phone_number)
    if complaint is not None:
        raise ValueError(complaint)
    return phone_number


def _named(service_plan_id: str) -> str:
    if not service_plan_id.strip():
        raise ValueError("Invalid servicePlanId")
    return service_plan_id


def _named_or_empty(service_plan_id: str) -> str:
    return service_plan_id and _named(service_plan_id)


def _in_the_calendar(time: datetime) -> datetime:
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise ValueError("the time lies outside the calendar") from None


def all_different(phone_numbers: list[str]) -> list[str]:
    """The numbers, if none is listed twice; raises ValueError otherwise."""
    if len(set(phone_numbers)) < len(phone_numbers):
        twice = next(number for number in phone_numbers if phone_numbers.count(number) > 1)
        raise ValueError(f"'{twice}' is listed twice")
    return phone_numbers


Text = Annotated[str, StringConstraints(min_length=1)]
PhoneNumber = Annotated[str, AfterValidator(_accepted)]
PhoneNumbers = Annotated[list[PhoneNumber], Field(min_length=1), AfterValidator(all_different)]
ServicePlanId = Annotated[str, AfterValidator(_named)]
Time = Annotated[AwareDatetime, AfterValidator(_in_the_calendar)]
CallbackUrl = Annotated[str, StringConstraints(pattern=_URL)]
CallbackUrlUpdate = Annotated[str, StringConstraints(pattern=rf"^$|{_URL}")]


class Body(BaseModel):
    """A JSON body: camelCase on the wire, strict types."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", alias_generator=to_camel)


class AddNumbers(Body):
    """Body of ``qualifiedNumbers:addNumbers``."""

    phone_numbers: PhoneNumbers


class VerifyVoiceChallenge(Body):
    """Body of ``verifyVoiceChallenge``."""

    code: Text


class CallbackConfigurationUpdate(Body):
    """Body of PATCH ``callbackConfiguration``; an empty secret turns signing off."""

    hmac_secret: str


class SmsConfiguration(Body):
    """What an imported number is to be linked to."""

    service_plan_id: ServicePlanId
    campaign_id: str | None = None


class ImportNumber(Body):
    """Body of POST ``importedNumbers``."""

    phone_number: PhoneNumber
    region_code: RegionCode
    sms_configuration: SmsConfiguration
    project_id: str | None = None
    display_name: str | None = None
    callback_url: CallbackUrl | None = None


class SmsConfigurationUpdate(Body):
    """What to link a number to; an empty string unlinks, None changes nothing."""

    service_plan_id: Annotated[str, AfterValidator(_named_or_empty)] | None = None
    campaign_id: str | None = None


class UpdateImportedNumber(Body):
    """Body of PATCH ``importedNumbers``; what is absent does not change, an empty ``callbackUrl`` is none."""

    phone_number: str | None = None
    region_code: str | None = None
    sms_configuration: SmsConfigurationUpdate | None = None
    project_id: str | None = None
    display_name: str | None = None
    callback_url: CallbackUrlUpdate | None = None


AnyBody = TypeVar("AnyBody", bound=Body)


def demand_same(field: str, given: str | None, expected: str) -> None:
    """Raise ApiError 400 when a field of a body that may only repeat what the path or the resource says differs."""
    if given not in {None, expected}:
        raise invalid(FieldViolation(field, f"'{given}' differs from {expected} and cannot be chosen"))


def parse(kind: type[AnyBody], body: bytes, content_type: str) -> AnyBody:
    """Read a request body; raises ApiError 400 that names every field at fault."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise ApiError(400, "A request with a body needs the header Content-Type: application/json.")
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        raise invalid(*(_violation(dict(problem)) for problem in error.errors())) from None


def _violation(problem: dict[str, Any]) -> FieldViolation:
    field = ""
    for step in problem["loc"]:
        field += f"[{step}]" if isinstance(step, int) else f".{step}" if field else str(step)
    return FieldViolation(field or "body", problem["msg"].removeprefix("Value error, "))
