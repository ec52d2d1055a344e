"""Who may decode: whoever shows the token, or a session that was opened with it.

The `temporal` CLI shows the token as a bearer token (`--codec-auth`). The Web UI cannot, but it can send cookies: a
person opens a session on the login page once a day. The session's cookie is signed with the token, not the token
itself, so a new token ends all sessions.
"""

import hmac
import time
from collections.abc import Callable

from pydantic import SecretStr
from starlette.requests import Request

COOKIE = "onboard_codec_session"
SESSION_SECONDS = 12 * 3600


class Access:
    """Judges requests by one token; `ui_origin` is where sessions are good for."""

    def __init__(self, token: SecretStr, ui_origin: str, clock: Callable[[], float] = time.time) -> None:
        """`clock` counts seconds since the epoch."""
        self._token = token.get_secret_value().encode()
        self._ui_origin = ui_origin
        self._now = clock

    def is_token(self, shown: str) -> bool:
        """Whether it is the token, compared in constant time."""
        return hmac.compare_digest(shown.encode(), self._token)

    def new_session(self) -> str:
        """The value of the cookie: when the session ends, and a signature."""
        ends = f"{self._now() + SESSION_SECONDS:.0f}"
        return f"{ends}.{self._signature(ends)}"

    def is_allowed(self, request: Request) -> bool:
        """Whether the request shows the token, or comes from the Web UI with a session that has not ended."""
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self.is_token(shown.strip())
        return request.headers.get("origin") == self._ui_origin and self._is_session(request.cookies.get(COOKIE, ""))

    def _is_session(self, shown: str) -> bool:
        ends, _, signature = shown.partition(".")
        is_genuine = hmac.compare_digest(signature.encode(), self._signature(ends).encode())
        return is_genuine and self._now() < float(ends)

    def _signature(self, ends: str) -> str:
        return hmac.digest(self._token, f"codec session until {ends}".encode(), "sha256").hex()
