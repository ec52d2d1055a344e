"""Starting a batch: store its documents, start its workflow once, attach to the same one, refuse another."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from temporalio.client import Client
from temporalio.common import (
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from activities.document_store import DocumentStore
from onboarding.active_numbers import ActiveLinks
from onboarding.batch import Batch, GroupSlice, Manifest, RentedNumbers, StoredFile, Terms
from onboarding.calls.active_numbers import Relink
from onboarding.calls.imported_numbers import NumberList
from onboarding.contracts import batch as contract
from onboarding.contracts.batch import BatchRequest
from onboarding.contracts.change_active_numbers import ChangeRequest
from onboarding.contracts.import_numbers import ImportRequest
from onboarding.ids import batch_workflow_id, change_of_rented, import_workflow_id
from onboarding.model import Model
from onboarding.search_attributes import started_with
from onboarding.stages import Stage, WaitingOn
from onboarding.task_queues import WORKFLOWS
from starter.exits import Exit, Stop
from starter.input import BatchInput

_SHOWN_AT_MOST = 20


class Started(Model):
    """The batch's workflow; `attached` where the same batch had been started before."""

    workflow_id: str
    attached: bool
    manifest: StoredFile


async def start_batch(client: Client, store: DocumentStore, given: BatchInput, rented: Sequence[str] = ()) -> Started:
    """Start the batch, or attach to it; `rented` are all rented numbers that its file names, wishes resolved.

    Raises Stop when another batch of this name exists.
    """
    to_link = await _store_rented(store, given, rented)
    manifest = await store_manifest(store, given, to_link)
    request = batch_request(given.batch, given.numbers_total, manifest, to_link)
    return await start_once(client, store, Manifest, contract.WORKFLOW, batch_workflow_id(given.batch.id), request)


def batch_request(
    batch: Batch, numbers_total: int, manifest: StoredFile, rented: RentedNumbers | None = None
) -> BatchRequest:
    """What the workflow of a stored batch is started with."""
    return BatchRequest(
        batch=batch.id,
        customer=batch.customer,
        numbers_total=numbers_total + (rented.numbers_total if rented else 0),
        manifest=manifest,
        window=batch.window,
        reconcile=batch.pace.reconcile,
        rented=_change(batch, rented) if rented else None,
    )


def _change(batch: Batch, rented: RentedNumbers) -> ChangeRequest:
    links = ActiveLinks(service_plan_id=rented.service_plan_id, campaign_id=rented.campaign_id)
    return ChangeRequest(
        id=change_of_rented(batch.id),
        change=Relink(links=links),
        numbers=rented.numbers,
        numbers_total=rented.numbers_total,
        profile=batch.profile,
        pace=batch.pace,
    )


async def start_once(
    client: Client,
    store: DocumentStore,
    kind: type[Manifest],
    workflow: str,
    workflow_id: str,
    request: BatchRequest | ImportRequest,
    *,
    after: str = "",
) -> Started:
    """Start a workflow on a stored manifest, or attach to it. Raises Stop when something else has its name.

    `after` is the batch that it follows, if any.
    """
    manifest = request.manifest
    batch = kind.model_validate_json(await store.read(manifest)).batch
    await _refuse_taken_name(client, batch.id, workflow_id)
    try:
        await client.start_workflow(
            workflow,
            request,
            id=workflow_id,
            task_queue=WORKFLOWS,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            memo={contract.MANIFEST_MEMO: manifest.model_dump()},
            search_attributes=started_with(
                batch.id, batch.customer, Stage.PENDING, WaitingOn.NOBODY, request.numbers_total
            ),
            static_summary=f"{request.numbers_total} numbers of {batch.customer}"
            + (f", after {after}" if after else ""),
        )
    except WorkflowAlreadyStartedError:
        known = await _manifest_of(client, workflow_id)
        if known.sha256 != manifest.sha256:
            raise await _differs(store, kind, batch.id, known, manifest) from None
        return Started(workflow_id=workflow_id, attached=True, manifest=manifest)
    return Started(workflow_id=workflow_id, attached=False, manifest=manifest)


async def _refuse_taken_name(client: Client, batch: str, workflow_id: str) -> None:
    """Batches and imports share their names, since they share status, numbers and reports."""
    for other in {batch_workflow_id(batch), import_workflow_id(batch)} - {workflow_id}:
        try:
            await client.get_workflow_handle(other).describe()
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
        else:
            raise Stop(f"{batch} is the name of {other} already; take another id", Exit.USAGE)


