"""What the callbacks of the Numbers API say."""

import json
from typing import Any

import pytest
from pydantic import SecretStr

from sinch_numbers.callbacks import (
    CallbackEvent,
    EventStatus,
    FailureCode,
    NumbersEventType,
    ResourceType,
    is_genuine,
    signature,
)

EVENT: dict[str, Any] = {
    "eventId": "abcd1234efghijklmnop567890",
    "timestamp": "2023-06-06T07:45:27.785357",
    "projectId": "abcd12ef-ab12-ab12-bc34-abcdef123456",
    "resourceId": "+12345612345",
    "resourceType": "ACTIVE_NUMBER",
    "eventType": "PROVISIONING_TO_CAMPAIGN",
    "status": "FAILED",
    "failureCode": "CAMPAIGN_NOT_AVAILABLE",
    "internalFailureCode": "CRS0018",
}
EVENT_TYPES = (
    "PROVISIONING_TO_SMS_PLATFORM",
    "DEPROVISIONING_FROM_SMS_PLATFORM",
    "PROVISIONING_TO_CAMPAIGN",
    "DEPROVISIONING_FROM_CAMPAIGN",
    "PROVISIONING_TO_VOICE_PLATFORM",
    "DEPROVISIONING_FROM_VOICE_PLATFORM",
    "NUMBER_ORDER_PROCESSING",
)


def read(**changed: object) -> CallbackEvent:
    return CallbackEvent.model_validate_json(json.dumps(EVENT | changed))


def test_an_event_of_an_active_number_is_read_in_full() -> None:
    event = read()
    assert not event.model_extra
    assert event.resource_type is ResourceType.ACTIVE_NUMBER
    assert event.event_type is NumbersEventType.PROVISIONING_TO_CAMPAIGN
    assert (event.status, event.failure_code) == (EventStatus.FAILED, FailureCode.CAMPAIGN_NOT_AVAILABLE)
    assert event.internal_failure_code == "CRS0018"
    assert event.timestamp is not None
    assert event.timestamp.isoformat() == "2023-06-06T07:45:27.785357+00:00"


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_every_event_type_of_the_numbers_api_is_known(event_type: str) -> None:
    assert read(eventType=event_type).event_type == NumbersEventType(event_type) == event_type
    assert {member.value for member in NumbersEventType} == set(EVENT_TYPES)


def test_the_end_of_a_voice_link_is_read_under_its_older_name_too() -> None:
    event = read(eventType="DEPROVISIONING_TO_VOICE_PLATFORM")
    assert event.event_type is NumbersEventType.DEPROVISIONING_FROM_VOICE_PLATFORM


@pytest.mark.parametrize(
    ("changed", "failure_code"),
    [
        ({"status": "SUCCEEDED", "failureCode": None}, None),
        ({"failureCode": "PROVISIONING_TO_VOICE_PLATFORM_FAILED"}, "PROVISIONING_TO_VOICE_PLATFORM_FAILED"),
    ],
)
def test_a_failure_code_may_be_absent_or_new(changed: dict[str, Any], failure_code: str | None) -> None:
    assert read(**changed).failure_code == failure_code
    assert read(eventType="A_NEW_EVENT").event_type == "A_NEW_EVENT"


def test_the_sample_event_verifies_with_the_secret_that_signed_it() -> None:
    body, secret = json.dumps(EVENT).encode(), SecretStr("my-callback-secret")
    assert is_genuine(body, signature(secret, body), [SecretStr("of-the-other-api"), secret])
    assert not is_genuine(body, signature(secret, body), [SecretStr("of-the-other-api")])
