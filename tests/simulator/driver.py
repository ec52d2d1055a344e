"""Drives a simulator the way a client, an operator and a test do: over HTTP and SMTP, never through its objects."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import aiosmtplib
import httpx

from simulator import Endpoints, SimulatorSettings, running
from simulator.settings import HOUR, LOCAL_KEY_ID, LOCAL_KEY_SECRET, LOCAL_PROJECT_ID
from tests.plain_http import TRUSTS_NOBODY

PROJECT = f"/v1/projects/{LOCAL_PROJECT_ID}"
KEY = (LOCAL_KEY_ID, LOCAL_KEY_SECRET)
PDF = b"%PDF-1.7\nan invoice\n"
SERVICE_PLAN = "07d6c2621f364b68856fe4938b7bb78f"
CAMPAIGN = "C3O8OGA"
LINK_HOURS = 22  # more than the SMS platform and the campaign take together

ADDRESS = {
    "buildingNumber": "12",
    "street": "Main Street",
    "city": "Atlanta",
    "state": "GA",
    "postalCode": "03039",
    "country": "US",
}


def direct_loa(email: str = "ann@example.com") -> dict[str, Any]:
    """A direct LOA that the owner of the address signs, or does with as the address says."""
    person = {"firstName": "Ann", "lastName": "Lee", "email": email}
    return {"authorisedPerson": person, "address": ADDRESS, "currentVoiceCarrier": "Verizon"}


@dataclass
class Driver:
    """One client of a simulator, with the operator's hands and the test's control."""

    endpoints: Endpoints
    api: httpx.AsyncClient
    control: httpx.AsyncClient

    async def post(self, path: str, body: object | None = None) -> httpx.Response:
        return await self.api.post(PROJECT + path, json=body)

    async def patch(self, path: str, body: object) -> httpx.Response:
        return await self.api.patch(PROJECT + path, json=body)

    async def delete(self, path: str) -> httpx.Response:
        return await self.api.delete(PROJECT + path)

    async def get(self, path: str, **query: object) -> Any:
        answer = await self.api.get(PROJECT + path, params={name: str(value) for name, value in query.items()})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def add(self, *numbers: str) -> None:
        answer = await self.post("/qualifiedNumbers:addNumbers", {"phoneNumbers": numbers})
        assert answer.status_code == 200, answer.text

    async def state_of(self, number: str) -> str:
        resource = await self.get(f"/qualifiedNumbers/{number}")
        state: str = resource["globalProcessState"]
        return state.removeprefix("GLOBAL_PROCESS_STATE_")

    async def call(self, number: str) -> httpx.Response:
        return await self.post(f"/qualifiedNumbers/{number}:sendVoiceChallenge")

    async def enter(self, number: str, code: str) -> httpx.Response:
        return await self.post(f"/qualifiedNumbers/{number}:verifyVoiceChallenge", {"code": code})

    async def calls_of(self, number: str) -> list[dict[str, Any]]:
        calls: list[dict[str, Any]] = (await self.look(f"phones/{number}"))["calls"]
        return calls

    async def verified(self, *numbers: str) -> None:
        """Bring new numbers to VERIFIED by their invoices."""
        await self.add(*numbers)
        await self.mail_invoices(numbers)
        await self.advance(hours=6 + 72)

    async def order(self, *numbers: str, **changes: object) -> httpx.Response:
        """Submit a text-enabling order with a direct LOA; a change to None leaves the field out."""
        body = {
            "regionCode": "US",
            "numbers": numbers,
            "servicePlanId": SERVICE_PLAN,
            "campaignId": CAMPAIGN,
            "displayName": "shops 0001/1",
            "directLoaInfo": direct_loa(),
        } | changes
        body = {name: value for name, value in body.items() if value is not None}
        return await self.post("/hostingOrders:textEnableNumbers", body)

    async def ordered(self, *numbers: str, **changes: object) -> str:
        """Submit an order that is taken, and tell its id."""
        answer = await self.order(*numbers, **changes)
        assert answer.status_code == 200, answer.text
        hosting_order_id: str = answer.json()["hostingOrderId"]
        return hosting_order_id

    async def import_number(self, number: str, **changes: object) -> httpx.Response:
        """Import one number; a change to None leaves the field out."""
        sms_configuration = {"servicePlanId": SERVICE_PLAN, "campaignId": CAMPAIGN}
        body = {"phoneNumber": number, "regionCode": "US", "smsConfiguration": sms_configuration} | changes
        return await self.post("/importedNumbers", {name: value for name, value in body.items() if value is not None})

    async def imported(self, number: str, **changes: object) -> dict[str, Any]:
        """Import one number and let its link come to its end; answers the number as it is then."""
        answer = await self.import_number(number, **changes)
        assert answer.status_code == 200, answer.text
        await self.advance(hours=LINK_HOURS)
        resource: dict[str, Any] = await self.get(f"/importedNumbers/{number}")
        return resource

    async def change(self, number: str, **sms_configuration: str) -> httpx.Response:
        """Link or unlink an imported number."""
        return await self.patch(f"/importedNumbers/{number}", {"smsConfiguration": sms_configuration})

    async def changed(self, number: str, **sms_configuration: str) -> dict[str, Any]:
        """Link or unlink an imported number and let that come to its end; answers the number as it is then."""
        answer = await self.change(number, **sms_configuration)
        assert answer.status_code == 200, answer.text
        await self.advance(hours=LINK_HOURS)
        resource: dict[str, Any] = await self.get(f"/importedNumbers/{number}")
        return resource

    async def import_order(self, *numbers: str, **changes: object) -> httpx.Response:
        """Submit an order that imports numbers."""
        body = {"regionCode": "US", "numbers": numbers, "servicePlanId": SERVICE_PLAN, "campaignId": CAMPAIGN}
        return await self.post("/hostingOrders:importNumbers", body | changes)

    async def order_state(self, hosting_order_id: str) -> str:
        state: str = (await self.get(f"/hostingOrders/{hosting_order_id}"))["state"]
        return state

    async def number_in(self, hosting_order_id: str, number: str) -> dict[str, Any]:
        resource: dict[str, Any] = await self.get(f"/hostingOrders/{hosting_order_id}/numbers/{number}")
        return resource

    async def look(self, what: str, **query: object) -> Any:
        answer = await self.control.get(f"/_sim/{what}", params={key: str(value) for key, value in query.items()})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def tell(self, what: str, body: object | None = None) -> Any:
        answer = await self.control.post(f"/_sim/{what}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def ledger(self, kind: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = (await self.look("ledger", kind=kind))["entries"]
        return entries

    async def advance(self, *, hours: float) -> None:
        await self.tell("clock", {"advance_seconds": hours * HOUR})

    async def mail_invoices(self, numbers: Iterable[str], **changes: Any) -> None:
        await self.send_mail(invoice_mail(numbers, **changes))

    async def send_mail(self, message: EmailMessage) -> None:
        host, port = self.endpoints.smtp.split(":")
        await aiosmtplib.send(message, hostname=host, port=int(port), start_tls=False, use_tls=False)


def invoice_mail(
    numbers: Iterable[str],
    *,
    message_id: str = "<invoices-1@example.com>",
    to: str = "orders@sinch.com",
    project: str = LOCAL_PROJECT_ID,
    attachment: bytes | None = PDF,
) -> EmailMessage:
    """A mail with invoices as the orders desk wants it, but for the changes."""
    message = EmailMessage()
    message["Message-ID"] = message_id
    message["From"] = "onboarding@example.com"
    message["To"] = to
    message["Subject"] = "Invoices"
    message.set_content("\n".join([f"Project: {project}", "Numbers:", *numbers]))
    if attachment is not None:
        message.add_attachment(attachment, maintype="application", subtype="pdf", filename="invoice.pdf")
    return message


@contextlib.asynccontextmanager
async def driving(settings: SimulatorSettings | None = None) -> AsyncIterator[Driver]:
    """A simulator and its driver, with a bearer token in hand."""
    async with running(settings) as simulator, contextlib.AsyncExitStack() as stack:
        endpoints = simulator.endpoints
        api = await stack.enter_async_context(
            httpx.AsyncClient(verify=TRUSTS_NOBODY, base_url=endpoints.sinch_imported, timeout=30)
        )
        control = await stack.enter_async_context(
            httpx.AsyncClient(verify=TRUSTS_NOBODY, base_url=endpoints.simulator_control, timeout=60)
        )
        answer = await api.post(endpoints.sinch_oauth, auth=KEY, data={"grant_type": "client_credentials"})
        api.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        yield Driver(endpoints, api, control)


@dataclass
class Receiver:
    """A callback receiver: what it got, byte for byte, and what it is to answer."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def events(self) -> list[dict[str, Any]]:
        """The events it got, in order of arrival."""
        return [json.loads(body) for _, body in self.got]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                lines = (line.partition(": ") for line in head.split("\r\n")[1:] if line)
                headers = {name.lower(): value for name, _, value in lines}
                self.got.append((headers, await reader.readexactly(int(headers["content-length"]))))
                status = self.statuses.pop(0) if self.statuses else 200
                writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n".encode())
                await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """A callback receiver on a free port."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/callbacks/abc"
    async with server:
        yield receiver
