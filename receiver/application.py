"""The ASGI application: one route for callbacks, three for whoever operates it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

import structlog
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from onboarding.callback_tokens import InvalidToken, read_token
from onboarding.observations import CallbackEvent
from receiver.body import BODY_SECONDS, read_body
from receiver.coalescing import MOST_WAITING, Coalescer
from receiver.events import read_event
from receiver.metrics import Metrics
from receiver.outcomes import HEADERS, STATUSES, Outcome, Refused
from receiver.project_secrets import ProjectSecrets
from receiver.sender import SINCH_ADDRESSES, Address, client_address
from receiver.settings import ReceiverSettings
from receiver.signals import SignalSender
from sinch_numbers.callbacks import SIGNATURE_HEADER, is_genuine

_log = structlog.stdlib.get_logger(__name__)


def application(
    settings: ReceiverSettings,
    secrets: ProjectSecrets,
    signals: SignalSender,
    *,
    body_seconds: float = BODY_SECONDS,
    most_waiting: int = MOST_WAITING,
) -> Starlette:
    """The receiver for these settings; `secrets` tell genuine callbacks, `signals` reaches Temporal.

    A callback's body must arrive within `body_seconds`; at most `most_waiting` events wait for Temporal.
    """
    receiver = _Receiver(settings, secrets, signals, body_seconds=body_seconds, most_waiting=most_waiting)
    starlette = Starlette(
        routes=[
            Route("/callbacks/{token}", receiver.callback, methods=["POST"]),
            Route("/healthz", receiver.health),
            Route("/readyz", receiver.readiness),
            Route("/metrics", receiver.metrics),
        ],
        lifespan=receiver.lifespan,
    )
    starlette.router.redirect_slashes = False
    return starlette


class _Receiver:
    def __init__(
        self,
        settings: ReceiverSettings,
        secrets: ProjectSecrets,
        signals: SignalSender,
        *,
        body_seconds: float,
        most_waiting: int,
    ) -> None:
        self._settings = settings
        self._secrets = secrets
        self._token_key = settings.callback_token_key.get_secret_value().encode()
        self._signals = signals
        self._body_seconds = body_seconds
        self._coalescer = Coalescer(self._send, most_waiting=most_waiting)
        self._metrics = Metrics(waiting=lambda: self._coalescer.waiting)

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        yield
        await self._coalescer.close()

    async def callback(self, request: Request) -> Response:
        try:
            outcome = await self._taken(request)
        except Refused as refused:
            outcome = refused.outcome
            _log.warning("callback refused", outcome=outcome.value, sender=str(self._sender(request)))
        self._metrics.count_callback(outcome)
        return PlainTextResponse(outcome.value, STATUSES[outcome], HEADERS.get(outcome))

    async def health(self, _: Request) -> Response:
        return PlainTextResponse("up")

    async def readiness(self, _: Request) -> Response:
        if await self._signals.is_reachable():
            return PlainTextResponse("ready")
        return PlainTextResponse("Temporal cannot be reached", 503)

    async def metrics(self, _: Request) -> Response:
        return Response(self._metrics.text(), media_type=CONTENT_TYPE_LATEST)

    async def _taken(self, request: Request) -> Outcome:
        """The checks, cheapest first: nothing is read from a sender who could not have got the URL from us."""
        workflow_id = self._workflow_id(request)
        self._check_sender(request)
        raw_body = await read_body(request, seconds=self._body_seconds)
        self._check_signature(raw_body, request.headers.get(SIGNATURE_HEADER))
        return await self._deliver(workflow_id, read_event(raw_body))

    def _workflow_id(self, request: Request) -> str:
        try:
            return read_token(request.path_params["token"], self._token_key)
        except InvalidToken:
            raise Refused(Outcome.BAD_TOKEN) from None

    def _check_sender(self, request: Request) -> None:
        if self._settings.callback_allow_list and self._sender(request) not in SINCH_ADDRESSES:
            raise Refused(Outcome.NOT_ALLOWED)

    def _check_signature(self, raw_body: bytes, signature: str | None) -> None:
        secrets = self._secrets.for_event(raw_body)
        if not is_genuine(raw_body, signature, secrets, accept_base64=self._settings.callback_accept_base64):
            raise Refused(Outcome.BAD_SIGNATURE)

    def _sender(self, request: Request) -> Address | None:
        peer = request.client.host if request.client else None
        forwarded_for = request.headers.getlist("X-Forwarded-For")
        return client_address(peer, forwarded_for, self._settings.trusted_proxies)

    async def _deliver(self, workflow_id: str, event: CallbackEvent) -> Outcome:
        started = perf_counter()
        outcome = await self._coalescer.deliver(workflow_id, event)
        if outcome is Outcome.TAKEN:
            self._metrics.count_taken(perf_counter() - started)
        return outcome

    async def _send(self, workflow_id: str, events: tuple[CallbackEvent, ...]) -> Outcome:
        self._metrics.count_signal(len(events))
        return await self._signals.send(workflow_id, events)
