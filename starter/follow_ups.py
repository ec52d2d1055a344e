"""Follow-up batches: `spring` goes on as `spring.2`, `spring.3` ..., each with numbers that failed before it."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.document_store import DocumentStore
from onboarding.batch import GROUP_SIZE, Batch, GroupSlice, Manifest, StoredFile, Terms
from onboarding.chunks import in_chunks
from onboarding.contracts import batch as contract
from onboarding.ids import batch_workflow_id
from onboarding.model import Model
from starter.batches import batch_request, start_once, store_slices, stored_manifest
from starter.exits import Exit, Stop

_NUMBERED = re.compile(r"(?P<first>.+)\.(?P<count>[2-9]|[1-9]\d+)")


class Member(Model):
    """A batch, or one of its follow-ups."""

    batch: str
    running: bool


async def family(client: Client, batch: str) -> list[Member]:
    """The batch and its follow-ups, the first one first. Raises Stop when there is no such batch."""
    first = await _first(client, batch)
    member = await _member(client, first)
    if member is None:
        raise Stop(f"there is no batch {batch!r}; see: onboard list", Exit.USAGE)
    members = [member]
    while (following := await _member(client, next_name(members))) is not None:
        members.append(following)
    return members


def next_name(members: Collection[Member]) -> str:
    """The id of the next follow-up."""
    return f"{next(iter(members)).batch}.{len(members) + 1}"


async def _first(client: Client, batch: str) -> str:
    """A batch that is a follow-up by its name is one only if the batch that it follows is there."""
    numbered = _NUMBERED.fullmatch(batch)
    if numbered and await _member(client, numbered["first"]) is not None:
        return numbered["first"]
    return batch


async def _member(client: Client, batch: str) -> Member | None:
    try:
        described = await client.get_workflow_handle(batch_workflow_id(batch)).describe()
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return None
        raise
    return Member(batch=batch, running=described.status == WorkflowExecutionStatus.RUNNING)


async def slices_of(client: Client, store: DocumentStore, batch: str) -> tuple[Batch, list[GroupSlice]]:
    """A batch as it was started."""
    manifest = Manifest.model_validate_json(await store.read(await stored_manifest(client, batch)))
    return manifest.batch, [GroupSlice.model_validate_json(await store.read(part)) for part in manifest.slices]


def regrouped(slices: Iterable[GroupSlice]) -> list[GroupSlice]:
    """The same numbers in as few groups as their invoices and terms let them share."""
    together: defaultdict[tuple[tuple[StoredFile, ...], Terms | None], list[str]] = defaultdict(list)
    for part in slices:
        together[part.invoices, part.terms] += part.numbers
    cut = [
        (invoices, terms, group)
        for (invoices, terms), chosen in together.items()
        for group in in_chunks(chosen, GROUP_SIZE)
    ]
    return [
        GroupSlice(sequence=sequence, numbers=group, invoices=invoices, terms=terms)
        for sequence, (invoices, terms, group) in enumerate(cut, 1)
    ]


async def start_follow_up(
    client: Client, store: DocumentStore, batch: Batch, name: str, slices: Iterable[GroupSlice]
) -> int:
    """Store and start the follow-up of `batch`; how many numbers it has. Raises Stop when its name is too long."""
    try:
        following = Batch.model_validate({**dict(batch), "id": name})
    except ValueError:
        raise Stop(f"{name!r} is too long for a batch; start the failed numbers as a new one", Exit.USAGE) from None
    parts = list(slices)
    manifest = await store_slices(store, Manifest, following, parts)
    total = sum(len(part.numbers) for part in parts)
    request = batch_request(following, total, manifest)
    await start_once(client, store, Manifest, contract.WORKFLOW, batch_workflow_id(name), request, after=batch.id)
    return total
