"""Bytes on a socket that are no proper HTTP: refused or hung up on, and the next genuine callback is taken."""

import re
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from receiver.connections import ConnectionLimits
from tests.receiver.served_receiver import (
    ServedReceiver,
    callback_request,
    event_body,
    fresh_workflow_id,
    head,
    path_for,
    serving,
    signed,
)

VICTIM = "HostingOrder:victim:0001:1"
"""No request in here may reach this workflow."""
LENGTH = f"Content-Length: {len(event_body())}"
SIGNED = [f"{name}: {value}" for name, value in signed(event_body()).items()]


def genuine_but(*headers: str) -> bytes:
    """A genuine callback with these headers in place of its length."""
    return head(path_for(VICTIM), *SIGNED, *headers) + event_body()


def chunked(*pieces: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in (*pieces, b""))


def chunked_head(*headers: str) -> bytes:
    return head(path_for(VICTIM), *headers, "Transfer-Encoding: chunked")


def get(target: str, version: str = "1.1", method: str = "GET") -> bytes:
    return f"{method} {target} HTTP/{version}\r\nHost: receiver\r\n\r\n".encode()


@pytest.fixture(scope="module")
async def impatient() -> AsyncIterator[ServedReceiver]:
    """A receiver that waits for nobody, so that every exchange has its end."""
    limits = ConnectionLimits(headers_seconds=0.05, exchange_seconds=5, rest_seconds=0.05)
    async with serving(limits=limits, body_seconds=0.05) as receiver:
        yield receiver


