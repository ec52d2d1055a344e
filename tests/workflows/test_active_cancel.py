"""Cancelling a change of active numbers at awkward moments."""

import pytest

from onboarding.calls.active_numbers import CHANGE_ACTIVE_NUMBERS, Release
from onboarding.calls.imported_numbers import READ_NUMBER_LIST
from onboarding.contracts.operator import CANCEL_UPDATE, OperatorAction
from tests.workflows.rented_world import RentedWorld, start_change
from tests.workflows.staging import Scene, fresh_numbers, refused


@pytest.fixture
def world() -> RentedWorld:
    """Where numbers are rented."""
    return RentedWorld()


async def test_numbers_of_a_list_that_is_just_being_read_are_left_alone(scene: Scene, world: RentedWorld) -> None:
    numbers = fresh_numbers(2)
    world.rent_before(*numbers)
    held = world.hold(READ_NUMBER_LIST)
    handle = await start_change(scene, world, numbers, Release())
    await held.begun.wait()
    await handle.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"))
    held.release.set()
    assert (await scene.result(handle)).stages == {"CANCELLED": 2}
    assert world.given_back() == []


async def test_a_change_is_cancelled_once(scene: Scene, world: RentedWorld) -> None:
    numbers = fresh_numbers(2)
    world.rent_before(*numbers)
    held = world.hold(CHANGE_ACTIVE_NUMBERS)
    handle = await start_change(scene, world, numbers, Release())
    await held.begun.wait()
    await handle.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"))
    async with refused("Ended"):
        await handle.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"))
    held.release.set()
    assert (await scene.result(handle)).stages == {"DONE": 2}
