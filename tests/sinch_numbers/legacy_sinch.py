"""Clients of the legacy Number Administration API: of the simulator over real HTTP, and of scripted answers."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
from pydantic import SecretStr

from simulator import Endpoints, SimulatorSettings
from simulator.legacy_settings import LOCAL_APPLICATION_KEY, LOCAL_ENDPOINT, LOCAL_PASSWORD
from sinch_numbers.legacy import LegacySettings, LogIn, NumberAdministration
from tests.activities.simulated_sinch import BeforeRequest, Interrupted, SimulatedSinch, simulated_sinch

APPLICATION = LOCAL_APPLICATION_KEY
ORGANISATION = 8888123
SMS_GROUP, VOICE_GROUP = 75, 13
INSTANCE = {"id": "00a3ffb1-0808-4dd4-9c7d-e4383d82e445", "secret": "bRo76GRddEyetgJDTgkLHA==", "expiresIn": 172800}
SIGNED_AT = datetime(2015, 6, 20, 11, 43, 10, 944000, UTC)


def connect(
    endpoints: Endpoints,
    *,
    password: str = LOCAL_PASSWORD,
    organisation_id: int | None = None,
    signs_leading_slash: bool = False,
    before: BeforeRequest | None = None,
    **more: Any,
) -> NumberAdministration:
    """A client of the simulator; `before` happens ahead of every request."""
    url = endpoints.sinch_legacy
    return NumberAdministration(
        LogIn(LOCAL_ENDPOINT, SecretStr(password)),
        organisation_id=organisation_id,
        settings=LegacySettings(user_url=url, core_url=url, portal_url=url, signs_leading_slash=signs_leading_slash),
        transport=Interrupted(before) if before else None,
        **more,
    )


@dataclass
class SimulatedLegacySinch:
    """A simulator, a client of its legacy hosts, and its control host."""

    sinch: SimulatedSinch
    client: NumberAdministration

    async def rent(self, group_id: int, quantity: int) -> list[str]:
        """Rent numbers of a group; the numbers (E.164) that are new."""
        before = {number.number for number in await self.client.rented_numbers()}
        reservation = await self.client.reserve(group_id, quantity)
        await self.client.check_out([reservation.reference_id])
        return [one.number for one in await self.client.rented_numbers() if one.number not in before]

    async def somebody_else(self, numbers: list[str], *, after_next_change: bool = False) -> None:
        """Have somebody else overwrite the application's list for SMS."""
        body = {"numbers": [int(number) for number in numbers], "after_next_change": after_next_change}
        await self.sinch.tell(f"legacy/applications/{APPLICATION}/numbers/sms", body)

    async def set_organisation(self, **changes: object) -> None:
        await self.sinch.tell(f"legacy/organisations/{ORGANISATION}", changes)


@asynccontextmanager
async def legacy_sinch(settings: SimulatorSettings | None = None) -> AsyncIterator[SimulatedLegacySinch]:
    async with simulated_sinch(settings) as sinch, connect(sinch.endpoints) as client:
        yield SimulatedLegacySinch(sinch, client)


@dataclass
class RecordedLegacySinch:
    """Logs everybody in with Sinch's sample instance, records requests, and gives the scripted answer to the others."""

    answer: httpx.Response | Callable[[httpx.Request], Awaitable[httpx.Response]] = field(
        default_factory=lambda: httpx.Response(200, json=[])
    )
    instance: dict[str, Any] = field(default_factory=lambda: dict(INSTANCE))
    log_in_answer: httpx.Response | Exception | None = None
    log_ins: list[httpx.Request] = field(default_factory=list)
    instances: list[httpx.Request] = field(default_factory=list)
    requests: list[httpx.Request] = field(default_factory=list)

    def client(self, log_in: LogIn | None = None, **more: Any) -> NumberAdministration:
        settings: dict[str, Any] = {"organisation_id": ORGANISATION, "now": lambda: SIGNED_AT}
        return NumberAdministration(
            log_in or LogIn("address@example.com", SecretStr("YOUR_ACCOUNT_PASSWORD")),
            transport=httpx.MockTransport(self._answer),
            **(settings | more),
        )

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) if request.content else None for request in self.requests]

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/authentication"):
            self.log_ins.append(request)
            if isinstance(self.log_in_answer, Exception):
                raise self.log_in_answer
            return self.log_in_answer or httpx.Response(200, json={"authorization": "the-token", "user": {"id": 1}})
        if request.url.path == "/v1/instance":
            self.instances.append(request)
            return httpx.Response(200, json=self.instance)
        self.requests.append(request)
        return await self.answer(request) if callable(self.answer) else self.answer
