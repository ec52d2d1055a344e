"""The Temporal server for tests: a dev server, or the one that `--temporal-server` names in its place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from temporalio.testing import WorkflowEnvironment

from onboarding.search_attributes import TYPE_NAMES
from temporal_connection import data_converter, register_search_attributes

CALLS_SETTLE_SECONDS = 0.2
"""The SDK's threads may crash an interpreter that ends within 0.1 s of the last call."""

STARTS_WITHIN = timedelta(seconds=60)
"""The SDK gives up after 5 s, which is too soon on a busy machine."""


@asynccontextmanager
async def temporal_server(
    cli: str, *arguments: str, port: int | None = None, registered: bool = True
) -> AsyncIterator[WorkflowEnvironment]:
    """The server that this CLI starts, with further arguments of `temporal server start-dev`.

    With `registered` it knows the product's search attributes; without, it is as a worker finds it the first time.
    """
    environment = await WorkflowEnvironment.start_local(
        port=port,
        data_converter=data_converter(),
        dev_server_existing_path=cli,
        dev_server_log_level="error",
        dev_server_extra_args=arguments,
        dev_server_startup_timeout=STARTS_WITHIN,
    )
    async with environment:
        if registered:
            await register_search_attributes(environment.client, TYPE_NAMES)
        yield environment
    await asyncio.sleep(CALLS_SETTLE_SECONDS)
