"""HTTP servers on bound sockets, whose applications can drop the TCP connection of a request.

An application finds the connection in ``scope["extensions"]`` under :data:`simulator.operations.CONNECTION`.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator, Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from simulator.operations import CONNECTION

_SECONDS_TO_FINISH_REQUESTS = 1
_KEEP_ALIVE_SECONDS = 75


class _Protocol(HttpToolsProtocol):
    def connection_made(  # type: ignore[override] # as the class it extends
        self, transport: asyncio.Transport
    ) -> None:
        super().connection_made(transport)
        application = self.app

        async def with_connection(scope: Scope, receive: Receive, send: Send) -> None:
            scope.setdefault("extensions", {})[CONNECTION] = transport
            await application(scope, receive, send)

        self.app = with_connection


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the process that runs the server."""
        yield


@contextlib.asynccontextmanager
async def serving(applications: Sequence[tuple[Starlette, socket.socket]]) -> AsyncIterator[None]:
    """Serve each application on its socket while the context lasts."""
    servers = [_Server(_configuration(application)) for application, _ in applications]
    ends = asyncio.gather(
        *(server.serve(sockets=[listening]) for server, (_, listening) in zip(servers, applications, strict=True))
    )
    try:
        await asyncio.gather(*(server.listening.wait() for server in servers))
        yield
    finally:
        for server in servers:
            server.should_exit = True
        await ends


def _configuration(application: Starlette) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=_Protocol,
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_SECONDS_TO_FINISH_REQUESTS,
    )
