"""A client told how many requests a second it may send spaces them evenly, first come first served."""

import asyncio
from dataclasses import dataclass, field

import httpx
import pytest
from pydantic import SecretStr

from sinch_numbers import Authentication, ClientSettings, OAuth2ClientCredentials, SinchNumbers
from tests.sinch_numbers.recorded_sinch import KEY
from tests.sinch_numbers.sinch_examples import REPORT


@dataclass
class SteppedTime:
    """A clock that moves only when a test moves it, and what sleeps on it."""

    now: float = 1000.0
    sleepers: list[tuple[float, asyncio.Event]] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        woken = asyncio.Event()
        self.sleepers.append((self.now + seconds, woken))
        await woken.wait()

    async def advance(self, seconds: float) -> None:
        until = self.now + seconds
        await settle()
        while due := [sleeper for sleeper in self.sleepers if sleeper[0] <= until]:
            first = min(due, key=lambda sleeper: sleeper[0])
            self.sleepers.remove(first)
            self.now = max(self.now, first[0])
            first[1].set()
            await settle()
        self.now = until


async def settle() -> None:
    """Lets every task run until it waits for something."""
    for _ in range(50):
        await asyncio.sleep(0)


@dataclass
class TimedSinch:
    """Notes which order was asked about at which second."""

    requests_per_second: float | None
    time: SteppedTime = field(default_factory=SteppedTime)
    seen: list[tuple[str, float]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)

    def client(self, authentication: Authentication = KEY) -> SinchNumbers:
        return SinchNumbers(
            "project-1",
            authentication,
            transport=httpx.MockTransport(self._answer),
            settings=ClientSettings(requests_per_second=self.requests_per_second),
            monotonic_clock=self.time.clock,
            sleep=self.time.sleep,
        )

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.host == "auth.sinch.com":
            return httpx.Response(200, json={"access_token": "token"})
        name = request.url.path.split("/")[-2]
        self.seen.append((name, self.time.now - 1000.0))
        if name in self.refused:
            self.refused.remove(name)
            return httpx.Response(401)
        return httpx.Response(200, json=REPORT)


def ask(client: SinchNumbers, names: str) -> list[asyncio.Task[object]]:
    async def report(name: str) -> object:
        return await client.hosting_orders.report(name)

    return [asyncio.create_task(report(name)) for name in names]


async def test_without_a_limit_nothing_waits() -> None:
    sinch = TimedSinch(None)
    async with sinch.client() as client:
        await asyncio.gather(*ask(client, "abcdefgh"))
    assert [at for _, at in sinch.seen] == [0.0] * 8


async def test_requests_at_once_start_evenly_spaced_in_the_order_in_which_they_came() -> None:
    sinch = TimedSinch(4)
    async with sinch.client() as client:
        asked = ask(client, "abcdef")
        await sinch.time.advance(1)
        assert sinch.seen == [("a", 0.0), ("b", 0.25), ("c", 0.5), ("d", 0.75), ("e", 1.0)]
        await sinch.time.advance(1)
        await asyncio.gather(*asked)
    assert sinch.seen[5:] == [("f", 1.25)]


async def test_a_request_that_comes_later_goes_behind_those_that_wait() -> None:
    sinch = TimedSinch(1)
    async with sinch.client() as client:
        first = ask(client, "abc")
        await sinch.time.advance(1)
        second = ask(client, "d")
        await sinch.time.advance(2)
        await asyncio.gather(*first, *second)
    assert sinch.seen == [("a", 0.0), ("b", 1.0), ("c", 2.0), ("d", 3.0)]


async def test_a_token_request_does_not_count_but_the_repeat_after_a_401_does() -> None:
    sinch = TimedSinch(1, refused={"a"})
    async with sinch.client(OAuth2ClientCredentials("key-id", SecretStr("key-secret"))) as client:
        asked = ask(client, "a")
        await sinch.time.advance(1)
        await asyncio.gather(*asked)
    assert sinch.seen == [("a", 0.0), ("a", 1.0)]


async def test_quiet_times_save_nothing_up() -> None:
    sinch = TimedSinch(2)
    async with sinch.client() as client:
        await sinch.time.advance(60)
        asked = ask(client, "ab")
        await sinch.time.advance(1)
        await asyncio.gather(*asked)
    assert sinch.seen == [("a", 60.0), ("b", 60.5)]


async def test_waking_up_late_does_not_slow_down_those_behind() -> None:
    sinch = TimedSinch(2)
    async with sinch.client() as client:
        asked = ask(client, "abc")
        await settle()
        sinch.time.now += 0.75
        await sinch.time.advance(0.25)
        await asyncio.gather(*asked)
    assert sinch.seen == [("a", 0.0), ("b", 0.75), ("c", 1.0)]


@pytest.mark.parametrize("cancelled", [1, 2], ids=["the next one", "one further back"])
async def test_a_cancelled_request_leaves_its_place_to_the_next(cancelled: int) -> None:
    sinch = TimedSinch(1)
    async with sinch.client() as client:
        asked = ask(client, "abcd")
        await settle()
        asked.pop(cancelled).cancel()
        await sinch.time.advance(2)
        await asyncio.gather(*asked)
    assert [at for _, at in sinch.seen] == [0.0, 1.0, 2.0]
    assert [name for name, _ in sinch.seen] == [name for name in "abcd" if name != "abcd"[cancelled]]
