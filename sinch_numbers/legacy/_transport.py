"""One signed request from start to end: instance, signature, one new log-in, typed answer or typed error.

Nothing is retried but once after a 401, which is safe because Sinch refused the first request unseen.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from sinch_numbers._errors import UnreadableResponse
from sinch_numbers._transport import error_of_sending, first_problem
from sinch_numbers.legacy._errors import error_of
from sinch_numbers.legacy._models import Instance
from sinch_numbers.legacy._session import Session
from sinch_numbers.legacy._signing import CONTENT_TYPE, signature, timestamp

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """One request that an instance signs.

    operation and subject only name it in errors. `path` is quoted already and has no leading slash; a `body` of None
    sends no body.
    """

    operation: str
    method: str
    host_url: str
    path: str
    body: Mapping[str, object] | None = None
    subject: str | None = None

    @property
    def content(self) -> bytes:
        """The bytes that are sent: compact JSON, as in Sinch's samples."""
        if self.body is None:
            return b""
        return json.dumps(self.body, separators=(",", ":"), ensure_ascii=False).encode()


class SignedTransport:
    """Sends the signed requests of one client, whichever host they go to."""

    def __init__(
        self, http: httpx.AsyncClient, session: Session, now: Callable[[], datetime], *, signs_leading_slash: bool
    ) -> None:
        self._http = http
        self._session = session
        self._now = now
        self._resource_prefix = "/" if signs_leading_slash else ""

    async def call(self, request: SignedRequest, answer: type[Answer]) -> Answer:
        """Send `request` and parse the body of any 2xx answer. Raises SinchError, see its hierarchy."""
        response = await self._successful_response(request)
        try:
            return TypeAdapter(answer).validate_json(response.content)
        except ValidationError as error:
            raise UnreadableResponse(
                f"the answer is not what Sinch documents: {first_problem(error)}",
                operation=request.operation,
                subject=request.subject,
                http_status=response.status_code,
            ) from error

    async def call_without_answer(self, request: SignedRequest) -> None:
        """Send `request` and ignore the body of any 2xx answer. Raises SinchError, see its hierarchy."""
        await self._successful_response(request)

    async def _successful_response(self, request: SignedRequest) -> httpx.Response:
        instance = await self._session.instance()
        response = await self._send(request, instance)
        if response.status_code == 401:
            self._session.drop(instance)
            response = await self._send(request, await self._session.instance())
        if not response.is_success:
            raise error_of(response, operation=request.operation, subject=request.subject)
        return response

    async def _send(self, request: SignedRequest, instance: Instance) -> httpx.Response:
        content, signed_at = request.content, timestamp(self._now())
        resource = self._resource_prefix + request.path
        signed = signature(instance.secret.get_secret_value(), request.method, content, signed_at, resource)
        headers = {
            "Authorization": f"Instance {instance.id}:{signed}",
            "X-Timestamp": signed_at,
            "Content-Type": CONTENT_TYPE,
        }
        url = f"{request.host_url.rstrip('/')}/{request.path}"
        try:
            return await self._http.request(request.method, url, content=content or None, headers=headers)
        except httpx.RequestError as error:
            raise error_of_sending(error, operation=request.operation, subject=request.subject) from error