BROKEN = {
    "nothing like HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200,
    "another protocol": b"SSH-2.0-OpenSSH_9.2\r\n",
    "only blank lines": b"\r\n" * 50,
    "NUL bytes": b"\x00" * 5000,
    "a NUL in the path": b"POST /callbacks/\x00 HTTP/1.1\r\nHost: receiver\r\n\r\n",
    "a NUL in a header": head(path_for(VICTIM), "X-Sinch-Signature: \x00"),
    "a blank in the path": b"POST /callbacks/x y HTTP/1.1\r\nHost: receiver\r\n\r\n",
    "no version": b"GET /healthz\r\n\r\n",
    "no host": b"GET /healthz HTTP/1.1\r\n\r\n",
    "a header without a colon": head(path_for(VICTIM), "Content-Length"),
    "a blank before the colon": genuine_but(LENGTH.replace(":", " :")),
    "a negative length": genuine_but("Content-Length: -1"),
    "a length with a sign": genuine_but(LENGTH.replace(": ", ": +")),
    "two lengths": genuine_but(LENGTH, "Content-Length: 5"),
    "two lengths in one": genuine_but(f"{LENGTH}, 5"),
    "a length of 5,000 digits": genuine_but("Content-Length: " + "9" * 5000),
    "an unknown transfer coding": genuine_but("Transfer-Encoding: gzip, chunked"),
    "chunked twice": genuine_but("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
    "a chunk of no size": head(path_for(VICTIM), "Transfer-Encoding: chunked") + b"zz\r\n{}\r\n0\r\n\r\n",
    "a chunk of a negative size": head(path_for(VICTIM), "Transfer-Encoding: chunked") + b"-2\r\n{}\r\n0\r\n\r\n",
    "a chunk longer than said": head(path_for(VICTIM), *SIGNED, "Transfer-Encoding: chunked") + b"1\r\n{}\r\n0\r\n\r\n",
    "an endless chunk size": head(path_for(VICTIM), "Transfer-Encoding: chunked") + b"0" * 100_000,
    "no end of short trailers": chunked_head() + b"0\r\n" + b"X: 1\r\n" * 10_000,
    "no end of blank lines": b"\r\n" * 50_000,
    "two hosts": genuine_but(LENGTH, "Host: another"),
    "a tunnel": get("receiver:22", method="CONNECT"),
    "an upgrade to websockets": genuine_but(LENGTH, "Connection: Upgrade", "Upgrade: websocket"),
    "an upgrade to HTTP/2": genuine_but(LENGTH, "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c"),
    "an unknown method": get(path_for(VICTIM), method="SIGNAL"),
    "an unknown version": get("/healthz", version="9.9"),
    "a header of 100 KiB": head("/callbacks/x", f"X-Long: {'x' * 100_000}"),
    "10,000 headers": head("/callbacks/x", *(f"X-{number}: 1" for number in range(10_000))),
    "a path of 100 KiB": get("/callbacks/" + "x" * 100_000, method="POST"),
    "a folded header": head("/callbacks/x", "X-Folded: a\r\n b"),
    "line feeds alone": genuine_but(LENGTH).replace(b"\r\n", b"\n"),
    "an endless trailer": head(path_for(VICTIM), "Transfer-Encoding: chunked") + b"0\r\nX: " + b"x" * 100_000,
}


@pytest.mark.parametrize("request_bytes", BROKEN.values(), ids=BROKEN)
async def test_what_is_no_http_is_refused(impatient: ServedReceiver, request_bytes: bytes) -> None:
    answer = await impatient.exchange(request_bytes)
    assert statuses(answer) == [400] or answer == b""
    await assert_well(impatient)


ODD = {
    "an absolute URI": (get(f"http://receiver{path_for(VICTIM)}", method="POST"), 401),
    "an absolute URI without a token": (get("http://receiver/callbacks/x", method="POST"), 401),
    "headers of 15 KiB": (head("/callbacks/x", f"X-Long: {'x' * 15_000}"), 401),
    "a URI of another host": (get("http://169.254.169.254/latest/meta-data"), 404),
    "the server as a whole": (get("*", method="OPTIONS"), 404),
    "a way up": (get("/callbacks/../healthz"), 404),
    "an encoded way up": (get("/callbacks/%2e%2e%2fhealthz"), 404),
    "half an escape": (get("/callbacks/%", method="POST"), 401),
    "an escaped NUL": (get("/callbacks/%00", method="POST"), 401),
    "bytes that are no UTF-8": (get("/callbacks/%ff%fe", method="POST"), 401),
    "no body where one is announced": (head("/callbacks/x", "Expect: 100-continue", "Content-Length: 5"), 401),
}


@pytest.mark.parametrize(("request_bytes", "status"), ODD.values(), ids=ODD)
async def test_odd_requests_get_an_ordinary_refusal(
    impatient: ServedReceiver, request_bytes: bytes, status: int
) -> None:
    assert statuses(await answered(impatient, request_bytes)) == [status]
    await assert_well(impatient)


SMUGGLED = head(path_for(VICTIM), *SIGNED, LENGTH, "X-Forwarded-For: 54.76.19.159") + event_body()
"""What an attacker would have a proxy pass on unseen, as if it came from Sinch."""


@pytest.mark.parametrize("path", [path_for(VICTIM), "/callbacks/guess", "/healthz", "/nowhere"])
@pytest.mark.parametrize(
    "framing",
    [
        ("Content-Length: 5", "Transfer-Encoding: chunked"),
        ("Transfer-Encoding: chunked", "Content-Length: 5"),
        ("Transfer-Encoding: CHUNKED", "Content-Length: 5"),
        ("Transfer-Encoding:\r\n chunked", "Content-Length: 5"),
    ],
    ids=["length first", "coding first", "capitals", "folded"],
)
async def test_no_request_is_smuggled_in_behind_another(path: str, framing: tuple[str, str]) -> None:
    async with serving(callback_allow_list="sinch", trusted_proxies="127.0.0.0/8") as receiver:
        honest = await receiver.exchange(SMUGGLED.replace(b"Host: r", b"Connection: close\r\nHost: r"))
        assert statuses(honest) == [200], "alone it would be taken"
        receiver.signals.signals.clear()
        assert statuses(await receiver.exchange(head(path, *framing) + b"0\r\n\r\n" + SMUGGLED)) == [400]
        assert not receiver.signals.signals


async def test_http_1_0_knows_no_chunks() -> None:
    async with serving() as receiver:
        request = genuine_but("Transfer-Encoding: chunked").replace(b"HTTP/1.1", b"HTTP/1.0")
        assert statuses(await receiver.exchange(request)) == [400]
        assert not receiver.signals.signals


async def test_chunks_alone_are_an_honest_way_to_send_a_callback(receiver: ServedReceiver) -> None:
    workflow_id, body = fresh_workflow_id(), event_body()
    request = head(path_for(workflow_id), *SIGNED, "Transfer-Encoding: chunked", "Connection: close")
    assert statuses(await receiver.exchange(request + chunked(body[:7], body[7:]))) == [200]
    assert len(receiver.signals.events(workflow_id)) == 1


async def test_what_comes_behind_a_body_is_no_header() -> None:
    sinch = "X-Forwarded-For: 54.76.19.159"
    async with serving(callback_allow_list="sinch", trusted_proxies="127.0.0.0/8") as receiver:
        for headers, trailers, status in ((SIGNED, [sinch], 403), ([sinch], SIGNED, 401), ([sinch, *SIGNED], [], 200)):
            framed = chunked(event_body())[:-2] + "".join(f"{line}\r\n" for line in trailers).encode() + b"\r\n"
            answer = await receiver.exchange(chunked_head(*headers, "Connection: close") + framed)
            assert statuses(answer) == [status]


TOKENS = [
    *(
        b"\r\n",
        b"\r\n\r\n",
        b"\n",
        b"\r",
        b"\x00",
        b"\xff",
        b" ",
        b"\t",
        b":",
        b"%",
        b"/",
        b"?",
        b"#",
        b"..",
        b"0\r\n\r\n",
    ),
    *(b"GET /healthz HTTP/1.1\r\nHost: r\r\n\r\n", b"HTTP/1.0", b"HTTP/2.0", b"CONNECT", b"HEAD", b"PUT", b"OPTIONS *"),
    *(b"Content-Length: 0\r\n", b"Content-Length: 99999\r\n", b"Content-Length: -1\r\n", b"Content-Length: 1, 2\r\n"),
    *(b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: identity\r\n", b"Expect: 100-continue\r\n"),
    *(
        b"Connection: close\r\n",
        b"Connection: Upgrade\r\nUpgrade: h2c\r\n",
        b"Content-Encoding: gzip\r\n",
        b"Trailer: x\r\n",
    ),
    *(b"X-Sinch-Signature: \r\n", b"X-Sinch-Signature: " + b"0" * 40 + b"\r\n", b"X-Forwarded-For: 54.76.19.159\r\n"),
    *(b"X: " + b"x" * 20_000 + b"\r\n", b"{" * 3000, b"9" * 3000),
]
places = st.floats(0, 1, exclude_max=True)
changes = st.lists(
    st.tuples(places, st.floats(0, 0.2), st.sampled_from(TOKENS) | st.binary(max_size=20)), min_size=1, max_size=4
)
"""Where something is put into a request, how much of it goes for that, and what comes."""


@given(changes=changes, requests=st.integers(1, 3), at=places)
@hypothesis_settings(max_examples=200, deadline=None, database=None)
async def test_no_bytes_bring_the_receiver_down_or_a_forged_event_through(
    impatient: ServedReceiver, changes: list[tuple[float, float, bytes]], requests: int, at: float
) -> None:
    workflow_ids = [fresh_workflow_id() for _ in range(requests)]
    sent = b"".join(map(callback_request, workflow_ids))
    for place, share, put_in in changes:
        start = int(place * len(sent))
        sent = sent[:start] + put_in + sent[start + int(share * len(sent)) :]
    cut = int(at * len(sent))
    answers = statuses(await impatient.exchange(sent[:cut], sent[cut:]))
    assert set(answers) <= {100, 200, 400, 401, 404, 405, 408, 413}
    await assert_well(impatient)
    assert all(workflow_id.startswith("HostingOrder:test-") for workflow_id in impatient.signals.signals)
    for workflow_id in workflow_ids:
        assert {event.phone_number for event in impatient.signals.events(workflow_id)} <= {"+12345612345"}


@given(noise=st.binary(max_size=300))
@hypothesis_settings(max_examples=50, deadline=None, database=None)
async def test_noise_is_refused_or_hung_up_on(impatient: ServedReceiver, noise: bytes) -> None:
    assert set(statuses(await impatient.exchange(noise))) <= {400}


def statuses(answer: bytes) -> list[int]:
    """The status of each answer."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) ", answer)]


async def answered(receiver: ServedReceiver, request_bytes: bytes) -> bytes:
    """The answer to a request that came in time; on a busy machine an impatient receiver may hang up on it first."""
    while not (answer := await receiver.exchange(request_bytes)):
        pass
    return answer


async def assert_well(receiver: ServedReceiver) -> None:
    """A genuine callback is still taken, and what came before reached nobody."""
    answer = await answered(receiver, callback_request(fresh_workflow_id(), "Connection: close"))
    assert statuses(answer) == [200]
    assert VICTIM not in receiver.signals.signals
