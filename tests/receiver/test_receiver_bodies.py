"""Bodies of every kind, genuine and forged: what is genuine and an event is taken, everything else refused."""

import gzip
import json
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.receiver.served_receiver import (
    SECRET,
    TOKEN_KEY,
    ServedReceiver,
    event_body,
    fresh_workflow_id,
    path_for,
    signed,
)

KNOWN = json.loads(event_body())
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.text(), inside, max_size=4),
    max_leaves=20,
)
quickly = hypothesis_settings(max_examples=100, deadline=None, database=None)


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": ""},
        {"Content-Type": "no type at all; {"},
        {"Content-Encoding": "identity"},
        {"Accept": "image/png"},
    ],
    ids=repr,
)
async def test_only_the_body_counts_and_not_what_the_headers_call_it(
    receiver: ServedReceiver, headers: dict[str, str]
) -> None:
    answer = await receiver.post(fresh_workflow_id(), headers=headers)
    assert (answer.status_code, answer.text) == (200, "taken")


async def test_a_compressed_body_is_not_unpacked(receiver: ServedReceiver) -> None:
    bomb = gzip.compress(b" " * 10_000_000 + event_body())
    assert len(bomb) < 64 * 1024
    workflow_id = fresh_workflow_id()
    answer = await receiver.post(workflow_id, bomb, {"Content-Encoding": "gzip"})
    assert (answer.status_code, answer.text) == (400, "malformed")
    assert not receiver.signals.events(workflow_id)


def nested(depth: int, opening: bytes, closing: bytes) -> bytes:
    """An event with a field of that many levels."""
    return event_body()[:-1] + b', "more": ' + opening * depth + b"1" + closing * depth + b"}"


BOMBS = {
    "30,000 lists in each other": nested(30_000, b"[", b"]"),
    "9,000 objects in each other": nested(9_000, b'{"a":', b"}"),
    "an integer of 60,000 digits": event_body()[:-1] + b', "more": ' + b"9" * 60_000 + b"}",
    "10,000 fields of one name": event_body()[:-1] + b', "a": 1' * 7_000 + b"}",
    "60,000 quotes": b'{"eventId": "' + b'\\"' * 30_000,
    "a byte order mark": b"\xef\xbb\xbf" + event_body(),
    "UTF-16": event_body().decode().encode("utf-16"),
    "a comment": b"/* */" + event_body(),
    "two events": event_body() * 2,
    "an overlong NUL": event_body().replace(b"abcd1234", b"\xc0\x80"),
}


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS)
@pytest.mark.parametrize("is_signed", [True, False], ids=["signed", "not signed"])
async def test_no_body_makes_the_receiver_stumble(receiver: ServedReceiver, body: bytes, is_signed: bool) -> None:
    headers = {} if is_signed else {"X-Sinch-Signature": "0" * 40}
    answer = await receiver.post(fresh_workflow_id(), body, headers)
    assert answer.status_code in ({200, 400} if is_signed else {401})


@pytest.mark.parametrize(
    ("timestamp", "read"),
    [
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC)),
        ("9999-12-31T23:59:59.999999999Z", datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        ("9999-12-31T23:59:59-23:59", None),
        ("yesterday", None),
        (float("nan"), None),
        (float("inf"), None),
        (10**30, None),
    ],
)
async def test_old_and_impossible_times_lose_no_event(
    receiver: ServedReceiver, timestamp: object, read: datetime | None
) -> None:
    workflow_id = fresh_workflow_id()
    assert (await receiver.post(workflow_id, event_body(timestamp=timestamp))).status_code == 200
    assert [event.timestamp for event in receiver.signals.events(workflow_id)] == [read]


async def test_of_a_field_given_twice_the_last_counts(receiver: ServedReceiver) -> None:
    workflow_id = fresh_workflow_id()
    await receiver.post(workflow_id, event_body()[:-1] + b', "eventId": "the last"}')
    assert [event.event_id for event in receiver.signals.events(workflow_id)] == ["the last"]


