"""What a callback is answered, and what reaches the workflow."""

import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from onboarding.observations import CallbackEvent
from receiver.outcomes import Outcome
from tests.receiver.served_receiver import (
    SECRET,
    ServedReceiver,
    event_body,
    fresh_workflow_id,
    path_for,
    serving,
    signed,
)


async def test_a_genuine_callback_reaches_its_workflow(receiver: ServedReceiver) -> None:
    workflow_id = fresh_workflow_id()
    answer = await receiver.post(workflow_id)
    assert (answer.status_code, answer.text) == (200, "taken")
    assert receiver.signals.events(workflow_id) == [
        CallbackEvent(
            event_id="abcd1234efghijklmnop567890",
            phone_number="+12345612345",
            event_type="LINK_TO_10DLC_CAMPAIGN",
            status="FAILED",
            failure_code="CAMPAIGN_NOT_AVAILABLE",
            timestamp=datetime(2023, 6, 6, 7, 45, 27, 785357, tzinfo=UTC),
        )
    ]


async def test_it_is_answered_only_after_temporal_took_it() -> None:
    async with serving() as receiver:
        receiver.signals.released.clear()
        workflow_id = fresh_workflow_id()
        answer = asyncio.create_task(receiver.post(workflow_id))
        await receiver.signals.arrived.wait()
        assert not answer.done()
        receiver.signals.released.set()
        assert (await answer).status_code == 200


async def test_an_event_about_an_order_reaches_the_workflow_without_a_phone_number(receiver: ServedReceiver) -> None:
    workflow_id = fresh_workflow_id()
    order_ids = ("01hexg3m2ssqpqbb8p4cpbfj9w", "2025550134", "18005550199800", "+1", "+12025550134/x", None)
    bodies = [event_body(resourceType="HOSTING_ORDER_NUMBER", resourceId=order_id) for order_id in order_ids]
    answers = await asyncio.gather(*(receiver.post(workflow_id, body) for body in bodies))
    assert [answer.status_code for answer in answers] == [200] * 6
    assert [event.phone_number for event in receiver.signals.events(workflow_id)] == [""] * 6


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        event_body(eventType="SOMETHING_NEW", status="HALF_DONE", failureCode="WHO_KNOWS"),
        event_body(newField={"deep": [1, 2, {"er": None}]}, internalFailureCode="CRS0018"),
        event_body(timestamp="2025-04-08T10:38:04.854087603", failureCode=None),
        b'\n  {"eventId" : "a" }\n',
    ],
    ids=["nothing in it", "unknown literals", "unknown fields", "no zone, nine digits", "blanks"],
)
async def test_what_sinch_may_add_does_no_harm(receiver: ServedReceiver, body: bytes) -> None:
    workflow_id = fresh_workflow_id()
    assert (await receiver.post(workflow_id, body)).status_code == 200
    assert len(receiver.signals.events(workflow_id)) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"not json",
        b"[]",
        b'"text"',
        b"null",
        b"\xff\xfe",
        b'{"eventId": "\\ud800"}',
        b'{"resourceId": {"a": 1}}',
        b"[" * 60_000,
        event_body(eventId="x" * 10_000),
    ],
    ids=["empty", "cut", "text", "list", "string", "null", "not UTF-8", "half a pair", "typed", "deep", "huge field"],
)
async def test_a_genuine_body_that_is_no_event_is_malformed(receiver: ServedReceiver, body: bytes) -> None:
    workflow_id = fresh_workflow_id()
    answer = await receiver.post(workflow_id, body)
    assert (answer.status_code, answer.text) == (400, "malformed")
    assert not receiver.signals.events(workflow_id)


async def test_a_token_that_is_not_ours_is_refused(receiver: ServedReceiver) -> None:
    workflow_id = fresh_workflow_id()
    theirs = path_for(workflow_id, key="another-key-another-key-another-key-")
    ours = path_for(workflow_id)
    for path in (theirs, ours[:-1], ours + "A", "/callbacks/x", "/callbacks/%C3%A9", "/callbacks/" + "A" * 5000):
        answer = await receiver.client.post(path, content=event_body(), headers=signed(event_body()))
        assert (answer.status_code, answer.text) == (401, "bad_token")
    assert not receiver.signals.events(workflow_id)


