"""Drives the legacy hosts of a simulator by requests that are put together and signed here, byte by byte."""

import base64
import contextlib
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from simulator import SimulatorSettings
from tests.plain_http import TRUSTS_NOBODY
from tests.simulator.driver import Driver, driving

KEY = "669762D5-2B10-44E0-8418-BC9EE4457555"
LOG_IN = "/v1/users/email/legacy@example.com/authentication"
ORGANISATION = "/v1/organisations/id/8888123/numbers"
SHOP = f"{ORGANISATION}/shop"
APPLICATION = "/v1/applications/key/bb7b4e39-4227-4913-8c81-2db4abb54fb3/numbers"
OTHER_APPLICATION = "/v1/applications/key/5e4f1a52-7f0c-4f1c-9a55-0a0d0b2f9c11/numbers"
VERSION = {"os": "Linux", "platform": "test"}


def now(minutes_ago: float = 0) -> str:
    moment = datetime.now(UTC) - timedelta(minutes=minutes_ago)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


@dataclass
class LegacyDriver:
    """One client with an instance in hand."""

    driver: Driver
    http: httpx.AsyncClient
    instance_id: str = ""
    secret: str = ""

    async def post(self, path: str, body: object, authorization: str, **headers: str) -> httpx.Response:
        """A request of the log-in, which is not signed."""
        return await self.http.post(
            path, json=body, headers={"Authorization": authorization, "X-Timestamp": now()} | headers
        )

    async def log_in(self) -> str:
        """The token for the right password."""
        answer = await self.post(LOG_IN, {"password": "local-password"}, f"Application {KEY}")
        assert answer.status_code == 200, answer.text
        token: str = answer.json()["authorization"]
        return token

    async def new_instance(self) -> None:
        token = await self.log_in()
        answer = await self.post("/v1/instance", {"authorization": token, "version": VERSION}, f"User {token}")
        assert answer.status_code == 200, answer.text
        self.instance_id, self.secret = answer.json()["id"], answer.json()["secret"]

    async def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        signed_path: str | None = None,
        signed_md5: str | None = None,
        signed_method: str | None = None,
        timestamp: str | None = None,
    ) -> httpx.Response:
        """A signed request; what is named `signed_...` replaces what would be right."""
        timestamp = timestamp or now()
        md5 = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode() if body else ""
        text = "\n".join(
            [
                signed_method or method,
                md5 if signed_md5 is None else signed_md5,
                "application/json",
                f"x-timestamp:{timestamp}",
                path.removeprefix("/") if signed_path is None else signed_path,
            ]
        )
        mac = hmac.new(base64.b64decode(self.secret), text.encode(), hashlib.sha256)
        return await self.http.request(
            method,
            path,
            content=body,
            headers={
                "Authorization": f"Instance {self.instance_id}:{base64.b64encode(mac.digest()).decode()}",
                "X-Timestamp": timestamp,
                "Content-Type": "application/json",
            },
        )

    async def get(self, path: str) -> Any:
        answer = await self.send("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def put(self, path: str, body: object) -> httpx.Response:
        return await self.send("PUT", path, json.dumps(body).encode())

    async def reserve(self, group_id: int, quantity: int) -> str:
        answer = await self.put(SHOP, {"groupId": group_id, "quantity": quantity})
        assert answer.status_code == 200, answer.text
        reference_id: str = answer.json()["referenceId"]
        return reference_id

    async def check_out(self, *reference_ids: str) -> httpx.Response:
        return await self.send("POST", SHOP, json.dumps({"referenceIds": reference_ids}).encode())

    async def rent(self, group_id: int, quantity: int) -> list[int]:
        """Rent numbers; all numbers of the group that are rented then."""
        answer = await self.check_out(await self.reserve(group_id, quantity))
        assert answer.status_code == 204, answer.text
        return [one["number"] for one in await self.get(ORGANISATION) if one["groupId"] == group_id]

    async def numbers_of(self, application: str) -> list[int]:
        return [one["number"] for one in await self.get(application)]


def refused(answer: httpx.Response) -> tuple[int, int]:
    """Status and code of an error, whose body has nothing but a code and a message."""
    body = answer.json()
    assert set(body) == {"errorCode", "message"}
    assert body["message"]
    return answer.status_code, body["errorCode"]


@contextlib.asynccontextmanager
async def driving_legacy(settings: SimulatorSettings | None = None) -> AsyncIterator[LegacyDriver]:
    """A simulator and a client of its legacy hosts, with an instance in hand."""
    async with (
        driving(settings) as driver,
        httpx.AsyncClient(verify=TRUSTS_NOBODY, base_url=driver.endpoints.sinch_legacy, timeout=30) as http,
    ):
        legacy = LegacyDriver(driver, http)
        await legacy.new_instance()
        yield legacy
