"""Who may call: the project's access key as Basic credentials, and the bearer tokens bought with it.

Sinch API: authentication. Tokens are signed with the key secret, so they outlive a restart of the simulator as
real ones outlive a restart of Sinch; their 3600 seconds are real time.
"""

import base64
import binascii
import hashlib
import hmac
import json
import time

from simulator.errors import ApiError
from simulator.settings import SimulatorSettings

TOKEN_SECONDS = 3600


class Access:
    """Checks credentials of one project and issues its tokens."""

    def __init__(self, settings: SimulatorSettings) -> None:
        self._project_id = settings.project_id
        self._key = f"{settings.key_id}:{settings.key_secret.get_secret_value()}"
        self._signing_key = hashlib.sha256(self._key.encode()).digest()
        self._issued = 0
        self._valid_from = 0.0

    def token(self) -> str:
        """A new bearer token, good for 3600 real seconds."""
        self._issued += 1
        claims = {"issued": time.time(), "number": self._issued}
        payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode()
        return f"{payload}.{self._signature(payload)}"

    def expire_all_tokens(self) -> None:
        """Make every token issued so far an expired one."""
        self._valid_from = time.time()

    def is_key(self, authorization: str) -> bool:
        """Whether the header value carries the access key as Basic credentials."""
        scheme, _, credentials = authorization.partition(" ")
        if scheme.lower() != "basic":
            return False
        try:
            key = base64.b64decode(credentials, validate=True)
        except binascii.Error:
            return False
        return hmac.compare_digest(key, self._key.encode())

    def check(self, authorization: str, project_id: str) -> None:
        """Let an API call pass, or raise ApiError 401 (credentials) or 403 (another project)."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() == "bearer":
            self._check_token(token)
        elif not self.is_key(authorization):
            raise _unauthenticated("the credentials are missing or wrong")
        if project_id != self._project_id:
            raise ApiError(403, f"The access key gives no access to the project {project_id}.")

    def _check_token(self, token: str) -> None:
        payload, _, signature = token.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(payload).encode()):
            raise _unauthenticated("the access token is unknown")
        issued = json.loads(base64.urlsafe_b64decode(payload))["issued"]
        if issued < self._valid_from or issued + TOKEN_SECONDS < time.time():
            raise _unauthenticated("the access token expired")

    def _signature(self, payload: str) -> str:
        return hmac.new(self._signing_key, payload.encode(), hashlib.sha256).hexdigest()


def _unauthenticated(description: str) -> ApiError:
    challenge = f'Bearer error="invalid_token", error_description="{description}"'
    return ApiError(401, description, headers={"WWW-Authenticate": challenge})
