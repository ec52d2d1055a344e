"""Typed async client of Sinch's Imported Numbers and Hosting Orders API; callbacks are in `sinch_numbers.callbacks`.

credentials = OAuth2ClientCredentials(key_id, SecretStr(key_secret))
async with SinchNumbers(project_id, credentials) as sinch:
    await sinch.qualified_numbers.add_numbers(["+12025550134"])
    number = await sinch.qualified_numbers.get("+12025550134")
"""

from sinch_numbers._authentication import Authentication, BasicAuthentication, OAuth2ClientCredentials
from sinch_numbers._checks import MAX_NUMBERS_PER_REQUEST
from sinch_numbers._client import SinchNumbers
from sinch_numbers._errors import (
    Conflict,
    ContentTooLarge,
    ErrorResponse,
    FieldViolation,
    InvalidArgument,
    InvalidRequest,
    NotFound,
    OutcomeUnknown,
    PermissionDenied,
    RateLimited,
    RequestNotSent,
    ServerError,
    SinchError,
    Unauthenticated,
    UnexpectedStatus,
    UnreadableResponse,
)
from sinch_numbers._models._base import OrderBy, RegionCode, State
from sinch_numbers._models._callback_configuration import CallbackConfiguration
from sinch_numbers._models._hosting_orders import (
    CampaignProvisioning,
    CarrierState,
    HostingOrder,
    HostingOrderNumber,
    HostingOrderReport,
    HostingOrderState,
    HostingOrderType,
    LoaType,
    OsrUpdate,
    PlatformProvisioning,
    TextEnableInfo,
)
from sinch_numbers._models._letters_of_authorization import (
    Address,
    AuthorizedPerson,
    BlanketLoaInfo,
    DirectLoaInfo,
    ResellerLoaInfo,
)
from sinch_numbers._models._qualified_numbers import (
    GlobalProcessState,
    HostedNumber,
    HostedNumberStatus,
    OsrEligibility,
    OwnershipVerification,
    QualifiedNumber,
)
from sinch_numbers._models._text_enablement import TextEnableNumbersRequest, TextEnableResponse
from sinch_numbers._paging import Page

__all__ = [
    "MAX_NUMBERS_PER_REQUEST",
    "Address",
    "Authentication",
    "AuthorizedPerson",
    "BasicAuthentication",
    "BlanketLoaInfo",
    "CallbackConfiguration",
    "CampaignProvisioning",
    "CarrierState",
    "Conflict",
    "ContentTooLarge",
    "DirectLoaInfo",
    "ErrorResponse",
    "FieldViolation",
    "GlobalProcessState",
    "HostedNumber",
    "HostedNumberStatus",
    "HostingOrder",
    "HostingOrderNumber",
    "HostingOrderReport",
    "HostingOrderState",
    "HostingOrderType",
    "InvalidArgument",
    "InvalidRequest",
    "LoaType",
    "NotFound",
    "OAuth2ClientCredentials",
    "OrderBy",
    "OsrEligibility",
    "OsrUpdate",
    "OutcomeUnknown",
    "OwnershipVerification",
    "Page",
    "PermissionDenied",
    "PlatformProvisioning",
    "QualifiedNumber",
    "RateLimited",
    "RegionCode",
    "RequestNotSent",
    "ResellerLoaInfo",
    "ServerError",
    "SinchError",
    "SinchNumbers",
    "State",
    "TextEnableInfo",
    "TextEnableNumbersRequest",
    "TextEnableResponse",
    "Unauthenticated",
    "UnexpectedStatus",
    "UnreadableResponse",
]
