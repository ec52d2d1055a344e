"""The end of a client's connections, by `aclose` or at the end of an `async with`."""

from types import TracebackType
from typing import Self

import httpx


class ClosesItsConnections:
    """A client with one pool of connections."""

    _http: httpx.AsyncClient

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()
