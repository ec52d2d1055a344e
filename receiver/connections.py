"""HTTP connections that nobody can hold open for nothing: each step has its time, and there are only so many."""

import asyncio
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import h11
import structlog
import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle
from uvicorn.server import ServerState

from receiver.body import BODY_SECONDS
from receiver.coalescing import ANSWER_SECONDS, MOST_WAITING
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

STOP_SECONDS = int(BODY_SECONDS + ANSWER_SECONDS) + 5
"""Longer than the slowest request takes."""


class LimitedConfig(uvicorn.Config):
    """uvicorn's settings for one application served over such connections.

    `proxy_headers` is off because the application looks through proxies itself, and the access log because it
    would show tokens.
    """

    def __init__(self, application: Starlette, host: str, port: int, limits: ConnectionLimits) -> None:
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


class _Step(Enum):
    HEADERS = auto()
    EXCHANGE = auto()
    REST = auto()


class Connection(H11Protocol):
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
        self._now_in: tuple[_Step, RequestResponseCycle | None] | None = None
        self._clock: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the clock, or turn the client away."""
        super().connection_made(transport)
        if len(self.connections) > self._most:
            _log.warning("connection turned away", open_connections=self._most)
            transport.write(_TURNED_AWAY)
            transport.close()
        else:
            self._note_step()

    def data_received(self, data: bytes) -> None:
        """Take what came, and see how far the client is."""
        super().data_received(data)
        self._note_step()

    def on_response_complete(self) -> None:
        """Go on to the next request, which may have arrived already."""
        super().on_response_complete()
        self._note_step()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        if self._clock is not None:
            self._clock.cancel()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP; where an answer is under way already, only close."""
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            super().send_400_response(msg)
        else:
            self.transport.close()

    def _note_step(self) -> None:
        """Start the clock anew when the client has come a step further; single bytes are no step."""
        step = self._step()
        if (step, self.cycle) == self._now_in or self.transport.is_closing():
            return
        self._now_in = (step, self.cycle)
        if self._clock is not None:
            self._clock.cancel()
        self._clock = self.loop.call_later(self._seconds[step], self.transport.abort)

    def _step(self) -> _Step:
        if self.conn.their_state is not h11.IDLE:
            return _Step.EXCHANGE
        has_begun = self.cycle is None or bool(self.conn.trailing_data[0])
        return _Step.HEADERS if has_begun else _Step.REST


_TURNED_AWAY = (
    f"HTTP/1.1 503 Service Unavailable\r\nRetry-After: {RETRY_AFTER_SECONDS}\r\n"
    f"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {len(Outcome.UNAVAILABLE)}\r\n"
    f"Connection: close\r\n\r\n{Outcome.UNAVAILABLE}"
).encode()
