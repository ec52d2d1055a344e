"""The requests and answers that Sinch shows as examples, with the values it shows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

from sinch_numbers import (
    CallbackConfiguration,
    CreateImportedNumberRequest,
    HostingOrder,
    ImportedNumber,
    ImportNumbersRequest,
    Page,
    QualifiedNumber,
    TextEnableNumbersRequest,
    TextEnableResponse,
    TextEnableTollFreeNumbersRequest,
)

Need = Literal["eligible and called", "verified", "imported"]

_CALLBACK = "https://www.your-callback-server.com/callback"
_SCHEDULED = "2023-01-13T14:34:40.968Z"
_PLAN, _CAMPAIGN = "07d6c2621f364b68856fe4938b7bb78f", "C3O8OGA"
_PLAN_TO_FILL_IN, _CAMPAIGN_TO_FILL_IN = "YOUR_service_plan_id", "YOUR_campaign_id"
_SMITH = {
    "authorisedPerson": {"firstName": "John", "lastName": "Smith", "email": "email@domain.com"},
    "address": {
        "buildingNumber": "2433",
        "street": "Vesta Drive",
        "city": "Chicago",
        "state": "IL",
        "postalCode": "60647",
        "country": "US",
    },
    "currentVoiceCarrier": "Verizon",
}
_DOE = {
    "authorisedPerson": {"firstName": "John", "lastName": "Doe", "email": "john.doe@email.com"},
    "address": {
        "buildingNumber": "1234",
        "street": "Main St",
        "city": "NYC",
        "state": "NY",
        "postalCode": "01002",
        "country": "US",
    },
    "currentVoiceCarrier": "Verizon",
}


@dataclass(frozen=True)
class Example:
    """A request below the project. `needs`: what numbers have to be before it is sent.

    `request` is the client's model of the body, where it has one; `answer` the one it reads the answer with.
    """

    name: str
    method: str
    path: str
    body: dict[str, Any]
    answer: type[BaseModel]
    request: type[BaseModel] | None = None
    needs: Mapping[str, Need] = field(default_factory=dict)


def _order(*numbers: str, **more: Any) -> dict[str, Any]:
    return {"regionCode": "US", "numbers": list(numbers), "servicePlanId": _PLAN, "callbackUrl": _CALLBACK, **more}


def _qualified_order(**loa: Any) -> dict[str, Any]:
    return {
        "regionCode": "US",
        "numbers": ["+12025550134"],
        "servicePlanId": _PLAN_TO_FILL_IN,
        "campaignId": _CAMPAIGN_TO_FILL_IN,
        **loa,
        "scheduledOsrUpdateTime": _SCHEDULED,
        "migrateToSinchTmo": True,
    }


def _update(service_plan_id: str, campaign_id: str) -> dict[str, Any]:
    return {
        "displayName": "My Display Name",
        "smsConfiguration": {"servicePlanId": service_plan_id, "campaignId": campaign_id},
        "callbackUrl": _CALLBACK,
    }


_TOLL_FREE = ("+18335870229", "+18339460473")
_LOCAL = ("+17724295286", "+17724295287")
_TOLL_FREE_ORDER = _order(
    *_TOLL_FREE,
    directLoaInfo={**_SMITH, "scheduledZipwhipProvisioningTime": _SCHEDULED, "migrateToSinchTmo": True},
)

REQUESTS = (
    Example(
        "one number is imported",
        "POST",
        "importedNumbers",
        {
            "phoneNumber": "+11234567890",
            "regionCode": "US",
            "smsConfiguration": {
                "servicePlanId": _PLAN_TO_FILL_IN,
                "campaignId": _CAMPAIGN_TO_FILL_IN,
                "migrateToSinchTmo": True,
            },
            "displayName": "MyPhoneNumber",
            "callbackUrl": _CALLBACK,
        },
        ImportedNumber,
        CreateImportedNumberRequest,
    ),
    Example(
        "a number is unlinked",
        "PATCH",
        "importedNumbers/+12025550134",
        _update("", ""),
        ImportedNumber,
        needs={"+12025550134": "imported"},
    ),
    Example(
        "numbers are imported by an order",
        "POST",
        "hostingOrders:importNumbers",
        _order(*_LOCAL, campaignId=_CAMPAIGN, displayName="Import numbers order", migrateToSinchTmo=True),
        HostingOrder,
        ImportNumbersRequest,
    ),
    Example(
        "numbers are text-enabled with a direct LOA",
        "POST",
        "hostingOrders:textEnableNumbers",
        _order(
            *_LOCAL,
            campaignId=_CAMPAIGN,
            directLoaInfo=_SMITH,
            scheduledOsrUpdateTime=_SCHEDULED,
            migrateToSinchTmo=True,
        ),
        HostingOrder,
        TextEnableNumbersRequest,
    ),
    Example(
        "numbers are text-enabled with a blanket LOA",
        "POST",
        "hostingOrders:textEnableNumbers",
        _order(
            *_LOCAL, campaignId=_CAMPAIGN, blanketLoaInfo={}, scheduledOsrUpdateTime=_SCHEDULED, migrateToSinchTmo=True
        ),
        HostingOrder,
        TextEnableNumbersRequest,
    ),
    Example(
        "toll-free numbers are text-enabled",
        "POST",
        "hostingOrders:textEnableTollFreeNumbers",
        _TOLL_FREE_ORDER,
        HostingOrder,
        TextEnableTollFreeNumbersRequest,
    ),
    Example(
        "numbers are put up for qualification",
        "POST",
        "qualifiedNumbers:addNumbers",
        {"phoneNumbers": ["+12345612345"]},
        Page[QualifiedNumber],
    ),
    Example(
        "qualified numbers are text-enabled with a direct LOA",
        "POST",
        "qualifiedNumbers:textEnableNumbers",
        _qualified_order(directLoaInfo=_DOE),
        TextEnableResponse,
        TextEnableNumbersRequest,
        needs={"+12025550134": "verified"},
    ),
    Example(
        "qualified numbers are text-enabled with a reseller LOA",
        "POST",
        "qualifiedNumbers:textEnableNumbers",
        _qualified_order(resellerLoaInfo={"businessName": "Acme, Inc.", **_DOE}),
        TextEnableResponse,
        TextEnableNumbersRequest,
        needs={"+12025550134": "verified"},
    ),
    Example(
        "qualified toll-free numbers are text-enabled",
        "POST",
        "qualifiedNumbers:textEnableTollFreeNumbers",
        _TOLL_FREE_ORDER,
        HostingOrder,
        TextEnableTollFreeNumbersRequest,
        needs=dict.fromkeys(_TOLL_FREE, "verified"),
    ),
    Example(
        "a voice code is checked",
        "POST",
        "qualifiedNumbers/+12025550134:verifyVoiceChallenge",
        {"code": "1234"},
        QualifiedNumber,
        needs={"+12025550134": "eligible and called"},
    ),
    Example(
        "the callback secret is set",
        "PATCH",
        "callbackConfiguration",
        {"hmacSecret": "YOUR_hmac_secret"},
        CallbackConfiguration,
    ),
)

RELINKED = _update(_PLAN_TO_FILL_IN, _CAMPAIGN_TO_FILL_IN)
"""Links an imported number to something else once it is unlinked."""
