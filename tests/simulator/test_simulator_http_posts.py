"""POSTs of callbacks: how many connections they take, and what every kind of answer comes to."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from simulator.http_posts import CONNECTION_LOST, NO_ADDRESS, NOT_CONNECTED, NOT_HTTP, TOO_LATE, HttpPosts

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK"
HANG_UP = b""
SHORT, LONG = 0.2, 30.0


@dataclass
class Host:
    """Answers with the bytes it is given, then with `OK`; while it is `held`, with nothing."""

    url: str = ""
    answers: list[bytes] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    connections: list[asyncio.StreamWriter] = field(default_factory=list)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections.append(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = int(head.lower().partition("content-length: ")[2].partition("\r\n")[0])
                self.heads.append(head)
                self.bodies.append(await reader.readexactly(length))
                await self.go_on.wait()
                answer = self.answers.pop(0) if self.answers else OK
                if answer == HANG_UP:
                    break
                for piece in answer.split(b"|"):
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0)
        writer.close()


class Posts:
    """The sender, with the endings of its POSTs in order."""

    def __init__(self, connections: int, timeout: float) -> None:
        self.http = HttpPosts(connections=connections, timeout=timeout)
        self._ended: asyncio.Queue[int | str] = asyncio.Queue()

    def send(self, url: str, body: bytes = b"{}", **headers: str) -> None:
        self.http.send(url, body, headers, self._ended.put_nowait)

    async def ended(self) -> int | str:
        return await self._ended.get()

    async def sent(self, url: str, body: bytes = b"{}", **headers: str) -> int | str:
        self.send(url, body, **headers)
        return await self.ended()


@contextlib.asynccontextmanager
async def host(*answers: bytes, held: bool = False, certificate: ssl.SSLContext | None = None) -> AsyncIterator[Host]:
    serving = Host(answers=list(answers))
    if not held:
        serving.go_on.set()
    server = await asyncio.start_server(serving.serve, "127.0.0.1", 0, ssl=certificate)
    scheme = "https" if certificate else "http"
    serving.url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}/callbacks/abc?from=sinch"
    async with server:
        yield serving


@contextlib.asynccontextmanager
async def posting(connections: int = 4, timeout: float = LONG) -> AsyncIterator[Posts]:  # noqa: ASYNC109
    posts = Posts(connections, timeout)
    try:
        yield posts
    finally:
        await posts.http.close()


async def test_a_post_arrives_as_it_was_sent() -> None:
    async with host() as receiver, posting() as posts:
        assert await posts.sent(receiver.url, b'{"a": 1}', **{"X-Sinch-Signature": "abc"}) == 200
    lines = receiver.heads[0].split("\r\n")
    assert lines[0] == "POST /callbacks/abc?from=sinch HTTP/1.1"
    assert {"Content-Type: application/json", "X-Sinch-Signature: abc"} <= set(lines)
    assert f"Host: {receiver.url.split('/')[2]}" in lines
    assert receiver.bodies == [b'{"a": 1}']


async def test_posts_one_after_the_other_share_one_connection() -> None:
    async with host() as receiver, posting() as posts:
        assert [await posts.sent(receiver.url) for _ in range(5)] == [200] * 5
        assert len(receiver.connections) == 1


async def test_posts_at_once_take_as_many_connections_as_allowed_and_the_others_wait() -> None:
    async with host(held=True) as receiver, posting(connections=3) as posts:
        for number in range(10):
            posts.send(receiver.url, str(number).encode())
        receiver.go_on.set()
        assert [await posts.ended() for _ in range(10)] == [200] * 10
        assert len(receiver.connections) == 3
        assert sorted(receiver.bodies) == [str(number).encode() for number in range(10)]


@pytest.mark.parametrize(
    ("answer", "ending"),
    [
        pytest.param(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", 200, id="no body"),
        pytest.param(b"HT|TP/1.1 503 Busy\r|\nContent-Length: 4\r\n|\r\nbu|sy", 503, id="in pieces"),
        pytest.param(
            b"HTTP/1.1 100 Continue\r\n\r\n|HTTP/1.1 202 Later\r\nContent-Length: 0\r\n\r\n", 202, id="interim"
        ),
    ],
)
async def test_an_answer_of_known_length_is_read_to_its_end(answer: bytes, ending: int) -> None:
    async with host(answer) as receiver, posting() as posts:
        assert [await posts.sent(receiver.url) for _ in range(2)] == [ending, 200]
        assert len(receiver.connections) == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nOK\r\n0\r\n\r\n", id="chunked"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\nand so on", id="unknown length"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n", id="endless body"),
        pytest.param(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", id="told to close"),
        pytest.param(b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", id="HTTP 1.0"),
        pytest.param(OK + OK, id="two answers"),
    ],
)
async def test_after_an_answer_whose_end_is_unsure_the_connection_is_given_up(answer: bytes) -> None:
    async with host(answer) as receiver, posting() as posts:
        assert [await posts.sent(receiver.url) for _ in range(2)] == [200, 200]
        assert len(receiver.connections) == 2


@pytest.mark.parametrize(
    ("answer", "ending"),
    [
        pytest.param(HANG_UP, CONNECTION_LOST, id="hung up"),
        pytest.param(b"220 mail.example.com ESMTP\r\n\r\n", NOT_HTTP, id="another protocol"),
        pytest.param(b"x" * 70_000, NOT_HTTP, id="endless head"),
    ],
)
async def test_what_is_no_answer_is_named_and_the_next_post_gets_through(answer: bytes, ending: str) -> None:
    async with host(answer) as receiver, posting(connections=1) as posts:
        posts.send(receiver.url)
        posts.send(receiver.url)
        assert [await posts.ended(), await posts.ended()] == [ending, 200]


async def test_a_post_without_an_answer_ends_and_its_connection_goes_to_no_other() -> None:
    async with host(held=True) as receiver, posting(connections=1, timeout=SHORT) as posts:
        assert await posts.sent(receiver.url) == TOO_LATE
        receiver.go_on.set()
        assert await posts.sent(receiver.url) == 200
        assert len(receiver.connections) == 2


async def test_a_host_that_does_not_answer_holds_up_no_other() -> None:
    async with host(held=True) as silent, host() as receiver, posting(connections=1) as posts:
        posts.send(silent.url)
        posts.send(silent.url)
        assert await posts.sent(receiver.url) == 200
        silent.go_on.set()
        assert [await posts.ended(), await posts.ended()] == [200, 200]


async def test_a_connection_closed_in_between_is_replaced() -> None:
    async with host() as receiver, posting() as posts:
        assert await posts.sent(receiver.url) == 200
        receiver.connections[0].close()
        await receiver.connections[0].wait_closed()
        await _the_end_is_noticed()
        assert await posts.sent(receiver.url) == 200


async def test_every_post_to_nobody_ends() -> None:
    async with host() as gone:
        pass
    async with posting(connections=2) as posts:
        for _ in range(5):
            posts.send(gone.url)
        assert [await posts.ended() for _ in range(5)] == [NOT_CONNECTED] * 5


@pytest.mark.parametrize("url", ["http://127.0.0.1:99999/", "ftp://127.0.0.1/", "http:///callbacks", "http://[::1/"])
async def test_an_address_that_is_none_is_a_failed_post(url: str) -> None:
    async with posting() as posts:
        assert await posts.sent(url) == NO_ADDRESS


async def test_a_host_with_a_trusted_certificate_gets_its_posts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted = _certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
    async with host(certificate=trusted) as receiver, posting() as posts:
        assert [await posts.sent(receiver.url) for _ in range(2)] == [200, 200]
        assert len(receiver.connections) == 1


async def test_a_host_whose_certificate_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    async with host(certificate=_certificate(tmp_path)) as stranger, posting() as posts:
        assert await posts.sent(stranger.url) == NOT_CONNECTED
    assert stranger.bodies == []


async def _the_end_is_noticed() -> None:
    """On the loopback address it has arrived; the event loop looks once a turn."""
    for _ in range(3):
        await asyncio.sleep(0)


def _certificate(folder: Path) -> ssl.SSLContext:
    """A server's context with a certificate of its own for 127.0.0.1, which lies in the folder too."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / "certificate.pem", folder / "key.pem"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, private)
    return context
