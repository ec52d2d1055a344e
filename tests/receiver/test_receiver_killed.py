"""The receiver dies between the signal and its answer: Sinch sends again, and nothing is lost or done twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from temporalio.client import Client

from tests.receiver.collected_events import TASK_QUEUE, CollectEvents, collecting
from tests.receiver.served_receiver import event_body, fresh_workflow_id, path_for, signed
from tests.receiver.test_receiver_process import SETTINGS, running


class OneWay:
    """A connection to Temporal on which answers can be held back, but never requests."""

    def __init__(self, target: str) -> None:
        self._host, _, self._port = target.partition(":")
        self.answers = asyncio.Event()
        self.answers.set()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        """The address to connect to instead of the target."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        async with server:
            yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._host, int(self._port))
        always = asyncio.Event()
        always.set()
        await asyncio.gather(_copy(reader, back, always), _copy(there, writer, self.answers))


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, may_pass: asyncio.Event) -> None:
    while piece := await reader.read(65536):
        await may_pass.wait()
        writer.write(piece)
    writer.close()


async def test_an_event_whose_answer_died_with_the_receiver_comes_again_and_is_known_by_its_id(
    dev_server: Client,
) -> None:
    workflow_id, body = fresh_workflow_id(), event_body(eventId="sent twice")
    one_way = OneWay(dev_server.service_client.config.target_host)
    async with collecting(dev_server), one_way.listening() as address, httpx.AsyncClient(timeout=30) as sinch:
        handle = await dev_server.start_workflow(CollectEvents.run, 2, id=workflow_id, task_queue=TASK_QUEUE)

        async def send(url: str) -> httpx.Response:
            return await sinch.post(url + path_for(workflow_id), content=body, headers=signed(body))

        settings = SETTINGS | {"TEMPORAL_ADDRESS": address}
        with running(settings) as (process, url):
            assert (await sinch.get(f"{url}/readyz")).status_code == 200
            one_way.answers.clear()
            first = asyncio.create_task(send(url))
            while await signals_of(dev_server, workflow_id) == 0:
                pass
            assert not first.done()
            process.kill()
            with pytest.raises(httpx.TransportError):
                await first
        one_way.answers.set()
        with running(settings) as (_, url):
            assert (await send(url)).text == "taken"
        assert await handle.result() == [["sent twice"], ["sent twice"]]


async def signals_of(client: Client, workflow_id: str) -> int:
    """How many signals are in the workflow's history."""
    history = await client.get_workflow_handle(workflow_id).fetch_history()
    return sum(event.HasField("workflow_execution_signaled_event_attributes") for event in history.events)
