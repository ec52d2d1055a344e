"""One API request from start to end: header, sending, one renewal of the token, typed answer or typed error.

Nothing here knows an API host or a resource. Only reads are retried, where the client is told to, and anything once
after a 401, which is safe because Sinch refused the first request unseen.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import httpx
from pydantic import JsonValue, ValidationError

from sinch_numbers._authentication import Authorization
from sinch_numbers._error_responses import error_from_response
from sinch_numbers._errors import (
    OutcomeUnknown,
    RateLimited,
    RequestNotSent,
    ServerError,
    SinchError,
    UnreadableResponse,
)
from sinch_numbers._models._base import ApiModel
from sinch_numbers._rate_limit import RateLimit

Answer = TypeVar("Answer", bound=ApiModel)
Query = Mapping[str, str | int | Sequence[str] | None]

_SURELY_NOT_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)

_PASSING = (RateLimited, ServerError, RequestNotSent, OutcomeUnknown)
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One request below the path of a project.

    operation and subject only name it in errors. `path` is quoted already; `query` leaves out members that are
    None and repeats those with several values; a `body` of None sends no body.
    """

    operation: str
    method: str
    path: str
    query: Query = field(default_factory=dict)
    body: Mapping[str, JsonValue] | None = None
    subject: str | None = None


class Transport:
    """Sends the requests of one client to one API host, no faster than `rate_limit` lets them go.

    A GET is sent again up to `read_retries` times, after a pause in `sleep`.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        authorization: Authorization,
        rate_limit: RateLimit,
        project_url: str,
        *,
        read_retries: int,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._http = http
        self._authorization = authorization
        self._rate_limit = rate_limit
        self._project_url = project_url
        self._read_retries = read_retries
        self._sleep = sleep

    async def call(
        self, request: ApiRequest, answer: type[Answer], shorten: Callable[[bytes], bytes] | None = None
    ) -> Answer:
        """Send `request` and parse the body of any 2xx answer, shortened first where most of it is not wanted.

        Raises SinchError, see its hierarchy.
        """
        response = await self._successful_response(request)
        body = shorten(response.content) if shorten else response.content
        try:
            return answer.model_validate_json(body)
        except ValidationError as error:
            raise UnreadableResponse(
                f"the answer is not a {answer.__name__}: {first_problem(error)}",
                operation=request.operation,
                subject=request.subject,
                http_status=response.status_code,
            ) from error

    async def call_without_answer(self, request: ApiRequest) -> None:
        """Send `request` and ignore the body of any 2xx answer. Raises SinchError, see its hierarchy."""
        await self._successful_response(request)

    async def _successful_response(self, request: ApiRequest) -> httpx.Response:
        for retry in range(self._read_retries if request.method == "GET" else 0):
            try:
                return await self._response_at_one_go(request)
            except _PASSING as error:
                pause = _pause_after(error, _FIRST_PAUSE_SECONDS * 2**retry)
                if pause is None:
                    raise
            await self._sleep(pause)
        return await self._response_at_one_go(request)

    async def _response_at_one_go(self, request: ApiRequest) -> httpx.Response:
        response = await self._send_with_authorization(request)
        if not response.is_success:
            raise error_from_response(response, operation=request.operation, subject=request.subject)
        return response

    async def _send_with_authorization(self, request: ApiRequest) -> httpx.Response:
        await self._rate_limit.take_token()
        header = await self._authorization.header()
        response = await self._send(request, header)
        if response.status_code == 401 and self._authorization.renew(header):
            await self._rate_limit.take_token()
            response = await self._send(request, await self._authorization.header())
        return response

    async def _send(self, request: ApiRequest, header: str) -> httpx.Response:
        query = {name: value for name, value in request.query.items() if value is not None}
        try:
            return await self._http.request(
                request.method,
                f"{self._project_url}/{request.path}",
                params=query or None,
                json=request.body,
                headers={"Authorization": header},
            )
        except httpx.RequestError as error:
            raise error_of_sending(error, operation=request.operation, subject=request.subject) from error


def _pause_after(error: SinchError, usual: float) -> float | None:
    """Seconds until a read is sent again; None where that would keep its caller waiting."""
    if isinstance(error.__cause__, httpx.TimeoutException):
        return None
    pause = usual if error.retry_after is None else error.retry_after
    return pause if pause <= _LONGEST_PAUSE_SECONDS else None


def error_of_sending(error: httpx.RequestError, *, operation: str, subject: str | None) -> SinchError:
    """The typed error for a request that got no answer: whether it surely did not go out, or perhaps did."""
    kind = RequestNotSent if isinstance(error, _SURELY_NOT_SENT) else OutcomeUnknown
    return kind(f"{type(error).__name__} {error}".rstrip(), operation=operation, subject=subject)


def first_problem(error: ValidationError) -> str:
    """Where an answer is not what Sinch documents, and why, without quoting it."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return f"{'.'.join(map(str, first['loc'])) or 'body'}: {first['msg']}"
