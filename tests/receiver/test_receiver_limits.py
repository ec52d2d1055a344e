"""Bodies that are too large or too slow, however their length is declared."""

from collections.abc import AsyncIterator

import pytest

from tests.receiver.served_receiver import (
    ServedReceiver,
    event_body,
    fresh_workflow_id,
    head,
    path_for,
    serving,
    signed,
)

CAP = 64 * 1024


def padded(size: int) -> bytes:
    """A genuine event of exactly that size."""
    return event_body() + b" " * (size - len(event_body()))


async def in_chunks(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 4096):
        yield body[start : start + 4096]


@pytest.mark.parametrize(("size", "status"), [(CAP, 200), (CAP + 1, 413), (20 * CAP, 413)])
async def test_a_body_over_the_cap_is_refused_by_its_declared_length(
    receiver: ServedReceiver, size: int, status: int
) -> None:
    assert (await receiver.post(fresh_workflow_id(), padded(size))).status_code == status


@pytest.mark.parametrize(("size", "status"), [(CAP, 200), (CAP + 1, 413), (20 * CAP, 413)])
async def test_a_body_over_the_cap_is_refused_while_it_arrives_in_chunks(
    receiver: ServedReceiver, size: int, status: int
) -> None:
    body = padded(size)
    answer = await receiver.client.post(path_for(fresh_workflow_id()), content=in_chunks(body), headers=signed(body))
    assert answer.status_code == status


async def test_what_comes_after_the_refusal_is_thrown_away(receiver: ServedReceiver) -> None:
    workflow_id, body = fresh_workflow_id(), event_body()
    reader, writer = await receiver.connect()
    writer.write(head(path_for(workflow_id), "Transfer-Encoding: chunked"))
    for _ in range(50):
        writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
        await writer.drain()
    writer.write(b"0\r\n\r\n")
    writer.write(head(path_for(workflow_id), f"Content-Length: {len(body)}", "Connection: close", *lines(signed(body))))
    writer.write(body)
    answers = await reader.read()
    writer.close()
    assert answers.startswith(b"HTTP/1.1 413 ")
    assert b"HTTP/1.1 200 " in answers
    assert len(receiver.signals.events(workflow_id)) == 1


async def test_a_length_that_promises_too_much_is_refused_before_anything_arrives(receiver: ServedReceiver) -> None:
    answer = await receiver.exchange(
        head(path_for(fresh_workflow_id()), f"Content-Length: {CAP + 1}", "Connection: close")
    )
    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_a_length_that_promises_too_little_does_not_get_a_shorter_body_through(
    receiver: ServedReceiver,
) -> None:
    body = event_body()
    headers = [f"Content-Length: {len(body) - 5}", "Connection: close", *lines(signed(body))]
    request = head(path_for(fresh_workflow_id()), *headers) + body
    assert (await receiver.exchange(request)).startswith(b"HTTP/1.1 401 ")


async def test_a_length_that_is_no_number_is_refused(receiver: ServedReceiver) -> None:
    request = head(path_for(fresh_workflow_id()), "Content-Length: many") + event_body()
    assert (await receiver.exchange(request)).startswith(b"HTTP/1.1 400 ")


async def test_a_sender_who_never_ends_is_cut_off() -> None:
    async with serving(body_seconds=0.05) as receiver:
        answer = await receiver.exchange(head(path_for(fresh_workflow_id()), "Content-Length: 100") + b"{")
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert answer.endswith(b"too_slow")
        assert await receiver.metric('onboard_callbacks_total{outcome="too_slow"}') == 1


async def test_a_sender_who_hangs_up_is_counted_and_forgotten() -> None:
    async with serving() as receiver:
        _, writer = await receiver.connect()
        writer.write(head(path_for(fresh_workflow_id()), "Content-Length: 100") + b"{")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        while await receiver.metric('onboard_callbacks_total{outcome="too_slow"}') != 1:
            pass


async def test_nothing_is_read_from_a_sender_without_a_token(receiver: ServedReceiver) -> None:
    answer = await receiver.exchange(head("/callbacks/guess", f"Content-Length: {CAP + 1}", "Connection: close"))
    assert answer.startswith(b"HTTP/1.1 401 ")


def lines(headers: dict[str, str]) -> list[str]:
    return [f"{name}: {value}" for name, value in headers.items()]
