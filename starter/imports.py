"""Imports from the command line: what would be sent, starting one, deciding about its numbers."""

import getpass
import sys

from temporalio.client import Client

from activities.document_store import DocumentStore
from onboarding.batch import GroupSlice
from onboarding.chunks import in_chunks
from onboarding.contracts import import_numbers as contract
from onboarding.contracts.import_numbers import CONSENT_UPDATE, Consent, ImportRequest
from onboarding.contracts.operator import (
    CANCEL_UPDATE,
    RETRY_UPDATE,
    SKIP_UPDATE,
    NumbersAction,
    OperatorAction,
)
from onboarding.ids import import_workflow_id
from onboarding.imports import IMPORT_SLICE, ImportManifest
from onboarding.model import Model
from onboarding.phone_numbers import NotAPhoneNumber, read_e164
from starter.asking import confirm
from starter.batches import Started, start_once, store_slices
from starter.exits import Exit, Stop
from starter.input_imports import ImportInput
from starter.output import Format, counted, document, message
from starter.settings import web_ui_link
from starter.statuses import watch_status
from starter.updates import NotRunning, UpdateRefused, send_update

_LOOK_EVERY_SECONDS = 2.0
_SHOWN_AT_MOST = 20


def show_plan(given: ImportInput, format_: Format) -> None:
    """The dry run: which imports would be made, and what would be waited for."""
    batch = given.batch
    orders = [list(chunk) for chunk in in_chunks(given.numbers, batch.numbers_per_order)]
    data = {
        "import": batch.id,
        "numbers": len(given.numbers),
        "imports": orders,
        "batch": batch.model_dump(
            mode="json", exclude={"loa", "nnid", "verification", "eligible_is_enough", "scheduled_osr_update_time"}
        ),
        "warnings": [warning.model_dump() for warning in given.warnings],
    }
    consent = "given beforehand" if batch.migrate_to_sinch_tmo else f"asked of {batch.contact.email}"
    lines = [
        f"Dry run of import {batch.id} for {batch.customer}: nothing is sent.",
        f"{counted(len(given.numbers), 'number')} of region {batch.region}, service plan {batch.service_plan_id}, "
        f"campaign {batch.campaign_id or 'none'}, profile {batch.profile}",
        f"Imports: {len(orders)}, at most {counted(batch.numbers_per_order, 'number')} each",
        *(f"  {', '.join(numbers)}" for numbers in orders[:_SHOWN_AT_MOST]),
        *([f"  and {len(orders) - _SHOWN_AT_MOST} more"] if len(orders) > _SHOWN_AT_MOST else []),
        f"Consent to migrate what T-Mobile refuses with 60135: {consent}",
        f"Warnings: {len(given.warnings)}",
        *(f"  {warning}" for warning in given.warnings),
    ]
    document(format_, data, "\n".join(lines))


async def import_command(
    client: Client, store: DocumentStore, given: ImportInput, yes: bool, wait: bool, format_: Format
) -> Exit | None:
    """Start the import, or attach to it, and wait for its end where asked. Raises Stop."""
    for warning in given.warnings:
        message(f"warning: {warning}")
    batch = given.batch.id
    if not yes and sys.stdin.isatty() and not confirm(f"Import {counted(len(given.numbers), 'number')}?"):
        raise Stop("nothing was started")
    started = await start_import(client, store, given)
    said = "was started before: attached to it" if started.attached else "is started"
    link = web_ui_link(client, batch)
    data = {"batch": batch, "workflow_id": started.workflow_id, "attached": started.attached, "web_ui": link}
    if not wait or format_ is Format.TEXT:
        document(format_, data, f"import {batch} {said}\nWeb UI: {link}\nwatch it with: onboard status {batch} --watch")
    return await watch_status(client, batch, format_, _LOOK_EVERY_SECONDS) if wait else None


async def start_import(client: Client, store: DocumentStore, given: ImportInput) -> Started:
    """Store the manifest and start the workflow once. Raises Stop when something else has its name."""
    batch = given.batch
    slices = (
        GroupSlice(sequence=sequence, numbers=chunk)
        for sequence, chunk in enumerate(in_chunks(given.numbers, IMPORT_SLICE), start=1)
    )
    stored = await store_slices(store, ImportManifest, batch, slices)
    request = ImportRequest(batch=batch, numbers_total=len(given.numbers), manifest=stored)
    return await start_once(client, store, ImportManifest, contract.WORKFLOW, import_workflow_id(batch.id), request)


async def consent(client: Client, import_id: str, numbers: tuple[str, ...], *, granted: bool) -> str:
    """Tell the import that numbers may be migrated, or may not. Raises Stop when that is refused."""
    asked = Consent(phone_numbers=_e164(numbers), granted=granted, by=getpass.getuser())
    return await _update(client, import_id, CONSENT_UPDATE, asked)


async def retry(client: Client, import_id: str, numbers: tuple[str, ...]) -> str:
    """Import failed numbers again; without numbers, all. Raises Stop when that is refused."""
    asked = NumbersAction(phone_numbers=_e164(numbers), by=getpass.getuser())
    return await _update(client, import_id, RETRY_UPDATE, asked)


async def skip(client: Client, import_id: str, numbers: tuple[str, ...]) -> str:
    """Take numbers out of the import. Raises Stop when that is refused."""
    asked = NumbersAction(phone_numbers=_e164(numbers), by=getpass.getuser())
    return await _update(client, import_id, SKIP_UPDATE, asked)


async def cancel(client: Client, import_id: str) -> str:
    """Import nothing more; what is at Sinch is followed to its end. Raises Stop when that is refused."""
    return await _update(client, import_id, CANCEL_UPDATE, OperatorAction(by=getpass.getuser()))


def _e164(numbers: tuple[str, ...]) -> tuple[str, ...]:
    try:
        return tuple(map(read_e164, numbers))
    except NotAPhoneNumber as error:
        raise Stop(f"--number: {error}", Exit.USAGE) from None


async def _update(client: Client, import_id: str, update: str, asked: Model) -> str:
    try:
        return await send_update(client, import_workflow_id(import_id), update, asked)
    except UpdateRefused as refused:
        raise Stop(str(refused)) from None
    except NotRunning:
        raise Stop(f"import {import_id!r} is not running; see: onboard list", Exit.USAGE) from None
