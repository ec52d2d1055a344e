"""`OnboardGroup`: the ways numbers take from qualification into hosting orders."""

import itertools
from datetime import timedelta

import pytest

from onboarding import reasons
from onboarding.calls.documents import STORE_GROUP_ROWS
from onboarding.calls.hosting_orders import CREATE_ORDER
from onboarding.calls.invoices import SEND_INVOICES
from onboarding.calls.qualification import ADD_NUMBERS, READ_REVIEWS
from onboarding.calls.voice import PLACE_CALL
from onboarding.contracts.verification import SUBMIT_CODE_UPDATE, SubmitCode
from onboarding.errors import FailureType
from onboarding.stages import Stage, Verification
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.sinch_side import RIGHT_CODE
from tests.workflows.staging import Scene, a_batch, fresh_numbers, paced

REFUSED = ((24, "VERIFICATION_FAILED"),)
NEVER = ()


async def test_numbers_are_qualified_mailed_reviewed_and_ordered(scene: Scene, world: OutsideWorld) -> None:
    numbers, batch = fresh_numbers(3), a_batch(verification=Verification.INVOICES)
    settled = await scene.result(await scene.start_group(numbers, batch))
    assert settled.stages == {"DONE": 3}
    assert [request.phone_numbers for request in world.requests(ADD_NUMBERS)] == [numbers]
    assert [request.phone_numbers for request in world.requests(SEND_INVOICES)] == [numbers]
    assert [request.numbers for request in world.requests(CREATE_ORDER)] == [numbers]
    assert world.requests(CREATE_ORDER)[0].display_name == f"{batch.id} 0001/1"


async def test_every_number_ends_with_a_row_that_tells_its_way(scene: Scene, world: OutsideWorld) -> None:
    good, bad = fresh_numbers(2)
    world.qualification_of[bad] = ((1, "NOT_ELIGIBLE"),)
    await scene.result(await scene.start_group((good, bad)))
    rows = {row.phone_number: row for row in world.rows[1]}
    done = rows[good]
    assert (done.stage, done.hosting_order_id) == (Stage.DONE, "order-1")
    assert done.verified_at
    assert done.ordered_at
    assert done.settled_at
    assert done.verified_at <= done.ordered_at < done.settled_at
    assert rows[bad].stage is Stage.FAILED
    assert rows[bad].reason == reasons.reason(reasons.NOT_ELIGIBLE)
    assert len(world.made(STORE_GROUP_ROWS)) == 1


async def test_with_the_policy_invoices_no_phone_rings(scene: Scene, world: OutsideWorld) -> None:
    numbers = fresh_numbers(2)
    world.desk_of[numbers[1]] = REFUSED
    settled = await scene.result(await scene.start_group(numbers, a_batch(verification=Verification.INVOICES)))
    assert settled.stages == {"DONE": 1, "FAILED": 1}
    assert world.made(PLACE_CALL) == []
    reason = next(row.reason for row in world.rows[1] if row.phone_number == numbers[1])
    assert reason is not None
    assert reason.code == reasons.INVOICE_REFUSED


async def test_with_the_policy_voice_no_invoices_are_mailed(scene: Scene, world: OutsideWorld) -> None:
    number = fresh_numbers(1)[0]
    group = await scene.start_group((number,), a_batch(verification=Verification.VOICE))
    await scene.pass_hours(3)
    await scene.verification(number).execute_update(SUBMIT_CODE_UPDATE, SubmitCode(code=RIGHT_CODE))
    assert (await scene.result(group)).stages == {"DONE": 1}
    assert world.made(SEND_INVOICES) == []
    assert len(world.rings(number)) == 1


async def test_what_the_invoice_review_refuses_is_called(scene: Scene, world: OutsideWorld) -> None:
    accepted, refused = fresh_numbers(2)
    world.desk_of[refused] = REFUSED
    group = await scene.start_group((accepted, refused))
    await scene.pass_hours(30)
    await scene.verification(refused).execute_update(SUBMIT_CODE_UPDATE, SubmitCode(code=RIGHT_CODE))
    assert (await scene.result(group)).stages == {"DONE": 2}
    assert (world.rings(accepted), len(world.rings(refused))) == ([], 1)


async def test_where_eligible_is_enough_nothing_else_is_waited_for(scene: Scene, world: OutsideWorld) -> None:
    world.desk = NEVER
    numbers = fresh_numbers(2)
    settled = await scene.result(await scene.start_group(numbers, a_batch(eligible_is_enough=True)))
    assert settled.stages == {"DONE": 2}
    added, ordered = world.made(ADD_NUMBERS)[0].at, world.made(CREATE_ORDER)[0].at
    assert ordered - added < timedelta(hours=2)


async def test_numbers_that_are_verified_already_are_ordered_at_once(scene: Scene, world: OutsideWorld) -> None:
    world.qualification = ((0, "VERIFIED"),)
    settled = await scene.result(await scene.start_group(fresh_numbers(2)))
    assert settled.stages == {"DONE": 2}
    assert world.made(CREATE_ORDER)[0].at - world.made(ADD_NUMBERS)[0].at < timedelta(minutes=1)
    assert world.made(SEND_INVOICES) == world.made(READ_REVIEWS) == []


