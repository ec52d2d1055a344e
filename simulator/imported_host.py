"""The API host of imported numbers: which operation is where, and the access check before each.

Sinch API: Imported Numbers and Hosting Orders. A further operation is a function in one of the modules named
``..._operations`` and one more line in :func:`imported_host`.
"""

from starlette.applications import Starlette

from simulator import hosting_order_operations as orders
from simulator import imported_number_operations as imported
from simulator import qualified_number_operations as qualified
from simulator.api_host import CALLBACK_CONFIGURATION, PROJECT, Answer, ProjectOperation, api_host
from simulator.callback_configuration_operations import CallbackConfigurationOperations
from simulator.errors import Envelope
from simulator.world import World

_IMPORTED = f"{PROJECT}/importedNumbers"
_IMPORTED_NUMBER = f"{_IMPORTED}/{{phone_number}}"
_QUALIFIED = f"{PROJECT}/qualifiedNumbers"
_QUALIFIED_NUMBER = f"{_QUALIFIED}/{{phone_number}}"
_ORDERS = f"{PROJECT}/hostingOrders"
_ORDER = f"{_ORDERS}/{{hosting_order_id}}"


def imported_host(world: World) -> Starlette:
    """The application of the host, on a world."""

    def operation(operation_id: str, method: str, path: str, answer: Answer) -> ProjectOperation:
        envelope = Envelope.NESTED if path == CALLBACK_CONFIGURATION else Envelope.FLAT
        return ProjectOperation(operation_id, method, path, answer, envelope)

    configuration = CallbackConfigurationOperations(lambda project: project.callback_configuration)
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
        operation("GetCallbackConfiguration", "GET", CALLBACK_CONFIGURATION, configuration.get),
        operation("UpdateCallbackConfiguration", "PATCH", CALLBACK_CONFIGURATION, configuration.update),
    ]
    # fmt: on
    return api_host(world, operations, Envelope.FLAT)
