"""Who may call the legacy hosts: log-in, instances, and the signature of every request.

Sinch API: log in, create an instance, request signing (legacy Number Administration API).
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from simulator.errors import ApiError
from simulator.legacy_bodies import json_object, text_member
from simulator.legacy_errors import missing, refusal, wrong_scheme
from simulator.legacy_settings import LegacyAccount, LegacySettings
from simulator.operations import Call

NUMBER_ADMINISTRATION_KEY = "669762D5-2B10-44E0-8418-BC9EE4457555"
_CONTENT_TYPE = "application/json"
_WITHOUT_MD5 = (b"", b"{}")
"""Bodies that Sinch calls empty; its samples sign both without an MD5."""


@dataclass(frozen=True, slots=True)
class _Instance:
    account: LegacyAccount
    secret: bytes
    ends: float


class LegacyAccess:
    """The accounts, the tokens of those that logged in, and their instances."""

    def __init__(self, settings: LegacySettings) -> None:
        self._settings = settings
        self._tokens: dict[str, LegacyAccount] = {}
        self._instances: dict[str, _Instance] = {}

    def expire_all(self) -> None:
        """End every token and every instance."""
        self._tokens.clear()
        self._instances.clear()

    def log_in(self, call: Call) -> dict[str, Any]:
        """A token for identity and password; raises ApiError 401 when they do not fit."""
        self._check_time(call)
        key = _credentials(call, "application")
        if key.upper() != NUMBER_ADMINISTRATION_KEY:
            raise refusal(40100, "Authorization header: the number administration key is required.")
        password = text_member(json_object(call), "password")
        identity = (call.path["type"], call.path["identity"])
        for account in self._settings.accounts:
            known = (account.identity_type, account.endpoint)
            if identity == known and hmac.compare_digest(
                password.encode(), account.password.get_secret_value().encode()
            ):
                return {"authorization": self._token(account), "user": _user(account)}
        raise refusal(40100, "Authorization: the identity or the password is wrong.")

    def create_instance(self, call: Call) -> dict[str, Any]:
        """An instance for a token; raises ApiError 401 for an unknown one."""
        self._check_time(call)
        token = _credentials(call, "user")
        body = json_object(call)
        account = self._tokens.get(token)
        if account is None or text_member(body, "authorization") != token:
            raise refusal(40100, "Authorization header: the user token is unknown.")
        version = body.get("version")
        if not isinstance(version, dict) or not version.get("os") or not version.get("platform"):
            raise missing("No version specified: os and platform are mandatory.")
        instance_id, secret = secrets.token_hex(16), secrets.token_bytes(16)
        seconds = self._settings.instance_seconds
        self._instances[instance_id] = _Instance(account, secret, time.time() + seconds)
        return {"id": instance_id, "secret": base64.b64encode(secret).decode(), "expiresIn": seconds}

    def account(self, call: Call) -> LegacyAccount:
        """The account that signed a request; raises ApiError 401 or 403 where none did."""
        self._check_time(call)
        instance_id, _, signature = _credentials(call, "instance").partition(":")
        instance = self._instances.get(instance_id)
        if instance is None or instance.ends < time.time():
            raise refusal(40100, "Authorization header: the instance is unknown or has expired.")
        if not any(hmac.compare_digest(signature.encode(), good) for good in _signatures(instance.secret, call)):
            raise refusal(40102, "Invalid Signature")
        return instance.account

    def _token(self, account: LegacyAccount) -> str:
        claims = {
            "applicationKey": NUMBER_ADMINISTRATION_KEY,
            "identity": {"type": account.identity_type, "endpoint": account.endpoint},
            "created": datetime.now().astimezone().isoformat(),
        }
        token = f"{base64.b64encode(json.dumps(claims).encode()).decode()}:{_base64(secrets.token_bytes(32))}"
        self._tokens[token] = account
        return token

    def _check_time(self, call: Call) -> None:
        try:
            off = abs(datetime.fromisoformat(call.timestamp).timestamp() - time.time())
        except (ValueError, OverflowError):
            raise refusal(40101, "Timestamp header: X-Timestamp must be an ISO 8601 time.") from None
        if off > self._settings.clock_tolerance_seconds:
            raise refusal(40101, "Timestamp header: the request is too old or from the future.")


def _credentials(call: Call, required: str) -> str:
    """What follows the scheme in the header ``Authorization``."""
    scheme, _, credentials = call.authorization.partition(" ")
    if not credentials:
        raise _no_header()
    if scheme.lower() != required:
        raise wrong_scheme(required)
    return credentials.strip()


def _no_header() -> ApiError:
    return refusal(40100, "Authorization header: it is missing or malformed.")


def _signatures(secret: bytes, call: Call) -> list[bytes]:
    """Every signature that is good for a request: documents and samples differ on slash and empty body."""
    md5s = [""] if call.body in _WITHOUT_MD5 else []
    if call.body:
        md5s.append(_base64(hashlib.md5(call.body, usedforsecurity=False).digest()))
    content_type = call.content_type or _CONTENT_TYPE
    return [
        _base64(
            hmac.digest(
                secret,
                f"{call.method}\n{md5}\n{content_type}\nx-timestamp:{call.timestamp}\n{resource}".encode(),
                "sha256",
            )
        ).encode()
        for md5 in md5s
        for resource in (call.raw_path, call.raw_path.removeprefix("/"))
    ]


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _user(account: LegacyAccount) -> dict[str, Any]:
    return {
        "id": account.organisation_id + 1,
        "identities": [{"type": account.identity_type, "endpoint": account.endpoint}],
        "profile": {
            "name": {"first": "Jane", "last": "Bloggs", "full": "Jane Bloggs"},
            "contact": {"email": account.endpoint},
        },
    }