async def test_one_number_that_sinch_does_not_take_fails_alone(scene: Scene, world: OutsideWorld) -> None:
    good, bad = fresh_numbers(2)
    world.not_added[bad] = "no such number"
    settled = await scene.result(await scene.start_group((good, bad)))
    assert settled.stages == {"DONE": 1, "FAILED": 1}
    reason = next(row.reason for row in world.rows[1] if row.phone_number == bad)
    assert reason == reasons.reason(reasons.REFUSED_BY_SINCH, "no such number")
    assert world.requests(SEND_INVOICES)[0].phone_numbers == (good,)


async def test_a_request_that_sinch_refuses_fails_its_numbers(scene: Scene, world: OutsideWorld) -> None:
    world.refuse(ADD_NUMBERS, FailureType.INVALID_ARGUMENT, "project unknown")
    assert (await scene.result(await scene.start_group(fresh_numbers(2)))).stages == {"FAILED": 2}
    assert world.rows[1][0].reason == reasons.reason(reasons.REFUSED_BY_SINCH, "project unknown")


async def test_review_states_nobody_knows_stop_nothing(scene: Scene, world: OutsideWorld) -> None:
    world.qualification = ((0, "ELIGIBLE_CHECK_PENDING"), (0.5, "UNDER_THE_MICROSCOPE"), (2, "ELIGIBLE"))
    world.desk = ((20, "ON_THE_MOON"), (24, "VERIFIED"))
    world.orders_go = ((0, "DREAMT_OF"), (1, "WAITING_FOR_LOA_SIGNATURE"), (2, "ALMOST"), (3, "COMPLETED"))
    assert (await scene.result(await scene.start_group(fresh_numbers(2)))).stages == {"DONE": 2}


async def test_a_wave_leaves_when_nobody_else_can_join_it(scene: Scene, world: OutsideWorld) -> None:
    first, second = fresh_numbers(2)
    world.desk_of[second] = ((30, "VERIFIED"),)
    assert (await scene.result(await scene.start_group((first, second)))).stages == {"DONE": 2}
    assert [set(request.numbers) for request in world.requests(CREATE_ORDER)] == [{first, second}]


async def test_stragglers_go_into_the_next_wave(scene: Scene, world: OutsideWorld) -> None:
    first, straggler = fresh_numbers(2)
    batch = a_batch()
    world.desk_of[straggler] = ((100, "VERIFIED"),)
    assert (await scene.result(await scene.start_group((first, straggler), batch))).stages == {"DONE": 2}
    orders = world.requests(CREATE_ORDER)
    assert [order.numbers for order in orders] == [(first,), (straggler,)]
    assert [order.display_name for order in orders] == [f"{batch.id} 0001/1", f"{batch.id} 0001/2"]


async def test_the_wave_timer_counts_from_the_first_number_that_is_ready(scene: Scene, world: OutsideWorld) -> None:
    """The first is accepted after 24 hours and read at most one poll interval (4 hours) later."""
    numbers = fresh_numbers(3)
    world.desk_of[numbers[1]] = ((40, "VERIFIED"),)
    world.desk_of[numbers[2]] = ((100, "VERIFIED"),)
    await scene.result(await scene.start_group(numbers))
    first = world.made(CREATE_ORDER)[0]
    assert first.request.numbers == numbers[:2]
    assert timedelta(hours=48) <= first.at - world.made(SEND_INVOICES)[0].at <= timedelta(hours=52.1)


async def test_a_full_order_leaves_at_once(scene: Scene, world: OutsideWorld) -> None:
    numbers = fresh_numbers(500)
    world.qualification = ((0, "VERIFIED"),)
    assert (await scene.result(await scene.start_group(numbers))).stages == {"DONE": 500}
    assert [len(request.numbers) for request in world.requests(CREATE_ORDER)] == [500]


async def test_polls_grow_apart_and_come_closer_on_news(scene: Scene, world: OutsideWorld) -> None:
    batch = a_batch(pace=paced(poll_first="10m", poll_longest="4h", poll_growth=2.0))
    world.qualification = ((0, "ELIGIBLE_CHECK_PENDING"), (9, "ELIGIBLE"))
    group = await scene.start_group(fresh_numbers(1), batch)
    await scene.pass_hours(12)
    reads = [recorded.at for recorded in world.made(READ_REVIEWS)]
    minutes = [round((later - earlier).total_seconds() / 60) for earlier, later in itertools.pairwise(reads)]
    assert minutes[:7] == [20, 40, 80, 160, 240, 10, 20]
    assert (await scene.result(group)).stages == {"DONE": 1}


@pytest.mark.parametrize("verification", list(Verification))
async def test_numbers_in_another_hosting_order_fail_with_that_reason(
    scene: Scene, world: OutsideWorld, verification: Verification
) -> None:
    world.qualification = ((0, "HOSTING_IN_PROGRESS"),)
    await scene.result(await scene.start_group(fresh_numbers(1), a_batch(verification=verification)))
    assert world.rows[1][0].reason == reasons.reason(reasons.ALREADY_IN_A_HOSTING_ORDER)
