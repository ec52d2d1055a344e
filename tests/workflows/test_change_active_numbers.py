"""Changing active numbers: unlinked before they are linked, looked at with every event, released once."""

import pytest

from onboarding import reasons
from onboarding.active_numbers import ActiveLinks, ActiveService, VoiceLink
from onboarding.calls.active_numbers import (
    CHANGE_ACTIVE_NUMBERS,
    CHANGES_A_CALL,
    READ_ACTIVE_NUMBERS,
    READS_A_CALL,
    ActiveNumbersChange,
    Release,
    Relink,
)
from onboarding.contracts.change_active_numbers import ChangeStatus
from onboarding.contracts.operator import CANCEL_UPDATE, STATUS_QUERY, ActionTaken, OperatorAction
from onboarding.stages import Stage, WaitingOn
from tests.histories.runs import histories_of_runs
from tests.workflows.callback_events import deliver, event
from tests.workflows.imported_world import ended
from tests.workflows.rented_world import RentedWorld, start_change
from tests.workflows.staging import Scene, fresh_numbers, paced

NEVER_POLLED = paced(poll_first="3000d", poll_longest="3000d", carrier={"remind_every": "30d", "deadline": "2900d"})
NEW = Relink(links=ActiveLinks(service_plan_id="plan-2", campaign_id="C2", voice=VoiceLink(id="app-2")))


@pytest.fixture
def world() -> RentedWorld:
    """Where numbers are rented."""
    return RentedWorld()


async def test_numbers_are_unlinked_and_then_linked_by_polls_alone(scene: Scene, world: RentedWorld) -> None:
    numbers = fresh_numbers(3)
    world.rent_before(*numbers)
    assert (await scene.result(await start_change(scene, world, numbers, NEW))).stages == {"DONE": 3}
    assert [world.rented[number].requests for number in numbers] == [["unlink", "link"]] * 3
    assert [world.rented[number].links for number in numbers] == [NEW.links] * 3


async def test_each_event_has_its_number_looked_at_so_that_events_are_enough(scene: Scene, world: RentedWorld) -> None:
    numbers = fresh_numbers(2)
    world.rent_before(*numbers)
    handle = await start_change(scene, world, numbers, NEW, pace=NEVER_POLLED)
    for event_type in ("DEPROVISIONING_FROM_CAMPAIGN", "PROVISIONING_TO_CAMPAIGN"):
        await scene.pass_hours(3)
        await deliver(handle, [event(number, event_type) for number in numbers])
    assert (await scene.result(handle)).stages == {"DONE": 2}


async def test_a_number_that_is_as_wanted_is_left_alone(scene: Scene, world: RentedWorld) -> None:
    (number,) = fresh_numbers(1)
    world.rent_before(number, links=NEW.links)
    assert (await scene.result(await start_change(scene, world, [number], NEW))).stages == {"DONE": 1}
    assert world.rented[number].requests == []


async def test_numbers_fail_for_themselves_each_with_its_reason(scene: Scene, world: RentedWorld) -> None:
    full, refused, unknown, good = numbers = fresh_numbers(4)
    world.rent_before(full, refused, good)
    world.failing_links[full] = {ActiveService.CAMPAIGN: "EXCEEDED_10DLC_LIMIT"}
    world.refused = {refused: "Invalid campaignId"}
    assert (await scene.result(await start_change(scene, world, numbers, NEW))).stages == {"DONE": 1, "FAILED": 3}
    assert ended(world, full) == (Stage.FAILED, "EXCEEDED_10DLC_LIMIT")
    assert ended(world, refused) == (Stage.FAILED, reasons.CHANGE_REFUSED)
    assert ended(world, unknown) == (Stage.FAILED, reasons.NOT_ACTIVE)
    assert ended(world, good) == (Stage.DONE, None)


async def test_a_lost_answer_is_followed_by_a_look_with_the_next_poll(scene: Scene, world: RentedWorld) -> None:
    numbers = fresh_numbers(2)
    world.rent_before(*numbers)
    for _ in range(4):
        world.lose_answer(CHANGE_ACTIVE_NUMBERS, work_done=False)
    assert (await scene.result(await start_change(scene, world, numbers, NEW))).stages == {"DONE": 2}
    assert [world.rented[number].requests for number in numbers] == [["unlink", "link"]] * 2


async def test_numbers_are_released_a_window_at_a_time_over_many_runs(scene: Scene, world: RentedWorld) -> None:
    numbers = fresh_numbers(45)
    world.rent_before(*numbers)
    handle = await start_change(scene, world, numbers, Release(), window=10, events_a_run=25)
    assert (await scene.result(handle)).stages == {"DONE": 45}
    assert sorted(world.given_back()) == sorted(numbers)
    assert len(await histories_of_runs(scene.client, handle)) > 1