@given(body=st.binary(max_size=2000) | json_values.map(lambda value: json.dumps(value).encode()))
@quickly
async def test_an_arbitrary_body_reaches_no_workflow_whoever_signed_it_and_brings_nothing_down(
    receiver: ServedReceiver, body: bytes
) -> None:
    workflow_id = fresh_workflow_id()
    forged = await receiver.post(workflow_id, body, {"X-Sinch-Signature": "f" * 40})
    assert (forged.status_code, forged.text) == (401, "bad_signature")
    assert not receiver.signals.events(workflow_id)
    genuine = await receiver.post(workflow_id, body)
    assert (genuine.status_code, genuine.text) in {(200, "taken"), (400, "malformed")}
    assert len(receiver.signals.events(workflow_id)) == (genuine.status_code == 200)


@given(more=st.dictionaries(st.text().filter(lambda name: name not in KNOWN), json_values, max_size=5))
@quickly
async def test_a_genuine_event_is_taken_whatever_sinch_adds_to_it(
    receiver: ServedReceiver, more: dict[str, object]
) -> None:
    workflow_id = fresh_workflow_id()
    assert (await receiver.post(workflow_id, event_body(**more))).status_code == 200
    assert [event.event_id for event in receiver.signals.events(workflow_id)] == [KNOWN["eventId"]]


field_names = st.sampled_from(sorted(KNOWN)).filter(lambda name: name != "projectId")


@given(changed=st.dictionaries(field_names, json_values, max_size=4))
@quickly
async def test_a_genuine_event_with_any_content_is_taken_or_called_malformed(
    receiver: ServedReceiver, changed: dict[str, object]
) -> None:
    answer = await receiver.post(fresh_workflow_id(), event_body(**changed))
    assert (answer.status_code, answer.text) in {(200, "taken"), (400, "malformed")}


pieces = st.sampled_from([*"ABab01-_=%/.~+,;:@ ", "%00", "%2F", "%2e", "%ff", "%C3%A9", "%41"])


@given(put_in=st.lists(pieces, max_size=40).map("".join), at=st.floats(0, 1), replaced=st.integers(0, 3))
@quickly
async def test_no_other_token_than_ours_names_a_workflow(
    receiver: ServedReceiver, put_in: str, at: float, replaced: int
) -> None:
    workflow_id = fresh_workflow_id()
    ours = path_for(workflow_id)
    start = len("/callbacks/") + int(at * (len(ours) - len("/callbacks/")))
    url = httpx.URL(receiver.url + ours[:start] + put_in + ours[start + replaced :])
    answer = await receiver.client.post(url, content=event_body(), headers=signed(event_body()))
    assert answer.status_code in ({200} if url.path == ours else {401, 404})
    assert len(receiver.signals.events(workflow_id)) == (url.path == ours)


@given(claimed=st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=80))
@quickly
async def test_no_made_up_signature_is_believed(receiver: ServedReceiver, claimed: str) -> None:
    workflow_id = fresh_workflow_id()
    headers = {b"X-Sinch-Signature": claimed.strip().encode("latin-1")}
    answer = await receiver.client.post(path_for(workflow_id), content=event_body(), headers=headers)
    assert (answer.status_code, answer.text) == (401, "bad_signature")
    assert not receiver.signals.events(workflow_id)


async def test_a_captured_callback_cannot_be_pointed_at_another_workflow(receiver: ServedReceiver) -> None:
    captured, victim = path_for(fresh_workflow_id()), "HostingOrder:victim:0001:1"
    signature, name = captured[:33], path_for(victim)[33:]
    for path in (signature + name, path_for(victim, key=TOKEN_KEY[::-1]), path_for(victim, key=SECRET)):
        answer = await receiver.client.post(path, content=event_body(), headers=signed(event_body()))
        assert answer.status_code == 401
    assert not receiver.signals.events(victim)
