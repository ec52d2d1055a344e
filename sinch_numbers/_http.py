"""What the clients do otherwise than httpx by itself, whose ways cost a worker with large answers time and memory."""

import ssl
from functools import cache

import httpx


def http_client(
    timeout: httpx.Timeout, limits: httpx.Limits, transport: httpx.AsyncBaseTransport | None
) -> httpx.AsyncClient:
    """A pool of connections; `transport` replaces the network."""
    return httpx.AsyncClient(
        verify=_trusted_authorities(),
        timeout=timeout,
        limits=limits,
        transport=transport,
        event_hooks={"response": [_read_and_let_go]},
    )


@cache
def _trusted_authorities() -> ssl.SSLContext:
    """httpx's own choice, read once a process: it takes 30 milliseconds, and httpx reads it anew for each client."""
    return httpx.create_ssl_context()


async def _read_and_let_go(response: httpx.Response) -> None:
    """Read the body, and drop the stream that it came by: it refers back to the response.

    A page of a megabyte would else stay until the next collection of garbage.
    """
    response.stream = httpx.ByteStream(await response.aread())
