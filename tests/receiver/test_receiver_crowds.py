"""A thousand connections that mean no good, at the receiver's process: genuine callbacks get through, memory and
files stay within bounds, and afterwards nothing is left of them.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from temporalio.client import Client

from tests.receiver.served_receiver import callback_request, event_body, fresh_workflow_id, head, path_for, signed
from tests.receiver.test_receiver_process import SETTINGS, running

CROWD = 1000
MOST_MEGABYTES_FOR_ALL = 150
"""What the crowd may cost. It takes about 25; without bounds the bodies below alone take more."""

BEHAVIOURS = {
    "says nothing": b"",
    "sends half a header": head(path_for("HostingOrder:slow:0001:1"))[:-30],
    "sends 15 KB of headers and no end": head("/callbacks/x", f"X-Long: {'x' * 15_000}")[:-2],
    "sends half a body": callback_request("HostingOrder:slow:0001:1")[:-50],
    "sends half an oversize body": head("/callbacks/guess", "Content-Length: 100000000") + b"x" * 50_000,
    "asks without reading": b"GET /metrics HTTP/1.1\r\nHost: receiver\r\n\r\n" * 20,
}


class Process:
    """The receiver's process, seen from outside."""

    def __init__(self, process_id: int, url: str) -> None:
        self.url = url
        self._folder = Path(f"/proc/{process_id}")

    @property
    def megabytes(self) -> float:
        """Resident memory."""
        fields = (self._folder / "statm").read_text().split()
        return int(fields[1]) * os.sysconf("SC_PAGESIZE") / 1e6

    @property
    def open_files(self) -> int:
        """How many files and sockets are open."""
        return len(os.listdir(self._folder / "fd"))

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A bare connection."""
        address = urlsplit(self.url)
        return await asyncio.open_connection(address.hostname, address.port, limit=1024)


@pytest.fixture(scope="module")
async def process(dev_server: Client) -> AsyncIterator[Process]:
    """A receiver's process that has taken callbacks already."""
    with running(SETTINGS | {"TEMPORAL_ADDRESS": dev_server.service_client.config.target_host}) as (started, url):
        process = Process(started.pid, url)
        log_is_read = asyncio.create_task(asyncio.to_thread(started.communicate))
        assert await answers(process, 50) == ["stale"] * 50
        yield process
        started.send_signal(signal.SIGTERM)
        await log_is_read


async def answers(process: Process, callbacks: int) -> list[str]:
    """What is answered to so many genuine callbacks at once, to workflows that are over."""
    body = event_body()
    async with httpx.AsyncClient(base_url=process.url, timeout=60) as sinch:
        posts = [
            sinch.post(path_for(fresh_workflow_id()), content=body, headers=signed(body)) for _ in range(callbacks)
        ]
        return [answer.text for answer in await asyncio.gather(*posts)]


@asynccontextmanager
async def crowd(process: Process) -> AsyncIterator[None]:
    """A thousand open connections, of every behaviour alike."""
    opened = [await process.connect() for _ in range(CROWD)]
    for number, (_, writer) in enumerate(opened):
        writer.write(list(BEHAVIOURS.values())[number % len(BEHAVIOURS)])
    yield
    for _, writer in opened:
        writer.close()


async def test_genuine_callbacks_get_through_a_crowd_and_nothing_is_left_of_it(process: Process) -> None:
    files, megabytes = process.open_files, process.megabytes
    async with crowd(process):
        assert await answers(process, 50) == ["stale"] * 50
        assert process.open_files > files + CROWD / 10, "most are still there, or those with most patience at least"
        assert process.megabytes < megabytes + MOST_MEGABYTES_FOR_ALL
    while process.open_files > files:
        assert await answers(process, 1) == ["stale"]


@pytest.mark.parametrize(
    "path",
    [path_for("HostingOrder:huge:0001:1"), "/callbacks/guess", "/healthz"],
    ids=["ours", "theirs", "no callback"],
)
async def test_an_endless_body_takes_no_memory(process: Process, path: str) -> None:
    megabytes, piece = process.megabytes, b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    reader, writer = await process.connect()
    writer.write(head(path, "Transfer-Encoding: chunked"))
    for _ in range(2 * MOST_MEGABYTES_FOR_ALL * 1_000_000 // len(piece)):
        writer.write(piece)
        await writer.drain()
    assert process.megabytes < megabytes + MOST_MEGABYTES_FOR_ALL
    assert (await reader.readline()).split()[1] in {b"413", b"401", b"405"}
    writer.close()
