"""Where Sinch sends the events of a request: to the receiver, with a token that names the workflow."""

from pydantic import SecretStr
from temporalio import activity

from onboarding.callback_tokens import make_token


class CallbackAddress:
    """Makes the callback URL of a workflow: the receiver's public address and a signed token."""

    def __init__(self, public_url: str, token_key: SecretStr) -> None:
        """`public_url` is what Sinch can reach, without a slash at its end."""
        self._public_url = public_url.rstrip("/")
        self._token_key = token_key.get_secret_value().encode()

    def of_workflow(self, workflow_id: str) -> str:
        """`{public url}/callbacks/{token}`."""
        return f"{self._public_url}/callbacks/{make_token(workflow_id, self._token_key)}"


def callers_callback_url(callbacks: CallbackAddress | None) -> str | None:
    """The callback URL of the workflow that has called this activity; None where polling alone has to do."""
    workflow_id = activity.info().workflow_id
    return callbacks.of_workflow(workflow_id) if callbacks and workflow_id else None
