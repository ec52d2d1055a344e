"""Relinking numbers: unlinked once, linked only when that was seen, and never left alone where it fails."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowHandle

from onboarding import reasons
from onboarding.calls.imported_numbers import LINK_IMPORTED_NUMBERS, READ_IMPORTED_NUMBERS, UNLINK_IMPORTED_NUMBERS
from onboarding.calls.notifications import SEND_NOTICE
from onboarding.contracts.operator import (
    CANCEL_UPDATE,
    RETRY_UPDATE,
    SKIP_UPDATE,
    STATUS_QUERY,
    ActionTaken,
    NumbersAction,
    OperatorAction,
)
from onboarding.contracts.relink_numbers import LINK_BACK_UPDATE, RelinkStatus
from onboarding.imported_links import Links
from onboarding.observations import CAMPAIGN_LINK, PLATFORM_PROVISIONING
from onboarding.relinking import CAMPAIGN_UNLINK, PLATFORM_UNLINK
from onboarding.stages import Stage, WaitingOn
from onboarding.task_queues import SINCH, WORKFLOWS, sinch_queue
from tests.histories.runs import histories_of_runs
from tests.workflows.callback_events import deliver
from tests.workflows.imported_world import (
    EVERYTHING,
    NEW,
    ImportedWorld,
    ended,
    explained,
    happened,
    start_relinking,
)
from tests.workflows.staging import SELDOM, Scene, fresh_numbers, paced, refused

Handle = WorkflowHandle[Any, Any]

DONE = (Stage.DONE, None)
NEVER_POLLED = paced(poll_first="3000d", poll_longest="3000d", carrier={"remind_every": "30d", "deadline": "2900d"})


@pytest.fixture
def world() -> ImportedWorld:
    """Where numbers are imported."""
    return ImportedWorld()


async def status(handle: Handle) -> RelinkStatus:
    found: RelinkStatus = await handle.query(STATUS_QUERY, result_type=RelinkStatus)
    return found


async def ask(handle: Handle, update: str, *numbers: str) -> str:
    action = NumbersAction(phone_numbers=numbers, by="Ann")
    taken: ActionTaken = await handle.execute_update(update, action, result_type=ActionTaken)
    return taken.message


async def test_polls_alone_bring_numbers_to_a_new_plan_and_campaign(scene: Scene, world: ImportedWorld) -> None:
    numbers = fresh_numbers(3)
    world.import_numbers(numbers)
    handle = await start_relinking(scene, world, numbers)
    result = await scene.result(handle)
    assert result.stages == {"DONE": 3}
    assert [world.asked(number) for number in numbers] == [EVERYTHING] * 3
    assert [ended(world, number) for number in numbers] == [DONE] * 3
    assert world.misused() == []


async def test_callbacks_alone_bring_numbers_to_a_new_plan_and_campaign(scene: Scene, world: ImportedWorld) -> None:
    numbers = fresh_numbers(2)
    world.import_numbers(numbers)
    handle = await start_relinking(scene, world, numbers, pace=NEVER_POLLED)
    await scene.pass_hours(2)
    for number in numbers:
        await deliver(handle, happened(number, PLATFORM_UNLINK, CAMPAIGN_UNLINK, at=last_asked(world)) * 2)
    await scene.pass_hours(3)
    for number in numbers:
        await deliver(handle, happened(number, CAMPAIGN_LINK, PLATFORM_PROVISIONING, at=last_asked(world)) * 2)
    assert (await scene.result(handle)).stages == {"DONE": 2}
    assert [world.asked(number) for number in numbers] == [EVERYTHING] * 2
    assert len(world.made(READ_IMPORTED_NUMBERS)) == 1
    assert world.misused() == []


def last_asked(world: ImportedWorld) -> datetime:
    """A moment at Sinch after the last request."""
    return world.recorded[-1].at + timedelta(hours=1)


async def test_old_events_do_not_link_a_number_too_early(scene: Scene, world: ImportedWorld) -> None:
    (number,) = fresh_numbers(1)
    world.import_numbers([number])
    handle = await start_relinking(scene, world, [number], pace=NEVER_POLLED)
    await scene.pass_hours(0.1)
    long_ago = world.recorded[0].at - timedelta(days=1)
    await deliver(handle, happened(number, PLATFORM_UNLINK, CAMPAIGN_UNLINK, at=long_ago))
    await scene.pass_hours(0.5)
    assert world.made(LINK_IMPORTED_NUMBERS) == []
    await deliver(handle, happened(number, PLATFORM_UNLINK, at=last_asked(world)))
    await scene.pass_hours(0.5)
    assert world.made(LINK_IMPORTED_NUMBERS) == [], "the campaign is not unlinked yet"


async def test_only_what_changes_is_touched(scene: Scene, world: ImportedWorld) -> None:
    (number,) = fresh_numbers(1)
    world.import_numbers([number])
    await scene.result(await start_relinking(scene, world, [number], Links(campaign_id="C-NEW")))
    assert world.asked(number) == ["unlink C-OLD", "link C-NEW"]


async def test_numbers_that_are_linked_as_wanted_are_left_alone(scene: Scene, world: ImportedWorld) -> None:
    numbers = fresh_numbers(2)
    world.import_numbers(numbers, NEW)
    assert (await scene.result(await start_relinking(scene, world, numbers))).stages == {"DONE": 2}
    assert world.made(UNLINK_IMPORTED_NUMBERS) == world.made(LINK_IMPORTED_NUMBERS) == []
    assert {ended(world, number) for number in numbers} == {(Stage.DONE, reasons.LINKED_ALREADY)}


async def test_numbers_that_cannot_be_relinked_end_with_a_reason_and_unchanged(
    scene: Scene, world: ImportedWorld
) -> None:
    unknown, ordered, strange = fresh_numbers(3)
    world.in_hosting_order = {ordered}
    world.import_numbers([strange])
    world.refused = {strange: "no such number here"}
    assert (await scene.result(await start_relinking(scene, world, [unknown, ordered, strange]))).stages == {
        "FAILED": 3
    }
    assert ended(world, unknown) == (Stage.FAILED, reasons.NOT_IMPORTED)
    assert ended(world, ordered) == (Stage.FAILED, reasons.ALREADY_IN_A_HOSTING_ORDER)
    assert ended(world, strange) == (Stage.FAILED, reasons.UNLINK_REFUSED)
    assert "no such number here" in explained(world, strange)
    assert world.asked(strange) == []


async def test_a_failed_number_is_offered_with_its_state_and_linked_back(scene: Scene, world: ImportedWorld) -> None:
    good, bad = fresh_numbers(2)
    world.import_numbers([good, bad])
    world.imported_lines[bad].fails = {"C-NEW": "EXCEEDED_10DLC_LIMIT"}
    handle = await start_relinking(scene, world, [good, bad])
    await scene.pass_hours(24)
    known = await status(handle)
    assert (known.waiting_on, known.steps) == (WaitingOn.OPERATOR, {"DONE": 1, "OFFERED": 1})
    offered = next(number for number in known.numbers if number.phone_number == bad)
    assert offered.reason is not None
    assert offered.reason.code == "EXCEEDED_10DLC_LIMIT"
    assert "Last read, it has service plan plan-2 and no campaign;" in offered.reason.sentence
    assert "before the relinking it had service plan plan-1 and campaign C-OLD." in offered.reason.sentence
    async with refused("WrongStage"):
        await ask(handle, LINK_BACK_UPDATE, good)
    assert await ask(handle, LINK_BACK_UPDATE) == "1 numbers are linked back."
    assert (await scene.result(handle)).stages == {"DONE": 1, "FAILED": 1}
    assert world.asked(bad) == [*EVERYTHING, "unlink plan-2", "link plan-1", "link C-OLD"]
    assert ended(world, bad) == (Stage.FAILED, reasons.LINKED_BACK)
    assert "It has service plan plan-1 and campaign C-OLD again; what had failed: EXCEEDED_10DLC_LIMIT." in explained(
        world, bad
    )
    assert world.misused() == []


async def test_a_failed_number_is_tried_again_without_a_second_unlinking(scene: Scene, world: ImportedWorld) -> None:
    (number,) = fresh_numbers(1)
    world.import_numbers([number])
    world.imported_lines[number].fails = {"C-NEW": "INSUFFICIENT_BALANCE"}
    handle = await start_relinking(scene, world, [number])
    await scene.pass_hours(24)
    world.imported_lines[number].fails = {}
    await ask(handle, RETRY_UPDATE, number)
    assert (await scene.result(handle)).stages == {"DONE": 1}
    assert world.asked(number) == [*EVERYTHING, "link C-NEW"]


async def test_an_operator_may_leave_a_failed_number_as_it_is(scene: Scene, world: ImportedWorld) -> None:
    (number,) = fresh_numbers(1)
    world.import_numbers([number])
    world.imported_lines[number].fails = {"plan-2": "SMS_PROVISIONING_FAILED"}
    handle = await start_relinking(scene, world, [number])
    await scene.pass_hours(24)
    await ask(handle, SKIP_UPDATE)
    assert (await scene.result(handle)).stages == {"SKIPPED": 1}
    assert "no service plan" in explained(world, number)


async def test_without_a_decision_the_operator_is_reminded_and_the_number_ends_with_its_state(
    scene: Scene, world: ImportedWorld
) -> None:
    (number,) = fresh_numbers(1)
    world.import_numbers([number])
    world.imported_lines[number].fails = {"C-NEW": "CAMPAIGN_EXPIRED"}
    handle = await start_relinking(scene, world, [number])
    assert (await scene.result(handle)).stages == {"FAILED": 1}
    assert ended(world, number) == (Stage.FAILED, "CAMPAIGN_EXPIRED")
    assert "it has service plan plan-2 and no campaign" in explained(world, number)
    subjects = [notice.subject for notice in world.requests(SEND_NOTICE)]
    assert subjects[0].endswith("a decision is needed for 1 numbers")
    assert [subject.rpartition(" (")[2] for subject in subjects[1:]] == [f"reminder {count})" for count in range(1, 5)]


async def test_an_unlinking_that_never_ends_is_offered_after_the_deadline(scene: Scene, world: ImportedWorld) -> None:
    (number,) = fresh_numbers(1)
    world.import_numbers([number])
    world.unlink_hours = 24 * 365
    handle = await start_relinking(scene, world, [number], pace=SELDOM)
    assert (await scene.result(handle)).stages == {"FAILED": 1}
    assert ended(world, number) == (Stage.FAILED, reasons.UNLINK_DEADLINE_PASSED)
    assert world.asked(number) == EVERYTHING[:2]


async def test_lost_answers_and_outages_send_nothing_twice(scene: Scene, world: ImportedWorld) -> None:
    numbers = fresh_numbers(3)
    world.import_numbers(numbers)
    world.away(READ_IMPORTED_NUMBERS, hours=1)
    for _ in range(4):
        world.lose_answer(UNLINK_IMPORTED_NUMBERS, work_done=True)
        world.lose_answer(LINK_IMPORTED_NUMBERS, work_done=True)
    handle = await start_relinking(scene, world, numbers)
    assert (await scene.result(handle)).stages == {"DONE": 3}
    assert [world.asked(number) for number in numbers] == [EVERYTHING] * 3
    assert world.misused() == []


async def test_a_wrong_campaign_silences_only_a_few_numbers(scene: Scene, world: ImportedWorld) -> None:
    numbers = fresh_numbers(40)
    world.fails = {"C-NEW": "CAMPAIGN_NOT_AVAILABLE"}
    world.import_numbers(numbers)
    handle = await start_relinking(scene, world, numbers)
    await scene.pass_hours(48)
    known = await status(handle)
    assert (known.steps, known.stands_still) == ({"OFFERED": 10, "UNLINK_DUE": 30}, True)
    assert sum(bool(world.asked(number)) for number in numbers) == 10


async def test_once_a_number_has_come_through_all_others_follow(scene: Scene, world: ImportedWorld) -> None:
    numbers = fresh_numbers(130)
    world.import_numbers(numbers)
    handle = await start_relinking(scene, world, numbers, window=60)
    assert (await scene.result(handle)).stages == {"DONE": 130}
    assert [world.asked(number) for number in numbers] == [EVERYTHING] * 130
    assert max(len(request.numbers) for request in world.requests(UNLINK_IMPORTED_NUMBERS)) <= 50


async def test_runs_that_end_early_go_on_where_they_were(scene: Scene, world: ImportedWorld) -> None:
    numbers = fresh_numbers(30)
    world.import_numbers(numbers)
    world.imported_lines[numbers[3]].fails = {"C-NEW": "CAMPAIGN_EXPIRED"}
    handle = await start_relinking(scene, world, numbers, window=12, events_a_run=30)
    await scene.pass_hours(72)
    await ask(handle, LINK_BACK_UPDATE)
    assert (await scene.result(handle)).stages == {"DONE": 29, "FAILED": 1}
    assert len(await histories_of_runs(scene.client, handle)) > 2
    assert all(world.asked(number) == EVERYTHING for number in numbers if number != numbers[3])
    assert world.misused() == []


async def test_cancelling_starts_no_further_numbers_and_finishes_those_at_work(
    scene: Scene, world: ImportedWorld
) -> None:
    numbers = fresh_numbers(20)
    world.import_numbers(numbers)
    handle = await start_relinking(scene, world, numbers, window=5)
    await scene.pass_hours(1.5)
    await handle.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"))
    assert (await scene.result(handle)).stages == {"DONE": 5, "CANCELLED": 15}


async def test_numbers_of_a_profile_are_relinked_in_its_project(scene: Scene, world: ImportedWorld) -> None:
    numbers = fresh_numbers(2)
    world.import_numbers(numbers)
    await scene.stop_worker(SINCH)
    await scene.start_worker(sinch_queue("other"))
    handle = await start_relinking(scene, world, numbers, profile="other")
    assert (await scene.result(handle)).stages == {"DONE": 2}


async def test_a_worker_that_remembers_nothing_comes_to_the_same_end(scene: Scene, world: ImportedWorld) -> None:
    await scene.stop_worker(WORKFLOWS)
    await scene.start_worker(WORKFLOWS, remembers=False)
    good, bad = fresh_numbers(2)
    world.import_numbers([good, bad])
    world.imported_lines[bad].fails = {"C-NEW": "CAMPAIGN_EXPIRED"}
    handle = await start_relinking(scene, world, [good, bad])
    await scene.pass_hours(24)
    await ask(handle, LINK_BACK_UPDATE)
    assert (await scene.result(handle)).stages == {"DONE": 1, "FAILED": 1}
    assert world.misused() == []


async def test_500_numbers_cost_less_than_an_event_each(scene: Scene, world: ImportedWorld) -> None:
    numbers = fresh_numbers(500)
    world.import_numbers(numbers)
    handle = await start_relinking(scene, world, numbers)
    assert (await scene.result(handle)).stages == {"DONE": 500}
    a_number = sum(len(history.events) for history in await histories_of_runs(scene.client, handle)) / 500
    assert a_number < 0.75, f"{a_number} events a number"
