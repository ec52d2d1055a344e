"""`OnboardBatch`: all groups, a window of them at a time, and a report in which no number is missing."""

import pytest

from onboarding.calls.documents import READ_MANIFEST, STORE_GROUP_ROWS, WRITE_REPORT
from onboarding.calls.hosting_orders import CREATE_ORDER
from onboarding.calls.invoices import SEND_INVOICES
from onboarding.calls.qualification import ADD_NUMBERS
from onboarding.contracts.batch import BatchStatus
from onboarding.contracts.group import GroupSettled
from onboarding.contracts.hosting_order import OrderResult
from onboarding.contracts.operator import CANCEL_UPDATE, STATUS_QUERY, ActionTaken, OperatorAction
from onboarding.contracts.verification import SUBMIT_CODE_UPDATE, SubmitCode
from onboarding.task_queues import WORKFLOWS
from tests.workflows.callback_events import all_succeeded, deliver
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.sinch_side import RIGHT_CODE, STUCK
from tests.workflows.staging import Scene, a_batch, fresh_numbers, paced, refused, until

NEVER = ()
DAY = 24


def groups_of(count: int, size: int = 1) -> list[tuple[str, ...]]:
    """The numbers of so many groups."""
    return [fresh_numbers(size) for _ in range(count)]


def most_groups_at_once(world: OutsideWorld) -> int:
    """How many groups were between their first and their last step at the same time."""
    begins = [(recorded.at, 1) for recorded in world.made(ADD_NUMBERS)]
    ends = [(recorded.at, -1) for recorded in world.made(STORE_GROUP_ROWS)]
    at_once = most = 0
    for _, change in sorted(begins + ends):
        at_once += change
        most = max(most, at_once)
    return most


async def test_all_groups_are_counted_in_one_report(scene: Scene, world: OutsideWorld) -> None:
    groups = groups_of(3, size=2)
    world.qualification_of[groups[1][0]] = ((1, "NOT_ELIGIBLE"),)
    batch = a_batch()
    result = await scene.result(await scene.start_batch(groups, batch))
    assert (result.batch, result.stages) == (batch.id, {"DONE": 5, "FAILED": 1})
    [report] = world.requests(WRITE_REPORT)
    assert sorted(report.groups) == [1, 2, 3]
    assert report.vanished == ()


async def test_a_batch_in_which_every_number_fails_is_a_result_not_an_error(scene: Scene, world: OutsideWorld) -> None:
    world.qualification = ((1, "NOT_ELIGIBLE"),)
    assert (await scene.result(await scene.start_batch(groups_of(2)))).stages == {"FAILED": 2}


async def test_no_more_groups_than_the_window_are_at_work(scene: Scene, world: OutsideWorld) -> None:
    result = await scene.result(await scene.start_batch(groups_of(5), window=2))
    assert result.stages == {"DONE": 5}
    assert most_groups_at_once(world) == 2
    first_page = world.requests(READ_MANIFEST)[0]
    assert (first_page.offset, first_page.count) == (0, 50)
    assert len(world.requests(READ_MANIFEST)) == 1


async def test_a_slow_group_does_not_hold_the_others_up(scene: Scene, world: OutsideWorld) -> None:
    slow, *others = groups_of(4)
    world.desk_of[slow[0]] = NEVER
    batch = await scene.start_batch([slow, *others], window=2)
    await scene.pass_hours(15 * DAY)
    status = await batch.query(STATUS_QUERY, result_type=BatchStatus)
    assert (status.groups_in_flight, status.groups_settled, status.stages) == ((1,), 3, {"DONE": 3})


async def test_a_cancelled_batch_starts_nothing_new_and_follows_its_orders(scene: Scene, world: OutsideWorld) -> None:
    ordered, waiting, *unstarted = groups_of(5)
    world.desk_of[waiting[0]] = NEVER
    batch = await scene.start_batch([ordered, waiting, *unstarted], window=2)
    await scene.pass_hours(1.5 * DAY)
    assert len(world.made(CREATE_ORDER)) == 1
    taken = await batch.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"), result_type=ActionTaken)
    assert "starts nothing new" in taken.message
    assert (await scene.result(batch)).stages == {"DONE": 1, "CANCELLED": 4}
    [report] = world.requests(WRITE_REPORT)
    assert sorted(report.groups) == [1, 2]


async def test_groups_that_were_being_read_when_the_cancel_came_are_cancelled(
    real_time_scene: Scene, world: OutsideWorld
) -> None:
    """On the dev server: the test server takes no cancellation of an activity that has just ended."""
    held = world.hold(READ_MANIFEST)
    batch = await real_time_scene.start_batch(groups_of(2))
    await held.begun.wait()
    await batch.execute_update(CANCEL_UPDATE, OperatorAction())
    held.release.set()
    assert (await real_time_scene.result(batch)).stages == {"CANCELLED": 2}
    assert world.made(CREATE_ORDER) == []


async def test_a_batch_is_cancelled_once(scene: Scene, world: OutsideWorld) -> None:
    world.orders_go = STUCK
    batch = await scene.start_batch(groups_of(1))
    await scene.pass_hours(2 * DAY)
    await batch.execute_update(CANCEL_UPDATE, OperatorAction())
    async with refused("Ended"):
        await batch.execute_update(CANCEL_UPDATE, OperatorAction())


