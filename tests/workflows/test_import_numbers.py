"""`ImportNumbers` on its way: singles and orders, callbacks and polls, a window at Sinch, numbers at fault."""

from itertools import pairwise

import pytest

from onboarding import reasons
from onboarding.calls.documents import ResultRow
from onboarding.calls.hosting_orders import OBSERVE_ORDER
from onboarding.calls.imports import IMPORT_NUMBER, KEEP_ROWS, OBSERVE_IMPORTED, ORDER_IMPORT
from onboarding.calls.notifications import SEND_NOTICE
from onboarding.contracts.operator import (
    CANCEL_UPDATE,
    RETRY_UPDATE,
    SKIP_UPDATE,
    NumbersAction,
    OperatorAction,
)
from onboarding.errors import FailureType
from onboarding.imports import ImportSeen
from onboarding.observations import CAMPAIGN_LINK, HOSTING_PROCESS, PLATFORM_PROVISIONING
from onboarding.stages import Stage, WaitingOn
from tests.workflows.callback_events import deliver, event
from tests.workflows.import_world import (
    FOR_EVER,
    ImportWorld,
    an_import,
    import_status,
    pace_of_import,
    start_import,
)
from tests.workflows.staging import Scene, fresh_numbers, refused

SLOW_POLLS = pace_of_import(poll_first="19d", poll_longest="19d")


@pytest.fixture
def world() -> ImportWorld:
    """An outside world that imports."""
    return ImportWorld()


def rows_of(world: ImportWorld) -> dict[str, ResultRow]:
    """Number -> its row in the report."""
    return {row.phone_number: row for rows in world.rows.values() for row in rows}


def reason_of(world: ImportWorld, number: str) -> str | None:
    why = rows_of(world)[number].reason
    return why.code if why else None


async def test_one_number_is_imported_by_itself_and_ends_by_polls_alone(scene: Scene, world: ImportWorld) -> None:
    (number,) = fresh_numbers(1)
    handle = await start_import(scene, [(number,)])
    assert (await scene.result(handle)).stages == {"DONE": 1}
    assert (len(world.made(IMPORT_NUMBER)), world.made(ORDER_IMPORT)) == (1, [])
    assert rows_of(world)[number].hosting_order_id is None


async def test_one_number_ends_by_callbacks_alone(scene: Scene, world: ImportWorld) -> None:
    (number,) = fresh_numbers(1)
    handle = await start_import(scene, [(number,)], an_import(pace=SLOW_POLLS))
    await scene.settle()
    await deliver(handle, [event(number, PLATFORM_PROVISIONING), event(number, CAMPAIGN_LINK)])
    assert (await scene.result(handle)).stages == {"DONE": 1}
    assert world.made(OBSERVE_IMPORTED) == []


async def test_several_numbers_are_ordered_five_at_a_time_and_end_by_polls_alone(
    scene: Scene, world: ImportWorld
) -> None:
    numbers = fresh_numbers(12)
    handle = await start_import(scene, [numbers])
    assert (await scene.result(handle)).stages == {"DONE": 12}
    assert world.orders_made() == [numbers[:5], numbers[5:10], numbers[10:]]
    assert {row.hosting_order_id for row in rows_of(world).values()} == {"order-1", "order-2", "order-3"}


async def test_an_account_may_have_a_higher_limit(scene: Scene, world: ImportWorld) -> None:
    numbers = fresh_numbers(12)
    await scene.result(await start_import(scene, [numbers], an_import(numbers_per_order=10)))
    assert world.orders_made() == [numbers[:10], numbers[10:]]


async def test_an_order_ends_by_callbacks_alone(scene: Scene, world: ImportWorld) -> None:
    numbers = fresh_numbers(3)
    handle = await start_import(scene, [numbers], an_import(pace=SLOW_POLLS))
    await scene.settle()
    kinds = (PLATFORM_PROVISIONING, CAMPAIGN_LINK, HOSTING_PROCESS)
    await deliver(handle, [event(number, kind) for kind in reversed(kinds) for number in numbers])
    assert (await scene.result(handle)).stages == {"DONE": 3}
    assert world.made(OBSERVE_ORDER) == []


