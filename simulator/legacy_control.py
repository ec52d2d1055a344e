"""The control requests of the legacy hosts: credit, accounting, and somebody else who changes an application's list."""

from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.control_bodies import read_body
from simulator.errors import not_found
from simulator.legacy_operations import capability_in
from simulator.legacy_organisations import Organisation
from simulator.world import World


class OrganisationChange(BaseModel):
    """What is to change of an organisation: its credit in USD, and whether accounting is set up."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    credit: Decimal | None = Field(default=None, ge=0)
    accounting: bool | None = None


class SomebodyElse(BaseModel):
    """The list that somebody else makes an application's: at once, or right after the next change of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    numbers: list[int]
    after_next_change: bool = False


def legacy_control_routes(world: World) -> list[Route]:
    """The routes, on a world."""
    control = _LegacyControl(world)
    return [
        Route("/_sim/legacy/organisations/{organisation_id}", control.organisation),
        Route("/_sim/legacy/organisations/{organisation_id}", control.change_organisation, methods=["POST"]),
        Route(
            "/_sim/legacy/applications/{application_key}/numbers/{capability}",
            control.somebody_else,
            methods=["POST"],
        ),
    ]


class _LegacyControl:
    def __init__(self, world: World) -> None:
        self._legacy = world.legacy

    async def organisation(self, request: Request) -> Response:
        return _shown(self._organisation(request))

    async def change_organisation(self, request: Request) -> Response:
        organisation = self._organisation(request)
        change = await read_body(OrganisationChange, request)
        if change.credit is not None:
            organisation.credit = change.credit
        if change.accounting is not None:
            organisation.accounting = change.accounting
        return _shown(organisation)

    async def somebody_else(self, request: Request) -> Response:
        body = await read_body(SomebodyElse, request)
        self._legacy.somebody_else(
            request.path_params["application_key"],
            capability_in(request.path_params),
            body.numbers,
            at_once=not body.after_next_change,
        )
        return JSONResponse({})

    def _organisation(self, request: Request) -> Organisation:
        given: str = request.path_params["organisation_id"]
        for organisation in self._legacy.organisations.values():
            if str(organisation.organisation_id) == given:
                return organisation
        raise not_found("organisation", given)


def _shown(organisation: Organisation) -> Response:
    state: dict[str, Any] = {
        "credit": str(organisation.credit),
        "accounting": organisation.accounting,
        "applications": list(organisation.application_keys),
        "numbers": [number.wire() for number in organisation.numbers()],
    }
    return JSONResponse(state)
