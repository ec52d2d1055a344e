"""Access tokens: one for all, renewed early, renewed once after a 401, never shown."""

import asyncio
import base64
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from pydantic import SecretStr

from sinch_numbers import (
    OAuth2ClientCredentials,
    RateLimited,
    RequestNotSent,
    ServerError,
    SinchError,
    SinchNumbers,
    Unauthenticated,
)
from tests.sinch_numbers.recorded_sinch import KEY, RecordedSinch
from tests.sinch_numbers.sinch_examples import REPORT

SECRET = "the-key-secret"
CREDENTIALS = OAuth2ClientCredentials("key-id", SecretStr(SECRET), "https://auth.example.com/oauth2/token")


@dataclass
class Clock:
    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class SinchWithTokens:
    """Hands out token-1, token-2, ... and accepts those in `accepted` (None: all)."""

    token_answer: dict[str, Any] = field(default_factory=lambda: {"token_type": "bearer", "expires_in": 3600})
    token_failure: httpx.Response | Exception | None = None
    accepted: set[str] | None = None
    token_requests: list[httpx.Request] = field(default_factory=list)
    token_asked_for: asyncio.Event = field(default_factory=asyncio.Event)
    tokens_seen: list[str] = field(default_factory=list)
    token_seen: asyncio.Event = field(default_factory=asyncio.Event)
    all_arrived: asyncio.Barrier | None = None
    clock: Clock = field(default_factory=Clock)

    @asynccontextmanager
    async def client(self) -> AsyncIterator[SinchNumbers]:
        transport = httpx.MockTransport(self._answer)
        async with SinchNumbers("project-1", CREDENTIALS, transport=transport, monotonic_clock=self.clock) as client:
            yield client

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "auth.example.com":
            return await self._token(request)
        token = request.headers["Authorization"].removeprefix("Bearer ")
        self.tokens_seen.append(token)
        self.token_seen.set()
        if self.accepted is None or token in self.accepted:
            return httpx.Response(200, json=REPORT)
        if self.all_arrived is not None:
            await self.all_arrived.wait()
        return httpx.Response(401, headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})

    async def _token(self, request: httpx.Request) -> httpx.Response:
        self.token_requests.append(request)
        self.token_asked_for.set()
        await asyncio.sleep(0)  # lets every other task run, as a real token endpoint would
        if isinstance(self.token_failure, Exception):
            raise self.token_failure
        if self.token_failure is not None:
            return self.token_failure
        return httpx.Response(200, json={"access_token": f"token-{len(self.token_requests)}", **self.token_answer})


async def test_the_key_is_exchanged_for_a_token_that_serves_every_request() -> None:
    sinch = SinchWithTokens()
    async with sinch.client() as client:
        await client.hosting_orders.report("a")
        await client.hosting_orders.report("b")
    (request,) = sinch.token_requests
    assert (request.method, str(request.url)) == ("POST", "https://auth.example.com/oauth2/token")
    assert request.headers["Authorization"] == f"Basic {base64.b64encode(f'key-id:{SECRET}'.encode()).decode()}"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(request.content.decode()) == {"grant_type": ["client_credentials"]}
    assert sinch.tokens_seen == ["token-1", "token-1"]


def test_tokens_come_from_sinchs_own_host_unless_told_otherwise() -> None:
    assert OAuth2ClientCredentials("key-id", SecretStr(SECRET)).token_url == "https://auth.sinch.com/oauth2/token"


async def test_50_requests_at_once_share_one_token_request() -> None:
    sinch = SinchWithTokens()
    async with sinch.client() as client:
        await asyncio.gather(*(client.hosting_orders.report("a") for _ in range(50)))
    assert len(sinch.token_requests) == 1


async def test_50_requests_rejected_at_once_renew_the_token_exactly_once() -> None:
    sinch = SinchWithTokens(accepted={"token-2"}, all_arrived=asyncio.Barrier(50))
    async with sinch.client() as client:
        reports = await asyncio.gather(*(client.hosting_orders.report("a") for _ in range(50)))
    assert len(reports) == 50
    assert len(sinch.token_requests) == 2
    assert sinch.tokens_seen == ["token-1"] * 50 + ["token-2"] * 50


async def test_a_late_401_for_an_old_token_does_not_throw_the_new_one_away() -> None:
    sinch = SinchWithTokens(accepted={"token-2"}, all_arrived=asyncio.Barrier(2))
    async with sinch.client() as client:
        late = asyncio.create_task(client.hosting_orders.report("late"))
        await sinch.token_seen.wait()
        sinch.clock.now += 3600
        await client.hosting_orders.report("renews")
        assert len(sinch.token_requests) == 2
        assert sinch.all_arrived is not None
        await sinch.all_arrived.wait()
        await late
    assert len(sinch.token_requests) == 2
    assert sinch.tokens_seen == ["token-1", "token-2", "token-2"]


