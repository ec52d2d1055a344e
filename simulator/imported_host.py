"""The API host of imported numbers: which operation is where, and the access check before each.

Sinch API: Imported Numbers and Hosting Orders. A further operation is a function in one of the modules named
``..._operations`` and one more line in :func:`imported_host`.
"""

from collections.abc import Callable, Sequence

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator import callback_configuration_operations as configuration
from simulator import hosting_order_operations as orders
from simulator import imported_number_operations as imported
from simulator import qualified_number_operations as qualified
from simulator.errors import ApiError, Envelope
from simulator.operations import Call, Operation, Resource
from simulator.project import Project
from simulator.world import World

Answer = Callable[[Project, Call], Resource | None]

_PROJECT = "/v1/projects/{project_id}"
_IMPORTED = f"{_PROJECT}/importedNumbers"
_IMPORTED_NUMBER = f"{_IMPORTED}/{{phone_number}}"
_QUALIFIED = f"{_PROJECT}/qualifiedNumbers"
_QUALIFIED_NUMBER = f"{_QUALIFIED}/{{phone_number}}"
_ORDERS = f"{_PROJECT}/hostingOrders"
_ORDER = f"{_ORDERS}/{{hosting_order_id}}"
_CONFIGURATION = f"{_PROJECT}/callbackConfiguration"


def imported_host(world: World) -> Starlette:
    """The application of the host, on a world."""

    def operation(operation_id: str, method: str, path: str, answer: Answer) -> Operation:
        envelope = Envelope.NESTED if path == _CONFIGURATION else Envelope.FLAT
        return Operation(operation_id, method, path, _guarded(world, answer, envelope), envelope)

    # fmt: off
    operations = [
        operation("ImportNumberService_ListImportedNumbers", "GET", _IMPORTED, imported.list_numbers),
        operation("ImportNumberService_ImportNumber", "POST", _IMPORTED, imported.import_number),
        operation("ImportNumberService_GetImportedNumber", "GET", _IMPORTED_NUMBER, imported.get),
        operation("ImportNumberService_UpdateImportedNumber", "PATCH", _IMPORTED_NUMBER, imported.update),
        operation("ImportNumberService_DeleteImportedNumber", "DELETE", _IMPORTED_NUMBER, imported.delete),
        operation("QualifiedNumberService_ListQualifiedNumbers", "GET", _QUALIFIED, qualified.list_numbers),
        operation(
            "QualifiedNumberService_BatchCreateQualifiedNumbers", "POST", f"{_QUALIFIED}:addNumbers", qualified.add
        ),
        operation(
            "QualifiedNumberService_TextEnableNumbers", "POST", f"{_QUALIFIED}:textEnableNumbers",
            orders.text_enable_qualified,
        ),
        operation(
            "QualifiedNumbersTextEnableTollFreeNumbers", "POST", f"{_QUALIFIED}:textEnableTollFreeNumbers",
            orders.text_enable_qualified_toll_free,
        ),
        operation(
            "QualifiedNumberService_SendVoiceChallenge", "POST", f"{_QUALIFIED_NUMBER}:sendVoiceChallenge",
            qualified.send_voice_challenge,
        ),
        operation(
            "QualifiedNumberService_VerifyVoiceChallenge", "POST", f"{_QUALIFIED_NUMBER}:verifyVoiceChallenge",
            qualified.verify_voice_challenge,
        ),
        operation("QualifiedNumberService_GetQualifiedNumber", "GET", _QUALIFIED_NUMBER, qualified.get),
        operation("QualifiedNumberService_DeleteQualifiedNumber", "DELETE", _QUALIFIED_NUMBER, qualified.delete),
        operation("HostingOrderService_ListHostingOrders", "GET", _ORDERS, orders.list_orders),
        operation("HostingOrderService_ImportNumbers", "POST", f"{_ORDERS}:importNumbers", orders.import_numbers),
        operation("TextEnableNumbers", "POST", f"{_ORDERS}:textEnableNumbers", orders.text_enable),
        operation(
            "TextEnableTollFreeNumbers", "POST", f"{_ORDERS}:textEnableTollFreeNumbers", orders.text_enable_toll_free
        ),
        operation("GetHostingOrderReport", "GET", f"{_ORDER}/report", orders.report),
        operation("HostingOrderService_ListHostingOrderNumbers", "GET", f"{_ORDER}/numbers", orders.list_numbers),
        operation(
            "HostingOrderService_GetHostingOrderNumber", "GET", f"{_ORDER}/numbers/{{phone_number}}",
            orders.get_number,
        ),
        operation("HostingOrderService_GetHostingOrder", "GET", _ORDER, orders.get),
        operation("GetCallbackConfiguration", "GET", _CONFIGURATION, configuration.get),
        operation("UpdateCallbackConfiguration", "PATCH", _CONFIGURATION, configuration.update),
    ]
    # fmt: on

    routes = [world.gateway.route(operation) for operation in operations]

    async def unmatched(request: Request, error: Exception) -> Response:
        allowed = _methods(routes, request.url.path)
        status = 405 if allowed else 404
        world.gateway.count("unmatched", str(status))
        refusal = ApiError(status, f"There is no operation {request.method} {request.url.path}.")
        return JSONResponse(refusal.body(Envelope.FLAT), status, {"Allow": allowed} if allowed else None)

    return Starlette(
        routes=routes,
        exception_handlers={404: unmatched, 405: unmatched},
    )


def _methods(routes: Sequence[Route], path: str) -> str:
    """The methods of a path, joined for the header ``Allow``; an empty string for a path that is not there.

    A path with a verb, ``+12025550134:sendVoiceChallenge``, looks like a number too: the first route is the one meant.
    """
    meant = next((route.path for route in routes if route.path_regex.match(path)), None)
    return ", ".join(sorted(method for route in routes if route.path == meant for method in route.methods or ()))


def _guarded(world: World, answer: Answer, envelope: Envelope) -> Callable[[Call], Response]:
    """The operation behind its access check, with refusals in the envelope of the operation."""

    def guarded(call: Call) -> Response:
        try:
            project_id = call.path["project_id"]
            world.access.check(call.authorization, project_id)
            resource = answer(world.projects[project_id], call)
            return Response() if resource is None else JSONResponse(resource)
        except ApiError as error:
            return JSONResponse(error.body(envelope), error.http_status, error.headers)

    return guarded
