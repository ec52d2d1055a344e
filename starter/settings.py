"""Settings of the command itself; those of Temporal come from its CLI's variables and profiles."""

from urllib.parse import quote

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from temporalio.client import Client


class CommandSettings(BaseSettings):
    """Where the Web UI is."""

    model_config = SettingsConfigDict(env_prefix="ONBOARD_", env_ignore_empty=True, extra="ignore", frozen=True)

    web_ui: str = Field(default="http://localhost:8233", description="address of the Temporal Web UI")


def web_ui_link(client: Client, batch: str) -> str:
    """The Web UI page that lists the workflows of a batch."""
    query = quote(f'OnboardingBatch="{batch}"', safe="")
    return f"{CommandSettings().web_ui.rstrip('/')}/namespaces/{client.namespace}/workflows?query={query}"
