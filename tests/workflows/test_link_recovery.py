"""`HostingOrder`: a hosted number whose campaign link failed recovers by its failure code; it is not ordered again."""

import random
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from temporalio.client import WorkflowHandle

from onboarding import reasons
from onboarding.calls.hosting_orders import CREATE_ORDER, OBSERVE_ORDER
from onboarding.calls.linking import LINK_NUMBERS, READ_LINKS
from onboarding.calls.notifications import SEND_NOTICE
from onboarding.contracts.hosting_order import OrderStatus
from onboarding.contracts.operator import RETRY_UPDATE, SKIP_UPDATE, STATUS_QUERY, NumbersAction, RetryAction
from onboarding.errors import FailureType
from onboarding.link_recovery import RecoveryPhase
from onboarding.observations import CAMPAIGN_LINK, HOSTING_PROCESS, OSR_UPDATE, PLATFORM_PROVISIONING
from onboarding.policies import RECOVERIES, RecoveryKind
from onboarding.progress import NumberProgress
from onboarding.spans import Span
from onboarding.stages import Stage, WaitingOn
from tests.workflows.callback_events import all_succeeded, deliver, event
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.sinch_side import LINK_HOURS, STUCK
from tests.workflows.staging import Scene, a_batch, fresh_numbers, paced, refused

DAY = 24
FOR_EVER = DAY * 365
SLOW_POLLS = paced(poll_first="1000h", poll_longest="1000h")
NEVER_READ = (OBSERVE_ORDER, READ_LINKS)
COMPLETED_AFTER = 49
"""Hours until an order of `COMPLETES` has ended."""

PENDING, FULL, EXPIRED = "CAMPAIGN_PENDING_ACCEPTANCE", "EXCEEDED_10DLC_LIMIT", "CAMPAIGN_EXPIRED"
LINK_CODES = sorted(set(RECOVERIES) - {reasons.HOSTING_FAILED, reasons.LINK_AGAIN_REFUSED})
WAITED_OUT = [code for code in LINK_CODES if RECOVERIES[code].kind is RecoveryKind.WAIT]
OF_OPERATOR = [code for code in LINK_CODES if RECOVERIES[code].kind is RecoveryKind.OPERATOR]
FINAL = [code for code in LINK_CODES if RECOVERIES[code].kind is RecoveryKind.FINAL]

Order = WorkflowHandle[Any, Any]


async def the_status(order: Order) -> OrderStatus:
    """Where the order stands."""
    status: OrderStatus = await order.query(STATUS_QUERY, result_type=OrderStatus)
    return status


async def the_number(order: Order, position: int = 0) -> NumberProgress:
    """One of its numbers."""
    return (await the_status(order)).numbers[position]


async def phase_of(order: Order, position: int = 0) -> RecoveryPhase | None:
    """How the recovery of one number goes on."""
    recovering = (await the_number(order, position)).recovering
    return recovering.phase if recovering else None


async def code_of(order: Order, position: int = 0) -> str | None:
    """The reason code of one number."""
    reason = (await the_number(order, position)).reason
    return reason.code if reason else None


def hours(spans: tuple[Span, ...]) -> list[float]:
    """The length of each span."""
    return [span.fixed / timedelta(hours=1) for span in spans]


# one test a kind of handling, over the whole table


@pytest.mark.parametrize("code", WAITED_OUT)
async def test_a_failure_that_passes_is_waited_out(scene: Scene, world: OutsideWorld, code: str) -> None:
    number = fresh_numbers(1)[0]
    world.link_fails(number, code)
    order = await scene.start_order((number,))
    assert (await scene.result(order)).stages == {"DONE": 1}
    assert len(world.linked_again(number)) == len(world.requests(CREATE_ORDER)) == 1
    assert world.made(SEND_NOTICE)[1:] == [], "only the LOA was asked for"


