"""A Temporal server for some tests, on which everything is registered that the product needs there."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio.testing import WorkflowEnvironment

from onboarding.search_attributes import TYPE_NAMES
from temporal_connection import data_converter, register_search_attributes

CALLS_SETTLE_SECONDS = 0.2
"""The SDK's threads may crash an interpreter that ends within 0.1 s of the last call."""


@asynccontextmanager
async def temporal_server(cli: str, *arguments: str, port: int | None = None) -> AsyncIterator[WorkflowEnvironment]:
    """The server that this CLI starts, with further arguments of `temporal server start-dev`."""
    environment = await WorkflowEnvironment.start_local(
        port=port,
        data_converter=data_converter(),
        dev_server_existing_path=cli,
        dev_server_log_level="error",
        dev_server_extra_args=arguments,
    )
    async with environment:
        await register_search_attributes(environment.client, TYPE_NAMES)
        yield environment
    await asyncio.sleep(CALLS_SETTLE_SECONDS)