async def test_a_group_that_was_terminated_gives_its_place_back(scene: Scene, world: OutsideWorld) -> None:
    lost, slow, last = groups_of(3)
    world.desk = NEVER
    world.qualification_of[last[0]] = ((0, "VERIFIED"),)
    settings = a_batch()
    batch = await scene.start_batch([lost, slow, last], settings, window=2)
    await scene.pass_hours(3)
    await scene.group(settings, 1).terminate("by mistake")
    await scene.pass_hours(1.1 * DAY)
    status = await batch.query(STATUS_QUERY, result_type=BatchStatus)
    assert status.groups_in_flight == (2, 3)
    await batch.execute_update(CANCEL_UPDATE, OperatorAction())
    assert (await scene.result(batch)).stages == {"DONE": 1, "CANCELLED": 1, "FAILED": 1}
    assert world.requests(WRITE_REPORT)[0].vanished == (1,)


async def test_groups_that_are_still_there_keep_their_place(scene: Scene, world: OutsideWorld) -> None:
    world.desk = NEVER
    batch = await scene.start_batch(groups_of(3), window=2)
    await scene.pass_hours(5 * DAY)
    status = await batch.query(STATUS_QUERY, result_type=BatchStatus)
    assert status.groups_in_flight == (1, 2)


@pytest.mark.parametrize("events_a_run", [8, 4000])
async def test_an_order_that_was_terminated_is_missed_by_its_group(
    scene: Scene, world: OutsideWorld, events_a_run: int
) -> None:
    """However short its runs are."""
    world.qualification = ((0, "VERIFIED"),)
    world.orders_go = STUCK
    batch = a_batch(pace=paced(reconcile="24h"))
    group = await scene.start_group(fresh_numbers(2), batch, events_a_run=events_a_run)
    await scene.pass_hours(3)
    await scene.order(batch).terminate("by mistake")
    assert (await scene.result(group)).stages == {"FAILED": 2}
    assert {row.reason.code for row in world.rows[1] if row.reason} == {"ENDED_OUTSIDE"}


async def test_groups_outlive_a_batch_that_was_terminated(real_time_scene: Scene, world: OutsideWorld) -> None:
    """On the dev server: the test server ends no children with their parent, whatever their policy."""
    scene, settings, groups = real_time_scene, a_batch(), groups_of(1)
    world.qualification = ((0, "VERIFIED"),)
    batch = await scene.start_batch(groups, settings)
    await until(lambda: world.orders)
    await batch.terminate("by mistake")
    await deliver(scene.order(settings), all_succeeded(groups[0]))
    group = scene.client.get_workflow_handle(scene.group(settings).id, result_type=GroupSettled)
    assert (await scene.result(group)).stages == {"DONE": 1}


async def test_orders_outlive_a_group_that_was_terminated(real_time_scene: Scene, world: OutsideWorld) -> None:
    scene, settings, numbers = real_time_scene, a_batch(), fresh_numbers(1)
    world.qualification = ((0, "VERIFIED"),)
    group = await scene.start_group(numbers, settings)
    await until(lambda: world.orders)
    await group.terminate("by mistake")
    order = scene.client.get_workflow_handle(scene.order(settings).id, result_type=OrderResult)
    await deliver(order, all_succeeded(numbers))
    assert (await scene.result(order)).stages == {"DONE": 1}


async def test_a_batch_started_again_takes_the_groups_that_are_at_work(scene: Scene, world: OutsideWorld) -> None:
    """After a batch was terminated by mistake its groups are not started twice."""
    settings, groups = a_batch(), groups_of(1)
    first = await scene.start_batch(groups, settings)
    await scene.pass_hours(3)
    await first.terminate("by mistake")
    second = await scene.start_batch(groups, settings)
    assert (await scene.result(second)).stages == {"DONE": 1}
    assert len(world.made(ADD_NUMBERS)) == len(world.made(CREATE_ORDER)) == 1


async def test_an_hour_without_the_document_store_loses_nothing(scene: Scene, world: OutsideWorld) -> None:
    world.away(READ_MANIFEST, STORE_GROUP_ROWS, WRITE_REPORT, hours=1)
    assert (await scene.result(await scene.start_batch(groups_of(2)))).stages == {"DONE": 2}
    assert len(world.requests(WRITE_REPORT)) == 1


async def test_a_worker_that_remembers_nothing_goes_on_where_it_was(scene: Scene, world: OutsideWorld) -> None:
    """As after the death of a worker, every workflow is replayed from its start, here at each of its tasks."""
    await scene.stop_worker(WORKFLOWS)
    await scene.start_worker(WORKFLOWS, remembers=False)
    numbers = fresh_numbers(3)
    world.desk_of[numbers[0]] = ((24, "VERIFICATION_FAILED"),)
    pace = paced(poll_first="4h", poll_longest="8h")
    batch = await scene.start_batch([numbers, fresh_numbers(1)], a_batch(pace=pace))
    await scene.pass_hours(36)
    await scene.verification(numbers[0]).execute_update(SUBMIT_CODE_UPDATE, SubmitCode(code=RIGHT_CODE))
    assert (await scene.result(batch)).stages == {"DONE": 4}
    assert len(world.rings(numbers[0])) == 1
    assert len(world.requests(SEND_INVOICES)) == 2
