"""A running simulator: its ports, its clock, and the orderly end of both."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Coroutine
from typing import Any

from pydantic import BaseModel, ConfigDict

from simulator.clock import VirtualClock
from simulator.control_host import control_host
from simulator.http_server import serving
from simulator.imported_host import imported_host
from simulator.legacy_host import legacy_host
from simulator.numbers_host import numbers_host
from simulator.oauth_host import TOKEN_PATH, oauth_host
from simulator.settings import SimulatorSettings
from simulator.world import World

_LOOPBACK = "127.0.0.1"


class Endpoints(BaseModel):
    """Where the simulator listens: URLs, and ``smtp`` as host:port."""

    model_config = ConfigDict(frozen=True)

    sinch_imported: str
    sinch_numbers: str
    sinch_oauth: str
    sinch_legacy: str
    smtp: str
    simulator_control: str


class Simulator:
    """What a caller of :func:`running` gets: the endpoints and the virtual clock."""

    def __init__(self, endpoints: Endpoints, clock: VirtualClock) -> None:
        self.endpoints = endpoints
        self.clock = clock


@contextlib.asynccontextmanager
async def running(settings: SimulatorSettings | None = None) -> AsyncIterator[Simulator]:
    """Run a simulator in this event loop; it listens when the context begins and is gone when it ends.

    Raises OSError when a port asked for is taken.
    """
    settings = settings or SimulatorSettings()
    async with contextlib.AsyncExitStack() as stack:
        imported = stack.enter_context(_bound(settings.imported_port))
        numbers = stack.enter_context(_bound(settings.numbers_port))
        oauth = stack.enter_context(_bound(settings.oauth_port))
        legacy = stack.enter_context(_bound(settings.legacy_port))
        control = stack.enter_context(_bound(settings.control_port))
        smtp = stack.enter_context(_bound(settings.smtp_port))
        world = World(settings)
        endpoints = Endpoints(
            sinch_imported=_url(imported),
            sinch_numbers=_url(numbers),
            sinch_oauth=_url(oauth) + TOKEN_PATH,
            sinch_legacy=_url(legacy),
            smtp=_host_and_port(smtp),
            simulator_control=_url(control),
        )
        stack.push_async_callback(world.callbacks.close)
        await stack.enter_async_context(_in_background(world.clock.run()))
        await world.smtp.start(smtp)
        stack.callback(world.smtp.stop)
        applications = [
            (imported_host(world), imported),
            (numbers_host(world), numbers),
            (oauth_host(world), oauth),
            (legacy_host(world), legacy),
            (control_host(world), control),
        ]
        await stack.enter_async_context(serving(applications))
        stack.callback(world.gateway.give_up_unanswered)
        yield Simulator(endpoints, world.clock)


@contextlib.asynccontextmanager
async def _in_background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _bound(port: int) -> socket.socket:
    # asyncio turns Nagle's algorithm off only for sockets that name TCP; with it, answers come 40 ms late.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((_LOOPBACK, port))
    except OSError as error:
        listening.close()
        raise OSError(error.errno, f"the port {port} of {_LOOPBACK} cannot be used: {error.strerror}") from None
    return listening


def _host_and_port(listening: socket.socket) -> str:
    host, port = listening.getsockname()
    return f"{host}:{port}"


def _url(listening: socket.socket) -> str:
    return f"http://{_host_and_port(listening)}"
