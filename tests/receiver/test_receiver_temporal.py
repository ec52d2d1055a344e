"""The receiver in front of a real Temporal server."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from receiver.signals import TemporalSignals
from temporal_connection import connect, data_converter
from tests.receiver.collected_events import TASK_QUEUE, CollectEvents, collecting
from tests.receiver.served_receiver import event_body, fresh_workflow_id, serving
from tests.temporal_server import temporal_server


@pytest.fixture(scope="module")
async def temporal(dev_server: Client) -> AsyncIterator[Client]:
    """A client of a dev server on which a worker runs CollectEvents."""
    async with collecting(dev_server):
        yield dev_server


async def test_a_workflow_gets_every_event_once_and_is_then_over(temporal: Client) -> None:
    workflow_id = fresh_workflow_id()
    handle = await temporal.start_workflow(CollectEvents.run, 21, id=workflow_id, task_queue=TASK_QUEUE)
    async with serving(TemporalSignals(temporal)) as receiver:
        assert (await receiver.client.get("/readyz")).status_code == 200
        assert (await receiver.post(workflow_id, event_body(eventId="first"))).text == "taken"
        burst = [receiver.post(workflow_id, event_body(eventId=str(number))) for number in range(20)]
        assert {answer.text for answer in await asyncio.gather(*burst)} == {"taken"}
        signals = await handle.result()
        assert (await receiver.post(workflow_id)).text == "stale"
    assert signals[0] == ["first"]
    assert sorted(name for signal in signals[1:] for name in signal) == sorted(map(str, range(20)))
    assert len(signals) < 21


async def test_a_workflow_nobody_knows_is_stale(temporal: Client) -> None:
    async with serving(TemporalSignals(temporal)) as receiver:
        answer = await receiver.post(fresh_workflow_id())
        assert (answer.status_code, answer.text) == (200, "stale")
        assert await receiver.metric('onboard_callbacks_total{outcome="stale"}') == 1


async def test_no_event_is_lost_to_a_namespace_that_does_not_exist(temporal: Client) -> None:
    target = temporal.service_client.config.target_host
    mistaken = await Client.connect(target, namespace="no-such", lazy=True, data_converter=data_converter())
    async with serving(TemporalSignals(mistaken)) as receiver:
        assert (await receiver.post(fresh_workflow_id())).status_code == 503


async def test_sinch_is_told_to_come_again_before_temporal_is_there_and_after_it_is_gone(
    temporal_cli: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setenv("TEMPORAL_ADDRESS", f"127.0.0.1:{port}")
    async with serving(TemporalSignals(await connect(lazy=True))) as receiver:

        async def statuses() -> tuple[int, int]:
            answer = await receiver.post(fresh_workflow_id())
            return answer.status_code, (await receiver.client.get("/readyz")).status_code

        assert await statuses() == (503, 503)
        async with temporal_server(temporal_cli, port=port):
            assert await statuses() == (200, 200)
        assert await statuses() == (503, 503)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
