"""The ASGI application: Temporal's codec protocol (`POST .../encode`, `POST .../decode`), login page, health check.

Bodies are `Payloads` messages as protobuf JSON: `{"payloads": [{"metadata": {"encoding": base64}, "data": base64}]}`.
Only the last part of the path counts, so that an endpoint may carry `{namespace}`, as the CLI's can.
"""

from collections.abc import Awaitable, Callable, Sequence

import structlog
from google.protobuf.json_format import MessageToJson, Parse, ParseError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.converter import PayloadCodec

from codec_server.access import Access
from codec_server.login import Login
from temporal_connection import UnreadablePayload

MOST_BODY_BYTES = 16 * 1024 * 1024
"""A page of a history is 4 MiB at most; base64 and JSON make half as much again of it."""

_PREFIXES = ("", "/{prefix:path}")

_log = structlog.stdlib.get_logger(__name__)

_Convert = Callable[[Sequence[Payload]], Awaitable[list[Payload]]]


def application(codec: PayloadCodec, access: Access, ui_origin: str) -> Starlette:
    """The codec server for these keys; browsers may use it from `ui_origin` alone."""
    login = Login(access, secure=ui_origin.startswith("https:"))
    encode, decode = _Conversion(access, codec.encode), _Conversion(access, codec.decode)
    return Starlette(
        routes=[
            *(Route(f"{prefix}/encode", encode.answer, methods=["POST"]) for prefix in _PREFIXES),
            *(Route(f"{prefix}/decode", decode.answer, methods=["POST"]) for prefix in _PREFIXES),
            Route("/login", login.page),
            Route("/login", login.submitted, methods=["POST"]),
            Route("/healthz", _health),
        ],
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=[ui_origin],
                allow_credentials=True,
                allow_methods=["POST"],
                allow_headers=["Authorization", "Authorization-Extras", "Content-Type", "X-Namespace"],
            )
        ],
        max_body_size=MOST_BODY_BYTES,
    )


class _Conversion:
    """One of the two operations."""

    def __init__(self, access: Access, convert: _Convert) -> None:
        self._access = access
        self._convert = convert

    async def answer(self, request: Request) -> Response:
        if not self._access.is_allowed(request):
            _log.warning("refused", path=request.url.path, sender=request.client.host if request.client else None)
            return PlainTextResponse(
                "Show the token: the CLI by --codec-auth 'Bearer ...', the Web UI after a login on the page /login.\n",
                401,
                {"WWW-Authenticate": "Bearer"},
            )
        try:
            payloads = Parse(await request.body(), Payloads(), ignore_unknown_fields=True).payloads
        except (ParseError, ValueError, RecursionError):
            return PlainTextResponse("The body is no Payloads message in JSON.\n", 400)
        try:
            converted = Payloads(payloads=await self._convert(payloads))
        except UnreadablePayload as error:
            return PlainTextResponse(f"{error}\n", 422)
        return Response(MessageToJson(converted, indent=None), media_type="application/json")


async def _health(_: Request) -> Response:
    return PlainTextResponse("up")
