"""Batches of several parts: each group works under its own terms, so orders and waits are those of its numbers."""

from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHandle

from activities.document_store import DocumentStore
from onboarding.batch import Batch, BlanketLoa, GroupSlice, NumberType, Terms
from onboarding.calls.hosting_orders import CREATE_ORDER, CreateOrder
from onboarding.calls.notifications import SEND_NOTICE
from onboarding.contracts import batch as contract
from onboarding.contracts.batch import BatchRequest, BatchResult
from onboarding.ids import batch_workflow_id
from onboarding.search_attributes import started_with
from onboarding.stages import Stage, WaitingOn
from onboarding.task_queues import WORKFLOWS
from starter.batches import start_batch
from starter.exits import Stop
from tests.starter.input.batch_folder import NUMBERS, BatchFolder
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.staging import CORRECTED_LOA, INVOICES, LOA, Scene, a_batch, fresh_numbers

TOLL_FREE = Terms(number_type=NumberType.TOLL_FREE, service_plan_id="plan-1", loa=CORRECTED_LOA)
CANADIAN = Terms(region="CA", service_plan_id="plan-2", nnid="104029", loa=BlanketLoa(type="blanket"))


async def start(scene: Scene, batch: Batch, *parts: tuple[tuple[str, ...], Terms | None]) -> WorkflowHandle[Any, Any]:
    """A batch with one group a part."""
    slices = [
        GroupSlice(sequence=sequence, numbers=numbers, invoices=INVOICES, terms=terms)
        for sequence, (numbers, terms) in enumerate(parts, start=1)
    ]
    total = sum(len(numbers) for numbers, _ in parts)
    handle = await scene.client.start_workflow(
        contract.WORKFLOW,
        BatchRequest(
            batch=batch.id,
            customer=batch.customer,
            numbers_total=total,
            manifest=scene.world.manifest(batch, slices),
        ),
        id=batch_workflow_id(batch.id),
        task_queue=WORKFLOWS,
        result_type=BatchResult,
        search_attributes=started_with(batch.id, batch.customer, Stage.PENDING, WaitingOn.NOBODY, total),
    )
    scene.started.append(handle)
    return handle


def terms_of(order: CreateOrder) -> Terms:
    return Terms.model_validate(order, from_attributes=True)


async def test_every_part_is_ordered_under_its_own_terms(scene: Scene, world: OutsideWorld) -> None:
    local, toll_free, canadian = fresh_numbers(2), fresh_numbers(1), fresh_numbers(1)
    batch = a_batch()
    handle = await start(scene, batch, (local, None), (toll_free, TOLL_FREE), (canadian, CANADIAN))
    assert (await scene.result(handle)).stages == {"DONE": 4}
    orders = {order.numbers: order for order in world.requests(CREATE_ORDER)}
    assert {numbers: terms_of(order) for numbers, order in orders.items()} == {
        local: Terms(service_plan_id="plan-1", campaign_id="C123456", loa=LOA),
        toll_free: TOLL_FREE,
        canadian: CANADIAN,
    }
    assert [orders[numbers].display_name for numbers in (local, toll_free, canadian)] == [
        f"{batch.id} {sequence}/1" for sequence in ("0001", "0002", "0003")
    ]


@pytest.mark.parametrize(("terms", "stage"), [(None, "FAILED"), (TOLL_FREE, "DONE"), (CANADIAN, "DONE")])
async def test_only_numbers_with_a_campaign_need_its_record(
    scene: Scene, world: OutsideWorld, terms: Terms | None, stage: str
) -> None:
    numbers = fresh_numbers(1)
    world.failing[numbers[0]] = "campaign"
    handle = await start(scene, a_batch(), (numbers, terms))
    assert (await scene.result(handle)).stages == {stage: 1}


async def test_the_reminder_of_each_part_names_its_own_signer(scene: Scene, world: OutsideWorld) -> None:
    other = LOA.authorised_person.model_copy(update={"email": "noor.tremblay@example.com"})
    terms = TOLL_FREE.model_copy(update={"loa": LOA.model_copy(update={"authorised_person": other})})
    world.orders_go = ((0, "SUBMITTED"), (1, "WAITING_FOR_LOA_SIGNATURE"))
    await start(scene, a_batch(), (fresh_numbers(1), None), (fresh_numbers(1), terms))
    await scene.pass_hours(10 * 24)
    texts = [notice.text for notice in world.requests(SEND_NOTICE)]
    signers = ("jane.doe@example.com", "noor.tremblay@example.com")
    assert {tuple(signer for signer in signers if signer in text) for text in texts} == {(signers[0],), (signers[1],)}


async def test_a_batch_started_again_with_other_terms_for_a_number_is_refused(
    real_time_scene: Scene, tmp_path: Path
) -> None:
    client, store = real_time_scene.client, DocumentStore(str(tmp_path / "store"))
    await real_time_scene.stop_worker(WORKFLOWS)
    folder = BatchFolder(tmp_path)
    folder.batch += '[loa_parties.standing]\ntype = "blanket"\n'
    folder.numbers("phone_number,loa", NUMBERS[0], NUMBERS[1], f"{NUMBERS[2]},standing")
    started = await start_batch(client, store, folder.read())
    real_time_scene.started.append(client.get_workflow_handle(started.workflow_id))
    assert (await start_batch(client, store, folder.read())).attached
    folder.numbers("phone_number,loa", NUMBERS[0], f"{NUMBERS[1]},standing", f"{NUMBERS[2]},standing")
    with pytest.raises(Stop) as refused:
        await start_batch(client, store, folder.read())
    assert str(refused.value).splitlines()[1:] == [f"  under other terms: {NUMBERS[1]}"]
