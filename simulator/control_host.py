"""The control host: how a test or a developer looks behind the simulated Sinch and steers it. No part of Sinch."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.active_number_outcomes import CARDS as ACTIVE_NUMBER_CARDS
from simulator.callbacks import CallbackPolicy
from simulator.clock import rfc3339
from simulator.control_bodies import read_body
from simulator.errors import ApiError, Envelope, FieldViolation, invalid
from simulator.faults import Fault
from simulator.hosting_orders import HostingOrder
from simulator.inventory_control import inventory_routes
from simulator.legacy_control import legacy_control_routes
from simulator.outcomes import CARDS
from simulator.project import Project
from simulator.smtp_server import SmtpMode
from simulator.world import World


class Advance(BaseModel):
    """How far the clock is to jump, in virtual seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    advance_seconds: float = Field(ge=0)


class Smtp(BaseModel):
    """What the SMTP server is to do with mail."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: SmtpMode


def control_host(world: World) -> Starlette:
    """The application of the host, on a world."""
    control = _Control(world)
    return Starlette(
        routes=[
            Route("/healthz", control.health),
            Route("/_sim/ledger", control.ledger),
            Route("/_sim/requests", control.requests),
            Route("/_sim/phones", control.phones),
            Route("/_sim/phones/{phone_number}", control.phone),
            Route("/_sim/mails", control.mails),
            Route("/_sim/clock", control.clock),
            Route("/_sim/clock", control.advance, methods=["POST"]),
            Route("/_sim/orders/{hosting_order_id}/sign", control.sign, methods=["POST"]),
            Route("/_sim/orders/{hosting_order_id}/reject", control.reject, methods=["POST"]),
            Route("/_sim/tokens/expire", control.expire_tokens, methods=["POST"]),
            Route("/_sim/connections/reset", control.reset_connections, methods=["POST"]),
            Route("/_sim/faults", control.faults),
            Route("/_sim/faults", control.add_fault, methods=["POST"]),
            Route("/_sim/faults", control.clear_faults, methods=["DELETE"]),
            Route("/_sim/callbacks", control.callbacks),
            Route("/_sim/callbacks", control.set_callbacks, methods=["POST"]),
            Route("/_sim/smtp", control.set_smtp, methods=["POST"]),
            Route("/_sim/outcomes", control.outcomes),
            *inventory_routes(world.inventory),
            *legacy_control_routes(world),
        ],
        exception_handlers={ApiError: _refusal},
    )


class _Control:
    def __init__(self, world: World) -> None:
        self._world = world

    async def health(self, _request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ledger(self, request: Request) -> Response:
        since = request.query_params.get("since") or "0"
        if not since.isdecimal():
            raise invalid(FieldViolation("since", f"'{since}' is not the sequence number of an entry"))
        entries = self._world.ledger.read(request.query_params.get("kind") or None, int(since))
        return JSONResponse({"entries": [entry.wire() for entry in entries]})

    async def requests(self, _request: Request) -> Response:
        return JSONResponse(self._world.gateway.counts())

    async def phones(self, _request: Request) -> Response:
        calls = self._world.calls()
        return JSONResponse({number: {"calls": [call.wire() for call in got]} for number, got in calls.items()})

    async def phone(self, request: Request) -> Response:
        calls = self._world.calls_to(request.path_params["phone_number"])
        return JSONResponse({"calls": [call.wire() for call in calls]})

    async def mails(self, _request: Request) -> Response:
        return JSONResponse({"mails": [mail.wire() for mail in self._world.mailbox.all()]})

    async def clock(self, _request: Request) -> Response:
        clock = self._world.clock
        return JSONResponse({"now": rfc3339(clock.now()), "seconds_per_day": clock.seconds_per_day})

    async def advance(self, request: Request) -> Response:
        body = await read_body(Advance, request)
        await self._world.clock.advance(body.advance_seconds)
        return await self.clock(request)

    async def sign(self, request: Request) -> Response:
        project, order = self._order(request)
        project.hosting_desk.sign(order)
        return JSONResponse({"state": order.state})

    async def reject(self, request: Request) -> Response:
        project, order = self._order(request)
        project.hosting_desk.reject(order)
        return JSONResponse({"state": order.state})

    async def expire_tokens(self, _request: Request) -> Response:
        self._world.access.expire_all_tokens()
        self._world.legacy.access.expire_all()
        return JSONResponse({})

    async def reset_connections(self, _request: Request) -> Response:
        return JSONResponse({"reset": self._world.gateway.reset_connections()})

    async def faults(self, _request: Request) -> Response:
        return JSONResponse({"faults": [fault.model_dump(mode="json") for fault in self._world.faults.all()]})

    async def add_fault(self, request: Request) -> Response:
        self._world.faults.add(await read_body(Fault, request))
        return await self.faults(request)

    async def clear_faults(self, request: Request) -> Response:
        self._world.faults.clear()
        return await self.faults(request)

    async def callbacks(self, _request: Request) -> Response:
        callbacks = self._world.callbacks
        state: dict[str, Any] = callbacks.policy.model_dump()
        return JSONResponse(state | {"held": callbacks.held})

    async def set_callbacks(self, request: Request) -> Response:
        self._world.callbacks.set_policy(await read_body(CallbackPolicy, request))
        return await self.callbacks(request)

    async def set_smtp(self, request: Request) -> Response:
        self._world.smtp.mode = (await read_body(Smtp, request)).mode
        return JSONResponse({"mode": self._world.smtp.mode})

    async def outcomes(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "cards": [card.public() for card in CARDS],
                "active_number_cards": [card.public() for card in ACTIVE_NUMBER_CARDS],
            }
        )

    def _order(self, request: Request) -> tuple[Project, HostingOrder]:
        hosting_order_id = request.path_params["hosting_order_id"]
        project = self._world.project_of_order(hosting_order_id)
        return project, project.orders.get(hosting_order_id)


async def _refusal(_request: Request, error: Exception) -> Response:
    if not isinstance(error, ApiError):
        raise error
    return JSONResponse(error.body(Envelope.FLAT), error.http_status)
