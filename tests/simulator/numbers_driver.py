"""Drives the simulator's Numbers host over HTTP: what a client of it, and a test's control, do with numbers to rent."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx

from simulator import SimulatorSettings
from tests.plain_http import TRUSTS_NOBODY
from tests.simulator.driver import CAMPAIGN, SERVICE_PLAN, Driver, driving

DAY_HOURS = 24
SMS = {"servicePlanId": SERVICE_PLAN, "campaignId": CAMPAIGN}
VOICE = {"appId": "voice-app"}
ALL_STEPS_HOURS = 24  # more than the start, the SMS platform and the campaign take together


class NumbersDriver(Driver):
    """One client of the Numbers host; requests go below its project."""

    async def search(self, **query: object) -> list[dict[str, Any]]:
        """The numbers on offer: US LOCAL ones unless told otherwise, by the names that Sinch's query has."""
        found = await self.get("/availableNumbers", **({"regionCode": "US", "type": "LOCAL"} | query))
        numbers: list[dict[str, Any]] = found["availableNumbers"]
        return numbers

    async def rent(self, number: str, **body: object) -> httpx.Response:
        return await self.post(f"/availableNumbers/{number}:rent", body)

    async def rented(self, number: str, **body: object) -> dict[str, Any]:
        """Rent a number that is to be had; answers the number as it is then."""
        return taken(await self.rent(number, **body))

    async def rent_any(self, **body: object) -> httpx.Response:
        return await self.post("/availableNumbers:rentAny", {"regionCode": "US", "type": "LOCAL"} | body)

    async def update(self, number: str, **body: object) -> httpx.Response:
        return await self.patch(f"/activeNumbers/{number}", body)

    async def updated(self, number: str, **body: object) -> dict[str, Any]:
        """Change a number and let that come to its end; answers the number as it is then."""
        taken(await self.update(number, **body))
        await self.advance(hours=ALL_STEPS_HOURS)
        return await self.active(number)

    async def active(self, number: str) -> dict[str, Any]:
        resource: dict[str, Any] = await self.get(f"/activeNumbers/{number}")
        return resource


def taken(answer: httpx.Response) -> dict[str, Any]:
    """The resource that a request was answered with; it must have gone well."""
    assert answer.status_code == 200, answer.text
    resource: dict[str, Any] = answer.json()
    return resource


def refused(answer: httpx.Response, field: str) -> str:
    """Why a request was refused, by the field at fault."""
    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    assert (error["code"], error["status"]) == (400, "INVALID_ARGUMENT")
    violations = {wrong["field"]: wrong["description"] for wrong in error["details"][0]["fieldViolations"]}
    assert field in violations, violations
    reason: str = violations[field]
    return reason


def missing(answer: httpx.Response, number: str) -> None:
    """Demand that a request was answered with: that number is not there."""
    assert answer.status_code == 404, answer.text
    error = answer.json()["error"]
    assert (error["code"], error["status"]) == (404, "NOT_FOUND")
    assert error["details"][0]["resourceName"] == number


@contextlib.asynccontextmanager
async def driving_numbers(settings: SimulatorSettings | None = None) -> AsyncIterator[NumbersDriver]:
    """A simulator and the driver of its Numbers host, with a bearer token in hand."""
    async with driving(settings) as sinch:
        credentials = {"Authorization": sinch.api.headers["Authorization"]}
        url = sinch.endpoints.sinch_numbers
        async with httpx.AsyncClient(verify=TRUSTS_NOBODY, base_url=url, headers=credentials, timeout=30) as api:
            yield NumbersDriver(sinch.endpoints, api, sinch.control)
