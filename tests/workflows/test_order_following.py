"""`HostingOrder`: an order is followed to its end by callbacks, by polls, or by both, in whatever order they come."""

import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from temporalio.client import WorkflowHandle

from onboarding import reasons
from onboarding.calls.hosting_orders import CREATE_ORDER, OBSERVE_ORDER
from onboarding.calls.notifications import SEND_NOTICE
from onboarding.contracts.hosting_order import OrderResult, OrderStatus
from onboarding.contracts.operator import SKIP_UPDATE, STATUS_QUERY, NumbersAction
from onboarding.observations import CAMPAIGN_LINK, HOSTING_PROCESS, OSR_UPDATE, PLATFORM_PROVISIONING, CallbackEvent
from onboarding.stages import Stage, WaitingOn
from onboarding.task_queues import WORKFLOWS
from tests.workflows.callback_events import all_succeeded, deliver, event
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.sinch_side import COMPLETES, STUCK
from tests.workflows.staging import LOA, SELDOM, Scene, a_batch, fresh_numbers, paced, refused

FOR_EVER = 24 * 365
SLOW_POLLS = paced(poll_first="1000h", poll_longest="1000h")


async def the_status(order: WorkflowHandle[Any, OrderResult]) -> OrderStatus:
    """Where the order stands."""
    status: OrderStatus = await order.query(STATUS_QUERY, result_type=OrderStatus)
    return status


async def test_an_order_says_when_its_osr_update_may_begin(scene: Scene, world: OutsideWorld) -> None:
    moment = datetime(2030, 3, 1, 6, tzinfo=UTC)
    batch = a_batch().model_copy(update={"scheduled_osr_update_time": moment})
    await scene.result(await scene.start_order(fresh_numbers(1), batch))
    assert [request.scheduled_osr_update_time for request in world.requests(CREATE_ORDER)] == [moment]


async def test_polls_alone_finish_an_order(scene: Scene, world: OutsideWorld) -> None:
    result = await scene.result(await scene.start_order(fresh_numbers(3)))
    assert (result.hosting_order_id, result.stages) == ("order-1", {"DONE": 3})


async def test_callbacks_alone_finish_an_order(scene: Scene, world: OutsideWorld) -> None:
    numbers = fresh_numbers(3)
    world.orders_go = STUCK
    world.away(OBSERVE_ORDER, hours=FOR_EVER)
    order = await scene.start_order(numbers)
    await scene.pass_hours(30)
    await deliver(order, all_succeeded(numbers))
    assert (await scene.result(order)).stages == {"DONE": 3}


