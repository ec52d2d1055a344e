"""The secret with which Sinch signs the callbacks of a project. Where callbacks go is set per order instead.

Sinch API: Imported Numbers and Hosting Orders Callbacks.
"""

from pydantic import SecretStr

from sinch_numbers._checks import check_required
from sinch_numbers._models._callback_configuration import CallbackConfiguration
from sinch_numbers._transport import ApiRequest, Transport

_PATH = "callbackConfiguration"


class CallbackConfigurations:
    """`SinchNumbers.callback_configuration`. Every method raises SinchError."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def get(self) -> CallbackConfiguration:
        """The present configuration. Sinch API: GetCallbackConfiguration."""
        return await self._transport.call(ApiRequest("callback_configuration.get", "GET", _PATH), CallbackConfiguration)

    async def update(self, hmac_secret: SecretStr) -> CallbackConfiguration:
        """Replace the secret; 32 to 36 characters of `A-Za-z0-9-` suit every rule that Sinch has published.

        Repeating it is safe. Sinch API: UpdateCallbackConfiguration.
        """
        operation = "callback_configuration.update"
        check_required(hmac_secret, operation=operation, field="hmacSecret")
        return await self._transport.call(
            ApiRequest(operation, "PATCH", _PATH, body={"hmacSecret": hmac_secret.get_secret_value()}),
            CallbackConfiguration,
        )
