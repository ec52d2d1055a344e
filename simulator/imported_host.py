"""The API host of imported numbers: its operations, their validation and their answers.

Sinch API: Imported Numbers and Hosting Orders. Served are qualified numbers, text-enabling hosting orders and the
callback configuration. A further operation is a method here and one more line in :func:`imported_host`.
"""

from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from simulator.bodies import (
    AddNumbers,
    CallbackConfigurationUpdate,
    TextEnableNumbers,
    VerifyVoiceChallenge,
    parse,
)
from simulator.errors import ApiError, Envelope, FieldViolation, invalid
from simulator.hosting_orders import HostingOrder, HostingOrderNumber, OrderState, OrderType, State
from simulator.operations import Call, Operation
from simulator.paging import PageRequest
from simulator.qualified_numbers import ProcessState
from simulator.queries import demand, literals, region
from simulator.world import World

Resource = dict[str, Any]

_PROJECT = "/v1/projects/{project_id}"
_QUALIFIED = f"{_PROJECT}/qualifiedNumbers"
_ORDERS = f"{_PROJECT}/hostingOrders"
_CONFIGURATION = f"{_PROJECT}/callbackConfiguration"


def imported_host(world: World) -> Starlette:
    """The application of the host, on a world."""
    numbers, orders, configuration = _QualifiedNumbers(world), _HostingOrders(world), _Configuration(world)

    def operation(
        operation_id: str,
        method: str,
        path: str,
        answer: Callable[[Call], Resource],
        envelope: Envelope = Envelope.FLAT,
    ) -> Operation:
        return Operation(operation_id, method, path, _guarded(world, answer, envelope), envelope)

    operations = [
        operation("QualifiedNumberService_ListQualifiedNumbers", "GET", _QUALIFIED, numbers.list),
        operation(
            "QualifiedNumberService_BatchCreateQualifiedNumbers",
            "POST",
            f"{_QUALIFIED}:addNumbers",
            numbers.add,
        ),
        operation(
            "QualifiedNumberService_TextEnableNumbers",
            "POST",
            f"{_QUALIFIED}:textEnableNumbers",
            orders.text_enable_qualified,
        ),
        operation(
            "QualifiedNumberService_SendVoiceChallenge",
            "POST",
            f"{_QUALIFIED}/{{phone_number}}:sendVoiceChallenge",
            numbers.send_voice_challenge,
        ),
        operation(
            "QualifiedNumberService_VerifyVoiceChallenge",
            "POST",
            f"{_QUALIFIED}/{{phone_number}}:verifyVoiceChallenge",
            numbers.verify_voice_challenge,
        ),
        operation("QualifiedNumberService_GetQualifiedNumber", "GET", f"{_QUALIFIED}/{{phone_number}}", numbers.get),
        operation("HostingOrderService_ListHostingOrders", "GET", _ORDERS, orders.list),
        operation("TextEnableNumbers", "POST", f"{_ORDERS}:textEnableNumbers", orders.text_enable),
        operation("GetHostingOrderReport", "GET", f"{_ORDERS}/{{hosting_order_id}}/report", orders.report),
        operation(
            "HostingOrderService_ListHostingOrderNumbers",
            "GET",
            f"{_ORDERS}/{{hosting_order_id}}/numbers",
            orders.list_numbers,
        ),
        operation(
            "HostingOrderService_GetHostingOrderNumber",
            "GET",
            f"{_ORDERS}/{{hosting_order_id}}/numbers/{{phone_number}}",
            orders.get_number,
        ),
        operation("HostingOrderService_GetHostingOrder", "GET", f"{_ORDERS}/{{hosting_order_id}}", orders.get),
        operation("GetCallbackConfiguration", "GET", _CONFIGURATION, configuration.get, Envelope.NESTED),
        operation("UpdateCallbackConfiguration", "PATCH", _CONFIGURATION, configuration.update, Envelope.NESTED),
    ]

    async def unmatched(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        world.gateway.count("unmatched", str(status))
        refusal = ApiError(status, f"There is no operation {request.method} {request.url.path}.")
        return JSONResponse(refusal.body(Envelope.FLAT), status)

    return Starlette(
        routes=[world.gateway.route(operation) for operation in operations],
        exception_handlers={404: unmatched, 405: unmatched},
    )


def _guarded(world: World, answer: Callable[[Call], Resource], envelope: Envelope) -> Callable[[Call], Response]:
    """The operation behind its access check, with refusals in the envelope of the operation."""

    def guarded(call: Call) -> Response:
        try:
            world.access.check(call.authorization, call.path["project_id"])
            return JSONResponse(answer(call))
        except ApiError as error:
            return JSONResponse(error.body(envelope), error.http_status, error.headers)

    return guarded


class _QualifiedNumbers:
    def __init__(self, world: World) -> None:
        self._numbers = world.qualified_numbers
        self._voice = world.voice_challenges
        self._project_id = world.settings.project_id
        self._limit = world.settings.numbers_per_request

    def list(self, call: Call) -> Resource:
        demand(call.query, "states")
        page, total = self._numbers.page(
            PageRequest.of(call.query),
            literals(call.query, "states", ProcessState, ProcessState.UNSPECIFIED),
            region(call.query),
        )
        return {
            "qualifiedNumbers": [number.wire(self._project_id) for number in page.items],
            "nextPageToken": page.next_page_token,
            "totalSize": total,
        }

    def get(self, call: Call) -> Resource:
        return self._numbers.get(call.path["phone_number"]).wire(self._project_id)

    def add(self, call: Call) -> Resource:
        body = parse(AddNumbers, call.body, call.content_type)
        _limit("phoneNumbers", len(body.phone_numbers), self._limit)
        added = self._numbers.add(body.phone_numbers)
        return {"qualifiedNumbers": [number.wire(self._project_id) for number in added]}

    def send_voice_challenge(self, call: Call) -> Resource:
        number = self._numbers.get(call.path["phone_number"])
        self._voice.send(number)
        return number.wire(self._project_id)

    def verify_voice_challenge(self, call: Call) -> Resource:
        body = parse(VerifyVoiceChallenge, call.body, call.content_type)
        number = self._numbers.get(call.path["phone_number"])
        self._voice.verify(number, body.code)
        return number.wire(self._project_id)


class _HostingOrders:
    def __init__(self, world: World) -> None:
        self._orders = world.orders
        self._desk = world.hosting_desk
        self._settings = world.settings

    def text_enable(self, call: Call) -> Resource:
        verified_only = self._settings.hosting_needs_verification
        return self._submit(call, verified_only=verified_only).wire(self._settings.project_id)

    def text_enable_qualified(self, call: Call) -> Resource:
        return {"hostingOrderId": self._submit(call, verified_only=True).hosting_order_id}

    def list(self, call: Call) -> Resource:
        query = call.query
        demand(query, "states", "type", "servicePlanId", "campaignId", may_be_empty="campaignId")
        states = literals(query, "states", OrderState, OrderState.UNSPECIFIED)
        types = literals(query, "type", OrderType, OrderType.UNSPECIFIED)
        region_code = region(query)

        def matches(order: HostingOrder) -> bool:
            return (
                (not states or order.state in states)
                and (not types or OrderType.TEXT_ENABLE in types)
                and region_code in {None, order.request.region_code}
            )

        request = PageRequest.of(query)
        orders = self._orders.of_service(query["servicePlanId"], query["campaignId"])
        page = request.cut(orders, matches)
        return {
            "hostingOrders": [order.wire(self._settings.project_id) for order in page.items],
            "nextPageToken": page.next_page_token,
            "totalSize": sum(map(matches, orders)),
        }

    def get(self, call: Call) -> Resource:
        return self._order(call).wire(self._settings.project_id)

    def report(self, call: Call) -> Resource:
        return dict(self._order(call).report())

    def list_numbers(self, call: Call) -> Resource:
        query = call.query
        osr_update = literals(query, "osrUpdateState", State, State.UNSPECIFIED)
        platform = literals(query, "platformProvisioningState", State, State.UNSPECIFIED)
        campaign = literals(query, "campaignProvisioningState", State, State.UNSPECIFIED)

        def matches(number: HostingOrderNumber) -> bool:
            return (
                (not osr_update or number.osr_update in osr_update)
                and (not platform or number.platform in platform)
                and (not campaign or number.campaign in campaign)
            )

        request = PageRequest.of(query)
        numbers = self._order(call).in_order
        page = request.cut(numbers, matches)
        return {
            "numbers": [number.wire(self._settings.project_id) for number in page.items],
            "nextPageToken": page.next_page_token,
            "totalSize": sum(map(matches, numbers)),
        }

    def get_number(self, call: Call) -> Resource:
        number = self._order(call).number(call.path["phone_number"])
        return number.wire(self._settings.project_id)

    def _order(self, call: Call) -> HostingOrder:
        return self._orders.get(call.path["hosting_order_id"])

    def _submit(self, call: Call, *, verified_only: bool) -> HostingOrder:
        body = parse(TextEnableNumbers, call.body, call.content_type)
        _limit("numbers", len(body.numbers), self._settings.numbers_per_request)
        if body.project_id not in {None, self._settings.project_id}:
            raise invalid(FieldViolation("projectId", "differs from the project in the path"))
        return self._desk.submit(body, verified_only=verified_only)


class _Configuration:
    def __init__(self, world: World) -> None:
        self._callbacks = world.callbacks
        self._project_id = world.settings.project_id

    def get(self, _call: Call) -> Resource:
        return {"projectId": self._project_id, "hmacSecret": self._callbacks.hmac_secret}

    def update(self, call: Call) -> Resource:
        body = parse(CallbackConfigurationUpdate, call.body, call.content_type)
        self._callbacks.hmac_secret = body.hmac_secret
        return self.get(call)


def _limit(field: str, given: int, most: int) -> None:
    if given > most:
        raise invalid(FieldViolation(field, f"{given} numbers; at most {most} in one request"))
