"""What all Sinch resources have in common on the wire: camelCase names, open enums, UTC timestamps.

Reading is tolerant, because Sinch announces that fields and literals may be added at any time: unknown fields
are kept in `model_extra`, a null is the same as an absent field, an unknown enum literal stays a string, and
numbers are accepted where a string is documented.

Sinch API: headers and formats.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    JsonValue,
    PlainSerializer,
)
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, from_json
from pydantic_core.core_schema import datetime_schema

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

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """The model of a JSON value that is parsed already. Raises pydantic's ValidationError."""
        return super().model_validate(_without_nulls(obj), **options)

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """The model of a JSON text. Raises pydantic's ValidationError.

        Pages hold hundreds of objects and hardly ever a null: a text without any is parsed by pydantic alone.
        """
        if not _may_hold_null(json_data):
            return super().model_validate_json(json_data, **options)
        try:
            value = from_json(json_data)
        except ValueError:
            return super().model_validate_json(json_data, **options)
        return cls.model_validate(value, **options)

    def wire_body(self) -> dict[str, JsonValue]:
        """The JSON object to send: camelCase names, fields without a value left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


def _may_hold_null(text: str | bytes | bytearray) -> bool:
    return "null" in text if isinstance(text, str) else b"null" in text


def _without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {name: _without_nulls(member) for name, member in value.items() if member is not None}
    if isinstance(value, list | tuple):
        return [_without_nulls(member) for member in value]
    return value


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


class _InUtcAlready:
    """The usual case, which pydantic judges by itself: lists hold thousands of times."""

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: object, _handler: GetCoreSchemaHandler) -> CoreSchema:
        return datetime_schema(tz_constraint=0)


_ToBeInUtc = Annotated[datetime | None, BeforeValidator(empty_is_absent), AfterValidator(_in_utc)]

Timestamp = Annotated[Annotated[datetime, _InUtcAlready] | _ToBeInUtc, Field(union_mode="left_to_right")]
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
