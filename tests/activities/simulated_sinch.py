"""A simulated Sinch in this process: clients of it over real HTTP, and the hands that steer it by its control host."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr

from simulator import Endpoints, SimulatorSettings, running
from simulator.settings import HOUR, LOCAL_KEY_ID, LOCAL_KEY_SECRET, LOCAL_PROJECT_ID
from sinch_numbers import OAuth2ClientCredentials, SinchNumbers
from tests.plain_http import TRUSTS_NOBODY

ADD = "QualifiedNumberService_BatchCreateQualifiedNumbers"
GET_NUMBER = "QualifiedNumberService_GetQualifiedNumber"
LIST_NUMBERS = "QualifiedNumberService_ListQualifiedNumbers"
CALL = "QualifiedNumberService_SendVoiceChallenge"
CHECK = "QualifiedNumberService_VerifyVoiceChallenge"
ORDER = "TextEnableNumbers"
LIST_ORDERS = "HostingOrderService_ListHostingOrders"
LIST_ORDER_NUMBERS = "HostingOrderService_ListHostingOrderNumbers"
GET_ORDER_NUMBER = "HostingOrderService_GetHostingOrderNumber"

BeforeRequest = Callable[[httpx.Request], Awaitable[None]]


class Interrupted(httpx.AsyncHTTPTransport):
    """The network, with something happening before each request is sent."""

    def __init__(self, before: BeforeRequest) -> None:
        super().__init__()
        self._before = before

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await self._before(request)
        return await super().handle_async_request(request)


@dataclass
class SimulatedSinch:
    """The running simulator, a client of it, and its control host."""

    endpoints: Endpoints
    client: SinchNumbers
    control: httpx.AsyncClient

    async def look(self, what: str, **query: str) -> Any:
        answer = await self.control.get(f"/_sim/{what}", params=query)
        return answer.raise_for_status().json()

    async def tell(self, what: str, body: object | None = None) -> None:
        answer = await self.control.post(f"/_sim/{what}", json=body)
        answer.raise_for_status()

    async def advance(self, *, hours: float) -> None:
        await self.tell("clock", {"advance_seconds": hours * HOUR})

    async def fail(self, operation: str, kind: str = "status", **more: Any) -> None:
        """Let the next request to an operation go wrong."""
        await self.tell("faults", {"operation": operation, "kind": kind, **more})

    async def ledger(self, kind: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = (await self.look("ledger", kind=kind))["entries"]
        return entries

    async def requests(self, operation: str) -> int:
        """How many requests to an operation there have been, however they ended."""
        counts: dict[str, int] = (await self.look("requests")).get(operation, {})
        return sum(counts.values())

    async def rings(self, phone_number: str) -> int:
        return len((await self.look(f"phones/{phone_number}"))["calls"])

    async def heard_code(self, phone_number: str) -> str:
        code: str = (await self.look(f"phones/{phone_number}"))["calls"][-1]["code"]
        return code

    async def mails(self) -> list[dict[str, Any]]:
        mails: list[dict[str, Any]] = (await self.look("mails"))["mails"]
        return mails

    async def make_eligible(self, *phone_numbers: str) -> None:
        await self.client.qualified_numbers.add_numbers(phone_numbers)
        await self.advance(hours=6)


def connect(endpoints: Endpoints, *, timeout: float = 30.0, before: BeforeRequest | None = None) -> SinchNumbers:
    """A client of the simulator; `timeout` is in seconds, `before` happens ahead of every request."""
    return SinchNumbers(
        LOCAL_PROJECT_ID,
        OAuth2ClientCredentials(LOCAL_KEY_ID, SecretStr(LOCAL_KEY_SECRET), token_url=endpoints.sinch_oauth),
        base_url=endpoints.sinch_imported,
        numbers_url=endpoints.sinch_numbers,
        timeout=httpx.Timeout(timeout),
        transport=Interrupted(before) if before else None,
    )


@asynccontextmanager
async def simulated_sinch(settings: SimulatorSettings | None = None) -> AsyncIterator[SimulatedSinch]:
    async with (
        running(settings) as simulator,
        httpx.AsyncClient(verify=TRUSTS_NOBODY, base_url=simulator.endpoints.simulator_control, timeout=60) as control,
        connect(simulator.endpoints) as client,
    ):
        yield SimulatedSinch(simulator.endpoints, client, control)


def numbers(count: int, *, area: str = "202555") -> list[str]:
    """Numbers to which nothing special happens."""
    return [f"+1{area}{last:04d}" for last in range(count)]
