"""The two Temporal servers the workflow tests run on, started once for all of them."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.testing import WorkflowEnvironment

from onboarding import search_attributes
from temporal_connection import data_converter
from tests.temporal_server import CALLS_SETTLE_SECONDS, STARTS_WITHIN, temporal_server
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.staging import Scene, staged

_KEYS = (*search_attributes.KEYWORDS, *search_attributes.INTEGERS, *search_attributes.DATETIMES)


@pytest.fixture(scope="session")
async def time_skipping(time_skipping_server: str) -> AsyncIterator[WorkflowEnvironment]:
    """The Java test server: time jumps to the next timer; it has no visibility."""
    environment = await WorkflowEnvironment.start_time_skipping(
        data_converter=data_converter(),
        test_server_existing_path=time_skipping_server,
        test_server_startup_timeout=STARTS_WITHIN,
    )
    await environment.client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(
            search_attributes={key.name: key.indexed_value_type for key in _KEYS}  # type: ignore[misc]
        )
    )
    yield environment
    await environment.shutdown()
    await asyncio.sleep(CALLS_SETTLE_SECONDS)


@pytest.fixture(scope="session")
async def dev_server(temporal_cli: str) -> AsyncIterator[WorkflowEnvironment]:
    """The server of the Temporal CLI: a real one, in real time, with the product's search attributes."""
    async with temporal_server(temporal_cli) as environment:
        yield environment


@pytest.fixture
def world() -> OutsideWorld:
    """An outside world where everything goes well until the test says otherwise."""
    return OutsideWorld()


@pytest.fixture
async def scene(time_skipping: WorkflowEnvironment, world: OutsideWorld) -> AsyncIterator[Scene]:
    """Workers on the time-skipping server, for this test alone."""
    async with staged(time_skipping, world) as staged_scene:
        yield staged_scene


@pytest.fixture
async def real_time_scene(dev_server: WorkflowEnvironment, world: OutsideWorld) -> AsyncIterator[Scene]:
    """Workers on the dev server, for this test alone."""
    async with staged(dev_server, world) as staged_scene:
        yield staged_scene
