"""The HTTP server around the application."""

import asyncio
import socket
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from receiver.connections import DEFAULT_LIMITS, Connection, ConnectionLimits, LimitedConfig

_TICKS_A_LOOK = 5
"""uvicorn ticks ten times a second."""


class Server(uvicorn.Server):
    """Serves one application; `listening` is set to its URL once it takes connections."""

    def __init__(self, application: ASGIApp, host: str, port: int, limits: ConnectionLimits = DEFAULT_LIMITS) -> None:
        super().__init__(LimitedConfig(application, host, port, limits))
        self.listening: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to listen. Raises SystemExit when the port is taken."""
        await super().startup(sockets)
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        self.listening.set_result(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")

    async def on_tick(self, counter: int) -> bool:
        """Hang up on clients who take too long, twice a second. One look at all is cheaper than a timer each."""
        if counter % _TICKS_A_LOOK == 0:
            now = asyncio.get_running_loop().time()
            for connection in self.server_state.connections:
                if isinstance(connection, Connection):
                    connection.cut_off_if_late(now)
        return await super().on_tick(counter)

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave signals to the process; a server in somebody else's process must not take them away."""
        yield

    def stop(self) -> None:
        """Take no more connections, finish the requests in flight, then let `serve` return."""
        self.should_exit = True
