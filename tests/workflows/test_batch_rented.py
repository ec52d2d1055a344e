"""The end of a batch that names rented numbers: they are linked to its plan and campaign, and are in its report."""

from collections.abc import Sequence
from typing import Any

import pytest
from temporalio.client import WorkflowHandle

from onboarding.active_numbers import ActiveLinks
from onboarding.batch import Batch
from onboarding.calls.active_numbers import CHANGE_ACTIVE_NUMBERS, Relink
from onboarding.calls.documents import WRITE_REPORT
from onboarding.contracts.batch import BatchResult, BatchStatus
from onboarding.contracts.change_active_numbers import ChangeRequest
from onboarding.contracts.operator import CANCEL_UPDATE, STATUS_QUERY, OperatorAction
from onboarding.ids import active_change_workflow_id, change_of_rented
from tests.workflows.rented_world import RentedWorld
from tests.workflows.staging import PACE, Scene, a_batch, fresh_numbers, refused, until

LIKE_THE_BATCH = ActiveLinks(service_plan_id="plan-1", campaign_id="C123456")


@pytest.fixture
def world() -> RentedWorld:
    """Where numbers are hosted and rented."""
    return RentedWorld()


async def start(
    scene: Scene, world: RentedWorld, batch: Batch, rented: Sequence[str], *, own: int = 1
) -> WorkflowHandle[Any, BatchResult]:
    """A batch with so many numbers of its own, a group each, and these rented ones."""
    change = ChangeRequest(
        id=change_of_rented(batch.id),
        change=Relink(links=LIKE_THE_BATCH),
        numbers=world.stored(rented),
        numbers_total=len(rented),
        pace=PACE,
    )
    return await scene.start_batch([fresh_numbers(1) for _ in range(own)], batch, rented=change)


async def test_rented_numbers_are_linked_once_the_batchs_own_are_through(scene: Scene, world: RentedWorld) -> None:
    batch, numbers = a_batch(), fresh_numbers(2)
    world.rent_before(*numbers)
    await scene.result(await start(scene, world, batch, numbers))
    assert [world.rented[number].requests for number in numbers] == [["unlink", "link"]] * 2
    assert {world.rented[number].links.campaign_id for number in numbers} == {"C123456"}
    (report,) = world.requests(WRITE_REPORT)
    assert report.rented == active_change_workflow_id(f"{batch.id}.rented")
    begun = min(recorded.at for recorded in world.made(CHANGE_ACTIVE_NUMBERS))
    assert all(order.states.at(begun) == "COMPLETED" for order in world.orders.values())


async def test_while_they_are_linked_the_batch_says_by_what_and_can_not_be_cancelled(
    scene: Scene, world: RentedWorld
) -> None:
    batch, (number,) = a_batch(), fresh_numbers(1)
    world.rent_before(number)
    world.link_hours = 24 * 5
    handle = await start(scene, world, batch, [number])
    before = await handle.query(STATUS_QUERY, result_type=BatchStatus)
    assert before.rented is None
    while not world.made(CHANGE_ACTIVE_NUMBERS):
        await scene.pass_hours(12)
    status = await handle.query(STATUS_QUERY, result_type=BatchStatus)
    assert (status.rented, status.groups_settled) == (f"{batch.id}.rented", 1)
    async with refused("Ended"):
        await handle.execute_update(CANCEL_UPDATE, OperatorAction())
    await scene.result(handle)


async def test_a_cancelled_batch_links_no_rented_numbers(scene: Scene, world: RentedWorld) -> None:
    batch, (number,) = a_batch(), fresh_numbers(1)
    world.rent_before(number)
    handle = await start(scene, world, batch, [number])
    await handle.execute_update(CANCEL_UPDATE, OperatorAction())
    await scene.result(handle)
    (report,) = world.requests(WRITE_REPORT)
    assert (report.rented, world.rented[number].requests) == (None, [])


async def test_a_batch_ends_with_its_report_where_the_linking_was_ended_from_outside(
    real_time_scene: Scene, world: RentedWorld
) -> None:
    """On the dev server: the test server does not tell a parent that its child was terminated."""
    scene, batch, (number,) = real_time_scene, a_batch(), fresh_numbers(1)
    world.rent_before(number)
    handle = await start(scene, world, batch, [number], own=0)
    await until(lambda: world.made(CHANGE_ACTIVE_NUMBERS))
    workflow_id = active_change_workflow_id(f"{batch.id}.rented")
    await scene.client.get_workflow_handle(workflow_id).terminate("by mistake")
    assert (await scene.result(handle)).batch == batch.id
    (report,) = world.requests(WRITE_REPORT)
    assert report.rented == workflow_id
