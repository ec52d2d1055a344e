"""The calls that onboarding takes, as somebody in a hurry writes them: bare httpx, no models, no retries."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from email.message import EmailMessage
from typing import Any

import aiosmtplib
import httpx

from benchmarks.batch_files import CAMPAIGN, INVOICE, SERVICE_PLAN
from benchmarks.sinch import SinchKey, SinchPorts
from scripts.ports import LOOPBACK

NUMBERS_A_REQUEST = 500
_PAGE = 1000
_STATE = "GLOBAL_PROCESS_STATE_"
_UNDER_REVIEW = (
    "ELIGIBLE",
    "NOT_ELIGIBLE",
    "VERIFICATION_PENDING",
    "VERIFICATION_FAILED",
    "VERIFICATION_BLOCKED",
    "VERIFIED",
)
_LOA = {
    "authorisedPerson": {"firstName": "Avery", "lastName": "Jordan", "email": "avery@example.com"},
    "address": {
        "buildingNumber": "1200",
        "street": "Harbor Lane",
        "city": "San Francisco",
        "state": "CA",
        "postalCode": "94111",
        "country": "US",
    },
    "currentVoiceCarrier": "Prairie Bell",
}


class SinchCalls:
    """One project; every method raises httpx.HTTPError when Sinch does not answer 2xx."""

    def __init__(self, http: httpx.AsyncClient, ports: SinchPorts, project_id: str) -> None:
        self._http = http
        self._project_url = f"{ports.imported_url}/v1/projects/{project_id}"
        self._smtp_port = ports.smtp
        self._project_id = project_id
        self._invoice = INVOICE.read_bytes()

    async def qualify(self, numbers: Sequence[str]) -> None:
        """Put up to 500 numbers up for qualification."""
        await self._post("qualifiedNumbers:addNumbers", {"phoneNumbers": list(numbers)})

    async def mail_invoice(self, numbers: Sequence[str]) -> None:
        """One mail for all these numbers."""
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "onboarding@example.com", "orders@sinch.com", "Invoices"
        mail["Message-ID"] = f"<{numbers[0]}@example.com>"
        mail.set_content("\n".join([f"Project {self._project_id}", *numbers]))
        mail.add_attachment(self._invoice, maintype="application", subtype="pdf", filename="invoice.pdf")
        await aiosmtplib.send(mail, hostname=LOOPBACK, port=self._smtp_port, start_tls=False)

    async def states(self) -> dict[str, str]:
        """Number -> state of all numbers under review, by as many lists as there are states."""
        found: dict[str, str] = {}
        for state in _UNDER_REVIEW:
            path = f"qualifiedNumbers?states={_STATE}{state}&pageSize={_PAGE}"
            async for page in self._pages(path):
                found |= {number["phoneNumber"]: state for number in page["qualifiedNumbers"]}
        return found

    async def state(self, number: str) -> str:
        """The state of one number."""
        answer: str = (await self._get(f"qualifiedNumbers/{number}"))["globalProcessState"]
        return answer.removeprefix(_STATE)

    async def order(self, numbers: Sequence[str], callback_url: str) -> str:
        """Order text enabling of up to 500 numbers; the id of the order."""
        order = {
            "regionCode": "US",
            "numbers": list(numbers),
            "servicePlanId": SERVICE_PLAN,
            "campaignId": CAMPAIGN,
            "displayName": f"order {numbers[0]}",
            "callbackUrl": callback_url,
            "directLoaInfo": _LOA,
        }
        answer: str = (await self._post("hostingOrders:textEnableNumbers", order))["hostingOrderId"]
        return answer

    async def is_completed(self, order_id: str) -> bool:
        """Read the order and its report."""
        order = await self._get(f"hostingOrders/{order_id}")
        await self._get(f"hostingOrders/{order_id}/report")
        return bool(order["state"] == "COMPLETED")

    async def read_numbers(self, order_id: str) -> int:
        """Read the records of all numbers of an order; how many there are."""
        pages = self._pages(f"hostingOrders/{order_id}/numbers?pageSize={_PAGE}")
        return sum([len(page["numbers"]) async for page in pages])

    async def linked_plans(self) -> dict[str, str]:
        """Number -> service plan, of all numbers of the plan and campaign."""
        pages = self._pages(f"importedNumbers?servicePlanId={SERVICE_PLAN}&campaignId={CAMPAIGN}&pageSize={_PAGE}")
        return {
            number["phoneNumber"]: number["smsConfiguration"]["servicePlanId"]
            async for page in pages
            for number in page["importedNumbers"]
        }

    async def _pages(self, path: str) -> AsyncIterator[dict[str, Any]]:
        token = ""
        while True:
            page = await self._get(f"{path}&pageToken={token}" if token else path)
            yield page
            token = page.get("nextPageToken") or ""
            if not token:
                return

    async def _get(self, path: str) -> dict[str, Any]:
        answer: dict[str, Any] = (await self._http.get(f"{self._project_url}/{path}")).raise_for_status().json()
        return answer

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = (
            (await self._http.post(f"{self._project_url}/{path}", json=body)).raise_for_status().json()
        )
        return answer


@asynccontextmanager
async def sinch_calls(ports: SinchPorts, key: SinchKey) -> AsyncIterator[SinchCalls]:
    """The calls with a connection pool of their own."""
    async with httpx.AsyncClient(auth=(key.key_id, key.key_secret), timeout=60.0) as http:
        yield SinchCalls(http, ports, key.project_id)
