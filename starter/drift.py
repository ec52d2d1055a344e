"""What has become different at Sinch from what a batch asked for, number by number; read there, changed nowhere.

The same comparison as the one a workflow makes when a hosting order is completed (`activities.confirmation`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from temporalio.client import Client

from activities.active_number_reader import ActiveNumberLookup, not_active, seen_of
from activities.confirmation import confirm_numbers
from activities.document_store import DocumentStore
from activities.imported_reader import ImportedNumberReader
from onboarding.active_confirmation import active_findings
from onboarding.active_numbers import ActiveLinks
from onboarding.batch import GroupSlice, Manifest, StoredFile
from onboarding.calls.confirmation import NumberFindings
from onboarding.confirmation import Wanted
from onboarding.contracts.batch import MANIFEST_MEMO
from onboarding.ids import batch_workflow_id, import_workflow_id
from onboarding.stages import Stage
from starter.api.project import sinch_project
from starter.connecting import described_or_none
from starter.exits import Exit, Stop
from starter.number_rows import NumberRow, number_rows
from starter.output import Format, counted, document, message, rows
from starter.rented_numbers import rented_in

_COLUMNS = ("phone_number", "finding", "hosting_order_id", "explanation")

Orders = Mapping[str | None, tuple[str, ...]]
"""Hosting order id (None: no order) -> numbers of it."""


async def show_drift(client: Client, store: DocumentStore, batch: str, profile: str | None, format_: Format) -> Exit:
    """Compare and print one row a finding; exit 3 where there is any. Raises Stop."""
    done = [row for row in await number_rows(client, store, batch) if row.stage == Stage.DONE]
    manifest = await manifest_of(client, store, batch)
    found = await _drift(profile or manifest.batch.profile, await _by_wanted(store, manifest, done))
    found += await _rented_drift(profile, store, manifest, {row.phone_number for row in done})
    orders = {row.phone_number: row.hosting_order_id for row in done}
    return show_findings(f"batch {batch}", len(done), list(_records(found, orders)), _COLUMNS, format_)


def show_findings(
    about: str, done: int, found: Sequence[Mapping[str, str | None]], columns: Sequence[str], format_: Format
) -> Exit:
    """Print the findings about `done` numbers and how many have some; exit 3 where there is any."""
    summary = _summary(about, done, len({record["phone_number"] for record in found}))
    if format_ is Format.TEXT and not found:
        document(format_, {}, summary)
        return Exit.DONE
    rows(format_, found, columns)
    message(summary)
    return Exit.NUMBERS_FAILED if found else Exit.DONE


async def manifest_of(client: Client, store: DocumentStore, batch: str) -> Manifest:
    """What was asked for: by the workflow of a batch, or of an import. Raises Stop where there is none."""
    for workflow_id in (batch_workflow_id(batch), import_workflow_id(batch)):
        described = await described_or_none(client.get_workflow_handle(workflow_id))
        if described is not None:
            file = StoredFile.model_validate(await described.memo_value(MANIFEST_MEMO))
            return Manifest.model_validate_json(await store.read(file))
    raise Stop(f"there is no batch {batch!r}; see: onboard list", Exit.USAGE)


async def _by_wanted(store: DocumentStore, manifest: Manifest, done: Iterable[NumberRow]) -> dict[Wanted, Orders]:
    """The done numbers by what was asked for them, then by hosting order."""
    order_of = {row.phone_number: row.hosting_order_id for row in done}
    grouped: dict[Wanted, dict[str | None, tuple[str, ...]]] = defaultdict(dict)
    for file in manifest.slices:
        part = GroupSlice.model_validate_json(await store.read(file))
        orders = grouped[Wanted.by(manifest.batch.under(part.terms))]
        for number in part.numbers:
            if number in order_of:
                order_id = order_of[number]
                orders[order_id] = (*orders.get(order_id, ()), number)
    return {wanted: orders for wanted, orders in grouped.items() if orders}


async def _drift(profile: str, asked: Mapping[Wanted, Orders]) -> list[NumberFindings]:
    found: list[NumberFindings] = []
    async with sinch_project(profile) as sinch:
        for wanted, orders in asked.items():
            found += await confirm_numbers(sinch, ImportedNumberReader(sinch), orders, wanted)
    return found


async def _rented_drift(
    profile: str | None, store: DocumentStore, manifest: Manifest, done: Collection[str]
) -> list[NumberFindings]:
    """The rented numbers that were linked to the batch's plan and campaign."""
    rented, linked = manifest.rented, [number for number in await rented_in(store, manifest) if number in done]
    if rented is None or not linked:
        return []
    links = ActiveLinks(service_plan_id=rented.service_plan_id, campaign_id=rented.campaign_id)
    found: list[NumberFindings] = []
    async with sinch_project(profile or manifest.batch.profile) as sinch:
        lookup = ActiveNumberLookup(sinch, linked)
        for number in linked:
            active = await lookup.get(number)
            differs = tuple(active_findings(seen_of(active) if active else not_active(number), links))
            if differs:
                found.append(NumberFindings(phone_number=number, findings=differs))
    return found


def _records(found: Iterable[NumberFindings], orders: Mapping[str, str | None]) -> Iterator[Mapping[str, str | None]]:
    for number in found:
        for finding in number.findings:
            yield {
                "phone_number": number.phone_number,
                "finding": finding.code,
                "hosting_order_id": orders[number.phone_number],
                "explanation": finding.sentence,
            }


def _summary(about: str, done: int, differing: int) -> str:
    if not done:
        return f"{about} has no number that is done"
    if not differing:
        return "the number is as asked" if done == 1 else f"all {done} numbers are as asked"
    return f"{differing} of {counted(done, 'number')} not as asked"
