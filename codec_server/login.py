"""The login page: a person enters the token once, the browser gets a session that the Web UI's requests carry."""

from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from codec_server.access import COOKIE, SESSION_SECONDS, Access

_PAGE = """<!doctype html>
<html lang="en">
<title>Codec server</title>
<meta name="viewport" content="width=device-width">
<style>body { font: 1rem system-ui; max-width: 32rem; margin: 4rem auto; padding: 0 1rem }</style>
<h1>Codec server</h1>
<p>%s</p>
<form method="post">
<label>Token <input type="password" name="token" autocomplete="current-password" required autofocus></label>
<button>Sign in</button>
</form>
</html>
"""
_ASK = "Enter the token to see decrypted payloads in the Temporal Web UI."
_WRONG = "This is not the token."
_DONE = "You are signed in for 12 hours. Go back to the Temporal Web UI and load the page again."
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}


class Login:
    """The page and what it is answered."""

    def __init__(self, access: Access, *, secure: bool) -> None:
        """`secure` sessions are sent over https alone."""
        self._access = access
        self._secure = secure

    async def page(self, _: Request) -> Response:
        """The empty form."""
        return HTMLResponse(_PAGE % _ASK, headers=_HEADERS)

    async def submitted(self, request: Request) -> Response:
        """A session for the right token, the form again for any other."""
        form = parse_qs((await request.body()).decode(errors="replace"))
        if not self._access.is_token(form.get("token", [""])[0].strip()):
            return HTMLResponse(_PAGE % _WRONG, 401, headers=_HEADERS)
        response = HTMLResponse(_PAGE % _DONE, headers=_HEADERS)
        response.set_cookie(
            COOKIE,
            self._access.new_session(),
            max_age=SESSION_SECONDS,
            secure=self._secure,
            httponly=True,
            samesite="strict",
        )
        return response
