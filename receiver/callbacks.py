"""The one route that strangers may reach, `POST /callbacks/{token}`, as a plain ASGI application: it takes a hundred
thousand orders' events, and a request object around each would cost more than all its checks.
"""

from collections.abc import Mapping
from functools import lru_cache
from time import perf_counter

import structlog
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from onboarding.callback_tokens import InvalidToken, read_token
from onboarding.observations import CallbackEvent
from receiver.body import read_body
from receiver.coalescing import Coalescer
from receiver.events import read_event
from receiver.metrics import Metrics
from receiver.outcomes import HEADERS, STATUSES, Outcome, Refused
from receiver.project_secrets import ProjectSecrets
from receiver.sender import SINCH_ADDRESSES, Address, client_address
from receiver.settings import ReceiverSettings
from sinch_numbers.callbacks import SIGNATURE_HEADER, is_genuine

_log = structlog.stdlib.get_logger(__name__)

CALLBACKS = "/callbacks/"
"""Where the paths of callbacks begin; the token is all that follows."""

_SIGNATURE = SIGNATURE_HEADER.lower().encode()
_FORWARDED_FOR = b"x-forwarded-for"

_ANSWERS: Mapping[Outcome, PlainTextResponse] = {
    outcome: PlainTextResponse(outcome.value, STATUSES[outcome], HEADERS.get(outcome)) for outcome in Outcome
}

_token_read = lru_cache(maxsize=4096)(read_token)
"""Only tokens of our own are kept; each of them comes with every event of its order."""


class CallbackEndpoint:
    """Checks a callback and hands its event to `coalescer`; a body must arrive within `body_seconds`."""

    def __init__(
        self,
        settings: ReceiverSettings,
        secrets: ProjectSecrets,
        coalescer: Coalescer,
        metrics: Metrics,
        *,
        body_seconds: float,
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._token_key = settings.callback_token_key.get_secret_value().encode()
        self._coalescer = coalescer
        self._metrics = metrics
        self._body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            outcome = await self._taken(scope, receive)
        except Refused as refused:
            outcome = refused.outcome
            _log.warning("callback refused", outcome=outcome.value, sender=str(self._sender(scope)))
        self._metrics.count_callback(outcome)
        await _ANSWERS[outcome](scope, receive, send)

    async def _taken(self, scope: Scope, receive: Receive) -> Outcome:
        """The checks, cheapest first: nothing is read from a sender who could not have got the URL from us."""
        workflow_id = self._workflow_id(scope)
        self._check_sender(scope)
        raw_body = await read_body(scope, receive, seconds=self._body_seconds)
        self._check_signature(raw_body, next(iter(_values(scope, _SIGNATURE)), None))
        return await self._deliver(workflow_id, read_event(raw_body))

    def _workflow_id(self, scope: Scope) -> str:
        try:
            return _token_read(scope["path"].removeprefix(CALLBACKS), self._token_key)
        except InvalidToken:
            raise Refused(Outcome.BAD_TOKEN) from None

    def _check_sender(self, scope: Scope) -> None:
        if self._settings.callback_allow_list and self._sender(scope) not in SINCH_ADDRESSES:
            raise Refused(Outcome.NOT_ALLOWED)

    def _check_signature(self, raw_body: bytes, signature: str | None) -> None:
        secrets = self._secrets.for_event(raw_body)
        accept_base64 = self._settings.callback_accept_base64
        if not (
            is_genuine(raw_body, signature, secrets.recent(), accept_base64=accept_base64)
            or is_genuine(raw_body, signature, secrets.current(), accept_base64=accept_base64)
        ):
            raise Refused(Outcome.BAD_SIGNATURE)

    def _sender(self, scope: Scope) -> Address | None:
        peer = scope["client"][0] if scope["client"] else None
        return client_address(peer, _values(scope, _FORWARDED_FOR), self._settings.trusted_proxies)

    async def _deliver(self, workflow_id: str, event: CallbackEvent) -> Outcome:
        started = perf_counter()
        outcome = await self._coalescer.deliver(workflow_id, event)
        if outcome is Outcome.TAKEN:
            self._metrics.count_taken(perf_counter() - started)
        return outcome


def _values(scope: Scope, name: bytes) -> list[str]:
    """The values of all headers of that name in lower case, in the order they came."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]
