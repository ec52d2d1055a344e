"""Logging in to the legacy API: one instance for all, anew before it ends and once after a 401, nothing ever shown."""

import asyncio
import base64
import json
import logging
from dataclasses import dataclass

import httpx
import pytest
from pydantic import SecretStr

from sinch_numbers import InvalidRequest, OutcomeUnknown, RequestNotSent, ServerError, SinchError
from sinch_numbers.legacy import InvalidTimestampHeader, LegacySettings, LogIn, NotLoggedIn
from tests.sinch_numbers.legacy_sinch import INSTANCE, SIGNED_AT, RecordedLegacySinch, connect, legacy_sinch

PASSWORD = "never-to-be-shown"
LOG_IN = LogIn("address@example.com", SecretStr(PASSWORD))


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


async def test_logging_in_sends_the_fixed_key_the_password_and_then_the_token() -> None:
    sinch = RecordedLegacySinch()
    async with sinch.client() as client:
        await client.groups()
    (log_in,), (instance,) = sinch.log_ins, sinch.instances
    assert log_in.method == "POST"
    assert log_in.url.raw_path == b"/v1/users/email/address%40example.com/authentication"
    assert log_in.url.host == "userapi.sinch.com"
    assert log_in.headers["Authorization"] == "Application 669762D5-2B10-44E0-8418-BC9EE4457555"
    assert log_in.headers["X-Timestamp"] == "2015-06-20T11:43:10.944Z"
    assert json.loads(log_in.content) == {"password": "YOUR_ACCOUNT_PASSWORD"}
    assert str(instance.url) == "https://api.sinch.com/v1/instance"
    assert instance.headers["Authorization"] == "User the-token"
    body = json.loads(instance.content)
    assert (body["authorization"], set(body["version"])) == ("the-token", {"os", "platform"})
    assert all(body["version"].values())


async def test_one_instance_serves_all_requests_also_those_that_come_together() -> None:
    sinch = RecordedLegacySinch()
    async with sinch.client() as client:
        await asyncio.gather(*(client.groups() for _ in range(10)))
        await client.groups()
    assert (len(sinch.log_ins), len(sinch.instances), len(sinch.requests)) == (1, 1, 11)


@pytest.mark.parametrize(("expires_in", "used_until"), [(172800, 172740), (60, 30), (None, 172740)])
async def test_an_instance_is_replaced_before_it_ends(expires_in: int | None, used_until: float) -> None:
    clock, sinch = Clock(), RecordedLegacySinch()
    sinch.instance["expiresIn"] = expires_in
    async with sinch.client(monotonic_clock=clock) as client:
        await client.groups()
        clock.now += used_until - 0.5
        await client.groups()
        assert len(sinch.instances) == 1
        clock.now += 1
        await client.groups()
    assert (len(sinch.log_ins), len(sinch.instances)) == (2, 2)


async def test_an_instance_that_sinch_has_ended_is_replaced_without_the_caller_noticing() -> None:
    async with legacy_sinch() as legacy:
        await legacy.client.groups()
        await legacy.sinch.tell("tokens/expire")
        assert await legacy.client.groups()
        assert await legacy.sinch.requests("LegacyLogIn") == 2
        assert (await legacy.sinch.look("requests"))["LegacyListGroups"] == {"200": 2, "401": 1}


async def test_a_second_401_is_an_error() -> None:
    refused = httpx.Response(401, json={"errorCode": 40102, "message": "Invalid Signature"})
    sinch = RecordedLegacySinch(refused)
    async with sinch.client() as client:
        with pytest.raises(NotLoggedIn):
            await client.groups()
    assert (len(sinch.requests), len(sinch.log_ins)) == (2, 2)


