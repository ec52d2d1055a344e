"""The two ways to prove who is asking: OAuth2 client credentials (production) and Basic (trials only).

A public object of this module says how to authenticate and holds no state; `authorize` turns it into an
`Authorization` that belongs to one client and supplies the header of each request, whichever API host it goes to.

Sinch API: authentication (modern APIs).
"""

import asyncio
import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import httpx
from pydantic import SecretStr, ValidationError

from sinch_numbers._error_responses import error_from_response
from sinch_numbers._errors import ErrorResponse, RateLimited, RequestNotSent, Unauthenticated
from sinch_numbers._models._base import ApiModel

TOKEN_URL = "https://auth.sinch.com/oauth2/token"  # noqa: S105 - an address, not a token
_FETCH_TOKEN = "authentication.fetch_token"  # noqa: S105 - the name of a call
_RENEW_SECONDS_EARLY = 60.0
_DOCUMENTED_LIFETIME_SECONDS = 3600.0
# The key is at fault whatever a 4xx of the token endpoint is called, never the request that needed the token.
_ERROR_OF_TOKEN_STATUS: Mapping[int, type[ErrorResponse]] = {
    400: Unauthenticated,
    401: Unauthenticated,
    403: Unauthenticated,
    429: RateLimited,
}


class Authorization(Protocol):
    """Supplies the `Authorization` header of one client."""

    async def header(self) -> str:
        """The header to send now. Raises RequestNotSent or an ErrorResponse when no token can be had."""

    def renew(self, rejected: str) -> bool:
        """Told of a header that was answered with 401: True when asking for a header again may give another."""


class Authentication(Protocol):
    """How to authenticate: `OAuth2ClientCredentials` or `BasicAuthentication`."""

    def authorize(self, http: httpx.AsyncClient, monotonic_clock: Callable[[], float]) -> Authorization:
        """The supplier of headers for one client. The clock counts seconds."""


@dataclass(frozen=True, slots=True)
class BasicAuthentication:
    """Key id and key secret in every request. Sinch limits it heavily: for trials, not for production."""

    key_id: str
    key_secret: SecretStr

    def authorize(self, http: httpx.AsyncClient, monotonic_clock: Callable[[], float]) -> Authorization:
        return _FixedAuthorization(_basic_header(self.key_id, self.key_secret))


@dataclass(frozen=True, slots=True)
class OAuth2ClientCredentials:
    """Key id and key secret are exchanged for a bearer token that serves for about an hour."""

    key_id: str
    key_secret: SecretStr
    token_url: str = TOKEN_URL

    def authorize(self, http: httpx.AsyncClient, monotonic_clock: Callable[[], float]) -> Authorization:
        return _BearerAuthorization(self, http, monotonic_clock)


class _TokenResponse(ApiModel):
    access_token: SecretStr
    token_type: str = "bearer"  # noqa: S105 - a kind of token
    expires_in: float = _DOCUMENTED_LIFETIME_SECONDS


@dataclass(frozen=True, slots=True)
class _CachedToken:
    header: SecretStr
    renew_at: float


class _FixedAuthorization:
    def __init__(self, header: SecretStr) -> None:
        self._header = header

    async def header(self) -> str:
        return self._header.get_secret_value()

    def renew(self, rejected: str) -> bool:
        return False


class _BearerAuthorization:
    """One token for all concurrent requests of a client, fetched by one of them while the others wait."""

    def __init__(
        self,
        credentials: OAuth2ClientCredentials,
        http: httpx.AsyncClient,
        monotonic_clock: Callable[[], float],
    ) -> None:
        self._credentials = credentials
        self._http = http
        self._now = monotonic_clock
        self._fetching = asyncio.Lock()
        self._cached: _CachedToken | None = None

    async def header(self) -> str:
        cached = self._valid()
        if cached is None:
            async with self._fetching:
                cached = self._valid() or await self._fetch()
                self._cached = cached
        return cached.header.get_secret_value()

    def renew(self, rejected: str) -> bool:
        if self._cached is not None and self._cached.header.get_secret_value() == rejected:
            self._cached = None
        return True

    def _valid(self) -> _CachedToken | None:
        return self._cached if self._cached is not None and self._now() < self._cached.renew_at else None

    async def _fetch(self) -> _CachedToken:
        asked_at = self._now()
        token = _read_token(await self._ask_for_token())
        # A token that lives shorter than two margins is used for half its life instead of never.
        early = min(_RENEW_SECONDS_EARLY, token.expires_in / 2)
        return _CachedToken(
            header=SecretStr(f"Bearer {token.access_token.get_secret_value()}"),
            renew_at=asked_at + token.expires_in - early,
        )

    async def _ask_for_token(self) -> httpx.Response:
        key = _basic_header(self._credentials.key_id, self._credentials.key_secret)
        try:
            return await self._http.post(
                self._credentials.token_url,
                data={"grant_type": "client_credentials"},
                headers={"Authorization": key.get_secret_value()},
            )
        except httpx.RequestError as error:
            raise RequestNotSent(
                f"no access token from {self._credentials.token_url}: {type(error).__name__} {error}".rstrip(),
                operation=_FETCH_TOKEN,
            ) from error


def _read_token(response: httpx.Response) -> _TokenResponse:
    if not response.is_success:
        raise error_from_response(response, operation=_FETCH_TOKEN, error_of_status=_ERROR_OF_TOKEN_STATUS)
    try:
        token = _TokenResponse.model_validate_json(response.content)
    except ValidationError as error:
        raise Unauthenticated(
            "the token endpoint answered without a usable access token",
            operation=_FETCH_TOKEN,
            http_status=response.status_code,
        ) from error
    if token.token_type.lower() != "bearer":
        raise Unauthenticated(
            f"the token endpoint answered with token type {token.token_type!r} instead of bearer",
            operation=_FETCH_TOKEN,
            http_status=response.status_code,
        )
    return token


def _basic_header(key_id: str, key_secret: SecretStr) -> SecretStr:
    pair = f"{key_id}:{key_secret.get_secret_value()}".encode()
    return SecretStr(f"Basic {base64.b64encode(pair).decode()}")
