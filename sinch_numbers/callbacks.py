"""Callbacks from Sinch: is one genuine, and what does it say?

Callbacks are a hint, not the truth: they may come late, twice and in any order. Verify the raw body first, parse
then, and drop an `event_id` that was seen before.

Sinch API: callbacks (`EventsCallback`, `X-Sinch-Signature`).
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import SecretStr, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from sinch_numbers._models._base import ApiModel, Open, Timestamp

__all__ = [
    "SIGNATURE_HEADER",
    "CallbackEvent",
    "EventStatus",
    "FailureCode",
    "ImportedNumbersEventType",
    "ResourceType",
    "is_genuine",
    "signature",
]

SIGNATURE_HEADER = "X-Sinch-Signature"


def signature(secret: SecretStr, raw_body: bytes) -> str:
    """HMAC-SHA1 of the body exactly as received, in lower-case hex; the key is the secret in UTF-8."""
    return _digest(secret, raw_body).hex()


def is_genuine(
    raw_body: bytes, header_value: str | None, secrets: Sequence[SecretStr], *, accept_base64: bool = False
) -> bool:
    """Whether any of `secrets` signed the body (two during a rotation).

    Sinch signs in hex but nowhere says so: `accept_base64` takes the same digest in base64 as well. False without a
    header and without secrets. An empty secret matches nothing, since anybody can sign with it. The time taken
    does not tell which secret matched, nor how much of the signature was right.
    """
    claimed = (header_value or "").strip().encode()
    digests = [_digest(secret, raw_body) for secret in secrets if secret]
    expected = [digest.hex().encode() for digest in digests]
    if accept_base64:
        expected += [base64.b64encode(digest) for digest in digests]
    matches = [hmac.compare_digest(signed, claimed) for signed in expected]
    return any(matches)


def _digest(secret: SecretStr, raw_body: bytes) -> bytes:
    return hmac.new(secret.get_secret_value().encode(), raw_body, hashlib.sha1).digest()


class ResourceType(StrEnum):
    """What an event is about. `HOSTING_ORDER_NUMBER`: a number while an order imports it."""

    IMPORTED_NUMBER = "IMPORTED_NUMBER"
    HOSTING_ORDER_NUMBER = "HOSTING_ORDER_NUMBER"
    ACTIVE_NUMBER = "ACTIVE_NUMBER"
    NUMBER_ORDER = "NUMBER_ORDER"


class ImportedNumbersEventType(StrEnum):
    """What happened, in the words of the Imported Numbers and Hosting Orders API (the Numbers API has others)."""

    PROVISIONING_TO_SMS_PLATFORM = "PROVISIONING_TO_SMS_PLATFORM"
    DEPROVISIONING_TO_SMS_PLATFORM = "DEPROVISIONING_TO_SMS_PLATFORM"
    LINK_TO_10DLC_CAMPAIGN = "LINK_TO_10DLC_CAMPAIGN"
    UNLINK_TO_10DLC_CAMPAIGN = "UNLINK_TO_10DLC_CAMPAIGN"
    HOSTING_PROCESS = "HOSTING_PROCESS"
    OSR_UPDATE = "OSR_UPDATE"
    DELETE = "DELETE"


class EventStatus(StrEnum):
    """How it ended. Only number orders of the Numbers API use more than the first two."""

    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    IN_REVIEW = "IN_REVIEW"
    BLOCKED = "BLOCKED"
    COMPLETED = "COMPLETED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"


class FailureCode(StrEnum):
    """Why provisioning failed. Sinch API: provisioning errors."""

    CAMPAIGN_NOT_AVAILABLE = "CAMPAIGN_NOT_AVAILABLE"
    EXCEEDED_10DLC_LIMIT = "EXCEEDED_10DLC_LIMIT"
    NUMBER_PROVISIONING_FAILED = "NUMBER_PROVISIONING_FAILED"
    PARTNER_SERVICE_UNAVAILABLE = "PARTNER_SERVICE_UNAVAILABLE"
    CAMPAIGN_PENDING_ACCEPTANCE = "CAMPAIGN_PENDING_ACCEPTANCE"
    MNO_SHARING_ERROR = "MNO_SHARING_ERROR"
    CAMPAIGN_PROVISIONING_FAILED = "CAMPAIGN_PROVISIONING_FAILED"
    CAMPAIGN_EXPIRED = "CAMPAIGN_EXPIRED"
    CAMPAIGN_MNO_REJECTED = "CAMPAIGN_MNO_REJECTED"
    CAMPAIGN_MNO_SUSPENDED = "CAMPAIGN_MNO_SUSPENDED"
    CAMPAIGN_MNO_REVIEW = "CAMPAIGN_MNO_REVIEW"
    INSUFFICIENT_BALANCE = "INSUFFICIENT_BALANCE"
    MOCK_CAMPAIGN_NOT_ALLOWED = "MOCK_CAMPAIGN_NOT_ALLOWED"
    TFN_NOT_ALLOWED = "TFN_NOT_ALLOWED"
    INVALID_NNID = "INVALID_NNID"
    SMS_PROVISIONING_FAILED = "SMS_PROVISIONING_FAILED"
    INTERNAL_ERROR = "INTERNAL_ERROR"


def _none_if_unreadable(value: Any, read: ValidatorFunctionWrapHandler) -> datetime | None:
    try:
        moment: datetime | None = read(value)
    except ValidationError:
        return None
    return moment


ReadableTimestamp = Annotated[Timestamp, WrapValidator(_none_if_unreadable)]
"""A time that cannot be read is no time: an event counts for what it says happened."""


class CallbackEvent(ApiModel):
    """One event; parse the raw body with `CallbackEvent.model_validate_json`, which raises pydantic's
    ValidationError when the body is not a JSON object of these types.

    Every field may be missing, every unknown literal stays a string. `resource_id` is a phone number or the id of
    a hosting order or brand: for a number in an order it names only one of the two.
    """

    event_id: str | None = None
    timestamp: ReadableTimestamp = None
    project_id: str | None = None
    resource_type: Open[ResourceType] | None = None
    resource_id: str | None = None
    event_type: Open[ImportedNumbersEventType] | None = None
    status: Open[EventStatus] | None = None
    failure_code: Open[FailureCode] | None = None
    internal_failure_code: str | None = None
