"""The HTTP server around the application."""

import asyncio
import socket
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from receiver.body import BODY_SECONDS
from receiver.coalescing import ANSWER_SECONDS

KEEP_ALIVE_SECONDS = 75
"""Longer than proxies and load balancers keep idle connections (60 s), so that it is never us who closes one
while a request is on its way."""

STOP_SECONDS = int(BODY_SECONDS + ANSWER_SECONDS) + 5
"""Longer than the slowest request takes."""


class Server(uvicorn.Server):
    """Serves one application; `listening` is set to its URL once it takes connections.

    `proxy_headers` is off because the application looks through proxies itself, and the access log because it
    would show tokens.
    """

    def __init__(self, application: Starlette, host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(
                application,
                host=host,
                port=port,
                access_log=False,
                lifespan="on",
                log_config=None,
                log_level="warning",
                proxy_headers=False,
                server_header=False,
                timeout_graceful_shutdown=STOP_SECONDS,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                ws="none",
            )
        )
        self.listening: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen. Raises SystemExit when the port is taken."""
        await super().startup(sockets)
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        self.listening.set_result(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave signals to the process; a server in somebody else's process must not take them away."""
        yield

    def stop(self) -> None:
        """Take no more connections, finish the requests in flight, then let `serve` return."""
        self.should_exit = True
