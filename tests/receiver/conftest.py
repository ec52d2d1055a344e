"""Fixtures of the receiver's tests."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest
from temporalio.client import Client

from tests.receiver.served_receiver import ServedReceiver, serving
from tests.temporal_server import temporal_server


@pytest.fixture(scope="module", autouse=True)
def no_settings_from_outside() -> Iterator[None]:
    """Nothing in the developer's environment changes a test."""
    with pytest.MonkeyPatch.context() as environment:
        for name in os.environ:
            if name.startswith(("ONBOARD_", "TEMPORAL_")) and name != "TEMPORAL_CLI":
                environment.delenv(name)
        yield


@pytest.fixture(scope="module")
async def receiver() -> AsyncIterator[ServedReceiver]:
    """A receiver with default settings and signals that are recorded."""
    async with serving() as served:
        yield served


@pytest.fixture(scope="module")
async def dev_server(temporal_cli: str) -> AsyncIterator[Client]:
    """A client of a Temporal dev server."""
    async with temporal_server(temporal_cli) as environment:
        yield environment.client
