"""An activity that dies with its worker is begun again soon, however long it may take; one that takes long is not."""

import asyncio
import signal
import sys
from uuid import uuid4

from temporalio.client import Client

from tests.worker.mortal_worker import DIE, TAKE_LONG, WORKFLOWS, CallsOne, activity_worker, workflow_worker


async def test_an_activity_that_dies_with_its_worker_is_begun_again_although_it_may_take_an_hour(
    client: Client,
) -> None:
    address = client.service_client.config.target_host
    mortal = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.worker.mortal_worker", address)
    async with workflow_worker(client):
        handle = await client.start_workflow(CallsOne.run, DIE.name, id=str(uuid4()), task_queue=WORKFLOWS)
        assert await mortal.wait() == -signal.SIGKILL
        async with activity_worker(client):
            assert (await handle.result()).attempt == 2


async def test_an_activity_that_takes_longer_than_it_may_be_silent_is_let_finish(client: Client) -> None:
    async with workflow_worker(client), activity_worker(client):
        handle = await client.start_workflow(CallsOne.run, TAKE_LONG.name, id=str(uuid4()), task_queue=WORKFLOWS)
        assert (await handle.result()).attempt == 1
