"""A real Temporal server for the doctor to look at, started once for the tests of a process."""

import asyncio
import os
from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from onboarding import search_attributes
from temporal_connection import data_converter

_KEYS = (*search_attributes.KEYWORDS, *search_attributes.INTEGERS, *search_attributes.DATETIMES)
_CALLS_SETTLE_SECONDS = 0.2
"""The SDK's threads may crash an interpreter that ends within 0.1 s of the last call."""


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in the developer's environment changes a test."""
    for name in [*os.environ]:
        if name.startswith(("ONBOARD_", "TEMPORAL_")) and name not in ("TEMPORAL_CLI", "TEMPORAL_TEST_SERVER"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
async def client(temporal_cli: str) -> AsyncIterator[Client]:
    """A client of a dev server with the product's search attributes; tests keep to batches of their own."""
    environment = await WorkflowEnvironment.start_local(
        data_converter=data_converter(),
        dev_server_existing_path=temporal_cli,
        search_attributes=_KEYS,
        dev_server_log_level="error",
    )
    yield environment.client
    await environment.shutdown()
    await asyncio.sleep(_CALLS_SETTLE_SECONDS)
