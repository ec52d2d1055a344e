"""Settings of the command itself; those of Temporal come from its CLI's variables and profiles."""

from urllib.parse import quote

from pydantic import Field
from temporalio.client import Client

from activities.document_store import DocumentStore
from activities.settings import DocumentSettings
from processes.settings import Settings
from starter.exits import Exit, Stop


class CommandSettings(Settings):
    """Where the Web UI is."""

    web_ui: str = Field(default="http://localhost:8233", description="the address of the Temporal Web UI")


class PlannedMailSettings(Settings):
    """What a dry run says of the invoice mails; nothing of it has to be set for that."""

    sinch_project_id: str = Field(default="<Sinch project id>", description="the project id of the Sinch dashboard")
    orders_desk: str = Field(default="orders@sinch.com", description="the address where Sinch takes invoices")


def web_ui_link(client: Client, batch: str) -> str:
    """The Web UI page that lists the workflows of a batch."""
    query = quote(f'OnboardingBatch="{batch}"', safe="")
    return f"{CommandSettings.read().web_ui.rstrip('/')}/namespaces/{client.namespace}/workflows?query={query}"


def document_store() -> DocumentStore:
    """The configured store. Raises Stop where its URL is of a kind that cannot be opened here."""
    url = DocumentSettings.read().document_store
    try:
        return DocumentStore(url)
    except (ImportError, ValueError) as error:
        raise Stop(f"ONBOARD_DOCUMENT_STORE: {error}", Exit.CONFIGURATION) from None