@pytest.mark.parametrize("code", WAITED_OUT)
async def test_a_failure_that_never_passes_becomes_the_operators(scene: Scene, world: OutsideWorld, code: str) -> None:
    number = fresh_numbers(1)[0]
    waits = RECOVERIES[code].waits
    world.link_fails(number, *[code] * (len(waits) + 1))
    order = await scene.start_order((number,))
    assert (await scene.result(order)).stages == {"FAILED": 1}
    tries = world.linked_again(number)
    assert len(tries) == len(waits)
    apart = [(later - earlier) / timedelta(hours=1) for earlier, later in pairwise(tries)]
    assert all(wait <= time <= wait + 9 for wait, time in zip(hours(waits[1:]), apart, strict=True))
    assert await code_of(order) == code
    assert any(code in recorded.request.subject for recorded in world.made(SEND_NOTICE))


@pytest.mark.parametrize("code", OF_OPERATOR)
async def test_what_a_person_must_put_right_waits_for_the_operator(
    scene: Scene, world: OutsideWorld, code: str
) -> None:
    number = fresh_numbers(1)[0]
    world.link_fails(number, code)
    batch = a_batch()
    order = await scene.start_order((number,), batch)
    await scene.pass_hours(COMPLETED_AFTER + 8)
    status = await the_status(order)
    assert (status.waiting_on, status.numbers[0].stage) == (WaitingOn.OPERATOR, Stage.PROVISIONING)
    notice = world.made(SEND_NOTICE)[-1].request
    assert f"onboard retry {batch.id} --reason {code}" in notice.text
    assert RECOVERIES[code].who in notice.text
    assert number in notice.text
    assert world.linked_again(number) == []
    await order.execute_update(RETRY_UPDATE, RetryAction(reasons=(code,)))
    assert (await scene.result(order)).stages == {"DONE": 1}
    assert len(world.linked_again(number)) == 1


@pytest.mark.parametrize("code", FINAL)
async def test_a_final_failure_ends_its_number_at_once(scene: Scene, world: OutsideWorld, code: str) -> None:
    number = fresh_numbers(1)[0]
    world.link_fails(number, code)
    order = await scene.start_order((number,))
    assert (await scene.result(order)).stages == {"FAILED": 1}
    assert (await the_number(order)).reason == reasons.reason(code)
    assert world.linked_again(number) == []


