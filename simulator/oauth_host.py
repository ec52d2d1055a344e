"""The OAuth host: sells bearer tokens for access keys by the client credentials grant.

Sinch API: authentication (OAuth2 client credentials).
"""

from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response

from simulator.access import TOKEN_SECONDS, Access
from simulator.faults import TOKEN_OPERATION
from simulator.operations import Call, Operation
from simulator.world import World

TOKEN_PATH = "/oauth2/token"  # noqa: S105 - a path


def oauth_host(world: World) -> Starlette:
    """The application of the host, on a world."""
    operation = Operation(TOKEN_OPERATION, "POST", TOKEN_PATH, lambda call: _token(world.access, call))
    return Starlette(routes=[world.gateway.route(operation)])


def _token(access: Access, call: Call) -> Response:
    key = access.key(call.authorization)
    if key is None:
        return _refusal(401, "invalid_client", "the key id or the key secret is wrong")
    if call.content_type.partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        return _refusal(400, "invalid_request", "the body must be application/x-www-form-urlencoded")
    grant_type = parse_qs(call.body.decode(errors="replace")).get("grant_type", [""])[0]
    if grant_type != "client_credentials":
        return _refusal(400, "unsupported_grant_type", "grant_type must be client_credentials")
    token = {
        "access_token": key.token(),
        "token_type": "bearer",
        "expires_in": TOKEN_SECONDS,
        "scope": "",
    }
    return JSONResponse(token, headers={"Cache-Control": "no-store"})


def _refusal(status: int, error: str, description: str) -> Response:
    headers = {"WWW-Authenticate": 'Basic realm="oauth2"'} if status == 401 else {}
    return JSONResponse({"error": error, "error_description": description}, status, headers)
