"""Who may call: a project's access key as Basic credentials, and the bearer tokens bought with it.

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
from simulator.settings import ProjectSettings, SimulatorSettings

TOKEN_SECONDS = 3600


class AccessKey:
    """The access key of one project: knows its own credentials and the tokens bought with them."""

    def __init__(self, project: ProjectSettings) -> None:
        self.project_id = project.project_id
        self._key = f"{project.key_id}:{project.key_secret.get_secret_value()}"
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
        """Whether the header value carries this key as Basic credentials."""
        scheme, _, credentials = authorization.partition(" ")
        if scheme.lower() != "basic":
            return False
        try:
            key = base64.b64decode(credentials, validate=True)
        except binascii.Error:
            return False
        return hmac.compare_digest(key, self._key.encode())

    def signed(self, token: str) -> bool:
        """Whether a token was bought with this key, expired or not."""
        payload, _, signature = token.partition(".")
        return hmac.compare_digest(signature.encode(), self._signature(payload).encode())

    def has_expired(self, token: str) -> bool:
        """Whether a token bought with this key has come to its end."""
        issued: float = json.loads(base64.urlsafe_b64decode(token.partition(".")[0]))["issued"]
        return issued < self._valid_from or issued + TOKEN_SECONDS < time.time()

    def _signature(self, payload: str) -> str:
        return hmac.new(self._signing_key, payload.encode(), hashlib.sha256).hexdigest()


class Access:
    """The access keys of all projects."""

    def __init__(self, settings: SimulatorSettings) -> None:
        self._keys = [AccessKey(project) for project in settings.projects]

    def expire_all_tokens(self) -> None:
        """Make every token of every project an expired one."""
        for key in self._keys:
            key.expire_all_tokens()

    def key(self, authorization: str) -> AccessKey | None:
        """The access key that a header value carries as Basic credentials."""
        return next((key for key in self._keys if key.is_key(authorization)), None)

    def check(self, authorization: str, project_id: str) -> None:
        """Let an API call pass, or raise ApiError 401 (credentials) or 403 (another project)."""
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() == "bearer":
            keys = [key for key in self._keys if key.signed(token)]
            if not keys:
                raise _unauthenticated("the access token is unknown")
            if keys[0].has_expired(token):
                raise _unauthenticated("the access token expired")
        else:
            keys = [key for key in self._keys if key.is_key(authorization)]
            if not keys:
                raise _unauthenticated("the credentials are missing or wrong")
        if project_id not in {key.project_id for key in keys}:
            raise ApiError(403, f"The access key gives no access to the project {project_id}.")


def _unauthenticated(description: str) -> ApiError:
    challenge = f'Bearer error="invalid_token", error_description="{description}"'
    return ApiError(401, description, headers={"WWW-Authenticate": challenge})