@pytest.mark.parametrize("path", ["/callbacks", "/callbacks/", path_for("OnboardBatch:june") + "/", "/"])
async def test_nothing_else_is_there(receiver: ServedReceiver, path: str) -> None:
    assert (await receiver.client.post(path, content=event_body())).status_code == 404


async def test_only_post_counts(receiver: ServedReceiver) -> None:
    assert (await receiver.client.get(path_for(fresh_workflow_id()))).status_code == 405


async def test_a_callback_without_a_signature_is_refused(receiver: ServedReceiver) -> None:
    workflow_id = fresh_workflow_id()
    for headers in ({}, {"X-Sinch-Signature": ""}, signed(event_body(), secret="another secret")):
        answer = await receiver.client.post(path_for(workflow_id), content=event_body(), headers=headers)
        assert (answer.status_code, answer.text) == (401, "bad_signature")
    assert not receiver.signals.events(workflow_id)


BODY = event_body()
SIGNATURE = signed(BODY)["X-Sinch-Signature"]


def with_one_change(original: bytes, replacements: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """The original with a part of it replaced, from one place inside it to another."""
    places = st.integers(0, len(original))
    return st.builds(
        lambda a, b, text: original[: min(a, b)] + text + original[max(a, b) :], places, places, replacements
    ).filter(lambda changed: changed != original)


@given(
    body_and_signature=st.one_of(
        st.tuples(with_one_change(BODY, st.binary(max_size=4)), st.just(SIGNATURE.encode())),
        st.tuples(
            st.just(BODY),
            with_one_change(SIGNATURE.encode(), st.text("0123456789abcdefABCDEF=", max_size=4).map(str.encode)),
        ),
    )
)
@hypothesis_settings(max_examples=150, deadline=None, database=None)
async def test_any_change_to_body_or_signature_is_refused(
    receiver: ServedReceiver, body_and_signature: tuple[bytes, bytes]
) -> None:
    body, claimed = body_and_signature
    answer = await receiver.client.post(
        path_for("OnboardBatch:untouched"), content=body, headers={"X-Sinch-Signature": claimed.decode()}
    )
    assert (answer.status_code, answer.text) == (401, "bad_signature")
    assert not receiver.signals.events("OnboardBatch:untouched")


async def test_two_secrets_hold_while_one_replaces_the_other() -> None:
    async with serving(callback_secrets=f"the-new-secret,{SECRET}") as receiver:
        statuses = [
            (await receiver.post(fresh_workflow_id(), headers=signed(event_body(), secret=secret))).status_code
            for secret in ("the-new-secret", SECRET, "a-third-secret", f"the-new-secret,{SECRET}")
        ]
    assert statuses == [200, 200, 401, 401]


async def test_a_workflow_that_is_over_gets_no_more_of_it(receiver: ServedReceiver) -> None:
    workflow_id = fresh_workflow_id()
    receiver.signals.answers[workflow_id] = Outcome.STALE
    answer = await receiver.post(workflow_id)
    assert (answer.status_code, answer.text) == (200, "stale")


async def test_sinch_is_asked_to_come_again_while_temporal_is_away(receiver: ServedReceiver) -> None:
    workflow_id = fresh_workflow_id()
    receiver.signals.answers[workflow_id] = Outcome.UNAVAILABLE
    answer = await receiver.post(workflow_id)
    assert (answer.status_code, answer.text) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0


async def test_sinch_is_asked_to_come_again_while_too_many_events_wait() -> None:
    async with serving(most_waiting=1) as receiver:
        receiver.signals.released.clear()
        first = asyncio.create_task(receiver.post(fresh_workflow_id()))
        await receiver.signals.arrived.wait()
        refused = await receiver.post(fresh_workflow_id())
        assert (refused.status_code, int(refused.headers["Retry-After"]) > 0) == (503, True)
        receiver.signals.released.set()
        assert (await first).status_code == 200


async def test_a_burst_of_callbacks_becomes_few_signals(receiver: ServedReceiver) -> None:
    workflow_id = fresh_workflow_id()
    answers = await asyncio.gather(*(receiver.post(workflow_id, event_body(eventId=str(n))) for n in range(60)))
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(event.event_id for event in receiver.signals.events(workflow_id)) == sorted(map(str, range(60)))
    assert len(receiver.signals.signals[workflow_id]) < 10
