"""The secret with which one API signs the callbacks of a project. Where callbacks go is set per request instead.

Sinch API: Imported Numbers and Hosting Orders Callbacks; Numbers Callbacks.
"""

from pydantic import SecretStr

from sinch_numbers._checks import check_required
from sinch_numbers._models._callback_configuration import CallbackConfiguration
from sinch_numbers._transport import ApiRequest, Transport

_PATH = "callbackConfiguration"


class CallbackConfigurations:
    """`callback_configuration` or `numbers_callback_configuration` of `SinchNumbers`: each API has its own secret.

    Every method raises SinchError; `name` is what its errors call the resource.
    """

    def __init__(self, transport: Transport, name: str) -> None:
        self._transport = transport
        self._name = name

    async def get(self) -> CallbackConfiguration:
        """The present configuration. Sinch API: GetCallbackConfiguration."""
        return await self._transport.call(ApiRequest(f"{self._name}.get", "GET", _PATH), CallbackConfiguration)

    async def update(self, hmac_secret: SecretStr) -> CallbackConfiguration:
        """Replace the secret; 32 to 36 characters of `A-Za-z0-9-` suit every rule that Sinch has published.

        Repeating it is safe. Sinch API: UpdateCallbackConfiguration.
        """
        operation = f"{self._name}.update"
        check_required(hmac_secret, operation=operation, field="hmacSecret")
        return await self._transport.call(
            ApiRequest(operation, "PATCH", _PATH, body={"hmacSecret": hmac_secret.get_secret_value()}),
            CallbackConfiguration,
        )
