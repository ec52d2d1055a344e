"""The request bodies of the imported-numbers host, and what is wrong with a body that does not fit.

Sinch API: addNumbers, verifyVoiceChallenge, textEnableNumbers, LOA objects, callbackConfiguration. Unknown fields
are ignored, an explicit null counts as absent.
"""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.alias_generators import to_camel

from simulator.errors import ApiError, FieldViolation, invalid
from simulator.phone_numbers import RegionCode, objection

LoaType = Literal["DIRECT", "RESELLER", "BLANKET"]


def _accepted(phone_number: str) -> str:
    complaint = objection(phone_number)
    if complaint is not None:
        raise ValueError(complaint)
    return phone_number


def _all_different(phone_numbers: list[str]) -> list[str]:
    if len(set(phone_numbers)) < len(phone_numbers):
        twice = next(number for number in phone_numbers if phone_numbers.count(number) > 1)
        raise ValueError(f"'{twice}' is listed twice")
    return phone_numbers


Text = Annotated[str, StringConstraints(min_length=1)]
PhoneNumbers = Annotated[
    list[Annotated[str, AfterValidator(_accepted)]], Field(min_length=1), AfterValidator(_all_different)
]


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


class AuthorisedPerson(Body):
    """Who signs the LOA."""

    first_name: Text
    last_name: Text
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$")]


class Address(Body):
    """Where the owner of the numbers is registered."""

    building_number: Text
    street: Text
    city: Text
    state: Text
    postal_code: Text
    country: Text


class DirectLoaInfo(Body):
    """LOA of Sinch's own customer."""

    authorised_person: AuthorisedPerson
    address: Address
    current_voice_carrier: Text


class ResellerLoaInfo(DirectLoaInfo):
    """LOA of a customer of Sinch's customer."""

    business_name: Text


class BlanketLoaInfo(Body):
    """A standing LOA; sent as an empty object."""


class TextEnableNumbers(Body):
    """Body of ``hostingOrders:textEnableNumbers`` and of ``qualifiedNumbers:textEnableNumbers``."""

    region_code: RegionCode
    numbers: PhoneNumbers
    service_plan_id: str
    campaign_id: str | None = None
    project_id: str | None = None
    display_name: str | None = None
    nnid: Annotated[str, StringConstraints(pattern=r"^\d{6}$")] | None = None
    direct_loa_info: DirectLoaInfo | None = None
    reseller_loa_info: ResellerLoaInfo | None = None
    blanket_loa_info: BlanketLoaInfo | None = None
    scheduled_osr_update_time: AwareDatetime | None = None
    callback_url: Annotated[str, StringConstraints(pattern=r"^https?://[^/\s]+")] | None = None

    @property
    def loa(self) -> DirectLoaInfo | ResellerLoaInfo | None:
        """The LOA that needs a signature, or None for the blanket one."""
        return self.direct_loa_info or self.reseller_loa_info

    @property
    def loa_type(self) -> LoaType:
        """Which of the three kinds of LOA the request carries."""
        if self.direct_loa_info is not None:
            return "DIRECT"
        return "BLANKET" if self.reseller_loa_info is None else "RESELLER"

    @field_validator("service_plan_id")
    @classmethod
    def _named(cls, service_plan_id: str) -> str:
        if not service_plan_id.strip():
            raise ValueError("Invalid servicePlanId")
        return service_plan_id

    @model_validator(mode="after")
    def _one_loa(self) -> "TextEnableNumbers":
        given = [self.direct_loa_info, self.reseller_loa_info, self.blanket_loa_info]
        if sum(loa is not None for loa in given) != 1:
            raise ValueError("give exactly one of directLoaInfo, resellerLoaInfo and blanketLoaInfo")
        return self


AnyBody = TypeVar("AnyBody", bound=Body)


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
