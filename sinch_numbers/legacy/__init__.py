"""Typed async client of Sinch's legacy Number Administration API (2015): rent numbers, give them to applications.

log_in = LogIn("address@example.com", SecretStr(password))
async with NumberAdministration(log_in) as legacy:
    reservation = await legacy.reserve(group_id=75, quantity=2)
    await legacy.check_out([reservation.reference_id])
    assignment = await legacy.assign(application_key, Capability.SMS, ["+15045550100"])

Its errors are part of the hierarchy of `sinch_numbers`.
"""

from sinch_numbers.legacy._assignment import Assignment
from sinch_numbers.legacy._client import NumberAdministration
from sinch_numbers.legacy._errors import (
    ApplicationConfiguration,
    ForbiddenRequest,
    InvalidAuthorizationHeader,
    InvalidScheme,
    InvalidSignature,
    InvalidTimestampHeader,
    MissingParameter,
    NotEnoughCredit,
    NotLoggedIn,
    ParameterValidation,
    RefusedRequest,
    ResourceNotFound,
    TemporaryDown,
)
from sinch_numbers.legacy._models import Capability, Money, NumberGroup, Organisation, RentedNumber, Reservation
from sinch_numbers.legacy._session import LogIn
from sinch_numbers.legacy._settings import LegacySettings

__all__ = [
    "ApplicationConfiguration",
    "Assignment",
    "Capability",
    "ForbiddenRequest",
    "InvalidAuthorizationHeader",
    "InvalidScheme",
    "InvalidSignature",
    "InvalidTimestampHeader",
    "LegacySettings",
    "LogIn",
    "MissingParameter",
    "Money",
    "NotEnoughCredit",
    "NotLoggedIn",
    "NumberAdministration",
    "NumberGroup",
    "Organisation",
    "ParameterValidation",
    "RefusedRequest",
    "RentedNumber",
    "Reservation",
    "ResourceNotFound",
    "TemporaryDown",
]
