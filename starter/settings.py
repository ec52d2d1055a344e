"""Settings of the command itself; those of Temporal come from its CLI's variables and profiles."""

from urllib.parse import quote

from pydantic import Field
from temporalio.client import Client

from processes.settings import Settings


class CommandSettings(Settings):
    """Where the Web UI is."""

    web_ui: str = Field(default="http://localhost:8233", description="the address of the Temporal Web UI")


def web_ui_link(client: Client, batch: str) -> str:
    """The Web UI page that lists the workflows of a batch."""
    query = quote(f'OnboardingBatch="{batch}"', safe="")
    return f"{CommandSettings.read().web_ui.rstrip('/')}/namespaces/{client.namespace}/workflows?query={query}"
