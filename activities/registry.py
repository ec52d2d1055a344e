"""All activities by worker role and task queue, on clients that live as long as the worker."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

from activities.active_numbers import ActiveNumbers
from activities.available_numbers import AvailableNumbers
from activities.callback_address import CallbackAddress
from activities.confirmation import Confirmation
from activities.document_store import DocumentStore
from activities.documents import Documents
from activities.hosting_orders import HostingOrders
from activities.import_rows import ImportRows
from activities.imported_numbers import ImportedNumbers
from activities.imports import Imports
from activities.invoices import Invoices
from activities.legacy_clients import LegacyClients, legacy_clients
from activities.legacy_numbers import LegacyNumbers
from activities.linking import Linking
from activities.mail import Mailer
from activities.notifications import Notifications
from activities.number_lists import NumberLists
from activities.qualification import Qualification
from activities.reviews import QualifiedNumberReader
from activities.settings import CallbackSettings, DocumentSettings, MailSettings
from activities.voice import Voice
from onboarding.task_queues import MAIL, WORKFLOWS, sinch_queue
from processes.settings import InvalidSettings
from processes.sinch_profiles import project_ids, sinch_profiles
from sinch_numbers import SinchNumbers

Activities = Sequence[Callable[..., Any]]

ActivitiesByQueue = Mapping[str, Activities]
"""What a role runs: a worker for each task queue, with these activities."""


@asynccontextmanager
async def document_activities() -> AsyncIterator[ActivitiesByQueue]:
    """What the `workflows` role runs beside the workflows."""
    store = DocumentStore(DocumentSettings.read().document_store)
    documents, lists = Documents(store), NumberLists(store)
    yield {
        WORKFLOWS: [
            documents.read_manifest,
            documents.store_group_rows,
            documents.store_group_files,
            documents.write_report,
            ImportRows(store).keep,
            lists.read_list,
            lists.write_report,
        ]
    }


@asynccontextmanager
async def sinch_activities() -> AsyncIterator[ActivitiesByQueue]:
    """What the `sinch` role runs: for each profile one client, one connection pool, one token, one shared listing."""
    profiles, callbacks = sinch_profiles(), _callback_address(CallbackSettings.read())
    async with AsyncExitStack() as stack:
        yield {
            sinch_queue(name): [
                *sinch_methods(await stack.enter_async_context(profile.client()), callbacks),
                *legacy_methods(await stack.enter_async_context(legacy_clients(profile))),
            ]
            for name, profile in profiles.items()
        }


def sinch_methods(sinch: SinchNumbers, callbacks: CallbackAddress | None) -> Activities:
    """The Sinch activities of one project, on its client."""
    qualification = Qualification(sinch, QualifiedNumberReader(sinch))
    voice, orders = Voice(sinch), HostingOrders(sinch, callbacks)
    imports = Imports(sinch, callbacks)
    linking, imported = Linking(sinch, callbacks), ImportedNumbers(sinch, callbacks)
    available, active = AvailableNumbers(sinch, callbacks), ActiveNumbers(sinch, callbacks)
    return [
        qualification.add_numbers,
        qualification.read_reviews,
        qualification.find_hosting_failures,
        voice.place_call,
        voice.look_after_call,
        voice.check_code,
        orders.create,
        orders.observe,
        imports.import_number,
        imports.order,
        imports.observe,
        imports.remove,
        linking.link,
        linking.read,
        imported.read,
        imported.unlink,
        imported.link,
        imported.remove,
        available.search,
        available.rent,
        active.read,
        active.change,
        Confirmation(sinch).confirm,
    ]


def legacy_methods(clients: LegacyClients) -> Activities:
    """The activities of one profile's account at the legacy Number Administration API."""
    legacy = LegacyNumbers(clients)
    return [
        legacy.read_shop,
        legacy.read_rented,
        legacy.reserve,
        legacy.check_out,
        legacy.assign,
        legacy.unassign,
    ]


@asynccontextmanager
async def mail_activities() -> AsyncIterator[ActivitiesByQueue]:
    """What the `mail` role runs."""
    settings = MailSettings.read()
    mailer = Mailer(settings)
    invoices = Invoices(mailer, DocumentStore(DocumentSettings.read().document_store), settings, project_ids())
    yield {MAIL: [invoices.send, Notifications(mailer, settings).send]}


def _callback_address(settings: CallbackSettings) -> CallbackAddress | None:
    if not settings.callback_public_url:
        return None
    if settings.callback_token_key is None:
        raise InvalidSettings("ONBOARD_CALLBACK_TOKEN_KEY: it must be set where ONBOARD_CALLBACK_PUBLIC_URL is.")
    return CallbackAddress(settings.callback_public_url, settings.callback_token_key)


ACTIVITIES_BY_ROLE: Mapping[str, Callable[[], AbstractAsyncContextManager[ActivitiesByQueue]]] = {
    "workflows": document_activities,
    "sinch": sinch_activities,
    "mail": mail_activities,
}
