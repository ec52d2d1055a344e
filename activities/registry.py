"""All activities by worker role, on clients that live as long as the worker."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from activities.confirmation import Confirmation
from activities.document_store import DocumentStore
from activities.documents import Documents
from activities.hosting_orders import CallbackAddress, HostingOrders
from activities.invoices import Invoices
from activities.mail import Mailer
from activities.notifications import Notifications
from activities.qualification import Qualification
from activities.reviews import QualifiedNumberReader
from activities.settings import DocumentSettings, MailSettings, SinchSettings
from activities.voice import Voice
from processes.settings import InvalidSettings
from sinch_numbers import OAuth2ClientCredentials, SinchNumbers

Activities = Sequence[Callable[..., Any]]


@asynccontextmanager
async def document_activities() -> AsyncIterator[Activities]:
    """What the `workflows` role runs beside the workflows."""
    documents = Documents(DocumentStore(DocumentSettings.read().document_store))
    yield [documents.read_manifest, documents.store_group_rows, documents.write_report]


@asynccontextmanager
async def sinch_activities() -> AsyncIterator[Activities]:
    """What the `sinch` role runs: one client, one connection pool, one token."""
    settings = SinchSettings.read()
    credentials = OAuth2ClientCredentials(
        settings.sinch_key_id, settings.sinch_key_secret, token_url=settings.sinch_token_url
    )
    async with SinchNumbers(settings.sinch_project_id, credentials, base_url=settings.sinch_imported_url) as sinch:
        yield sinch_methods(sinch, _callback_address(settings))


def sinch_methods(sinch: SinchNumbers, callbacks: CallbackAddress | None) -> Activities:
    """The Sinch activities on a given client."""
    qualification = Qualification(sinch, QualifiedNumberReader(sinch))
    voice, orders = Voice(sinch), HostingOrders(sinch, callbacks)
    return [
        qualification.add_numbers,
        qualification.read_reviews,
        voice.place_call,
        voice.check_code,
        orders.create,
        orders.observe,
        Confirmation(sinch).confirm,
    ]


@asynccontextmanager
async def mail_activities() -> AsyncIterator[Activities]:
    """What the `mail` role runs."""
    settings = MailSettings.read()
    mailer = Mailer(settings)
    invoices = Invoices(mailer, DocumentStore(DocumentSettings.read().document_store), settings)
    yield [invoices.send, Notifications(mailer, settings).send]


def _callback_address(settings: SinchSettings) -> CallbackAddress | None:
    if not settings.callback_public_url:
        return None
    if settings.callback_token_key is None:
        raise InvalidSettings("ONBOARD_CALLBACK_TOKEN_KEY: it must be set where ONBOARD_CALLBACK_PUBLIC_URL is.")
    return CallbackAddress(settings.callback_public_url, settings.callback_token_key)


ACTIVITIES_BY_ROLE: Mapping[str, Callable[[], Any]] = {
    "workflows": document_activities,
    "sinch": sinch_activities,
    "mail": mail_activities,
}
