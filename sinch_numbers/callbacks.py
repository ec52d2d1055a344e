"""Callbacks from Sinch: is one genuine, and what does it say?

Callbacks are a hint, not the truth: they may come late, twice and in any order. Verify the raw body first, parse
then, and drop an `event_id` that was seen before.

Sinch API: callbacks of both APIs (`EventsCallback`, `X-Sinch-Signature`).
"""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, SecretStr, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from sinch_numbers._models._base import ApiModel, Open, Timestamp
from sinch_numbers._models._failure_codes import FailureCode

__all__ = [
    "SIGNATURE_HEADER",
    "CallbackEvent",
    "EventStatus",
    "FailureCode",
    "ImportedNumbersEventType",
    "NumbersEventType",
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


class NumbersEventType(StrEnum):
    """What happened, in the words of the Numbers API. Its older documents end a voice link `TO` where newer ones
    say `FROM`: both are read.
    """

    PROVISIONING_TO_SMS_PLATFORM = "PROVISIONING_TO_SMS_PLATFORM"
    DEPROVISIONING_FROM_SMS_PLATFORM = "DEPROVISIONING_FROM_SMS_PLATFORM"
    PROVISIONING_TO_CAMPAIGN = "PROVISIONING_TO_CAMPAIGN"
    DEPROVISIONING_FROM_CAMPAIGN = "DEPROVISIONING_FROM_CAMPAIGN"
    PROVISIONING_TO_VOICE_PLATFORM = "PROVISIONING_TO_VOICE_PLATFORM"
    DEPROVISIONING_FROM_VOICE_PLATFORM = "DEPROVISIONING_FROM_VOICE_PLATFORM"
    NUMBER_ORDER_PROCESSING = "NUMBER_ORDER_PROCESSING"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return cls("DEPROVISIONING_FROM_VOICE_PLATFORM") if value == "DEPROVISIONING_TO_VOICE_PLATFORM" else None


class EventStatus(StrEnum):
    """How it ended. Only number orders of the Numbers API use more than the first two."""

    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    IN_REVIEW = "IN_REVIEW"
    BLOCKED = "BLOCKED"
    COMPLETED = "COMPLETED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"


def _none_if_unreadable(value: Any, read: ValidatorFunctionWrapHandler) -> datetime | None:
    try:
        moment: datetime | None = read(value)
    except ValidationError:
        return None
    return moment


ReadableTimestamp = Annotated[Timestamp, WrapValidator(_none_if_unreadable)]
"""A time that cannot be read is no time: an event counts for what it says happened."""


EventType = Annotated[ImportedNumbersEventType | NumbersEventType | str, Field(union_mode="left_to_right")]
"""What happened, in the words of either API; any other word stays a string."""


class CallbackEvent(ApiModel):
    """One event; parse the raw body with `CallbackEvent.model_validate_json`, which raises pydantic's
    ValidationError when the body is not a JSON object of these types.

    Every field may be missing, every unknown literal stays a string. `resource_id` is a phone number or the id of
    a hosting order or brand: for a number in an order it names only one of the two. Compare `event_type` with `==`:
    `PROVISIONING_TO_SMS_PLATFORM` is a word of both APIs and is read as that of imported numbers, which is equal.
    """

    event_id: str | None = None
    timestamp: ReadableTimestamp = None
    project_id: str | None = None
    resource_type: Open[ResourceType] | None = None
    resource_id: str | None = None
    event_type: EventType | None = None
    status: Open[EventStatus] | None = None
    failure_code: Open[FailureCode] | None = None
    internal_failure_code: str | None = None