async def test_an_event_that_names_the_order_is_a_reason_to_read(scene: Scene, world: ImportWorld) -> None:
    handle = await start_import(scene, [fresh_numbers(2)], an_import(pace=SLOW_POLLS))
    await scene.pass_hours(3)
    assert world.made(OBSERVE_ORDER) == []
    await deliver(handle, [event("", HOSTING_PROCESS)])
    await scene.settle()
    assert len(world.made(OBSERVE_ORDER)) == 1
    assert (await import_status(handle)).stages == {"PROVISIONING": 2}


async def test_a_number_goes_through_the_stages(scene: Scene, world: ImportWorld) -> None:
    handle = await start_import(scene, [fresh_numbers(2)])
    await scene.settle()
    assert (await import_status(handle)).stages == {"ORDERED": 2}
    await scene.pass_hours(4)
    status = await import_status(handle)
    assert (status.stages, status.waiting_on, status.imports_in_flight) == ({"PROVISIONING": 2}, WaitingOn.CARRIER, 1)


async def test_never_more_than_the_window_is_at_sinch_and_every_slice_is_imported(
    scene: Scene, world: ImportWorld
) -> None:
    slices = [fresh_numbers(7) for _ in range(8)]
    handle = await start_import(scene, slices, window=3, events_a_run=150)
    assert (await scene.result(handle)).stages == {"DONE": 56}
    assert world.most_at_once == 3
    ordered = [number for numbers in world.orders_made() for number in numbers]
    assert ordered == [number for numbers in slices for number in numbers]
    assert set(rows_of(world)) == set(ordered)


async def test_rows_leave_the_workflow_while_it_goes_on(scene: Scene, world: ImportWorld) -> None:
    handle = await start_import(scene, [fresh_numbers(200), fresh_numbers(50)])
    await scene.pass_hours(15)
    status = await import_status(handle)
    assert status.stages == {"PENDING": 50, "PROVISIONING": 100, "DONE": 100}
    assert (len(status.numbers), len(rows_of(world)), list(status.rows)) == (100, 100, [1])
    assert len(world.made(KEEP_ROWS)) == 1
    assert (await scene.result(handle)).stages == {"DONE": 250}
    assert len(rows_of(world)) == 250


async def test_a_number_that_is_imported_alike_is_adopted_and_the_others_of_its_order_are_imported(
    scene: Scene, world: ImportWorld
) -> None:
    batch, (there, *others) = an_import(), fresh_numbers(5)
    world.there[there] = ImportSeen(
        phone_number=there, service_plan_id=batch.service_plan_id, campaign_id=batch.campaign_id or "", is_linked=True
    )
    assert (await scene.result(await start_import(scene, [(there, *others)], batch))).stages == {"DONE": 5}
    assert world.orders_made() == [tuple(others)]
    assert rows_of(world)[there].reason == reasons.reason(reasons.ADOPTED)


async def test_a_number_that_is_linked_elsewhere_fails_with_both_values_and_the_next_step(
    scene: Scene, world: ImportWorld
) -> None:
    there, *others = fresh_numbers(3)
    world.there[there] = ImportSeen(phone_number=there, service_plan_id="plan-9", campaign_id="C9")
    handle = await start_import(scene, [(there, *others)])
    assert (await scene.result(handle)).stages == {"DONE": 2, "FAILED": 1}
    why = rows_of(world)[there].reason
    assert why is not None
    assert why.code == reasons.ALREADY_IMPORTED
    for part in ("plan-9", "C9", "plan-1", "C123456", f"onboard relink --number {there} --service-plan plan-1"):
        assert part in why.sentence


async def test_a_number_that_sinch_says_is_taken_fails_alone(scene: Scene, world: ImportWorld) -> None:
    taken, *others = fresh_numbers(4)
    world.taken = {taken}
    handle = await start_import(scene, [(taken, *others)])
    assert (await scene.result(handle)).stages == {"DONE": 3, "FAILED": 1}
    assert reason_of(world, taken) == reasons.NUMBER_TAKEN
    assert world.orders_made() == [tuple(others)]


@pytest.mark.parametrize("call", [IMPORT_NUMBER, ORDER_IMPORT], ids=lambda call: call.name)
async def test_an_import_that_cannot_be_sent_is_sent_later_and_says_so(
    scene: Scene, world: ImportWorld, call: object
) -> None:
    world.away(IMPORT_NUMBER, ORDER_IMPORT, hours=30)
    numbers = fresh_numbers(1 if call is IMPORT_NUMBER else 2)
    handle = await start_import(scene, [numbers])
    assert (await scene.result(handle)).stages == {"DONE": len(numbers)}
    made = world.made(IMPORT_NUMBER) + world.made(ORDER_IMPORT)
    assert [recorded.request.sent_before for recorded in made][:4] == [False, False, False, True]
    assert world.orders_made() == [numbers]


