"""The control requests about the inventory of numbers to rent."""

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.control_bodies import read_body
from simulator.number_inventory import NumberInventory
from simulator.number_queries import pattern_matcher


class InventoryLimit(BaseModel):
    """How many of the numbers that match a pattern are to be had from now on; without a pattern, of all numbers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pattern: str = ""
    search_pattern: str = "CONTAINS"
    available: int = Field(ge=0)


def inventory_routes(inventory: NumberInventory) -> list[Route]:
    """The requests, as routes of the control host."""

    async def show(_request: Request) -> Response:
        return JSONResponse(inventory.wire())

    async def limit(request: Request) -> Response:
        body = await read_body(InventoryLimit, request)
        matches = pattern_matcher(body.pattern, body.search_pattern)
        inventory.limit(body.pattern, body.search_pattern, matches, body.available)
        return await show(request)

    async def lift_limits(request: Request) -> Response:
        inventory.lift_limits()
        return await show(request)

    return [
        Route("/_sim/inventory", show),
        Route("/_sim/inventory", limit, methods=["POST"]),
        Route("/_sim/inventory", lift_limits, methods=["DELETE"]),
    ]
