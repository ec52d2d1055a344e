"""Search attributes are registered, also where the server is started again in the middle of it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.client import Client

from onboarding.search_attributes import TYPE_NAMES
from scripts.ports import free_ports
from starter.stack.component import Component
from temporal_connection import register_search_attributes


@pytest.fixture
async def temporal(temporal_cli: str, tmp_path: Path) -> AsyncIterator[tuple[Component, Client]]:
    """A server on a file, and a client that is connected to it."""
    [port] = free_ports(1)
    command = [temporal_cli, "server", "start-dev", "--headless", "--ip", "127.0.0.1", "--port", str(port)]
    server = Component("temporal", [*command, "--db-filename", str(tmp_path / "temporal.db")], {}, tmp_path / "log")
    await server.start()
    while True:
        try:
            client = await Client.connect(f"127.0.0.1:{port}")
            break
        except RuntimeError:
            assert server.is_running
    yield server, client
    await server.stop()
    await asyncio.sleep(0.2)  # the SDK's threads need a moment after the last call


async def test_a_server_that_is_killed_and_started_again_is_waited_for(temporal: tuple[Component, Client]) -> None:
    server, client = temporal
    assert await register_search_attributes(client, TYPE_NAMES) == sorted(TYPE_NAMES)
    await server.kill()
    known = asyncio.create_task(register_search_attributes(client, TYPE_NAMES))
    await asyncio.sleep(0)
    await server.start()
    assert await known == []