async def test_without_a_campaign_no_campaign_link_is_waited_for(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    order = await scene.start_order((number,), a_batch(campaign_id=None, pace=SLOW_POLLS))
    await scene.settle()
    await deliver(order, [event(number, OSR_UPDATE), event(number, PLATFORM_PROVISIONING)])
    assert (await scene.result(order)).stages == {"DONE": 1}


@pytest.mark.parametrize("seed", range(3))
async def test_events_in_any_order_and_twice_end_the_same(scene: Scene, world: OutsideWorld, seed: int) -> None:
    good, bad = fresh_numbers(2)
    failure = event(bad, CAMPAIGN_LINK, "FAILED", failure_code="CAMPAIGN_EXPIRED")
    events = [*all_succeeded((good,)), event(bad, OSR_UPDATE), event(bad, PLATFORM_PROVISIONING), failure]
    shuffled = events * 2
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - no secret hangs on it
    order = await scene.start_order((good, bad), a_batch(pace=SLOW_POLLS))
    await scene.settle()
    for one in shuffled:
        await deliver(order, [one])
    assert (await scene.result(order)).stages == {"DONE": 1, "FAILED": 1}
    assert [n.reason for n in (await the_status(order)).numbers] == [None, reasons.reason("CAMPAIGN_EXPIRED")]


async def test_events_that_come_before_the_order_is_known_count(scene: Scene, world: OutsideWorld) -> None:
    numbers = fresh_numbers(2)
    held = world.hold(CREATE_ORDER)
    order = await scene.start_order(numbers, a_batch(pace=SLOW_POLLS))
    await held.begun.wait()
    await deliver(order, all_succeeded(numbers))
    held.release.set()
    result = await scene.result(order)
    assert (result.hosting_order_id, result.stages) == ("order-1", {"DONE": 2})


async def test_events_that_come_before_the_first_task_count(scene: Scene, world: OutsideWorld) -> None:
    numbers = fresh_numbers(2)
    await scene.stop_worker(WORKFLOWS)
    order = await scene.start_order(numbers, a_batch(pace=SLOW_POLLS))
    await deliver(order, all_succeeded(numbers))
    await scene.start_worker(WORKFLOWS)
    assert (await scene.result(order)).stages == {"DONE": 2}


async def test_an_event_that_names_no_number_is_a_reason_to_read(scene: Scene, world: OutsideWorld) -> None:
    world.orders_go = ((0, "SUBMITTED"), (1, "IN_PROGRESS"))
    order = await scene.start_order(fresh_numbers(1), a_batch(pace=SLOW_POLLS))
    await scene.pass_hours(2)
    assert world.made(OBSERVE_ORDER) == []
    await deliver(order, [event("order-1", HOSTING_PROCESS)])
    await scene.settle()
    assert len(world.made(OBSERVE_ORDER)) == 1
    assert (await the_status(order)).order_state == "IN_PROGRESS"


async def test_events_of_an_older_order_are_old_news(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    order = await scene.start_order((number,), a_batch(pace=SLOW_POLLS))
    await scene.settle()
    before = world.orders["order-1"].created_at - timedelta(hours=1)
    await deliver(order, [event(number, HOSTING_PROCESS, "FAILED", timestamp=before)])
    await scene.settle()
    assert (await the_status(order)).numbers[0].stage is Stage.ORDERED


async def test_events_nobody_knows_change_nothing(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    order = await scene.start_order((number,))
    await scene.settle()
    strange = [event(number, "MOON_LANDING"), event(number, OSR_UPDATE, "PONDERING"), CallbackEvent()]
    await deliver(order, strange)
    await scene.settle()
    status = await the_status(order)
    assert (status.numbers[0].stage, status.callbacks_received) == (Stage.ORDERED, 3)
    assert (await scene.result(order)).stages == {"DONE": 1}


async def test_a_number_that_fails_in_the_order_fails_alone(scene: Scene, world: OutsideWorld) -> None:
    numbers = fresh_numbers(3)
    world.failing[numbers[1]] = "platform"
    order = await scene.start_order(numbers)
    assert (await scene.result(order)).stages == {"DONE": 2, "FAILED": 1}
    failed = (await the_status(order)).numbers[1]
    assert failed.reason == reasons.reason(reasons.SMS_PROVISIONING_FAILED)


async def test_a_failure_without_a_cause_is_looked_up(scene: Scene, world: OutsideWorld) -> None:
    """The event HOSTING_PROCESS says that a number failed, its records say where."""
    good, bad = fresh_numbers(2)
    world.failing[bad] = "osr"
    order = await scene.start_order((good, bad), a_batch(pace=SLOW_POLLS))
    await scene.pass_hours(50)
    await deliver(order, [*all_succeeded((good,)), event(bad, HOSTING_PROCESS, "FAILED")])
    await scene.result(order)
    assert (await the_status(order)).numbers[1].reason == reasons.reason(reasons.OSR_UPDATE_FAILED)
    assert [request.phone_numbers for request in world.requests(OBSERVE_ORDER)] == [(bad,)]


async def test_a_failure_whose_cause_cannot_be_read_is_reported_all_the_same(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    order = await scene.start_order((number,), a_batch(pace=SLOW_POLLS))
    await scene.settle()
    world.away(OBSERVE_ORDER, hours=FOR_EVER)
    await deliver(order, [event(number, HOSTING_PROCESS, "FAILED")])
    assert (await scene.result(order)).stages == {"FAILED": 1}
    assert (await the_status(order)).numbers[0].reason == reasons.reason(reasons.HOSTING_FAILED)


async def test_records_are_read_only_when_the_report_has_moved(scene: Scene, world: OutsideWorld) -> None:
    world.orders_go = STUCK
    order = await scene.start_order(fresh_numbers(2))
    await scene.pass_hours(48)
    reads = world.requests(OBSERVE_ORDER)
    assert reads[0].known_report is None
    assert {request.known_report for request in reads[1:]} == {world.orders["order-1"].report(await scene.now())}
    assert (await the_status(order)).order_state == "IN_PROGRESS"


async def test_polls_of_an_order_grow_apart_and_come_closer_on_news(scene: Scene, world: OutsideWorld) -> None:
    world.orders_go = ((0, "SUBMITTED"), (9, "WAITING_FOR_LOA_SIGNATURE"))
    await scene.start_order(fresh_numbers(1))
    await scene.pass_hours(12)
    moments = [world.made(CREATE_ORDER)[0].at, *(recorded.at for recorded in world.made(OBSERVE_ORDER))]
    minutes = [round((later - earlier).total_seconds() / 60) for earlier, later in pairwise(moments)]
    assert minutes[:9] == [10, 10, 20, 40, 80, 160, 240, 10, 20]


async def test_the_signature_is_asked_for_at_once_and_then_at_intervals(scene: Scene, world: OutsideWorld) -> None:
    world.orders_go = ((0, "SUBMITTED"), (1, "WAITING_FOR_LOA_SIGNATURE"), (24 * 10, "COMPLETED"))
    order = await scene.start_order(fresh_numbers(1))
    await scene.result(order)
    asked = world.made(SEND_NOTICE)
    assert [recorded.request.subject.partition(": ")[2] for recorded in asked] == [
        "LOA for 1 numbers to be signed",
        "LOA for 1 numbers to be signed (reminder 1)",
        "LOA for 1 numbers to be signed (reminder 2)",
        "LOA for 1 numbers to be signed (reminder 3)",
    ]
    assert {round((b.at - a.at) / timedelta(days=1), 2) for a, b in pairwise(asked)} == {3}
    assert LOA.authorised_person.email in asked[0].request.text


async def test_a_signature_that_never_comes_ends_the_order_at_its_deadline(scene: Scene, world: OutsideWorld) -> None:
    world.orders_go = ((0, "SUBMITTED"), (1, "WAITING_FOR_LOA_SIGNATURE"))
    order = await scene.start_order(fresh_numbers(2), a_batch(pace=SELDOM))
    assert (await scene.result(order)).stages == {"FAILED": 2}
    status = await the_status(order)
    assert status.numbers[0].reason == reasons.reason(reasons.LOA_DEADLINE_PASSED)
    assert status.waiting_on is WaitingOn.NOBODY


async def test_carrier_work_that_never_ends_is_reminded_of_and_ends(scene: Scene, world: OutsideWorld) -> None:
    world.orders_go = ((0, "SUBMITTED"), (1, "IN_PROGRESS"))
    order = await scene.start_order(fresh_numbers(1), a_batch(pace=SELDOM))
    assert (await scene.result(order)).stages == {"FAILED": 1}
    status = await the_status(order)
    assert status.numbers[0].reason == reasons.reason(reasons.CARRIER_DEADLINE_PASSED)
    asked = world.made(SEND_NOTICE)
    assert {round((b.at - a.at) / timedelta(days=1), 2) for a, b in pairwise(asked)} == {5}
    assert len(asked) == 3


async def test_a_signed_loa_ends_the_wait_for_it(scene: Scene, world: OutsideWorld) -> None:
    order = await scene.start_order(fresh_numbers(1))
    await scene.pass_hours(10)
    assert (await the_status(order)).waiting_on is WaitingOn.LOA_SIGNATURE
    await scene.pass_hours(24)
    status = await the_status(order)
    assert (status.waiting_on, status.order_state) == (WaitingOn.CARRIER, "IN_PROGRESS")


async def test_a_success_by_callback_shows_that_the_loa_is_signed(scene: Scene, world: OutsideWorld) -> None:
    one, other = fresh_numbers(2)
    world.orders_go = ((0, "WAITING_FOR_LOA_SIGNATURE"), (24, "COMPLETED"))
    order = await scene.start_order((one, other), a_batch(pace=SLOW_POLLS))
    await scene.settle()
    assert (await the_status(order)).waiting_on is WaitingOn.LOA_SIGNATURE
    await deliver(order, [event(one, OSR_UPDATE)])
    await scene.settle()
    assert (await the_status(order)).waiting_on is WaitingOn.CARRIER


async def test_reminders_that_cannot_be_mailed_stop_nothing(scene: Scene, world: OutsideWorld) -> None:
    world.away(SEND_NOTICE, hours=FOR_EVER)
    world.orders_go = COMPLETES
    assert (await scene.result(await scene.start_order(fresh_numbers(1)))).stages == {"DONE": 1}
    assert world.made(SEND_NOTICE)


async def test_skipped_numbers_are_followed_no_more(scene: Scene, world: OutsideWorld) -> None:
    keep, drop = fresh_numbers(2)
    order = await scene.start_order((keep, drop))
    await scene.settle()
    await order.execute_update(SKIP_UPDATE, NumbersAction(phone_numbers=(drop,)))
    await deliver(order, all_succeeded((drop,)))
    assert (await scene.result(order)).stages == {"DONE": 1, "SKIPPED": 1}


async def test_an_order_ends_when_its_last_open_number_is_skipped(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    world.orders_go = STUCK
    order = await scene.start_order((number,))
    await scene.settle()
    await order.execute_update(SKIP_UPDATE, NumbersAction(phone_numbers=(number,)))
    assert (await scene.result(order)).stages == {"SKIPPED": 1}


async def test_skip_refuses_numbers_of_other_orders(scene: Scene, world: OutsideWorld) -> None:
    order = await scene.start_order(fresh_numbers(1))
    await scene.settle()
    async with refused("UnknownNumber"):
        await order.execute_update(SKIP_UPDATE, NumbersAction(phone_numbers=fresh_numbers(1)))
