"""The receiver on a free loopback port, in this process, and what a test sends to it."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from onboarding.callback_tokens import make_token
from processes.sinch_profiles import CallbackProfile
from receiver.application import application
from receiver.connections import DEFAULT_LIMITS, ConnectionLimits
from receiver.project_secrets import project_secrets
from receiver.server import Server
from receiver.settings import ReceiverSettings
from receiver.signals import SignalSender
from sinch_numbers.callbacks import signature
from tests.plain_http import TRUSTS_NOBODY
from tests.receiver.recorded_signals import RecordedSignals

TOKEN_KEY = "a-token-key-for-tests-0123456789abcdef"
SECRET = "callback-secret-0123456789-abcdefgh"

_workflow_numbers = itertools.count(1)


def fresh_workflow_id() -> str:
    """A workflow no other test has signalled."""
    return f"HostingOrder:test-{next(_workflow_numbers)}:0001:1"


def path_for(workflow_id: str, *, key: str = TOKEN_KEY) -> str:
    """Path of a workflow's callback URL."""
    return f"/callbacks/{make_token(workflow_id, key.encode())}"


def event_body(**fields: object) -> bytes:
    """Body of a callback: Sinch's own sample, with `fields` put over it."""
    sample = {
        "resourceType": "IMPORTED_NUMBER",
        "eventType": "LINK_TO_10DLC_CAMPAIGN",
        "eventId": "abcd1234efghijklmnop567890",
        "timestamp": "2023-06-06T07:45:27.785357Z",
        "projectId": "abcd12ef-ab12-ab12-bc34-abcdef123456",
        "resourceId": "+12345612345",
        "status": "FAILED",
        "failureCode": "CAMPAIGN_NOT_AVAILABLE",
    }
    return json.dumps(sample | fields).encode()


def signed(body: bytes, *, secret: str = SECRET) -> dict[str, str]:
    """The headers Sinch sends with this body."""
    return {"X-Sinch-Signature": signature(SecretStr(secret), body), "Content-Type": "application/json"}


def head(path: str, *headers: str) -> bytes:
    """A request up to the end of its headers."""
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: receiver", *headers, "", ""]).encode()


def callback_request(workflow_id: str, *headers: str) -> bytes:
    """A whole genuine callback as bytes, with more headers if wanted."""
    body = event_body()
    lines = [f"{name}: {value}" for name, value in signed(body).items()]
    return head(path_for(workflow_id), f"Content-Length: {len(body)}", *lines, *headers) + body


class ServedReceiver:
    """A receiver at `url` with an HTTP client for it; `signals` is where its signals go."""

    def __init__(self, url: str, client: httpx.AsyncClient, signals: RecordedSignals) -> None:
        self.url = url
        self.client = client
        self.signals = signals

    async def post(
        self, workflow_id: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """Send a callback as Sinch does, with more headers if wanted."""
        content = event_body() if body is None else body
        return await self.client.post(path_for(workflow_id), content=content, headers=signed(content) | (headers or {}))

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A bare connection, for requests no HTTP library would send."""
        address = urlsplit(self.url)
        return await asyncio.open_connection(address.hostname, address.port)

    async def exchange(self, *requests: bytes) -> bytes:
        """Send these bytes on one connection; everything that is answered until the receiver closes it."""
        reader, writer = await self.connect()
        with suppress(ConnectionError):
            for request in requests:
                writer.write(request)
                await writer.drain()
        answer = bytearray()
        with suppress(ConnectionError):
            while piece := await reader.read(65536):
                answer += piece
        writer.close()
        return bytes(answer)

    async def metric(self, sample: str) -> float:
        """Value of one sample in `/metrics`, named as it stands there."""
        for line in (await self.client.get("/metrics")).text.splitlines():
            if line.startswith(f"{sample} "):
                return float(line.rpartition(" ")[2])
        raise AssertionError(f"no sample {sample}")


def settings(**changed: object) -> ReceiverSettings:
    """Settings of a receiver for tests."""
    values: dict[str, object] = {"callback_token_key": TOKEN_KEY, "callback_secrets": SECRET}
    return ReceiverSettings.model_validate(values | changed)


@asynccontextmanager
async def serving(
    signals: SignalSender | None = None,
    *,
    profiles: Mapping[str, CallbackProfile] | None = None,
    body_seconds: float = 10.0,
    most_waiting: int = 1000,
    limits: ConnectionLimits = DEFAULT_LIMITS,
    **changed: object,
) -> AsyncIterator[ServedReceiver]:
    """Serve one receiver; `changed` are settings. Without profiles it takes events of every project."""
    recorded, read = RecordedSignals(), settings(**changed)
    secrets = project_secrets(profiles or {}, read.callback_secrets)
    app = application(read, secrets, signals or recorded, body_seconds=body_seconds, most_waiting=most_waiting)
    server = Server(app, "127.0.0.1", 0, limits)
    running = asyncio.create_task(server.serve())
    url = await server.listening
    try:
        async with httpx.AsyncClient(verify=TRUSTS_NOBODY, base_url=url, timeout=30) as client:
            yield ServedReceiver(url, client, recorded)
    finally:
        server.stop()
        await running