async def test_a_change_without_end_shows_as_an_operators_and_ends_with_a_reason(
    scene: Scene, world: RentedWorld
) -> None:
    (number,) = fresh_numbers(1)
    world.rent_before(number)
    world.link_hours = 24 * 365
    handle = await start_change(scene, world, [number], NEW)
    await scene.pass_hours(24 * 7)
    status: ChangeStatus = await handle.query(STATUS_QUERY, result_type=ChangeStatus)
    assert (status.waiting_on, status.steps) == (WaitingOn.OPERATOR, {"AT_SINCH": 1})
    assert (await scene.result(handle)).stages == {"FAILED": 1}
    assert ended(world, number) == (Stage.FAILED, reasons.CHANGE_DEADLINE_PASSED)


async def test_cancelling_begins_no_further_number_and_follows_those_that_are_unlinked(
    scene: Scene, world: RentedWorld
) -> None:
    numbers = fresh_numbers(6)
    world.rent_before(*numbers)
    handle = await start_change(scene, world, numbers, NEW, window=2)
    await scene.pass_hours(0.5)
    taken = await handle.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"), result_type=ActionTaken)
    assert taken.message == "No further number is begun. Under way and followed to their end: 2."
    assert (await scene.result(handle)).stages == {"DONE": 2, "CANCELLED": 4}
    assert [world.rented[number].links for number in numbers[:2]] == [NEW.links] * 2
    assert [world.rented[number].requests for number in numbers[2:]] == [[]] * 4
    assert world.left_alone == list(numbers[2:])


async def test_cancelling_between_two_requests_leaves_the_rest_of_the_window_alone(
    scene: Scene, world: RentedWorld
) -> None:
    numbers = fresh_numbers(CHANGES_A_CALL * 2)
    world.rent_before(*numbers)
    held = world.hold(CHANGE_ACTIVE_NUMBERS)
    handle = await start_change(scene, world, numbers, Release())
    await held.begun.wait()
    await handle.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"))
    held.release.set()
    assert (await scene.result(handle)).stages == {"DONE": CHANGES_A_CALL, "CANCELLED": CHANGES_A_CALL}
    assert world.given_back() == list(numbers[:CHANGES_A_CALL])
    assert ended(world, numbers[-1]) == (Stage.CANCELLED, reasons.NOT_BEGUN)


@pytest.mark.parametrize("change", [NEW, Release()], ids=["relink", "release"])
@pytest.mark.parametrize(("work_done", "end"), [(True, "DONE"), (False, "CANCELLED")], ids=["begun", "not-begun"])
async def test_a_lost_answer_leaves_a_number_to_a_cancelled_change_only_where_it_has_begun(
    scene: Scene, world: RentedWorld, change: ActiveNumbersChange, work_done: bool, end: str
) -> None:
    numbers = fresh_numbers(3)
    world.rent_before(*numbers)
    for _ in range(3):
        world.lose_answer(CHANGE_ACTIVE_NUMBERS, work_done=work_done)
    handle = await start_change(scene, world, numbers, change, pace=paced(poll_first="1h"))
    await scene.pass_hours(0.5)
    await handle.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"))
    assert (await scene.result(handle)).stages == {end: 3}
    wanted = [] if end == "CANCELLED" else ["release"] if isinstance(change, Release) else ["unlink", "link"]
    assert [world.rented[number].requests for number in numbers] == [wanted] * 3


async def test_a_poll_reads_many_numbers_at_once_and_asks_only_about_those_that_have_moved(
    scene: Scene, world: RentedWorld
) -> None:
    numbers = fresh_numbers(READS_A_CALL + 1)
    world.rent_before(*numbers)
    world.unlink_hours = 5
    handle = await start_change(scene, world, numbers, NEW)
    await scene.pass_hours(4)
    first = -(-len(numbers) // CHANGES_A_CALL)
    reads = world.requests(READ_ACTIVE_NUMBERS)
    assert len(world.requests(CHANGE_ACTIVE_NUMBERS)) == first, "nothing has moved yet"
    assert [len(read.phone_numbers) for read in reads[:2]] == [READS_A_CALL, 1]
    assert (await scene.result(handle)).stages == {"DONE": len(numbers)}
    assert len(world.requests(CHANGE_ACTIVE_NUMBERS)) == first * 3, "unlinked, linked, done"
