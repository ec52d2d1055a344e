"""Connections that are opened and held: slow clients are cut off, and a client too many is told to come again."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from receiver.connections import DEFAULT_LIMITS, ConnectionLimits
from tests.receiver.served_receiver import (
    ServedReceiver,
    callback_request,
    fresh_workflow_id,
    head,
    serving,
)

SHORT, LONG = 0.05, 3600.0


def limits(headers: float = LONG, exchange: float = LONG, rest: float = LONG) -> ConnectionLimits:
    return ConnectionLimits(headers_seconds=headers, exchange_seconds=exchange, rest_seconds=rest)


@pytest.mark.parametrize("sent", [b"", b"P", b"POST /callbacks/x HTTP/1.1\r\nHost: rec", b"GET /healthz"])
async def test_a_client_whose_headers_never_end_is_cut_off(sent: bytes) -> None:
    async with serving(limits=limits(headers=SHORT)) as receiver:
        assert await receiver.exchange(sent) == b""


async def test_headers_that_come_byte_by_byte_gain_no_time() -> None:
    async with serving(limits=limits(headers=0.3)) as receiver:
        reader, writer = await receiver.connect()
        request = head("/callbacks/x", f"X-Long: {'x' * 2000}")
        sent = 0
        while not await hung_up(reader) and sent < len(request):
            writer.write(request[sent : sent + 1])
            sent += 1
        writer.close()
        assert 0 < sent < len(request)


async def test_the_headers_of_a_later_request_have_the_same_limit() -> None:
    async with serving(limits=limits(headers=1.0)) as receiver:
        answers = await receiver.exchange(callback_request(fresh_workflow_id()), b"POST /callb")
        assert answers.startswith(b"HTTP/1.1 200 ")
        assert answers.count(b"HTTP/1.1") == 1


async def test_an_idle_connection_is_closed_after_its_answer() -> None:
    async with serving(limits=limits(rest=SHORT)) as receiver:
        assert (await receiver.exchange(callback_request(fresh_workflow_id()))).startswith(b"HTTP/1.1 200 ")


async def test_an_idle_connection_is_closed_after_a_refused_body_was_thrown_away() -> None:
    async with serving(limits=limits(rest=SHORT)) as receiver:
        request = head("/callbacks/guess", "Content-Length: 100000")
        assert (await receiver.exchange(request, b"x" * 60_000, b"x" * 40_000)).startswith(b"HTTP/1.1 401 ")


async def test_a_refused_body_that_never_ends_is_not_listened_to_for_ever() -> None:
    async with serving(limits=limits(exchange=1.0)) as receiver:
        answers = await receiver.exchange(head("/callbacks/guess", "Content-Length: 1000000000"), b"x" * 1000)
        assert answers.startswith(b"HTTP/1.1 401 ")


async def test_a_client_who_takes_no_answers_is_cut_off() -> None:
    async with serving(limits=limits(exchange=1.0)) as receiver:
        _, writer = await asyncio.open_connection(sock=with_little_room(receiver), limit=1)
        asked = await ask_without_end(writer)
        writer.close()
        assert asked < 32 * 2**20, "only what fits into the buffers between us is read"
        assert (await receiver.post(fresh_workflow_id())).status_code == 200


async def test_a_client_who_keeps_to_the_limits_stays_connected() -> None:
    async with serving() as receiver:
        workflow_ids = [fresh_workflow_id() for _ in range(20)]
        requests = [callback_request(workflow_id) for workflow_id in workflow_ids]
        last = callback_request(fresh_workflow_id(), "Connection: close")
        assert (await receiver.exchange(b"".join(requests), last)).count(b"HTTP/1.1 200 ") == 21
        assert [len(receiver.signals.events(workflow_id)) for workflow_id in workflow_ids] == [1] * 20


def test_the_limits_leave_a_slow_body_its_answer() -> None:
    assert DEFAULT_LIMITS.exchange_seconds > 20, "a body may take ten seconds, Temporal another ten"
    assert DEFAULT_LIMITS.rest_seconds > 60, "proxies keep idle connections for 60 seconds"


async def test_one_client_too_many_is_told_to_come_again_and_may() -> None:
    async with full_receiver() as (receiver, writers):
        answer = await receiver.exchange(callback_request(fresh_workflow_id()))
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"\r\nRetry-After: 5\r\n" in answer
        assert answer.endswith(b"\r\n\r\nunavailable")
        writers.pop().close()
        while (await receiver.exchange(callback_request(fresh_workflow_id(), "Connection: close")))[9:12] != b"200":
            pass


async def test_clients_turned_away_leave_nothing_behind() -> None:
    async with full_receiver() as (receiver, writers):
        for _ in range(50):
            assert (await receiver.exchange(b""))[9:12] == b"503"
        writers.pop().close()
        while (await receiver.exchange(head("/callbacks/guess", "Connection: close")))[9:12] != b"401":
            pass


@asynccontextmanager
async def full_receiver() -> AsyncIterator[tuple[ServedReceiver, list[asyncio.StreamWriter]]]:
    """A receiver with as many open connections as it may have."""
    async with serving(limits=ConnectionLimits(most=3)) as receiver:
        opened = [await receiver.connect() for _ in range(3)]
        yield receiver, [writer for _, writer in opened]
        for _, writer in opened:
            writer.close()


@pytest.mark.parametrize(("soft", "hard", "allowed"), [(100, 4000, 500), (100, 300, 236), (4000, 4000, 500)])
def test_there_are_as_many_connections_as_files_may_be_open(soft: int, hard: int, allowed: int) -> None:
    script = (
        "import receiver.open_files, resource;"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}));"
        "print(receiver.open_files.connections_allowed(500), *resource.getrlimit(resource.RLIMIT_NOFILE))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )
    assert ended.stdout.split() == [str(allowed), str(max(soft, allowed + 64)), str(hard)]


async def ask_without_end(writer: asyncio.StreamWriter) -> int:
    """Send requests whose answers nobody reads, until the connection breaks; how many bytes that took."""
    requests, sent = b"GET /metrics HTTP/1.1\r\nHost: receiver\r\n\r\n" * 100, 0
    with suppress(ConnectionError):
        while True:
            writer.write(requests)
            await writer.drain()
            sent += len(requests)
    return sent


async def hung_up(reader: asyncio.StreamReader) -> bool:
    """Whether the other end hangs up within the next moment."""
    try:
        async with asyncio.timeout(0.01):
            return await reader.read(1) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def with_little_room(receiver: ServedReceiver) -> socket.socket:
    """A connection on which little can wait to be read."""
    address = urlsplit(receiver.url)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect((address.hostname, address.port))
    connection.setblocking(False)
    return connection
