"""What all Sinch resources have in common on the wire: camelCase names, open enums, UTC timestamps.

Reading is tolerant, because Sinch announces that fields and literals may be added at any time: unknown fields
are kept in `model_extra`, a null is the same as an absent field, an unknown enum literal stays a string, and
numbers are accepted where a string is documented.

Sinch API: headers and formats.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    JsonValue,
    PlainSerializer,
    model_validator,
)
from pydantic.alias_generators import to_camel

EnumT = TypeVar("EnumT", bound=StrEnum)

Open = Annotated[EnumT | str, Field(union_mode="left_to_right")]
"""`Open[State]` parses a documented literal to its `State` member and keeps any other literal as a string."""


class ApiModel(BaseModel):
    """Base of everything read from or sent to Sinch: frozen, snake_case here, camelCase on the wire.

    Validation errors never quote the input, which may hold a secret.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_alias=True,
        validate_by_name=True,
        frozen=True,
        extra="allow",
        coerce_numbers_to_str=True,
        hide_input_in_errors=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: object) -> object:
        if isinstance(data, dict):
            return {name: value for name, value in data.items() if value is not None}
        return data

    def wire_body(self) -> dict[str, JsonValue]:
        """The JSON object to send: camelCase names, fields without a value left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


def empty_is_absent(value: object) -> object:
    """None for an empty string, to be read before a type that knows no empty text."""
    return None if value == "" else value


def _in_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    try:
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except OverflowError:
        raise ValueError("the time lies outside the calendar") from None


def _rfc3339(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Timestamp = Annotated[datetime | None, BeforeValidator(empty_is_absent), AfterValidator(_in_utc)]
"""A time read from Sinch, always aware and in UTC. One without a zone is meant as UTC; digits below a
microsecond are cut off; an empty string is no time."""

TimestampToSend = Annotated[AwareDatetime, PlainSerializer(_rfc3339, when_used="json")]
"""An aware time, sent as RFC 3339 in UTC with milliseconds."""


class RegionCode(StrEnum):
    """ISO 3166-1 alpha-2 regions that the Imported Numbers and Hosting Orders API serves."""

    US = "US"
    CA = "CA"


class State(StrEnum):
    """Progress of one sub-process of a number (Sinch API: `State`).

    `UNSPECIFIED` means unknown or not applicable; it is also read where Sinch leaves the state out.
    """

    UNSPECIFIED = "STATE_UNSPECIFIED"
    WAITING = "WAITING"
    IN_PROGRESS = "IN_PROGRESS"
    DONE = "DONE"
    FAILED = "FAILED"


class OrderBy(StrEnum):
    """Sort key of the list operations."""

    CREATED_TIME = "createdTime"
    UPDATED_TIME = "updatedTime"
