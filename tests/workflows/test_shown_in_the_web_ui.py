"""What the Web UI and the `temporal` CLI show of workflows: search attributes, current details, memo."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.client import WorkflowHandle
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from onboarding.batch import Batch, GroupSlice
from onboarding.contracts import batch as batch_contract
from onboarding.contracts.batch import BatchRequest
from onboarding.contracts.group import GroupStatus
from onboarding.contracts.hosting_order import OrderStatus
from onboarding.contracts.operator import STATUS_QUERY
from onboarding.contracts.verification import VerificationStatus
from onboarding.ids import batch_workflow_id
from onboarding.search_attributes import TYPE_NAMES
from onboarding.stages import Verification
from onboarding.task_queues import WORKFLOWS
from starter.batches import stored_manifest
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.staging import INVOICES, PACE, Scene, a_batch, fresh_numbers, paced, staged

SOON_AT_REST = {"poll_first": "1s", "poll_growth": 3600.0, "poll_longest": "1h", "wave": "1s"}


@dataclass(frozen=True)
class Waiting:
    """A batch at rest: one number waits for its voice code, one for the LOA's signature, one has failed."""

    scene: Scene
    batch: Batch
    phone_number: str

    @property
    def started(self) -> WorkflowHandle[Any, Any]:
        """The batch."""
        return self.scene.client.get_workflow_handle(batch_workflow_id(self.batch.id))

    @property
    def group(self) -> WorkflowHandle[Any, Any]:
        """Its group."""
        return self.scene.group(self.batch)

    @property
    def challenge(self) -> WorkflowHandle[Any, Any]:
        """The voice challenge."""
        return self.scene.verification(self.phone_number)

    @property
    def order(self) -> WorkflowHandle[Any, Any]:
        """The hosting order."""
        return self.scene.order(self.batch)


@pytest.fixture(scope="module")
async def waiting(dev_server: WorkflowEnvironment) -> AsyncIterator[Waiting]:
    """A batch at rest."""
    called, unsigned, unfit = fresh_numbers(3)
    world, batch = OutsideWorld(), a_batch(pace=paced(**SOON_AT_REST))
    world.qualification_of = {
        called: ((0, "VERIFICATION_FAILED"),),
        unsigned: ((0, "VERIFIED"),),
        unfit: ((0, "NOT_ELIGIBLE"),),
    }
    world.desk = ()
    world.orders_go = ((0, "WAITING_FOR_LOA_SIGNATURE"),)
    async with staged(dev_server, world) as scene:
        await scene.start_batch([(called, unsigned, unfit)], batch)
        there = Waiting(scene, batch, called)
        await shown(there.challenge, "1 calls placed")
        await shown(there.order, "| AWAITING_LOA | 1 |")
        await shown(there.group, "- wave 1:")
        yield there


async def attributes(handle: WorkflowHandle[Any, Any]) -> dict[str, object]:
    """The product's search attributes of a workflow; instants to the second."""
    pairs = (await handle.describe()).typed_search_attributes.search_attributes
    values = {pair.key.name: pair.value for pair in pairs if pair.key.name in TYPE_NAMES}
    return {name: _to_the_second(value) if isinstance(value, datetime) else value for name, value in values.items()}


def _to_the_second(moment: datetime) -> datetime:
    return (moment + timedelta(seconds=0.5)).replace(microsecond=0)


async def listed(waiting: Waiting, condition: str, ids: Iterable[str]) -> None:
    """Pass as soon as the list shows these ids under the condition; it may lag behind by a second or two."""
    query, wanted, found = f'OnboardingBatch="{waiting.batch.id}" AND {condition}', set(ids), None
    for _ in range(100):
        found = {workflow.id async for workflow in waiting.scene.client.list_workflows(query)}
        if found == wanted:
            counted = await waiting.scene.client.count_workflows(query)
            assert counted.count == len(wanted)
            return
        await asyncio.sleep(0.1)
    assert found == wanted


async def details(handle: WorkflowHandle[Any, Any]) -> str:
    """The current details, as the Web UI asks for them."""
    metadata = await handle.query("__temporal_workflow_metadata", result_type=WorkflowMetadata)
    return str(metadata.current_details)


async def shown(handle: WorkflowHandle[Any, Any], text: str) -> None:
    """Wait until a workflow is there and its details hold the text."""
    for _ in range(100):
        with contextlib.suppress(RPCError):
            if text in await details(handle):
                return
        await asyncio.sleep(0.1)
    assert text in await details(handle)


async def test_the_batch_carries_its_numbers(waiting: Waiting) -> None:
    assert await attributes(waiting.started) == {
        "OnboardingBatch": waiting.batch.id,
        "OnboardingCustomer": "Example Inc",
        "OnboardingStage": "PROVISIONING",
        "OnboardingWaitingOn": "nobody",
        "NumbersTotal": 3,
        "NumbersDone": 0,
        "NumbersFailed": 0,
    }


async def test_the_group_carries_whom_it_waits_for_until_when(waiting: Waiting) -> None:
    status = await waiting.group.query(STATUS_QUERY, result_type=GroupStatus)
    assert await attributes(waiting.group) == {
        "OnboardingBatch": waiting.batch.id,
        "OnboardingCustomer": "Example Inc",
        "OnboardingStage": "NEEDS_VERIFICATION",
        "OnboardingWaitingOn": "voice-code",
        "NumbersTotal": 3,
        "NumbersDone": 0,
        "NumbersFailed": 1,
        "OnboardingDeadline": _to_the_second(PACE.voice_code.deadline.after(status.waiting_since)),
    }


