"""POSTs to whatever address, at little cost: kept-alive connections with one request at a time on each.

A hundred thousand numbers have four hundred thousand callbacks. An HTTP client for every purpose spends more on them
than the rest of the simulator and what it tests together.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple, cast
from urllib.parse import quote, urlsplit

from simulator.http_answers import NotHttp, answer_in

NOT_CONNECTED = "ConnectError"
CONNECTION_LOST = "ConnectionLost"
TOO_LATE = "Timeout"
NOT_HTTP = "NotHttp"
NO_ADDRESS = "InvalidURL"

_PORTS = {"http": 80, "https": 443}
_ALLOWED_IN_A_TARGET = "%/:=&?~+!$,;'@()*[]"

Ended = Callable[[int | str], None]
"""Told how a POST ended: by the HTTP status of its answer, or by one of the names above."""


class Origin(NamedTuple):
    """Where connections lead to."""

    scheme: str
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class _Post:
    head: bytes
    body: bytes
    ended: Ended


class HttpPosts:
    """Sends POSTs, each to its URL, and lets none wait for those to another host.

    ``connections`` is how many there may be to one host; there are no more than requests were ever under way at once.
    ``timeout`` is the real seconds that connecting may take, and then the answer.
    """

    def __init__(self, *, connections: int, timeout: float) -> None:
        self._connections = connections
        self._timeout = timeout
        self._pools: dict[Origin, _Pool] = {}

    def send(self, url: str, body: bytes, headers: Mapping[str, str], ended: Ended) -> None:
        """Send a body of JSON, now or when a connection is free; ``ended`` is called once, unless this is closed."""
        try:
            origin, start = _target(url)
        except ValueError:
            ended(NO_ADDRESS)
            return
        fields = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        head = f"{start}{fields}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        self._pool(origin).send(_Post(head, body, ended))

    async def close(self) -> None:
        """Close every connection; what is under way or waits is not sent again."""
        await asyncio.gather(*(pool.close() for pool in self._pools.values()))

    @cached_property
    def _trusted_authorities(self) -> ssl.SSLContext:
        """Read only where a callback goes to https: it takes 30 milliseconds."""
        return ssl.create_default_context()

    def _pool(self, origin: Origin) -> "_Pool":
        pool = self._pools.get(origin)
        if pool is None:
            certificates = self._trusted_authorities if origin.scheme == "https" else None
            pool = self._pools[origin] = _Pool(origin, certificates, self._connections, self._timeout)
        return pool


class _Pool:
    """The connections to one host. The one that became free last is used first, so that the others can go."""

    def __init__(self, origin: Origin, certificates: ssl.SSLContext | None, connections: int, timeout: float) -> None:
        self._origin = origin
        self._certificates = certificates
        self._most = connections
        self._timeout = timeout
        self._connecting: set[asyncio.Task[None]] = set()
        self._open: set[_Connection] = set()
        self._free: dict[_Connection, None] = {}
        self._waiting: deque[_Post] = deque()

    def send(self, post: _Post) -> None:
        while self._free:
            connection, _ = self._free.popitem()
            if connection.is_usable:
                connection.send(post)
                return
        self._waiting.append(post)
        self._grow()

    def opened(self, connection: "_Connection") -> None:
        self._open.add(connection)

    def freed(self, connection: "_Connection") -> None:
        if self._waiting:
            connection.send(self._waiting.popleft())
        else:
            self._free[connection] = None

    def lost(self, connection: "_Connection") -> None:
        self._open.discard(connection)
        self._free.pop(connection, None)
        self._grow()

    async def close(self) -> None:
        self._waiting.clear()
        for task in self._connecting:
            task.cancel()
        for connection in self._open:
            connection.abort()
        await asyncio.gather(*self._connecting, return_exceptions=True)

    def _grow(self) -> None:
        if self._waiting and len(self._connecting) + len(self._open) < self._most:
            task = asyncio.create_task(self._connect_and_send(self._waiting.popleft()))
            self._connecting.add(task)
            task.add_done_callback(self._connected)

    def _connected(self, task: asyncio.Task[None]) -> None:
        self._connecting.discard(task)
        self._grow()

    async def _connect_and_send(self, post: _Post) -> None:
        try:
            async with asyncio.timeout(self._timeout):
                _, connection = await asyncio.get_running_loop().create_connection(
                    lambda: _Connection(self, self._timeout),
                    self._origin.host,
                    self._origin.port,
                    ssl=self._certificates,
                )
        except Exception:  # whatever an address makes go wrong
            post.ended(NOT_CONNECTED)
        else:
            connection.send(post)


class _Connection(asyncio.Protocol):
    def __init__(self, pool: _Pool, timeout: float) -> None:
        self._pool = pool
        self._timeout = timeout
        self._loop = asyncio.get_running_loop()
        self._post: _Post | None = None
        self._received = b""

    @property
    def is_usable(self) -> bool:
        return not self._transport.is_closing()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._pool.opened(self)

    def send(self, post: _Post) -> None:
        self._post = post
        self._deadline = self._loop.call_later(self._timeout, self._end_for_good, TOO_LATE)
        if self.is_usable:
            self._transport.write(post.head + post.body)
        else:
            self._end(CONNECTION_LOST)

    def data_received(self, data: bytes) -> None:
        self._received += data
        try:
            answer = answer_in(self._received)
        except NotHttp:
            self._end_for_good(NOT_HTTP)
            return
        if answer is None:
            return
        if answer.is_last or self._post is None:
            self._end_for_good(answer.status)
            return
        self._end(answer.status)
        self._pool.freed(self)

    def connection_lost(self, error: Exception | None) -> None:
        self._end(CONNECTION_LOST)
        self._pool.lost(self)

    def abort(self) -> None:
        self._transport.abort()

    def _end_for_good(self, how: int | str) -> None:
        self._end(how)
        self._transport.abort()

    def _end(self, how: int | str) -> None:
        post, self._post, self._received = self._post, None, b""
        if post is not None:
            self._deadline.cancel()
            post.ended(how)


@lru_cache(maxsize=10_000)
def _target(url: str) -> tuple[Origin, str]:
    """Where a URL leads, and how the request begins; raises ValueError where that is nowhere."""
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError(f"{url} is no address of a web server")
    host = parts.hostname.encode("idna").decode() if not parts.hostname.isascii() else parts.hostname
    origin = Origin(parts.scheme, host, parts.port or _PORTS[parts.scheme])
    path = quote(parts.path or "/", _ALLOWED_IN_A_TARGET)
    query = f"?{quote(parts.query, _ALLOWED_IN_A_TARGET)}" if parts.query else ""
    named = f"[{host}]" if ":" in host else host
    return origin, f"POST {path}{query} HTTP/1.1\r\nHost: {named}:{origin.port}\r\n"
