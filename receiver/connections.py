"""HTTP connections that nobody can hold open for nothing: each step has its time, and there are only so many."""

import asyncio
import math
from collections.abc import Sized
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import structlog
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from receiver.body import BODY_IS_HERE, BODY_SECONDS
from receiver.coalescing import ANSWER_SECONDS, MOST_WAITING
from receiver.framing import refuse_ambiguous
from receiver.outcomes import RETRY_AFTER_SECONDS, Outcome

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """How many connections may be open, and how many seconds each step of one may take."""

    most: int = MOST_WAITING + 2_000
    """Each waiting event holds a connection; some more are for proxies that keep theirs, and for strangers."""

    headers_seconds: float = 10.0
    """From the opening of a connection, or the first byte of a later request, until its headers are there."""

    exchange_seconds: float = BODY_SECONDS + ANSWER_SECONDS + 10.0
    """From the headers until the body is read and the client has taken the answer. Our own part of it is shorter,
    so that slow bodies are still answered with 408."""

    rest_seconds: float = 75.0
    """Between two requests. Longer than proxies and load balancers keep idle connections (60 s), so that it is
    never us who closes one while a request is on its way."""


DEFAULT_LIMITS = ConnectionLimits()

MOST_UNFINISHED_BYTES = 16 * 1024
"""Of headers, or of what frames a body."""

STOP_SECONDS = int(BODY_SECONDS + ANSWER_SECONDS) + 5
"""Longer than the slowest request takes."""


class LimitedConfig(uvicorn.Config):
    """uvicorn's settings for one application served over such connections.

    `proxy_headers` is off because the application looks through proxies itself, and the access log because it
    would show tokens.
    """

    def __init__(self, application: ASGIApp, host: str, port: int, limits: ConnectionLimits) -> None:
        super().__init__(
            application,
            host=host,
            port=port,
            http=Connection,
            access_log=False,
            lifespan="on",
            log_config=None,
            log_level="warning",
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=STOP_SECONDS,
            timeout_keep_alive=int(limits.rest_seconds),
            ws="none",
        )
        self.limits = limits


_PIECE_BYTES = 4 * 1024
"""What is read at a time; a callback is shorter."""


class _Flow(FlowControl):
    """Nothing more is taken off a connection while requests wait in its `pipeline`."""

    def __init__(self, transport: asyncio.Transport, pipeline: Sized) -> None:
        super().__init__(transport)
        self._pipeline = pipeline

    def resume_reading(self) -> None:
        """Read on, unless a request waits."""
        if not self._pipeline:
            super().resume_reading()


class _Reading(Enum):
    NOTHING = auto()
    HEADERS = auto()
    BODY = auto()


class _Step(Enum):
    HEADERS = auto()
    EXCHANGE = auto()
    REST = auto()


class Connection(HttpToolsProtocol):
    """One connection to a client, who is cut off without an answer when a step takes longer than its limit.

    A connection beyond the limit is answered with 503 and closed.
    """

    def __init__(
        self,
        config: LimitedConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._most = config.limits.most
        self._seconds = {
            _Step.HEADERS: config.limits.headers_seconds,
            _Step.EXCHANGE: config.limits.exchange_seconds,
            _Step.REST: config.limits.rest_seconds,
        }
        self._reading = _Reading.NOTHING
        self._step = _Step.HEADERS
        self._cut_off_at = math.inf
        self._unfinished_bytes = 0
        self._unread = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock, or turn the client away."""
        super().connection_made(transport)
        self.flow = _Flow(transport, self.pipeline)
        if len(self.connections) > self._most:
            _log.warning("connection turned away", open_connections=self._most)
            transport.write(_TURNED_AWAY)
            transport.close()
        else:
            self._start_clock()

    def cut_off_if_late(self, now: float) -> None:
        """Hang up when the step takes too long. `now` is the event loop's clock."""
        if now > self._cut_off_at:
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take what came, piece by piece, as long as it has an end."""
        self._unread += data
        self._read_on()

    def _read_on(self) -> None:
        """Read up to a request that has to wait for the answers to earlier ones.

        uvicorn reads on behind it, and would keep as many requests as a client likes to send.
        """
        while self._unread and not self.pipeline and not self.transport.is_closing():
            piece, self._unread = self._unread[:_PIECE_BYTES], self._unread[_PIECE_BYTES:]
            self._unfinished_bytes += len(piece)
            super().data_received(piece)
            if self._unfinished_bytes > MOST_UNFINISHED_BYTES:
                self.send_400_response("Headers too large.")

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._reading = _Reading.HEADERS
        self._note_step()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header. What comes behind a body in chunks is none: nobody checked it when the request began."""
        if self._reading is _Reading.HEADERS:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Start to answer the request. Raises AmbiguousRequest, which the parser turns into an error of its own."""
        refuse_ambiguous(self.parser.get_http_version(), self.headers, upgrades=self.parser.should_upgrade())
        super().on_headers_complete()
        self._reading = _Reading.BODY
        self._unfinished_bytes = 0
        self._note_step()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        super().on_body(body)
        self._unfinished_bytes = 0

    def on_message_complete(self) -> None:
        """The request is here to its end."""
        self.scope[BODY_IS_HERE] = True  # type: ignore[literal-required] # a scope may hold more
        super().on_message_complete()
        self._reading = _Reading.NOTHING
        self._unfinished_bytes = 0
        self._note_step()

    def on_response_complete(self) -> None:
        """Go on to the next request, which may have arrived already."""
        is_next_here = bool(self.pipeline)
        super().on_response_complete()
        if is_next_here:
            self._start_clock()
        else:
            self._note_step()
        self._read_on()
        self.flow.resume_reading()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP; where another answer is due or under way, only close."""
        cycle = self.cycle
        if self._is_answering() and (cycle.response_started or not cycle.more_body):
            self.transport.close()
        else:
            super().send_400_response(msg)

    def _note_step(self) -> None:
        """Start the clock anew when the client has come a step further; single bytes are no step."""
        if self._is_answering() or self._reading is _Reading.BODY:
            step = _Step.EXCHANGE
        elif self._reading is _Reading.HEADERS:
            step = _Step.HEADERS
        else:
            step = _Step.REST
        if step is not self._step:
            self._step = step
            self._start_clock()

    def _start_clock(self) -> None:
        self._cut_off_at = self.loop.time() + self._seconds[self._step]

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete


_TURNED_AWAY = (
    f"HTTP/1.1 503 Service Unavailable\r\nRetry-After: {RETRY_AFTER_SECONDS}\r\n"
    f"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(Outcome.UNAVAILABLE)}\r\n"
    f"Connection: close\r\n\r\n{Outcome.UNAVAILABLE}"
).encode()
