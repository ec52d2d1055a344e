"""A real Temporal server for workers, started once for the tests of a process; a test ends what it began."""

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from tests.temporal_server import temporal_server


@pytest.fixture(scope="session")
async def client(temporal_cli: str) -> AsyncIterator[Client]:
    """A client of a dev server that knows the product's search attributes."""
    async with temporal_server(temporal_cli) as environment:
        yield environment.client
