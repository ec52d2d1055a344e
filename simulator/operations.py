"""What every API operation goes through before and after its own work: faults, counting, and the loss of its answer."""

import asyncio
import socket
import struct
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from weakref import WeakSet

from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from simulator.errors import ApiError, Envelope
from simulator.faults import Fault, FaultKind, Faults

CONNECTION = "simulator.connection"

_NO_LINGERING = struct.pack("ii", 1, 0)
"""For SO_LINGER: closing the socket resets its connection."""

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A request as an operation sees it; ``path`` holds the path parameters, ``raw_path`` is the path as sent."""

    method: str
    raw_path: str
    path: dict[str, str]
    query: QueryParams
    authorization: str
    content_type: str
    timestamp: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Operation:
    """One API operation: its id, where it is, and what answers it."""

    operation_id: str
    method: str
    path: str
    answer: Callable[[Call], Response]
    envelope: Envelope = Envelope.FLAT


class Gateway:
    """Lets requests through to operations, with the faults in force, and counts how each ended."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._unanswered: set[asyncio.Transport] = set()
        self._connections: WeakSet[asyncio.Transport] = WeakSet()

    def route(self, operation: Operation) -> Route:
        """The route on which the operation is served."""
        return Route(operation.path, _Endpoint(self, operation), methods=[operation.method])

    def counts(self) -> dict[str, dict[str, int]]:
        """How many requests ended how: by operation, then by HTTP status, ``cut`` or ``timeout``."""
        return {operation: dict(counter) for operation, counter in self._counts.items()}

    def count(self, operation_id: str, ending: str) -> None:
        """Count one request."""
        self._counts[operation_id][ending] += 1

    def strike(self, operation_id: str) -> Fault | None:
        """The fault that befalls the next request to the operation, if any."""
        return self._faults.strike(operation_id)

    def remember(self, scope: Scope) -> None:
        """Take note of the connection that a request came in by."""
        self._connections.add(scope["extensions"][CONNECTION])

    def reset_connections(self) -> int:
        """Reset every open connection, whatever is on its way there; how many there were."""
        open_ones = [connection for connection in self._connections if not connection.is_closing()]
        for connection in open_ones:
            connection.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
            connection.abort()
        return len(open_ones)

    async def leave_unanswered(self, scope: Scope, receive: Receive) -> None:
        """Keep a request waiting until its client gives up or the simulator ends."""
        transport = scope["extensions"][CONNECTION]
        self._unanswered.add(transport)
        try:
            await _disconnect(receive)
        finally:
            self._unanswered.discard(transport)

    def give_up_unanswered(self) -> None:
        """Close the connections of all requests that are kept waiting."""
        for transport in self._unanswered:
            transport.abort()


class _Endpoint:
    def __init__(self, gateway: Gateway, operation: Operation) -> None:
        self._gateway = gateway
        self._operation = operation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._gateway.remember(scope)
        try:
            call = await _call(Request(scope, receive))
        except ClientDisconnect:
            return
        fault = self._gateway.strike(self._operation.operation_id)
        if fault is None:
            await self._answer(call, scope, receive, send)
        elif fault.kind is FaultKind.LATE:
            await self._answer(call, scope, receive, send, seconds_late=fault.seconds)
        else:
            if fault.commits:
                self._operation.answer(call)
            await self._fail(fault, scope, receive, send)

    async def _answer(self, call: Call, scope: Scope, receive: Receive, send: Send, seconds_late: float = 0) -> None:
        response = self._operation.answer(call)
        self._gateway.count(self._operation.operation_id, str(response.status_code))
        await asyncio.sleep(seconds_late)
        await response(scope, receive, send)

    async def _fail(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        operation_id = self._operation.operation_id
        match fault.kind:
            case FaultKind.STATUS | FaultKind.STATUS_AFTER_COMMIT:
                self._gateway.count(operation_id, str(fault.status))
                await _status_answer(fault, self._operation.envelope)(scope, receive, send)
            case FaultKind.TIMEOUT:
                self._gateway.count(operation_id, "timeout")
                await self._gateway.leave_unanswered(scope, receive)
            case FaultKind.CUT_BEFORE | FaultKind.CUT_AFTER:
                self._gateway.count(operation_id, "cut")
                scope["extensions"][CONNECTION].abort()
                await _disconnect(receive)


async def _call(request: Request) -> Call:
    return Call(
        method=request.method,
        raw_path=request.scope["raw_path"].decode(),
        path=request.path_params,
        query=request.query_params,
        authorization=request.headers.get("authorization", ""),
        content_type=request.headers.get("content-type", ""),
        timestamp=request.headers.get("x-timestamp", ""),
        body=await request.body(),
    )


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _status_answer(fault: Fault, envelope: Envelope) -> Response:
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    if fault.status == 401:
        headers["WWW-Authenticate"] = 'Bearer error="invalid_token", error_description="the access token expired"'
    if fault.status == 429:
        problem = {
            "type": "https://developers.sinch.com/docs/errors/registry/too-many-requests",
            "title": "Too Many Requests",
            "detail": "The simulator was told to answer so.",
        }
        return JSONResponse(problem, 429, headers, media_type="application/problem+json")
    error = ApiError(fault.status, "The simulator was told to answer so.")
    return JSONResponse(error.body(envelope), fault.status, headers)
