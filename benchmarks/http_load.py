"""The smallest HTTP there is, so that a load and its measurement cost next to nothing: a client that keeps its
connections open, and a server that answers 200 to everything.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

from scripts.ports import LOOPBACK

_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
_HEAD_ENDS = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Request:
    """A request on the wire, ready to be sent as it is."""

    raw: bytes


def post(path: str, body: bytes, headers: dict[str, str] | None = None) -> Request:
    """A POST of JSON."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {LOOPBACK}", "Content-Type: application/json"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return Request("\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body)


def get(path: str, headers: dict[str, str] | None = None) -> Request:
    """A GET."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {LOOPBACK}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return Request("\r\n".join([*lines, "", ""]).encode())


@dataclass(frozen=True, slots=True)
class Load:
    """How a load was answered. `waits` are the seconds of every answer in ascending order."""

    seconds: float
    statuses: dict[int, int]
    waits: Sequence[float]

    @property
    def taken(self) -> int:
        """Requests answered with 200."""
        return self.statuses.get(200, 0)

    @property
    def a_second(self) -> float:
        """Requests answered with 200 per second."""
        return self.taken / self.seconds

    def wait_of(self, share: float) -> float:
        """The seconds within which that share (0 to 1) was answered."""
        return self.waits[min(len(self.waits) - 1, int(share * len(self.waits)))]


async def send_all(port: int, requests: Sequence[Request], connections: int) -> Load:
    """Send every request once, on so many connections, each with one request at a time."""
    left = iter(requests)
    waits: list[float] = []
    statuses: dict[int, int] = {}

    async def work() -> None:
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        for request in left:
            sent = time.perf_counter()
            writer.write(request.raw)
            status = await _answer(reader)
            waits.append(time.perf_counter() - sent)
            statuses[status] = statuses.get(status, 0) + 1
        writer.close()

    started = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(connections)))
    return Load(time.perf_counter() - started, statuses, sorted(waits))


async def _answer(reader: asyncio.StreamReader) -> int:
    """The status of an answer, whose body is read and forgotten."""
    head = await reader.readuntil(_HEAD_ENDS)
    length = _content_length(head)
    if length:
        await reader.readexactly(length)
    return int(head[9:12])


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


class _SinkProtocol(asyncio.Protocol):
    def __init__(self, got: Callable[[bytes], None]) -> None:
        self._got = got
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(_HEAD_ENDS)) >= 0:
            start = end + len(_HEAD_ENDS)
            stop = start + _content_length(self._buffer[:end])
            if len(self._buffer) < stop:
                return
            body, self._buffer = self._buffer[start:stop], self._buffer[stop:]
            self._got(body)
            self._transport.write(_OK)


@asynccontextmanager
async def sink(got: Callable[[bytes], None], port: int = 0) -> AsyncIterator[str]:
    """A server that hands over every body and answers 200; its URL."""
    server = await asyncio.get_running_loop().create_server(lambda: _SinkProtocol(got), LOOPBACK, port)
    async with server:
        yield f"http://{LOOPBACK}:{server.sockets[0].getsockname()[1]}"
