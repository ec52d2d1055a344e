"""Cancelling a removal: nothing further is asked for, and what got no answer is looked for once."""

from typing import Any

import pytest
from temporalio.client import WorkflowHandle

from onboarding import reasons
from onboarding.calls.imported_numbers import (
    CHANGES_A_CALL,
    READ_IMPORTED_NUMBERS,
    READ_NUMBER_LIST,
    REMOVE_IMPORTED_NUMBERS,
)
from onboarding.stages import Stage
from tests.workflows.imported_world import ImportedWorld, cancel, ended, start_removal
from tests.workflows.staging import Scene, fresh_numbers, paced, refused

Handle = WorkflowHandle[Any, Any]


@pytest.fixture
def world() -> ImportedWorld:
    """Where numbers are imported."""
    return ImportedWorld()


async def test_cancelling_between_two_requests_leaves_the_rest_of_the_window_alone(
    scene: Scene, world: ImportedWorld
) -> None:
    numbers = fresh_numbers(CHANGES_A_CALL * 2)
    world.import_numbers(numbers)
    held = world.hold(REMOVE_IMPORTED_NUMBERS)
    handle = await start_removal(scene, world, numbers)
    await held.begun.wait()
    said = await cancel(handle)
    assert said == f"No further number is removed. Asked for and followed to their end: {CHANGES_A_CALL}."
    async with refused("Ended"):
        await cancel(handle)
    held.release.set()
    assert (await scene.result(handle)).stages == {"DONE": CHANGES_A_CALL, "CANCELLED": CHANGES_A_CALL}
    assert set(world.removed_at) == set(numbers[:CHANGES_A_CALL])
    assert ended(world, numbers[-1]) == (Stage.CANCELLED, reasons.NOT_BEGUN)


async def test_numbers_of_a_list_that_is_just_being_read_are_left_alone(scene: Scene, world: ImportedWorld) -> None:
    numbers = fresh_numbers(2)
    world.import_numbers(numbers)
    held = world.hold(READ_NUMBER_LIST)
    handle = await start_removal(scene, world, numbers)
    await held.begun.wait()
    await cancel(handle)
    held.release.set()
    assert (await scene.result(handle)).stages == {"CANCELLED": 2}
    assert world.removed_at == {}


@pytest.mark.parametrize(
    ("work_done", "end"),
    [(True, (Stage.DONE, None)), (False, (Stage.CANCELLED, reasons.REMOVAL_UNANSWERED))],
    ids=["gone", "still-there"],
)
async def test_a_number_without_an_answer_is_looked_for_once_and_not_asked_for_again(
    scene: Scene, world: ImportedWorld, work_done: bool, end: tuple[Stage, str | None]
) -> None:
    numbers = fresh_numbers(2)
    world.import_numbers(numbers)
    for _ in range(3):
        world.lose_answer(REMOVE_IMPORTED_NUMBERS, work_done=work_done)
    handle = await start_removal(scene, world, numbers, pace=paced(poll_first="1h"))
    await scene.pass_hours(0.5)
    assert (await cancel(handle)).endswith("followed to their end: 2.")
    assert (await scene.result(handle)).stages == {end[0].value: 2}
    assert [ended(world, number) for number in numbers] == [end] * 2
    assert len(world.requests(REMOVE_IMPORTED_NUMBERS)) == len(world.requests(READ_IMPORTED_NUMBERS)) == 1
