"""Removing numbers: asked for once, gone when Sinch says so, refused ones unchanged and explained."""

from datetime import timedelta

import pytest

from onboarding import reasons
from onboarding.calls.imported_numbers import READ_IMPORTED_NUMBERS, REMOVE_IMPORTED_NUMBERS
from onboarding.contracts.operator import CANCEL_UPDATE, STATUS_QUERY, OperatorAction
from onboarding.contracts.remove_numbers import RemoveStatus
from onboarding.removing import DELETED
from onboarding.stages import Stage
from tests.histories.runs import histories_of_runs
from tests.workflows.callback_events import deliver
from tests.workflows.imported_world import ImportedWorld, ended, explained, happened, start_removal
from tests.workflows.staging import SELDOM, Scene, fresh_numbers, paced

NEVER_POLLED = paced(poll_first="3000d", poll_longest="3000d", carrier={"remind_every": "30d", "deadline": "2900d"})


@pytest.fixture
def world() -> ImportedWorld:
    """Where numbers are imported."""
    return ImportedWorld()


async def test_numbers_are_gone_and_unknown_ones_are_pointed_out(scene: Scene, world: ImportedWorld) -> None:
    known, other, unknown = fresh_numbers(3)
    world.import_numbers([known, other])
    result = await scene.result(await start_removal(scene, world, [known, other, unknown]))
    assert result.stages == {"DONE": 2, "SKIPPED": 1}
    assert set(world.removed_at) == {known, other}
    assert ended(world, unknown) == (Stage.SKIPPED, reasons.NOTHING_TO_REMOVE)


async def test_a_number_that_sinch_still_shows_is_looked_for_until_it_is_gone(
    scene: Scene, world: ImportedWorld
) -> None:
    (number,) = fresh_numbers(1)
    world.import_numbers([number])
    world.shown_after_removal = timedelta(hours=3)
    assert (await scene.result(await start_removal(scene, world, [number]))).stages == {"DONE": 1}
    assert len(world.requests(REMOVE_IMPORTED_NUMBERS)) == 1
    assert len(world.requests(READ_IMPORTED_NUMBERS)) > 1


async def test_the_event_of_the_deletion_is_enough(scene: Scene, world: ImportedWorld) -> None:
    (number,) = fresh_numbers(1)
    world.import_numbers([number])
    world.shown_after_removal = timedelta(days=3650)
    handle = await start_removal(scene, world, [number], pace=NEVER_POLLED)
    await scene.pass_hours(1)
    status = await handle.query(STATUS_QUERY, result_type=RemoveStatus)
    assert status.stages == {"PROVISIONING": 1}
    await deliver(handle, happened(number, DELETED, at=await scene.now()) * 2)
    assert (await scene.result(handle)).stages == {"DONE": 1}
    assert world.made(READ_IMPORTED_NUMBERS) == []


async def test_a_number_that_never_goes_ends_with_a_reason(scene: Scene, world: ImportedWorld) -> None:
    (number,) = fresh_numbers(1)
    world.import_numbers([number])
    world.shown_after_removal = timedelta(days=3650)
    assert (await scene.result(await start_removal(scene, world, [number], pace=SELDOM))).stages == {"FAILED": 1}
    assert ended(world, number) == (Stage.FAILED, reasons.REMOVAL_DEADLINE_PASSED)


async def test_a_refusal_is_told_with_the_next_step(scene: Scene, world: ImportedWorld) -> None:
    hosted, free = fresh_numbers(2)
    world.import_numbers([hosted, free])
    world.refused = {hosted: "hosting is in progress"}
    assert (await scene.result(await start_removal(scene, world, [hosted, free]))).stages == {"DONE": 1, "FAILED": 1}
    assert ended(world, hosted) == (Stage.FAILED, reasons.REMOVAL_REFUSED)
    assert "wait for its hosting order, then retry. Sinch said: hosting is in progress" in explained(world, hosted)
    assert hosted not in world.removed_at


async def test_an_answer_that_is_lost_for_good_is_asked_for_again_with_the_next_poll(
    scene: Scene, world: ImportedWorld
) -> None:
    numbers = fresh_numbers(2)
    world.import_numbers(numbers)
    for _ in range(4):
        world.lose_answer(REMOVE_IMPORTED_NUMBERS, work_done=True)
    assert (await scene.result(await start_removal(scene, world, numbers))).stages == {"DONE": 2}
    assert [request.asked_before for request in world.requests(REMOVE_IMPORTED_NUMBERS)] == [False, True]


async def test_long_lists_go_a_window_at_a_time_and_over_many_runs(scene: Scene, world: ImportedWorld) -> None:
    numbers = fresh_numbers(45)
    world.import_numbers(numbers)
    handle = await start_removal(scene, world, numbers, window=10, events_a_run=25)
    assert (await scene.result(handle)).stages == {"DONE": 45}
    assert len(await histories_of_runs(scene.client, handle)) > 1
    assert max(len(request.phone_numbers) for request in world.requests(REMOVE_IMPORTED_NUMBERS)) <= 10


async def test_cancelling_removes_no_further_numbers(scene: Scene, world: ImportedWorld) -> None:
    numbers = fresh_numbers(6)
    world.import_numbers(numbers)
    world.shown_after_removal = timedelta(hours=5)
    handle = await start_removal(scene, world, numbers, window=2)
    await scene.pass_hours(1)
    await handle.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"))
    assert (await scene.result(handle)).stages == {"DONE": 2, "CANCELLED": 4}
    assert set(world.removed_at) == set(numbers[:2])
