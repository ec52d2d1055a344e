"""Real connections: they are reused, limited and timed, and every way they fail says what may have happened."""

import asyncio
import gc
import json
import socket

import httpx
import pytest

from sinch_numbers import OutcomeUnknown, RequestNotSent, SinchError, SinchNumbers, UnreadableResponse
from tests.sinch_numbers.loopback_sinch import Exchange, LoopbackSinch, loopback_sinch
from tests.sinch_numbers.recorded_sinch import KEY, PROJECT
from tests.sinch_numbers.sinch_examples import QUALIFIED_NUMBER, REPORT

IMPATIENT = httpx.Timeout(connect=5, read=0.05, write=5, pool=0.05)
NUMBER = json.dumps(QUALIFIED_NUMBER).encode()


async def answer(exchange: Exchange) -> None:
    await exchange.answer(NUMBER)


async def stay_silent(exchange: Exchange) -> None:
    await asyncio.Event().wait()


async def cut(exchange: Exchange) -> None:
    await exchange.cut()


async def cut_in_the_answer(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
    await exchange.cut()


async def cut_in_the_headers(exchange: Exchange) -> None:
    await exchange.send(b"HTTP/1.1 200 OK\r\nContent-")
    await exchange.cut()


async def talk_nonsense(exchange: Exchange) -> None:
    await exchange.send(b"this is not HTTP\r\n\r\n")


async def claim_a_false_encoding(exchange: Exchange) -> None:
    await exchange.answer(NUMBER, "Content-Encoding: gzip")


def client_of(sinch: LoopbackSinch, timeout: httpx.Timeout = IMPATIENT, connections: int = 4) -> SinchNumbers:
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    return SinchNumbers("project-1", KEY, base_url=sinch.url, timeout=timeout, limits=limits)


PATIENT = httpx.Timeout(30)


def kept_answers() -> int:
    return sum(isinstance(kept, httpx.Response) for kept in gc.get_objects())


async def test_an_answer_is_forgotten_once_it_is_parsed() -> None:
    """A worker collects garbage rarely, and pages of numbers are large."""
    async with loopback_sinch(answer) as sinch, client_of(sinch, PATIENT) as client:
        await client.qualified_numbers.get("+12025550134")
        gc.collect()
        gc.disable()
        try:
            before = kept_answers()
            for _ in range(3):
                await client.qualified_numbers.get("+12025550134")
            assert kept_answers() == before
        finally:
            gc.enable()


async def test_requests_in_turn_share_one_connection() -> None:
    async with loopback_sinch(answer) as sinch, client_of(sinch, PATIENT) as client:
        for _ in range(10):
            await client.qualified_numbers.get("+12025550134")
    assert (len(sinch.exchanges), sinch.connections) == (10, 1)
    assert sinch.exchanges[0].target == f"{PROJECT}/qualifiedNumbers/+12025550134"


async def test_requests_at_once_open_no_more_connections_than_allowed() -> None:
    async with loopback_sinch(answer) as sinch, client_of(sinch, PATIENT, connections=3) as client:
        await asyncio.gather(*(client.qualified_numbers.get("+12025550134") for _ in range(30)))
    assert len(sinch.exchanges) == 30
    assert sinch.connections <= 3


async def test_a_body_arrives_as_it_was_sent() -> None:
    async with loopback_sinch(answer) as sinch, client_of(sinch, PATIENT) as client:
        await client.qualified_numbers.verify_voice_challenge("+12025550134", "0042")
    assert json.loads(sinch.exchanges[0].body) == {"code": "0042"}


@pytest.mark.parametrize(
    "misbehave",
    [stay_silent, cut, cut_in_the_answer, cut_in_the_headers, talk_nonsense, claim_a_false_encoding],
)
async def test_what_breaks_after_the_request_arrived_leaves_the_outcome_unknown(misbehave: object) -> None:
    assert callable(misbehave)
    async with loopback_sinch(misbehave) as sinch, client_of(sinch) as client:
        with pytest.raises(OutcomeUnknown) as caught:
            await client.qualified_numbers.send_voice_challenge("+12025550134")
    assert len(sinch.exchanges) == 1, "a request whose outcome is unknown must not be sent again by the client"
    assert not isinstance(caught.value, UnreadableResponse)
    assert (caught.value.operation, caught.value.subject, caught.value.http_status) == (
        "qualified_numbers.send_voice_challenge",
        "+12025550134",
        None,
    )


async def test_the_client_recovers_after_a_cut_connection() -> None:
    behaviours = iter([cut, answer])

    async def cut_first(exchange: Exchange) -> None:
        await next(behaviours)(exchange)

    async with loopback_sinch(cut_first) as sinch, client_of(sinch, PATIENT) as client:
        with pytest.raises(OutcomeUnknown):
            await client.qualified_numbers.get("+12025550134")
        number = await client.qualified_numbers.get("+12025550134")
    assert number.phone_number == "+12025550134"
    assert sinch.connections == 2


async def test_a_kept_connection_that_the_server_closed_is_replaced_unnoticed() -> None:
    async def answer_then_close(exchange: Exchange) -> None:
        await exchange.answer(NUMBER)
        await exchange.cut()

    async with loopback_sinch(answer_then_close) as sinch, client_of(sinch, PATIENT) as client:
        for _ in range(3):
            await client.qualified_numbers.get("+12025550134")
            await sinch.exchanges[-1].writer.wait_closed()
    assert (len(sinch.exchanges), sinch.connections) == (3, 3)


async def test_a_refused_connection_sent_nothing() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        async with SinchNumbers("project-1", KEY, base_url=url) as client:
            with pytest.raises(RequestNotSent) as caught:
                await client.qualified_numbers.send_voice_challenge("+12025550134")
    assert caught.value.subject == "+12025550134"
    assert "safe to send again" in str(caught.value)


async def test_waiting_too_long_for_a_free_connection_sent_nothing() -> None:
    arrived = asyncio.Event()
    let_go = asyncio.Event()

    async def hold(exchange: Exchange) -> None:
        arrived.set()
        await let_go.wait()
        await exchange.answer(json.dumps(REPORT).encode())

    timeout = httpx.Timeout(connect=5, read=30, write=5, pool=0.05)
    async with loopback_sinch(hold) as sinch, client_of(sinch, timeout, connections=1) as client:
        first = asyncio.create_task(client.hosting_orders.report("01arz"))
        await arrived.wait()
        with pytest.raises(RequestNotSent):
            await client.qualified_numbers.send_voice_challenge("+12025550134")
        let_go.set()
        assert (await first).total == REPORT["total"]
    assert len(sinch.exchanges) == 1


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        (httpx.ConnectError, RequestNotSent),
        (httpx.ConnectTimeout, RequestNotSent),
        (httpx.PoolTimeout, RequestNotSent),
        (httpx.ProxyError, RequestNotSent),
        (httpx.UnsupportedProtocol, RequestNotSent),
        (httpx.ReadTimeout, OutcomeUnknown),
        (httpx.WriteTimeout, OutcomeUnknown),
        (httpx.ReadError, OutcomeUnknown),
        (httpx.WriteError, OutcomeUnknown),
        (httpx.CloseError, OutcomeUnknown),
        (httpx.RemoteProtocolError, OutcomeUnknown),
        (httpx.LocalProtocolError, OutcomeUnknown),
        (httpx.DecodingError, OutcomeUnknown),
    ],
)
async def test_every_transport_problem_says_whether_something_may_have_happened(
    problem: type[httpx.RequestError], kind: type[SinchError]
) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise problem("why", request=request)

    async with SinchNumbers("project-1", KEY, transport=httpx.MockTransport(fail)) as client:
        with pytest.raises(SinchError) as caught:
            await client.hosting_orders.get("01arz")
    assert type(caught.value) is kind
    assert caught.value.message == f"{problem.__name__} why"
    assert isinstance(caught.value.__cause__, problem)


async def test_cancelling_a_call_is_not_an_error_of_sinch() -> None:
    arrived = asyncio.Event()

    async def hold(exchange: Exchange) -> None:
        arrived.set()
        await asyncio.Event().wait()

    async with loopback_sinch(hold) as sinch, client_of(sinch, PATIENT) as client:
        call = asyncio.create_task(client.qualified_numbers.get("+12025550134"))
        await arrived.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