async def test_the_token_is_renewed_60_seconds_before_it_runs_out() -> None:
    sinch = SinchWithTokens()
    async with sinch.client() as client:
        await client.hosting_orders.report("a")
        sinch.clock.now += 3539
        await client.hosting_orders.report("a")
        assert sinch.tokens_seen == ["token-1", "token-1"]
        sinch.clock.now += 1
        await client.hosting_orders.report("a")
    assert sinch.tokens_seen == ["token-1", "token-1", "token-2"]


async def test_a_short_lived_token_still_serves_for_half_its_life() -> None:
    sinch = SinchWithTokens(token_answer={"token_type": "bearer", "expires_in": 20})
    async with sinch.client() as client:
        await client.hosting_orders.report("a")
        sinch.clock.now += 9
        await client.hosting_orders.report("a")
        sinch.clock.now += 1
        await client.hosting_orders.report("a")
    assert sinch.tokens_seen == ["token-1", "token-1", "token-2"]


@pytest.mark.parametrize("token_type", ["bearer", "Bearer", "BEARER"])
async def test_the_token_type_is_read_in_any_case(token_type: str) -> None:
    sinch = SinchWithTokens(token_answer={"token_type": token_type, "expires_in": 3600, "scope": ""})
    async with sinch.client() as client:
        await client.hosting_orders.report("a")
    assert sinch.tokens_seen == ["token-1"]


@pytest.mark.parametrize(
    "answer", [{"token_type": "mac"}, {"access_token": None}, {"access_token": {}}, {"expires_in": "soon"}]
)
async def test_an_unusable_token_is_an_authentication_error(answer: dict[str, Any]) -> None:
    sinch = SinchWithTokens(token_answer=answer)
    async with sinch.client() as client:
        with pytest.raises(Unauthenticated) as caught:
            await client.hosting_orders.report("a")
    assert caught.value.operation == "authentication.fetch_token"
    assert sinch.tokens_seen == []


async def test_a_second_401_is_reported_after_one_renewal() -> None:
    sinch = SinchWithTokens(accepted=set())
    async with sinch.client() as client:
        with pytest.raises(Unauthenticated) as caught:
            await client.hosting_orders.report("01arz")
    assert sinch.tokens_seen == ["token-1", "token-2"]
    assert (caught.value.operation, caught.value.subject) == ("hosting_orders.report", "01arz")


async def test_basic_authentication_has_nothing_to_renew() -> None:
    sinch = RecordedSinch(httpx.Response(401))
    async with sinch.client() as client:
        with pytest.raises(Unauthenticated):
            await client.hosting_orders.report("01arz")
    assert len(sinch.requests) == 1


@pytest.mark.parametrize(
    ("failure", "kind", "status", "message"),
    [
        (
            httpx.Response(401, json={"error": "invalid_client", "error_description": "unknown key"}),
            Unauthenticated,
            "invalid_client",
            "unknown key",
        ),
        (httpx.Response(400, json={"error": "invalid_grant"}), Unauthenticated, "invalid_grant", "Bad Request"),
        (httpx.Response(403, text="no"), Unauthenticated, None, "no"),
        (httpx.Response(429, headers={"Retry-After": "3"}), RateLimited, None, "Too Many Requests"),
        (httpx.Response(503, text="away"), ServerError, None, "away"),
        (httpx.ConnectError("refused"), RequestNotSent, None, "refused"),
        (httpx.ReadTimeout("slow"), RequestNotSent, None, "slow"),
    ],
)
async def test_no_token_means_a_typed_error_and_no_request(
    failure: httpx.Response | Exception, kind: type[SinchError], status: str | None, message: str
) -> None:
    sinch = SinchWithTokens(token_failure=failure)
    async with sinch.client() as client:
        with pytest.raises(kind) as caught:
            await client.qualified_numbers.send_voice_challenge("+12025550134")
        assert type(caught.value) is kind
        assert caught.value.operation == "authentication.fetch_token"
        assert caught.value.status == status
        assert message in caught.value.message
        assert sinch.tokens_seen == []
        sinch.token_failure = None
        await client.hosting_orders.report("a")
    assert len(sinch.token_requests) == 2


async def test_a_cancelled_token_request_does_not_block_the_others() -> None:
    sinch = SinchWithTokens()
    async with sinch.client() as client:
        first = asyncio.create_task(client.hosting_orders.report("a"))
        second = asyncio.create_task(client.hosting_orders.report("b"))
        await sinch.token_asked_for.wait()
        first.cancel()
        assert (await second).total == REPORT["total"]
    assert first.cancelled()
    assert len(sinch.token_requests) == 2


async def test_no_secret_shows_in_representations_errors_and_logs(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    sinch = SinchWithTokens(accepted=set())
    async with sinch.client() as client:
        with pytest.raises(Unauthenticated) as caught:
            await client.qualified_numbers.verify_voice_challenge("+12025550134", "8642")
        shown = f"{CREDENTIALS!r} {KEY!r} {client!r} {vars(client)!r} {caught.value!r} {caught.value} {caplog.text}"
    for secret in (SECRET, "key-secret", "token-1", "8642", base64.b64encode(b"key-id:key-secret").decode()):
        assert secret not in shown
