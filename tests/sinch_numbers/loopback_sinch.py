"""A small HTTP/1.1 server on 127.0.0.1 that can also misbehave: stay silent, or cut the connection."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Exchange:
    """One request that has arrived in full, and the connection to answer it on."""

    target: str
    body: bytes
    writer: asyncio.StreamWriter

    async def answer(self, body: bytes, *headers: str) -> None:
        await self.send(
            "\r\n".join(
                ("HTTP/1.1 200 OK", "Content-Type: application/json", f"Content-Length: {len(body)}", *headers)
            ).encode()
            + b"\r\n\r\n"
            + body
        )

    async def send(self, raw: bytes) -> None:
        self.writer.write(raw)
        await self.writer.drain()

    async def cut(self) -> None:
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()


@dataclass
class LoopbackSinch:
    """Counts connections and requests; `handle` decides what happens to each request."""

    handle: Callable[[Exchange], Awaitable[None]]
    url: str = ""
    connections: int = 0
    exchanges: list[Exchange] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while not writer.is_closing():
                exchange = await _read_request(reader, writer)
                self.exchanges.append(exchange)
                await self.handle(exchange)
        writer.close()


@asynccontextmanager
async def loopback_sinch(handle: Callable[[Exchange], Awaitable[None]]) -> AsyncIterator[LoopbackSinch]:
    sinch = LoopbackSinch(handle)
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.create_task(sinch.serve(reader, writer)))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    sinch.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield sinch
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _read_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Exchange:
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    lines = head.split("\r\n")
    lengths = [int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:")]
    body = await reader.readexactly(sum(lengths))
    return Exchange(target=lines[0].split(" ")[1], body=body, writer=writer)
