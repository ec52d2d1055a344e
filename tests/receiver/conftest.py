"""Fixtures of the receiver's tests."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from temporal_connection import data_converter
from tests.receiver.served_receiver import ServedReceiver, serving


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
    environment = await WorkflowEnvironment.start_local(
        dev_server_existing_path=temporal_cli, data_converter=data_converter(), dev_server_log_level="error"
    )
    async with environment:
        yield environment.client
