"""Callbacks: which are genuine, and what they say."""

import base64
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from sinch_numbers.callbacks import (
    CallbackEvent,
    EventStatus,
    FailureCode,
    ImportedNumbersEventType,
    ResourceType,
    is_genuine,
    signature,
)
from tests.sinch_numbers.sinch_examples import CALLBACK_EVENT

SECRET = SecretStr("my-callback-secret")
VECTORS = [
    ("event_id", "2025-04-08T10:38:04.854087603", "d2107528d5d52897a97dc6e24e09a208036ccd83"),
    ("01jr7stexp0znky34pj07dwp41", "2025-04-07T09:38:04.85408760", "8e58baa351ffa5e0d7eaef3c739d0d7aa6093da3"),
]


def vector_body(event_id: str, timestamp: str) -> bytes:
    return (
        f'{{"eventId":"{event_id}","timestamp":"{timestamp}","projectId":"project-id",'
        '"resourceId":"+1234567890","resourceType":"ACTIVE_NUMBER","eventType":"PROVISIONING_TO_VOICE_PLATFORM",'
        '"status":"SUCCEEDED","failureCode":null,"internalFailureCode":null}'
    ).encode()


@pytest.mark.parametrize(("event_id", "timestamp", "expected"), VECTORS)
def test_the_published_vectors_verify(event_id: str, timestamp: str, expected: str) -> None:
    body = vector_body(event_id, timestamp)
    assert signature(SECRET, body) == expected
    assert is_genuine(body, expected, [SECRET])


@pytest.mark.parametrize(("event_id", "timestamp", "expected"), VECTORS)
def test_a_signature_in_base64_is_genuine_only_where_it_is_accepted(
    event_id: str, timestamp: str, expected: str
) -> None:
    body = vector_body(event_id, timestamp)
    in_base64 = base64.b64encode(bytes.fromhex(expected)).decode()
    old_and_new = [SecretStr("old"), SECRET]
    assert not is_genuine(body, in_base64, old_and_new)
    assert is_genuine(body, in_base64, old_and_new, accept_base64=True)
    assert is_genuine(body, expected, old_and_new, accept_base64=True)
    assert not is_genuine(body + b" ", in_base64, old_and_new, accept_base64=True)
    assert not is_genuine(body, in_base64, [SecretStr("old"), SecretStr("")], accept_base64=True)


@pytest.mark.parametrize(("event_id", "timestamp", "expected"), VECTORS)
def test_events_of_the_other_api_are_readable_too(event_id: str, timestamp: str, expected: str) -> None:
    event = CallbackEvent.model_validate_json(vector_body(event_id, timestamp))
    assert (event.event_id, event.failure_code) == (event_id, None)
    assert event.resource_type is ResourceType.ACTIVE_NUMBER
    assert event.event_type == "PROVISIONING_TO_VOICE_PLATFORM"
    assert event.timestamp is not None
    assert (event.timestamp.tzinfo, event.timestamp.microsecond) == (UTC, 854087)


@given(body=st.binary(), secret=st.text(min_size=1), other=st.text(min_size=1), data=st.data())
def test_only_the_exact_body_and_a_known_secret_are_genuine(
    body: bytes, secret: str, other: str, data: st.DataObject
) -> None:
    signed = signature(SecretStr(secret), body)
    old_and_new = [SecretStr("x" + secret + other), SecretStr(secret)]
    assert is_genuine(body, signed, old_and_new)
    assert is_genuine(body, signed, old_and_new[::-1])
    assert not is_genuine(body + b" ", signed, old_and_new)
    position = data.draw(st.integers(0, len(signed) - 1))
    flipped = "0" if signed[position] != "0" else "1"
    assert not is_genuine(body, signed[:position] + flipped + signed[position + 1 :], old_and_new)
    assert not is_genuine(body, signed, old_and_new[:1])


@pytest.mark.parametrize("header", [None, "", "nonsense", "é", f"sha1={signature(SECRET, b'{}')}"])
def test_a_missing_or_odd_signature_is_not_genuine(header: str | None) -> None:
    assert not is_genuine(b"{}", header, [SECRET])


def test_nothing_is_genuine_without_a_secret_or_with_an_empty_one() -> None:
    assert not is_genuine(b"{}", signature(SECRET, b"{}"), [])
    assert not is_genuine(b"{}", signature(SecretStr(""), b"{}"), [SecretStr("")])


def test_an_event_of_an_imported_number_is_read_in_full() -> None:
    event = CallbackEvent.model_validate_json(json.dumps(CALLBACK_EVENT))
    assert event.resource_type is ResourceType.IMPORTED_NUMBER
    assert event.event_type is ImportedNumbersEventType.LINK_TO_10DLC_CAMPAIGN
    assert event.status is EventStatus.FAILED
    assert event.failure_code is FailureCode.CAMPAIGN_NOT_AVAILABLE
    assert event.internal_failure_code == "CRS0018"
    assert event.timestamp == datetime(2023, 6, 6, 7, 45, 27, 785357, UTC)


def test_an_event_may_be_empty() -> None:
    assert CallbackEvent.model_validate_json("{}") == CallbackEvent()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"eventId": []}'])
def test_what_is_not_an_event_is_malformed(body: bytes) -> None:
    with pytest.raises(ValidationError):
        CallbackEvent.model_validate_json(body)


@pytest.mark.parametrize("timestamp", ["yesterday", "0001-01-01T00:00:00+23:00", {}, [], 10**30])
def test_an_event_with_an_unreadable_time_still_counts(timestamp: object) -> None:
    event = CallbackEvent.model_validate({"eventId": "e", "timestamp": timestamp, "status": "SUCCEEDED"})

    assert (event.event_id, event.timestamp, event.status) == ("e", None, "SUCCEEDED")