async def _store_rented(store: DocumentStore, given: BatchInput, numbers: Sequence[str]) -> RentedNumbers | None:
    if given.rented is None:
        return None
    kept = NumberList(phone_numbers=tuple(numbers)).model_dump_json().encode()
    return RentedNumbers(
        numbers=await store.write(kept, f"{given.batch.id}-rented.json"),
        numbers_total=len(numbers),
        service_plan_id=given.rented.service_plan_id,
        campaign_id=given.rented.campaign_id,
    )


async def store_manifest(store: DocumentStore, given: BatchInput, rented: RentedNumbers | None = None) -> StoredFile:
    """Keep invoices, slices and manifest; the same input always gives the same manifest."""
    invoices = {
        path: await store.write(path.read_bytes(), path.name)
        for path in dict.fromkeys(path for part in given.slices for path in part.invoices)
    }
    return await store_slices(store, Manifest, given.batch, _group_slices(given, invoices), rented)


async def store_slices(
    store: DocumentStore,
    kind: type[Manifest],
    batch: Batch,
    slices: Iterable[GroupSlice],
    rented: RentedNumbers | None = None,
) -> StoredFile:
    """Keep the slices of a batch and the manifest that names them."""
    files, total = [], 0
    for part in slices:
        files.append(await store.write(part.model_dump_json().encode(), f"{batch.id}-{part.sequence:04d}.json"))
        total += len(part.numbers)
    manifest = kind(batch=batch, numbers_total=total, slices=tuple(files), rented=rented)
    return await store.write(manifest.model_dump_json().encode(), f"{batch.id}-manifest.json")


def _group_slices(given: BatchInput, invoices: Mapping[Path, StoredFile]) -> Iterable[GroupSlice]:
    for part in given.parts:
        shares_terms = given.batch.under(part.terms) == given.batch
        for planned in part.slices:
            yield GroupSlice(
                sequence=planned.sequence,
                numbers=planned.numbers,
                invoices=tuple(invoices[path] for path in planned.invoices),
                terms=None if shares_terms else part.terms,
            )


async def stored_manifest(client: Client, batch: str) -> StoredFile:
    """The manifest a batch was started with."""
    return await _manifest_of(client, batch_workflow_id(batch))


async def _manifest_of(client: Client, workflow_id: str) -> StoredFile:
    described = await client.get_workflow_handle(workflow_id).describe()
    return StoredFile.model_validate(await described.memo_value(contract.MANIFEST_MEMO))


async def _numbers(
    store: DocumentStore, kind: type[Manifest], file: StoredFile
) -> tuple[Manifest, dict[str, Terms | None]]:
    """The manifest, and the numbers of the batch in its order, each with the terms of its own."""
    manifest = kind.model_validate_json(await store.read(file))
    parts = [GroupSlice.model_validate_json(await store.read(part)) for part in manifest.slices]
    return manifest, {number: part.terms for part in parts for number in part.numbers}


async def _differs(
    store: DocumentStore, kind: type[Manifest], batch: str, known: StoredFile, given: StoredFile
) -> Stop:
    was, had = await _numbers(store, kind, known)
    now, has = await _numbers(store, kind, given)
    lines = [f"batch {batch} was started before with other content; take another id. Differences:"]
    lines += [f"  {field}: was {old!r}, now {new!r}" for field, old, new in _changed(was.batch, now.batch)]
    lines += _some("  only then: ", [number for number in had if number not in has])
    lines += _some("  only now: ", [number for number in has if number not in had])
    lines += _some("  under other terms: ", [number for number in has if number in had and has[number] != had[number]])
    if len(lines) == 1:
        lines.append("  the order of the numbers, their invoices, or the rented numbers")
    return Stop("\n".join(lines), Exit.USAGE)


def _changed(was: BaseModel, now: BaseModel, prefix: str = "") -> Iterable[tuple[str, Any, Any]]:
    for name in type(was).model_fields:
        old, new = getattr(was, name), getattr(now, name)
        if old == new:
            continue
        if isinstance(old, BaseModel) and isinstance(new, BaseModel):
            yield from _changed(old, new, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", old, new


def _some(label: str, numbers: list[str]) -> list[str]:
    more = f" and {len(numbers) - _SHOWN_AT_MOST} more" if len(numbers) > _SHOWN_AT_MOST else ""
    return [label + ", ".join(numbers[:_SHOWN_AT_MOST]) + more] if numbers else []
