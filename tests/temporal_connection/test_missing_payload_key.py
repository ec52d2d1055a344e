"""A worker that lacks a key waits for it: nothing is lost, and it goes on once the key is there."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from temporal_connection import (
    PayloadEncryption,
    PayloadKeys,
    add_payload_key,
    data_converter,
    new_payload_key,
    read_payload_keys,
)
from tests.end_to_end.site import until
from tests.temporal_server import temporal_server

QUEUE = "tests"


@workflow.defn(sandboxed=False)
class Greeting:
    """Answers a name with a greeting."""

    @workflow.run
    async def run(self, name: str) -> str:
        return f"Hello, {name}"


@pytest.fixture(scope="module")
async def server(temporal_cli: str) -> AsyncIterator[WorkflowEnvironment]:
    async with temporal_server(temporal_cli) as server:
        yield server


def with_keys(client: Client, file: Path) -> Client:
    """The same client, encrypting and decrypting with the keys in the file."""
    config = client.config(active_config=True)
    config["data_converter"] = replace(data_converter(), payload_codec=PayloadEncryption(PayloadKeys(file)))
    return Client(**config)


async def has_a_failed_task(handle: WorkflowHandle[Greeting, str]) -> bool:
    events = (await handle.fetch_history()).events
    return EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED in [event.event_type for event in events]


async def test_a_worker_without_the_key_leaves_the_workflow_open_and_goes_on_once_it_has_it(
    server: WorkflowEnvironment, tmp_path: Path
) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    for file in (ours, theirs):
        add_payload_key(file, new_payload_key())
    sender = with_keys(server.client, theirs)
    async with Worker(with_keys(server.client, ours), task_queue=QUEUE, workflows=[Greeting]):
        handle = await sender.start_workflow(
            Greeting.run, "Robin Park", id="greeting", task_queue=QUEUE, task_timeout=timedelta(seconds=1)
        )
        await until(lambda: has_a_failed_task(handle), "the worker has met the key it does not have")
        add_payload_key(ours, read_payload_keys(theirs)[0])
        add_payload_key(theirs, read_payload_keys(ours)[0])
        assert await handle.result() == "Hello, Robin Park"
    [failed] = [
        event.workflow_task_failed_event_attributes.failure.message
        for event in (await handle.fetch_history()).events
        if event.HasField("workflow_task_failed_event_attributes")
    ]
    assert read_payload_keys(theirs)[0].key_id in failed