async def test_of_requests_that_are_refused_together_one_logs_in_anew() -> None:
    all_arrived = asyncio.Barrier(3)
    sinch = RecordedLegacySinch()

    async def refuse_the_first_instance(request: httpx.Request) -> httpx.Response:
        if not request.headers["Authorization"].startswith(f"Instance {INSTANCE['id']}:"):
            return httpx.Response(200, json=[])
        await all_arrived.wait()
        sinch.instance["id"] = "another"
        return httpx.Response(401)

    sinch.answer = refuse_the_first_instance
    async with sinch.client() as client:
        await asyncio.gather(*(client.groups() for _ in range(3)))
    assert (len(sinch.log_ins), len(sinch.requests)) == (2, 6)


async def test_a_wrong_password_is_told_with_the_account_and_what_to_check() -> None:
    async with legacy_sinch() as legacy, connect(legacy.sinch.endpoints, password="wrong") as client:
        with pytest.raises(NotLoggedIn, match=r"legacy@example.com.*password is wrong.*Check the identity") as raised:
            await client.groups()
    assert raised.value.http_status == 401


async def test_a_clock_that_is_off_is_told_as_such() -> None:
    async with legacy_sinch() as legacy, connect(legacy.sinch.endpoints, now=lambda: SIGNED_AT) as client:
        with pytest.raises(InvalidTimestampHeader, match="clock of this machine"):
            await client.groups()


@pytest.mark.parametrize("body", [b"", b"[]", b'{"authorization": ""}'])
async def test_a_log_in_without_a_usable_token_is_an_error_that_quotes_nothing(body: bytes) -> None:
    sinch = RecordedLegacySinch(log_in_answer=httpx.Response(200, content=body))
    async with sinch.client() as client:
        with pytest.raises(NotLoggedIn, match="without a usable AuthenticatedUser"):
            await client.groups()
    assert (sinch.instances, sinch.requests) == ([], [])


async def test_an_instance_whose_secret_is_no_base64_is_an_error_that_does_not_quote_it() -> None:
    sinch = RecordedLegacySinch()
    sinch.instance["secret"] = "no-base64!"
    async with sinch.client() as client:
        with pytest.raises(NotLoggedIn, match="without a usable Instance") as raised:
            await client.groups()
    assert "no-base64!" not in str(raised.value)


async def test_a_log_in_without_an_answer_leaves_the_request_unsent() -> None:
    sinch = RecordedLegacySinch(log_in_answer=httpx.ReadTimeout("too slow"))
    async with sinch.client() as client:
        with pytest.raises(RequestNotSent, match=r"userapi\.sinch\.com"):
            await client.reserve(75, 1)
    assert sinch.requests == []


async def test_a_log_in_that_fails_for_a_moment_is_not_taken_for_a_wrong_password() -> None:
    sinch = RecordedLegacySinch(log_in_answer=httpx.Response(500))
    async with sinch.client() as client:
        with pytest.raises(ServerError):
            await client.groups()


async def test_an_identity_that_is_no_path_segment_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="identity"):
        RecordedLegacySinch().client(LogIn("", SecretStr("x")))


async def test_neither_password_nor_token_nor_secret_is_ever_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[object] = [LOG_IN, LegacySettings()]
    sinch = RecordedLegacySinch(httpx.Response(401, json={"errorCode": 40102, "message": "Invalid Signature"}))
    async with sinch.client(LOG_IN) as client:
        with pytest.raises(NotLoggedIn) as refused:
            await client.groups()
        sinch.answer = _cut
        with pytest.raises(OutcomeUnknown) as cut:
            await client.groups()
    errors: list[SinchError] = [refused.value, cut.value]
    said = "\n".join([*(repr(one) for one in [*shown, *errors]), *(str(error) for error in errors), caplog.text])
    signed = [request.headers["Authorization"] for request in sinch.requests]
    secret = base64.b64decode(str(INSTANCE["secret"]))
    for hidden in (PASSWORD, "the-token", INSTANCE["secret"], repr(secret), *signed):
        assert str(hidden) not in said


async def _cut(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError("the connection was cut", request=request)
