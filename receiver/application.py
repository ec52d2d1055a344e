"""The ASGI application: one route for callbacks, three for whoever operates it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from onboarding.observations import CallbackEvent
from receiver.body import BODY_SECONDS
from receiver.callbacks import CALLBACKS, CallbackEndpoint
from receiver.coalescing import MOST_WAITING, Coalescer
from receiver.metrics import Metrics
from receiver.outcomes import Outcome
from receiver.project_secrets import ProjectSecrets
from receiver.settings import ReceiverSettings
from receiver.signals import SignalSender


def application(
    settings: ReceiverSettings,
    secrets: ProjectSecrets,
    signals: SignalSender,
    *,
    body_seconds: float = BODY_SECONDS,
    most_waiting: int = MOST_WAITING,
) -> ASGIApp:
    """The receiver for these settings; `secrets` tell genuine callbacks, `signals` reaches Temporal.

    A callback's body must arrive within `body_seconds`; at most `most_waiting` events wait for Temporal.
    """
    metrics = Metrics(waiting=lambda: coalescer.waiting)

    async def send(workflow_id: str, events: tuple[CallbackEvent, ...]) -> Outcome:
        metrics.count_signal(len(events))
        return await signals.send(workflow_id, events)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await coalescer.close()

    coalescer = Coalescer(send, most_waiting=most_waiting)
    callbacks = CallbackEndpoint(settings, secrets, coalescer, metrics, body_seconds=body_seconds)
    operation = _Operation(signals, metrics)
    starlette = Starlette(
        routes=[
            Route(f"{CALLBACKS}{{token}}", callbacks, methods=["POST"]),
            Route("/healthz", operation.health),
            Route("/readyz", operation.readiness),
            Route("/metrics", operation.metrics),
        ],
        lifespan=lifespan,
    )
    starlette.router.redirect_slashes = False
    return _CallbacksFirst(callbacks, starlette)


class _CallbacksFirst:
    """Callbacks go straight to their endpoint: the way through Starlette would cost more than all their checks.

    Starlette has the route as well, for what is to be said to other methods and paths.
    """

    def __init__(self, callbacks: ASGIApp, others: ASGIApp) -> None:
        self._callbacks = callbacks
        self._others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._callbacks if scope["type"] == "http" and _is_callback(scope) else self._others
        await app(scope, receive, send)


def _is_callback(scope: Scope) -> bool:
    token = scope["path"].removeprefix(CALLBACKS)
    return scope["method"] == "POST" and token != scope["path"] and token != "" and "/" not in token


class _Operation:
    def __init__(self, signals: SignalSender, metrics: Metrics) -> None:
        self._signals = signals
        self._metrics = metrics

    async def health(self, _: Request) -> Response:
        return PlainTextResponse("up")

    async def readiness(self, _: Request) -> Response:
        if await self._signals.is_reachable():
            return PlainTextResponse("ready")
        return PlainTextResponse("Temporal cannot be reached", 503)

    async def metrics(self, _: Request) -> Response:
        return Response(self._metrics.text(), media_type=CONTENT_TYPE_LATEST)
