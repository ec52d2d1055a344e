"""What the legacy Number Administration API tells: organisation, groups of numbers to rent, rented numbers, money.

Phone numbers are E.164 here, integers without a plus on the wire. Sinch API: schemas `Organisation`, `NumberGroup`,
`Number`, `Money`.
"""

import base64
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretBytes, SecretStr

from sinch_numbers._models._base import ApiModel, Open, Timestamp


class Capability(StrEnum):
    """What a number is for; each has a list of its own in an application."""

    VOICE = "voice"
    SMS = "sms"


def _lower_case(literal: object) -> object:
    return literal.lower() if isinstance(literal, str) else literal


def _e164(number: object) -> object:
    digits = isinstance(number, int) or (isinstance(number, str) and number.isdecimal())
    return f"+{number}" if digits else number


def _decoded(secret: object) -> object:
    return base64.b64decode(secret, validate=True) if isinstance(secret, str) else secret


CapabilityInAnyCase = Annotated[Open[Capability], BeforeValidator(_lower_case)]
"""Sinch writes `Voice` for a group and `voice` for a number."""


class Money(ApiModel):
    """An amount of a currency (ISO 4217), e.g. 2.00 and `USD`."""

    amount: Decimal
    currency_id: str


class Organisation(ApiModel):
    """The organisation of the account that logged in. Sinch shows the id as an integer and as a string."""

    id: int
    name: str | None = None
    website: str | None = None
    country_id: str | None = None
    phone: str | None = None
    vatnumber: str | None = None


class NumberGroup(ApiModel):
    """Like numbers that can be rented: how many there are, and what each costs. Regions are ISO 3166-1 alpha-2."""

    group_id: int
    country: str
    country_id: str
    city: str
    type: CapabilityInAnyCase
    availability: int
    area_code: str
    cost: Money


class RentedNumber(ApiModel):
    """A number of the account (Sinch API: `Number`); `application_key` is None while no application has it."""

    number: Annotated[str, BeforeValidator(_e164)]
    group_id: int
    capabilities: tuple[CapabilityInAnyCase, ...] = ()
    application_key: str | None = None
    country_id: str
    city: str
    country: str
    area_code: str
    expires: Timestamp = None
    cost: Money


class Reservation(ApiModel):
    """Numbers kept for a while; `reference_id` is what they are checked out by."""

    reference_id: str


class AuthenticatedUser(ApiModel):
    """The answer to a log-in, as far as it is needed: the token that an instance is asked for with."""

    authorization: Annotated[SecretStr, Field(min_length=1)]


class Instance(ApiModel):
    """A signed-in session: its secret signs requests for `expires_in` seconds."""

    id: Annotated[str, Field(min_length=1)]
    secret: Annotated[SecretBytes, BeforeValidator(_decoded), Field(min_length=1)]
    expires_in: Annotated[float, Field(gt=0)] = 172800.0
