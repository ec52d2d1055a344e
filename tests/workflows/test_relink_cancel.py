"""Cancelling a relinking: numbers that are not unlinked are left alone, all others come to their ends."""

from typing import Any

import pytest
from temporalio.client import WorkflowHandle

from onboarding import reasons
from onboarding.calls.imported_numbers import (
    CHANGES_A_CALL,
    READ_IMPORTED_NUMBERS,
    READ_NUMBER_LIST,
    UNLINK_IMPORTED_NUMBERS,
)
from onboarding.contracts.operator import STATUS_QUERY, NumbersAction
from onboarding.contracts.relink_numbers import LINK_BACK_UPDATE, RelinkStatus
from onboarding.stages import Stage
from tests.workflows.imported_world import EVERYTHING, ImportedWorld, cancel, ended, start_relinking
from tests.workflows.staging import Scene, fresh_numbers, paced, refused

Handle = WorkflowHandle[Any, Any]

LEFT_ALONE = (Stage.CANCELLED, reasons.NOT_BEGUN)


@pytest.fixture
def world() -> ImportedWorld:
    """Where numbers are imported."""
    return ImportedWorld()


async def test_cancelling_leaves_numbers_alone_that_are_not_unlinked_and_finishes_the_others(
    scene: Scene, world: ImportedWorld
) -> None:
    numbers = fresh_numbers(20)
    world.import_numbers(numbers)
    handle = await start_relinking(scene, world, numbers, window=15)
    await scene.pass_hours(0.5)
    assert await cancel(handle) == "No further number is unlinked. Under way and followed to their end: 10."
    async with refused("Ended"):
        await cancel(handle)
    known: RelinkStatus = await handle.query(STATUS_QUERY, result_type=RelinkStatus)
    assert (known.cancelled, known.steps) == (True, {"UNLINKING": 10, "CANCELLED": 5})
    assert (await scene.result(handle)).stages == {"DONE": 10, "CANCELLED": 10}
    assert [world.asked(number) for number in numbers] == [EVERYTHING] * 10 + [[]] * 10
    assert {ended(world, number) for number in numbers[10:15]} == {LEFT_ALONE}
    assert world.left_alone == list(numbers[15:])


async def test_a_number_whose_unlinking_is_being_asked_for_is_followed(scene: Scene, world: ImportedWorld) -> None:
    numbers = fresh_numbers(CHANGES_A_CALL * 2)
    world.import_numbers(numbers)
    held = world.hold(UNLINK_IMPORTED_NUMBERS)
    handle = await start_relinking(scene, world, numbers, unproven_window=len(numbers))
    await held.begun.wait()
    assert (await cancel(handle)).endswith(f"followed to their end: {CHANGES_A_CALL}.")
    held.release.set()
    assert (await scene.result(handle)).stages == {"DONE": CHANGES_A_CALL, "CANCELLED": CHANGES_A_CALL}
    assert [bool(world.asked(number)) for number in numbers] == [True] * CHANGES_A_CALL + [False] * CHANGES_A_CALL
    assert world.misused() == []


@pytest.mark.parametrize("what", [READ_NUMBER_LIST, READ_IMPORTED_NUMBERS], ids=["list", "numbers"])
async def test_numbers_that_are_just_being_read_are_left_alone(scene: Scene, world: ImportedWorld, what: Any) -> None:
    numbers = fresh_numbers(2)
    world.import_numbers(numbers)
    held = world.hold(what)
    handle = await start_relinking(scene, world, numbers)
    await held.begun.wait()
    assert (await cancel(handle)).endswith("followed to their end: 0.")
    held.release.set()
    assert (await scene.result(handle)).stages == {"CANCELLED": 2}
    assert [world.asked(number) for number in numbers] == [[], []]
    assert {ended(world, number) for number in numbers} == {LEFT_ALONE}


@pytest.mark.parametrize(
    ("work_done", "end", "asked"),
    [(True, "DONE", EVERYTHING), (False, "CANCELLED", [])],
    ids=["begun", "not-begun"],
)
async def test_a_number_whose_unlinking_got_no_answer_is_followed_only_where_it_has_begun(
    scene: Scene, world: ImportedWorld, work_done: bool, end: str, asked: list[str]
) -> None:
    numbers = fresh_numbers(3)
    world.import_numbers(numbers)
    for _ in range(6):
        world.lose_answer(UNLINK_IMPORTED_NUMBERS, work_done=work_done)
    handle = await start_relinking(scene, world, numbers, pace=paced(poll_first="1h"))
    await scene.pass_hours(0.5)
    sent = len(world.made(UNLINK_IMPORTED_NUMBERS))
    assert (await cancel(handle)).endswith("followed to their end: 3.")
    world.away(READ_IMPORTED_NUMBERS, hours=2)
    assert (await scene.result(handle)).stages == {end: 3}
    assert [world.asked(number) for number in numbers] == [asked] * 3
    assert len(world.made(UNLINK_IMPORTED_NUMBERS)) == sent == 6
    assert world.misused() == []


async def test_failed_numbers_of_a_cancelled_relinking_still_wait_for_a_decision(
    scene: Scene, world: ImportedWorld
) -> None:
    numbers = fresh_numbers(4)
    world.fails = {"C-NEW": "CAMPAIGN_NOT_AVAILABLE"}
    world.import_numbers(numbers)
    handle = await start_relinking(scene, world, numbers, unproven_window=1)
    await scene.pass_hours(24)
    said = await cancel(handle)
    assert said == "No further number is unlinked. Under way and followed to their end: 0. Waiting for a decision: 1."
    await scene.pass_hours(24)
    known: RelinkStatus = await handle.query(STATUS_QUERY, result_type=RelinkStatus)
    assert (known.steps, known.stands_still) == ({"OFFERED": 1, "CANCELLED": 3}, True)
    await handle.execute_update(LINK_BACK_UPDATE, NumbersAction(phone_numbers=(), by="Ann"))
    assert (await scene.result(handle)).stages == {"FAILED": 1, "CANCELLED": 3}
    assert ended(world, numbers[0]) == (Stage.FAILED, reasons.LINKED_BACK)
