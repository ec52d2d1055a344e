"""A real Temporal server for the doctor to look at, started once for the tests of a process."""

import os
from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from tests.temporal_server import temporal_server


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in the developer's environment changes a test."""
    for name in [*os.environ]:
        if name.startswith(("ONBOARD_", "TEMPORAL_")) and name not in ("TEMPORAL_CLI", "TEMPORAL_TEST_SERVER"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
async def client(temporal_cli: str) -> AsyncIterator[Client]:
    """A client of a dev server with the product's search attributes; tests keep to batches of their own."""
    async with temporal_server(temporal_cli) as environment:
        yield environment.client
