"""Where the client is told to, reads that failed for a moment are sent again, and nothing else ever is."""

from collections.abc import Callable

import httpx
import pytest

from sinch_numbers import (
    ClientSettings,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    ServerError,
    SinchError,
    SinchNumbers,
)
from tests.sinch_numbers.recorded_sinch import KEY
from tests.sinch_numbers.sinch_examples import QUALIFIED_NUMBER

NUMBER = "+12025550134"
FAILS = httpx.Response(503)

Trouble = httpx.Response | Callable[[httpx.Request], Exception]


def reset(request: httpx.Request) -> Exception:
    return httpx.ReadError("reset", request=request)


def no_answer(request: httpx.Request) -> Exception:
    return httpx.ReadTimeout("no answer", request=request)


class TroubledSinch:
    """Answers with each trouble in turn, then well; notes the requests and how long the client paused."""

    def __init__(self, *troubles: Trouble, read_retries: int = 2) -> None:
        self._troubles = list(troubles)
        self.methods: list[str] = []
        self.pauses: list[float] = []
        settings = ClientSettings(read_retries=read_retries)
        transport = httpx.MockTransport(self._answer)
        self.client = SinchNumbers("project-1", KEY, transport=transport, settings=settings, sleep=self._sleep)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.methods.append(request.method)
        if not self._troubles:
            return httpx.Response(200, json=QUALIFIED_NUMBER)
        trouble = self._troubles.pop(0)
        if isinstance(trouble, httpx.Response):
            return trouble
        raise trouble(request)

    async def _sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)


@pytest.mark.parametrize("trouble", [FAILS, httpx.Response(429), reset], ids=["5xx", "429", "reset"])
async def test_a_read_that_failed_for_a_moment_is_sent_again_after_a_pause(trouble: Trouble) -> None:
    sinch = TroubledSinch(trouble, trouble)
    async with sinch.client as client:
        assert (await client.qualified_numbers.get(NUMBER)).phone_number == NUMBER
    assert sinch.methods == ["GET"] * 3
    assert sinch.pauses == [0.5, 1.0]


async def test_a_read_is_given_up_once_its_retries_are_used_up() -> None:
    sinch = TroubledSinch(*[FAILS] * 3)
    async with sinch.client as client:
        with pytest.raises(ServerError):
            await client.qualified_numbers.get(NUMBER)
    assert sinch.methods == ["GET"] * 3


async def test_the_pause_is_as_long_as_sinch_asks_for_unless_that_is_long() -> None:
    sinch = TroubledSinch(httpx.Response(429, headers={"Retry-After": "3"}))
    async with sinch.client as client:
        await client.qualified_numbers.get(NUMBER)
    assert sinch.pauses == [3.0]
    sinch = TroubledSinch(httpx.Response(429, headers={"Retry-After": "60"}))
    async with sinch.client as client:
        with pytest.raises(RateLimited):
            await client.qualified_numbers.get(NUMBER)
    assert sinch.pauses == []


@pytest.mark.parametrize(
    ("trouble", "error"), [(httpx.Response(404), NotFound), (no_answer, OutcomeUnknown)], ids=["404", "time-out"]
)
async def test_a_read_is_not_sent_again_where_that_does_not_help_or_takes_long(
    trouble: Trouble, error: type[SinchError]
) -> None:
    sinch = TroubledSinch(trouble)
    async with sinch.client as client:
        with pytest.raises(error):
            await client.qualified_numbers.get(NUMBER)
    assert sinch.methods == ["GET"]


async def test_what_changes_something_is_never_sent_again() -> None:
    sinch = TroubledSinch(FAILS)
    async with sinch.client as client:
        with pytest.raises(ServerError):
            await client.qualified_numbers.send_voice_challenge(NUMBER)
    assert sinch.methods == ["POST"]


async def test_unless_told_otherwise_the_client_sends_nothing_again() -> None:
    sinch = TroubledSinch(FAILS, read_retries=ClientSettings().read_retries)
    async with sinch.client as client:
        with pytest.raises(ServerError):
            await client.qualified_numbers.get(NUMBER)
    assert sinch.methods == ["GET"]
