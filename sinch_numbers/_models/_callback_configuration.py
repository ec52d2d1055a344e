"""The secret that signs the callbacks of a project.

Sinch API: `CallbackConfiguration` of the Imported Numbers and Hosting Orders API and of the Numbers API.
"""

from pydantic import SecretStr

from sinch_numbers._models._base import ApiModel


class CallbackConfiguration(ApiModel):
    """Callback settings of one project at one API; `hmac_secret` is absent until one is set."""

    project_id: str | None = None
    hmac_secret: SecretStr | None = None