async def test_an_order_that_breaks_a_limit_of_the_client_is_cut_into_its_numbers(
    scene: Scene, world: ImportWorld
) -> None:
    numbers = fresh_numbers(3)
    world.refuse(ORDER_IMPORT, FailureType.INVALID_ARGUMENT, "1 to 2 numbers are allowed")
    assert (await scene.result(await start_import(scene, [numbers]))).stages == {"DONE": 3}
    assert sorted(world.orders_made()) == [(number,) for number in numbers]


async def test_a_number_that_is_refused_for_good_fails_in_sinchs_words(scene: Scene, world: ImportWorld) -> None:
    (number,) = fresh_numbers(1)
    world.refuse(IMPORT_NUMBER, FailureType.INVALID_ARGUMENT, "422, unheard of")
    assert (await scene.result(await start_import(scene, [(number,)]))).stages == {"FAILED": 1}
    assert rows_of(world)[number].reason == reasons.reason(reasons.IMPORT_REFUSED, "422, unheard of")


async def test_numbers_of_a_rejected_order_fail(scene: Scene, world: ImportWorld) -> None:
    numbers = fresh_numbers(2)
    world.orders_end = "REJECTED"
    assert (await scene.result(await start_import(scene, [numbers]))).stages == {"FAILED": 2}
    assert {reason_of(world, number) for number in numbers} == {reasons.ORDER_REJECTED}


async def test_reads_that_fail_stop_nothing(scene: Scene, world: ImportWorld) -> None:
    world.away(OBSERVE_ORDER, OBSERVE_IMPORTED, hours=50)
    handle = await start_import(scene, [fresh_numbers(6)])
    assert (await scene.result(handle)).stages == {"DONE": 6}


async def test_a_number_that_cannot_be_read_is_not_taken_for_gone(scene: Scene, world: ImportWorld) -> None:
    unreadable, other = fresh_numbers(2)
    world.unreadable = {unreadable}
    handle = await start_import(scene, [(unreadable, other)], an_import(numbers_per_order=1))
    await scene.pass_hours(24)
    assert (await import_status(handle)).stages == {"PROVISIONING": 1, "DONE": 1}
    world.unreadable = set()
    assert (await scene.result(handle)).stages == {"DONE": 2}


async def test_a_failed_campaign_link_ends_with_sinchs_code(scene: Scene, world: ImportWorld) -> None:
    (single,) = fresh_numbers(1)
    world.campaign_failures = {single: "CAMPAIGN_EXPIRED"}
    handle = await start_import(scene, [(single,)], an_import())
    assert (await scene.result(handle)).stages == {"FAILED": 1}
    assert reason_of(world, single) == "CAMPAIGN_EXPIRED"


async def test_the_code_of_a_failed_link_in_an_order_is_waited_for(scene: Scene, world: ImportWorld) -> None:
    """Records of an order say that a link failed, and only the event says why."""
    good, bad = fresh_numbers(2)
    world.campaign_failures = {bad: "CAMPAIGN_EXPIRED"}
    handle = await start_import(scene, [(good, bad)], an_import(pace=pace_of_import(poll_first="1h")))
    await scene.pass_hours(10.5)
    await deliver(handle, [event(bad, CAMPAIGN_LINK, "FAILED", failure_code="CAMPAIGN_EXPIRED")])
    assert (await scene.result(handle)).stages == {"DONE": 1, "FAILED": 1}
    assert reason_of(world, bad) == "CAMPAIGN_EXPIRED"


async def test_a_code_that_never_comes_is_not_waited_for_for_ever(scene: Scene, world: ImportWorld) -> None:
    good, bad = fresh_numbers(2)
    world.campaign_failures = {bad: "CAMPAIGN_EXPIRED"}
    await scene.result(await start_import(scene, [(good, bad)]))
    assert reason_of(world, bad) == reasons.CAMPAIGN_PROVISIONING_FAILED


