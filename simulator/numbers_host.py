"""The API host of rented numbers: which operation is where. Sinch API: Numbers.

A further operation is a function in one of the modules named ``..._operations`` and one more line here.
"""

from starlette.applications import Starlette

from simulator import active_number_operations as active
from simulator import available_number_operations as available
from simulator.api_host import CALLBACK_CONFIGURATION, PROJECT, Answer, ProjectOperation, api_host
from simulator.callback_configuration_operations import CallbackConfigurationOperations
from simulator.errors import Envelope
from simulator.world import World

_AVAILABLE = f"{PROJECT}/availableNumbers"
_AVAILABLE_NUMBER = f"{_AVAILABLE}/{{phone_number}}"
_ACTIVE = f"{PROJECT}/activeNumbers"
_ACTIVE_NUMBER = f"{_ACTIVE}/{{phone_number}}"


def numbers_host(world: World) -> Starlette:
    """The application of the host, on a world."""

    def operation(operation_id: str, method: str, path: str, answer: Answer) -> ProjectOperation:
        return ProjectOperation(operation_id, method, path, answer, Envelope.NESTED)

    configuration = CallbackConfigurationOperations(lambda project: project.numbers_callback_configuration)
    # fmt: off
    operations = [
        operation("NumberService_ListAvailableNumbers", "GET", _AVAILABLE, available.search),
        operation("NumberService_RentAnyNumber", "POST", f"{_AVAILABLE}:rentAny", available.rent_any),
        operation("NumberService_RentNumber", "POST", f"{_AVAILABLE_NUMBER}:rent", available.rent),
        operation("NumberService_GetAvailableNumber", "GET", _AVAILABLE_NUMBER, available.get),
        operation("NumberService_ListActiveNumbers", "GET", _ACTIVE, active.list_numbers),
        operation("NumberService_ReleaseNumber", "POST", f"{_ACTIVE_NUMBER}:release", active.release),
        operation("NumberService_GetActiveNumber", "GET", _ACTIVE_NUMBER, active.get),
        operation("NumberService_UpdateActiveNumber", "PATCH", _ACTIVE_NUMBER, active.update),
        operation(
            "NumberService_ListAvailableRegions", "GET", f"{PROJECT}/availableRegions", available.list_regions
        ),
        operation("GetCallbackConfiguration", "GET", CALLBACK_CONFIGURATION, configuration.get),
        operation("UpdateCallbackConfiguration", "PATCH", CALLBACK_CONFIGURATION, configuration.update),
    ]
    # fmt: on
    return api_host(world, operations, Envelope.NESTED)
