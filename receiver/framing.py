"""Refuses requests whose end a proxy in front of us might see somewhere else.

What a proxy takes for the rest of a body and we take for the next request would come from the proxy's address and
with whatever `X-Forwarded-For` its sender likes: it would pass the allow-list (RFC 9112, section 6.3).
"""

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from receiver.outcomes import STATUSES, Outcome


class UnambiguousFraming:
    """ASGI middleware: answers 400 and closes when a request has both `Transfer-Encoding` and `Content-Length`, or
    the former in HTTP/1.0."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, or hand it on."""
        app = _refuse if scope["type"] == "http" and _is_ambiguous(scope) else self._app
        await app(scope, receive, send)


def _is_ambiguous(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return "transfer-encoding" in headers and ("content-length" in headers or scope["http_version"] == "1.0")


_refuse = PlainTextResponse(Outcome.MALFORMED, STATUSES[Outcome.MALFORMED], {"Connection": "close"})