async def test_the_voice_challenge_carries_its_deadline(waiting: Waiting) -> None:
    status = await waiting.challenge.query(STATUS_QUERY, result_type=VerificationStatus)
    assert await attributes(waiting.challenge) == {
        "OnboardingBatch": waiting.batch.id,
        "OnboardingCustomer": "Example Inc",
        "OnboardingStage": "NEEDS_VERIFICATION",
        "OnboardingWaitingOn": "voice-code",
        "OnboardingDeadline": _to_the_second(status.deadline),
    }


async def test_the_hosting_order_carries_its_id_at_sinch(waiting: Waiting) -> None:
    status = await waiting.order.query(STATUS_QUERY, result_type=OrderStatus)
    assert await attributes(waiting.order) == {
        "OnboardingBatch": waiting.batch.id,
        "OnboardingCustomer": "Example Inc",
        "OnboardingStage": "AWAITING_LOA",
        "OnboardingWaitingOn": "loa-signature",
        "OnboardingHostingOrder": "order-1",
        "NumbersTotal": 1,
        "NumbersDone": 0,
        "NumbersFailed": 0,
        "OnboardingDeadline": _to_the_second(PACE.loa_signature.deadline.after(status.waiting_since)),
    }


async def test_between_them_the_workflows_use_every_search_attribute(waiting: Waiting) -> None:
    handles = (waiting.started, waiting.group, waiting.challenge, waiting.order)
    used = [set(await attributes(handle)) for handle in handles]
    assert set().union(*used) == set(TYPE_NAMES)


async def test_the_list_finds_whoever_is_waited_for(waiting: Waiting) -> None:
    await listed(waiting, 'OnboardingWaitingOn="loa-signature"', [waiting.order.id])
    await listed(waiting, 'OnboardingWaitingOn="voice-code"', [waiting.group.id, waiting.challenge.id])
    await listed(waiting, 'OnboardingWaitingOn="operator"', [])


async def test_the_list_counts_by_stage_order_and_numbers(waiting: Waiting) -> None:
    await listed(waiting, 'OnboardingStage="NEEDS_VERIFICATION"', [waiting.group.id, waiting.challenge.id])
    await listed(waiting, 'OnboardingStage="AWAITING_LOA"', [waiting.order.id])
    await listed(waiting, 'OnboardingHostingOrder="order-1"', [waiting.order.id])
    await listed(waiting, "NumbersFailed > 0", [waiting.group.id])


async def test_details_of_a_batch_show_its_groups_and_the_next_command(waiting: Waiting) -> None:
    text = await details(waiting.started)
    assert f"### Batch {waiting.batch.id}: 3 numbers" in text
    assert "0 of 1 groups have reported, 1 at work." in text
    assert text.endswith(f"Next: `onboard status {waiting.batch.id}`")


async def test_details_of_a_group_show_stages_whom_it_waits_for_and_the_next_command(waiting: Waiting) -> None:
    status = await waiting.group.query(STATUS_QUERY, result_type=GroupStatus)
    assert await details(waiting.group) == (
        f"### Group 0001 of batch {waiting.batch.id}\n\n"
        f"Waiting on **voice-code** since {status.waiting_since:%Y-%m-%d %H:%M} UTC.\n\n"
        "| stage | numbers |\n| --- | ---: |\n| NEEDS_VERIFICATION | 1 |\n| ORDERED | 1 |\n| FAILED | 1 |\n\n"
        f"- wave 1: `{waiting.order.id}`\n\n"
        f"Next: `onboard verify {waiting.batch.id}`"
    )


async def test_details_of_a_voice_challenge_show_its_calls_and_the_next_command(waiting: Waiting) -> None:
    text = await details(waiting.challenge)
    assert f"### Voice challenge for {waiting.phone_number}" in text
    assert "1 calls placed, 4 left, 0 wrong codes." in text
    assert f"Next: `onboard code {waiting.phone_number} <the code that was heard>`" in text


async def test_details_of_an_order_show_its_state_whom_it_waits_for_and_the_next_command(waiting: Waiting) -> None:
    text = await details(waiting.order)
    assert "`order-1` is **WAITING_FOR_LOA_SIGNATURE**" in text
    assert "Waiting on **loa-signature** since " in text
    assert "| AWAITING_LOA | 1 |" in text
    assert f"Next: `onboard numbers {waiting.batch.id}`" in text


async def test_the_memo_of_a_batch_tells_its_manifest_in_later_runs_too(waiting: Waiting) -> None:
    scene, batch = waiting.scene, a_batch(verification=Verification.INVOICES, pace=paced(**SOON_AT_REST))
    parts = [GroupSlice(sequence=i, numbers=fresh_numbers(1), invoices=INVOICES) for i in (1, 2)]
    for part in parts:
        scene.world.qualification_of[part.numbers[0]] = ((0, "NOT_ELIGIBLE"),)
    manifest = scene.world.manifest(batch, parts)
    request = BatchRequest(
        batch=batch.id, customer=batch.customer, numbers_total=2, manifest=manifest, window=1, events_a_run=10
    )
    handle = await scene.client.start_workflow(
        batch_contract.WORKFLOW,
        request,
        id=batch_workflow_id(batch.id),
        task_queue=WORKFLOWS,
        memo={batch_contract.MANIFEST_MEMO: manifest.model_dump()},
    )
    await handle.result()
    started = (await handle.fetch_history()).events[0].workflow_execution_started_event_attributes
    assert started.continued_execution_run_id
    assert await stored_manifest(scene.client, batch.id) == manifest