async def test_an_unknown_failure_code_waits_for_the_operator(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    world.link_fails(number, "SOMETHING_NEW")
    order = await scene.start_order((number,))
    await scene.pass_hours(COMPLETED_AFTER + 8)
    assert ((await the_status(order)).waiting_on, await code_of(order)) == (WaitingOn.OPERATOR, "SOMETHING_NEW")


async def test_a_failure_that_left_the_number_not_imported_is_final(scene: Scene, world: OutsideWorld) -> None:
    """There is nothing to link; the group can order it anew."""
    number = fresh_numbers(1)[0]
    world.failing[number] = "campaign"
    order = await scene.start_order((number,))
    assert (await scene.result(order)).stages == {"FAILED": 1}
    assert await code_of(order) == reasons.CAMPAIGN_PROVISIONING_FAILED
    assert world.made(LINK_NUMBERS) == []


async def test_a_wait_that_finds_the_number_not_imported_ends_with_the_code(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    world.orders_go = STUCK
    order = await scene.start_order((number,))
    await scene.settle()
    failed = event(number, CAMPAIGN_LINK, "FAILED", failure_code=PENDING, timestamp=await scene.now())
    await deliver(order, [failed])
    assert (await scene.result(order)).stages == {"FAILED": 1}
    assert ((await the_number(order)).reason, len(world.made(LINK_NUMBERS))) == (reasons.reason(PENDING), 1)


# callbacks, polls, and news that are too old


async def fails_by_event(scene: Scene, world: OutsideWorld, order: Order, number: str, code: str) -> datetime:
    """The order tells by an event that the link failed; when."""
    await scene.pass_hours(30)
    at = await scene.now()
    succeeded = [event(number, OSR_UPDATE, timestamp=at), event(number, PLATFORM_PROVISIONING, timestamp=at)]
    failed = event(number, CAMPAIGN_LINK, "FAILED", failure_code=code, timestamp=at)
    await deliver(order, [*succeeded, failed, event(number, HOSTING_PROCESS, "FAILED", timestamp=at)])
    return at


async def test_callbacks_alone_recover_a_link(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    world.link_fails(number, PENDING)
    world.orders_go = STUCK
    world.away(*NEVER_READ, hours=FOR_EVER)
    order = await scene.start_order((number,))
    await fails_by_event(scene, world, order, number, PENDING)
    await scene.pass_hours(DAY + 1)
    assert await phase_of(order) is RecoveryPhase.LINKING
    await deliver(order, [event(number, CAMPAIGN_LINK, timestamp=await scene.now())])
    assert (await scene.result(order)).stages == {"DONE": 1}


async def test_polls_alone_recover_a_link(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    world.link_fails(number, "PARTNER_SERVICE_UNAVAILABLE", PENDING)
    order = await scene.start_order((number,))
    result = await scene.result(order)
    assert (result.stages, (await the_status(order)).callbacks_received) == ({"DONE": 1}, 0)
    assert len(world.linked_again(number)) == 2


async def test_old_news_of_the_failed_try_do_not_count_against_the_next(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    world.link_fails(number, PENDING)
    order = await scene.start_order((number,), a_batch(pace=SLOW_POLLS))
    at = await fails_by_event(scene, world, order, number, PENDING)
    await scene.pass_hours(DAY + 1)
    assert await phase_of(order) is RecoveryPhase.LINKING
    again = [
        event(number, CAMPAIGN_LINK, "FAILED", failure_code=EXPIRED, timestamp=at + timedelta(hours=h)) for h in (0, 1)
    ]
    await deliver(order, [*again, event(number, HOSTING_PROCESS, "FAILED", timestamp=at)])
    await scene.settle()
    assert await phase_of(order) is RecoveryPhase.LINKING
    await deliver(order, [event(number, CAMPAIGN_LINK, timestamp=await scene.now())])
    assert (await scene.result(order)).stages == {"DONE": 1}


async def test_the_order_that_still_shows_the_failure_does_not_count_against_the_next_try(
    scene: Scene, world: OutsideWorld
) -> None:
    number, slow = fresh_numbers(2)
    world.link_fails(number, "PARTNER_SERVICE_UNAVAILABLE")
    world.failing[slow] = "osr"
    order = await scene.start_order((number, slow))
    assert (await scene.result(order)).stages == {"DONE": 1, "FAILED": 1}


async def test_news_without_a_moment_are_a_reason_to_read(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    world.link_fails(number, PENDING)
    world.orders_go = STUCK
    order = await scene.start_order((number,), a_batch(pace=SLOW_POLLS))
    await fails_by_event(scene, world, order, number, PENDING)
    await scene.pass_hours(DAY + LINK_HOURS + 1)
    assert (await phase_of(order), world.made(READ_LINKS)) == (RecoveryPhase.LINKING, [])
    await deliver(order, [event(number, CAMPAIGN_LINK)])
    assert (await scene.result(order)).stages == {"DONE": 1}
    assert len(world.made(READ_LINKS)) == 1


@pytest.mark.parametrize("seed", range(3))
async def test_news_in_any_order_end_alike(scene: Scene, world: OutsideWorld, seed: int) -> None:
    waiting, final, good = fresh_numbers(3)
    world.link_fails(waiting, PENDING)
    world.link_fails(final, EXPIRED)
    order = await scene.start_order((waiting, final, good), a_batch(pace=SLOW_POLLS))
    await scene.pass_hours(30)
    at = await scene.now()
    events = all_succeeded((good,))
    for number, code in ((waiting, PENDING), (final, EXPIRED)):
        events += [event(number, kind, timestamp=at) for kind in (OSR_UPDATE, PLATFORM_PROVISIONING)]
        events.append(event(number, CAMPAIGN_LINK, "FAILED", failure_code=code, timestamp=at))
        events.append(event(number, HOSTING_PROCESS, "FAILED", timestamp=at))
    shuffled = events * 2
    random.Random(seed).shuffle(shuffled)  # noqa: S311 - no secret hangs on it
    for one in shuffled:
        await deliver(order, [one])
    await scene.pass_hours(DAY + 1)
    await deliver(order, [event(waiting, CAMPAIGN_LINK, timestamp=await scene.now()), *shuffled])
    assert (await scene.result(order)).stages == {"DONE": 2, "FAILED": 1}
    assert world.requests(LINK_NUMBERS)[0].phone_numbers == (waiting,)


async def test_a_success_faster_than_the_answer_to_the_link_counts(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    world.link_fails(number, PENDING)
    world.orders_go = STUCK
    order = await scene.start_order((number,), a_batch(pace=SLOW_POLLS))
    at = await fails_by_event(scene, world, order, number, PENDING)
    held = world.hold(LINK_NUMBERS)
    await order.execute_update(RETRY_UPDATE, RetryAction(phone_numbers=(number,)))
    await held.begun.wait()
    await deliver(order, [event(number, CAMPAIGN_LINK, timestamp=at + timedelta(minutes=1))])
    held.release.set()
    assert (await scene.result(order)).stages == {"DONE": 1}


async def test_a_link_put_right_by_sinch_ends_the_wait(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    world.link_fails(number, "NUMBER_PROVISIONING_FAILED")
    world.orders_go = STUCK
    order = await scene.start_order((number,))
    at = await fails_by_event(scene, world, order, number, "NUMBER_PROVISIONING_FAILED")
    await scene.pass_hours(1)
    assert (await the_status(order)).waiting_on is WaitingOn.OPERATOR
    await deliver(order, [event(number, CAMPAIGN_LINK, timestamp=at + timedelta(hours=1))])
    assert (await scene.result(order)).stages == {"DONE": 1}


# links that cannot be sent


async def test_all_numbers_that_are_due_are_linked_in_one_go(scene: Scene, world: OutsideWorld) -> None:
    numbers = fresh_numbers(4)
    for number in numbers[1:]:
        world.link_fails(number, PENDING)
    order = await scene.start_order(numbers)
    assert (await scene.result(order)).stages == {"DONE": 4}
    assert [request.phone_numbers for request in world.requests(LINK_NUMBERS)] == [numbers[1:]]


async def test_a_lost_answer_to_a_link_does_no_harm(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    world.link_fails(number, PENDING)
    world.lose_answer(LINK_NUMBERS, work_done=True)
    order = await scene.start_order((number,))
    assert (await scene.result(order)).stages == {"DONE": 1}
    assert len(world.linked_again(number)) == 1


async def test_a_link_that_cannot_be_sent_comes_again_and_costs_no_try(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    code = "PARTNER_SERVICE_UNAVAILABLE"
    world.link_fails(number, code, code, code)
    world.away(LINK_NUMBERS, hours=30)
    order = await scene.start_order((number,))
    assert (await scene.result(order)).stages == {"DONE": 1}
    assert len(world.linked_again(number)) == 3


async def test_a_refused_link_waits_for_the_operator_with_sinchs_words(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    world.link_fails(number, PENDING)
    world.links_refused[number] = "campaign unknown"
    order = await scene.start_order((number,))
    await scene.pass_hours(COMPLETED_AFTER + DAY + 9)
    waiting = await the_number(order)
    assert waiting.recovery is not None
    assert waiting.recovery.why == reasons.reason(reasons.LINK_AGAIN_REFUSED, "campaign unknown")
    world.links_refused.clear()
    await order.execute_update(RETRY_UPDATE, RetryAction())
    assert (await scene.result(order)).stages == {"DONE": 1}


async def test_an_order_refused_for_numbers_that_are_hosted_already_links_them(
    scene: Scene, world: OutsideWorld
) -> None:
    hosted, new = fresh_numbers(2)
    world.link_fails(hosted, PENDING)
    world.failing.clear()
    world.refuse(CREATE_ORDER, FailureType.CONFLICT, "already imported")
    order = await scene.start_order((hosted, new))
    assert (await scene.result(order)).stages == {"DONE": 2}
    assert [request.numbers for request in world.requests(CREATE_ORDER)] == [(hosted, new), (new,)]
    assert len(world.linked_again(hosted)) == 1


# what an operator can do meanwhile


async def until_the_operators_turn(scene: Scene, world: OutsideWorld, *numbers: str, **changes: Any) -> Order:
    """An order of these numbers and a good one; their links failed for a full campaign."""
    for number in numbers:
        world.link_fails(number, FULL)
    order = await scene.start_order((*numbers, *fresh_numbers(1)), a_batch(), **changes)
    await scene.pass_hours(COMPLETED_AFTER + 8)
    assert (await the_status(order)).waiting_on is WaitingOn.OPERATOR
    return order


async def test_the_deadline_of_the_operator_ends_the_numbers_with_their_code(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    order = await until_the_operators_turn(scene, world, number)
    assert (await scene.result(order)).stages == {"FAILED": 1, "DONE": 1}
    failed = await the_number(order)
    assert failed.reason == reasons.reason(FULL)
    asked = [r for r in world.made(SEND_NOTICE) if FULL in r.request.subject]
    assert len(asked) == 5
    assert failed.settled_at is not None
    assert timedelta(days=4.9) < failed.settled_at - asked[0].at < timedelta(days=5.1)


async def test_a_number_linked_meanwhile_is_seen_before_it_is_given_up(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    order = await until_the_operators_turn(scene, world, number)
    world.imported[number].codes = ()
    assert (await scene.result(order)).stages == {"DONE": 2}
    assert world.linked_again(number) == []


async def test_a_number_is_skipped_while_the_operator_is_waited_for(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    order = await until_the_operators_turn(scene, world, number)
    await order.execute_update(SKIP_UPDATE, NumbersAction(phone_numbers=(number,)))
    assert (await scene.result(order)).stages == {"SKIPPED": 1, "DONE": 1}


async def test_retry_links_only_the_numbers_it_names(scene: Scene, world: OutsideWorld) -> None:
    one, other = fresh_numbers(2)
    order = await until_the_operators_turn(scene, world, one, other)
    await order.execute_update(RETRY_UPDATE, RetryAction(phone_numbers=(one,)))
    assert (await scene.result(order)).stages == {"DONE": 2, "FAILED": 1}
    assert (len(world.linked_again(one)), len(world.linked_again(other))) == (1, 0)
    assert len(world.requests(CREATE_ORDER)) == 1


async def test_retry_never_touches_completed_numbers(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    order = await until_the_operators_turn(scene, world, number)
    done = (await the_status(order)).numbers[1].phone_number
    async with refused("WrongStage"):
        await order.execute_update(RETRY_UPDATE, RetryAction(phone_numbers=(done,), reasons=(FULL,)))
    await order.execute_update(RETRY_UPDATE, RetryAction())
    assert (await scene.result(order)).stages == {"DONE": 2}
    assert {n for request in world.requests(LINK_NUMBERS) for n in request.phone_numbers} == {number}


async def test_a_number_that_failed_for_good_is_linked_again_while_its_order_runs(
    scene: Scene, world: OutsideWorld
) -> None:
    renewed, waiting = fresh_numbers(2)
    world.link_fails(renewed, EXPIRED)
    world.link_fails(waiting, FULL)
    order = await scene.start_order((renewed, waiting))
    await scene.pass_hours(COMPLETED_AFTER + 8)
    assert (await the_number(order)).stage is Stage.FAILED
    await order.execute_update(RETRY_UPDATE, RetryAction(phone_numbers=(renewed,)))
    await scene.pass_hours(LINK_HOURS + 8)
    assert (await the_number(order)).stage is Stage.DONE


async def test_continue_as_new_keeps_waits_and_tries(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    world.link_fails(number, PENDING, PENDING, FULL)
    order = await scene.start_order((number,), events_a_run=10)
    await scene.pass_hours(COMPLETED_AFTER + 2 * (DAY + 16))
    assert (await the_number(order)).recovery is not None
    assert (await phase_of(order), len(world.linked_again(number))) == (RecoveryPhase.OPERATOR, 2)
    notices = [request.key for request in world.requests(SEND_NOTICE)]
    assert len(notices) == len(set(notices))
    assert (await scene.client.get_workflow_handle(order.id).describe()).run_id != order.result_run_id
    assert (await scene.result(order)).stages == {"FAILED": 1}
