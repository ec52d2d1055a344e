"""What every API host is made of: a table of operations, the access check before each, and the answer elsewhere."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from pydantic_core import to_json
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.errors import ApiError, Envelope
from simulator.operations import Call, Operation, Resource
from simulator.project import Project
from simulator.world import World

PROJECT = "/v1/projects/{project_id}"
CALLBACK_CONFIGURATION = f"{PROJECT}/callbackConfiguration"

Answer = Callable[[Project, Call], Resource | None]


class ProjectOperation(NamedTuple):
    """One line of the table; ``answer`` gets the project and the call, and may raise ApiError."""

    operation_id: str
    method: str
    path: str
    answer: Answer
    envelope: Envelope


def api_host(world: World, operations: Iterable[ProjectOperation], envelope: Envelope) -> Starlette:
    """The application of a host of projects, see :func:`host`."""
    return host(world, [_guarded(world, operation) for operation in operations], envelope)


def host(world: World, operations: Iterable[Operation], envelope: Envelope) -> Starlette:
    """The application of a host; errors of requests that are no operation of it come in ``envelope``.

    Where two paths match, the first one is the one meant: a path with a verb, ``+12025550134:sendVoiceChallenge``,
    looks like a number too.
    """
    routes = [world.gateway.route(operation) for operation in operations]

    async def unmatched(request: Request, error: Exception) -> Response:
        allowed = _methods(routes, request.url.path)
        status = 405 if allowed else 404
        world.gateway.count("unmatched", str(status))
        refusal = ApiError(status, f"There is no operation {request.method} {request.url.path}.")
        return JSONResponse(refusal.body(envelope), status, {"Allow": allowed} if allowed else None)

    return Starlette(
        routes=routes,
        exception_handlers={404: unmatched, 405: unmatched},
    )


def _methods(routes: Sequence[Route], path: str) -> str:
    """The methods of a path, joined for the header ``Allow``; an empty string for a path that is not there."""
    meant = next((route.path for route in routes if route.path_regex.match(path)), None)
    return ", ".join(sorted(method for route in routes if route.path == meant for method in route.methods or ()))


def _guarded(world: World, operation: ProjectOperation) -> Operation:
    """The operation behind its access check, with refusals in the envelope of the operation."""

    def guarded(call: Call) -> Response:
        try:
            project_id = call.path["project_id"]
            world.access.check(call.authorization, project_id)
            resource = operation.answer(world.projects[project_id], call)
            return Response() if resource is None else Response(to_json(resource), media_type="application/json")
        except ApiError as error:
            return JSONResponse(error.body(operation.envelope), error.http_status, error.headers)

    return Operation(operation.operation_id, operation.method, operation.path, guarded, operation.envelope)