async def test_a_failure_told_by_an_event_is_looked_up(scene: Scene, world: ImportWorld) -> None:
    good, bad = fresh_numbers(2)
    world.campaign_failures = {bad: "CAMPAIGN_EXPIRED"}
    handle = await start_import(scene, [(good, bad)], an_import(pace=SLOW_POLLS))
    await scene.pass_hours(11)
    await deliver(handle, [event(bad, CAMPAIGN_LINK, "FAILED", failure_code="CAMPAIGN_EXPIRED")])
    await scene.settle()
    assert len(world.made(OBSERVE_ORDER)) == 1
    assert (await scene.result(handle)).stages == {"DONE": 1, "FAILED": 1}


async def test_failed_numbers_are_tried_again_by_themselves(scene: Scene, world: ImportWorld) -> None:
    bad, slow = fresh_numbers(2)
    world.campaign_failures = {bad: "INSUFFICIENT_BALANCE"}
    again = await start_import(scene, [(bad,), (slow,)], an_import(numbers_per_order=1))
    await scene.pass_hours(9)
    await deliver(again, [event(bad, CAMPAIGN_LINK, "FAILED", failure_code="INSUFFICIENT_BALANCE")])
    await scene.settle()
    assert (await import_status(again)).stages == {"PROVISIONING": 1, "FAILED": 1}
    async with refused("WrongStage"):
        await again.execute_update(RETRY_UPDATE, NumbersAction(phone_numbers=(slow,)))
    world.campaign_failures = {}
    await again.execute_update(RETRY_UPDATE, NumbersAction(phone_numbers=()))
    assert (await scene.result(again)).stages == {"DONE": 2}


async def test_a_failed_number_whose_row_is_kept_is_tried_again(scene: Scene, world: ImportWorld) -> None:
    numbers = fresh_numbers(150)
    world.taken = {numbers[0]}
    handle = await start_import(scene, [numbers], window=25)
    await scene.pass_hours(15)
    assert reason_of(world, numbers[0]) == reasons.NUMBER_TAKEN
    world.taken = set()
    await handle.execute_update(RETRY_UPDATE, NumbersAction(phone_numbers=(numbers[0],)))
    assert (await scene.result(handle)).stages == {"DONE": 150}
    assert rows_of(world)[numbers[0]].stage is Stage.DONE


async def test_a_number_that_somebody_removed_fails(scene: Scene, world: ImportWorld) -> None:
    (number,) = fresh_numbers(1)
    handle = await start_import(scene, [(number,)], an_import(pace=SLOW_POLLS))
    await scene.settle()
    del world.import_of[number]
    await deliver(handle, [event(number, "DELETE")])
    assert (await scene.result(handle)).stages == {"FAILED": 1}
    assert reason_of(world, number) == reasons.NO_LONGER_IMPORTED


async def test_carrier_work_that_never_ends_is_reminded_of_and_ends(scene: Scene, world: ImportWorld) -> None:
    world.campaign_hours = FOR_EVER
    handle = await start_import(scene, [fresh_numbers(2)])
    assert (await scene.result(handle)).stages == {"FAILED": 2}
    assert {row.reason for row in rows_of(world).values()} == {reasons.reason(reasons.CARRIER_DEADLINE_PASSED)}
    asked = world.made(SEND_NOTICE)
    assert [round((b.at - a.at).total_seconds() / 86400) for a, b in pairwise(asked)] == [5, 5]


async def test_cancelling_starts_nothing_new_and_follows_what_is_at_sinch(scene: Scene, world: ImportWorld) -> None:
    first, second, unread = fresh_numbers(5), fresh_numbers(5), fresh_numbers(4)
    handle = await start_import(scene, [(*first, *second), unread], window=1)
    await scene.pass_hours(1)
    await handle.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"))
    async with refused("Ended"):
        await handle.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"))
    assert (await scene.result(handle)).stages == {"DONE": 5, "CANCELLED": 9}
    assert world.orders_made() == [first]


async def test_a_skipped_number_is_followed_no_more(scene: Scene, world: ImportWorld) -> None:
    keep, drop = fresh_numbers(2)
    handle = await start_import(scene, [(keep, drop)])
    await scene.pass_hours(1)
    await handle.execute_update(SKIP_UPDATE, NumbersAction(phone_numbers=(drop,)))
    async with refused("WrongStage"):
        await handle.execute_update(SKIP_UPDATE, NumbersAction(phone_numbers=fresh_numbers(1)))
    assert (await scene.result(handle)).stages == {"DONE": 1, "SKIPPED": 1}
