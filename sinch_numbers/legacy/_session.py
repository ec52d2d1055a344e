"""Logging in: from identity and password to the instance that signs requests, anew before it ends.

Sinch API: log in, create an instance (legacy Number Administration API).
"""

import asyncio
import json
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import httpx
from pydantic import SecretStr, ValidationError

from sinch_numbers._checks import path_segment
from sinch_numbers._errors import RequestNotSent
from sinch_numbers._models._base import ApiModel
from sinch_numbers._transport import first_problem
from sinch_numbers.legacy._errors import NotLoggedIn, error_of_log_in
from sinch_numbers.legacy._models import AuthenticatedUser, Instance
from sinch_numbers.legacy._settings import LegacySettings
from sinch_numbers.legacy._signing import CONTENT_TYPE, timestamp

NUMBER_ADMINISTRATION_KEY = "669762D5-2B10-44E0-8418-BC9EE4457555"
"""The same for everybody, fixed by Sinch for logging in; no key of an application."""

_OPERATION = "legacy.log_in"
_RENEW_SECONDS_EARLY = 60.0

Answer = TypeVar("Answer", bound=ApiModel)


@dataclass(frozen=True, slots=True)
class LogIn:
    """The account: an identity, by its type (`email` or `number`) and endpoint (the address), and its password."""

    endpoint: str
    password: SecretStr
    type: str = "email"


class Session:
    """One instance for all concurrent requests of a client, created by one of them while the others wait."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        log_in: LogIn,
        settings: LegacySettings,
        monotonic_clock: Callable[[], float],
        now: Callable[[], datetime],
    ) -> None:
        self._http = http
        self._password = log_in.password
        self._subject = log_in.endpoint
        identity = "/".join(
            path_segment(part, operation=_OPERATION, field=field)
            for field, part in (("type", log_in.type), ("identity", log_in.endpoint))
        )
        self._log_in_url = f"{settings.user_url.rstrip('/')}/v1/users/{identity}/authentication"
        self._instance_url = f"{settings.core_url.rstrip('/')}/v1/instance"
        self._monotonic = monotonic_clock
        self._now = now
        self._creating = asyncio.Lock()
        self._instance: Instance | None = None
        self._renew_at = 0.0

    async def instance(self) -> Instance:
        """The instance to sign with now. Raises RequestNotSent or an ErrorResponse when none can be had."""
        instance = self._usable()
        if instance is None:
            async with self._creating:
                instance = self._usable() or await self._create()
        return instance

    def drop(self, refused: Instance) -> None:
        """Told of an instance that was answered with 401: the next one to ask gets another."""
        if self._instance is refused:
            self._instance = None

    def _usable(self) -> Instance | None:
        return self._instance if self._monotonic() < self._renew_at else None

    async def _create(self) -> Instance:
        asked_at = self._monotonic()
        body = {"password": self._password.get_secret_value()}
        user = await self._post(self._log_in_url, f"Application {NUMBER_ADMINISTRATION_KEY}", body, AuthenticatedUser)
        token = user.authorization.get_secret_value()
        client = {"os": platform.system(), "platform": f"Python {platform.python_version()}"}
        instance = await self._post(
            self._instance_url, f"User {token}", {"authorization": token, "version": client}, Instance
        )
        # An instance that lives shorter than two margins is used for half its life instead of never.
        self._renew_at = asked_at + instance.expires_in - min(_RENEW_SECONDS_EARLY, instance.expires_in / 2)
        self._instance = instance
        return instance

    async def _post(self, url: str, authorization: str, body: Mapping[str, object], answer: type[Answer]) -> Answer:
        headers = {
            "Authorization": authorization,
            "X-Timestamp": timestamp(self._now()),
            "Content-Type": CONTENT_TYPE,
        }
        try:
            response = await self._http.post(url, content=json.dumps(body), headers=headers)
        except httpx.RequestError as error:
            raise RequestNotSent(
                f"no answer from {url}: {type(error).__name__} {error}".rstrip(),
                operation=_OPERATION,
                subject=self._subject,
            ) from error
        if not response.is_success:
            raise error_of_log_in(response, operation=_OPERATION, subject=self._subject)
        try:
            return answer.model_validate_json(response.content)
        except ValidationError as error:
            raise NotLoggedIn(
                f"{url} answered without a usable {answer.__name__}: {first_problem(error)}",
                operation=_OPERATION,
                subject=self._subject,
                http_status=response.status_code,
            ) from error
