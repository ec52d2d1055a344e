"""Numbers that T-Mobile refuses with 60135: consent, removal, and a new order that migrates them."""

import pytest

from onboarding import reasons
from onboarding.calls.imports import REMOVE_IMPORTED
from onboarding.calls.notifications import SEND_NOTICE
from onboarding.contracts.import_numbers import CONSENT_UPDATE, Consent
from onboarding.contracts.operator import CANCEL_UPDATE, OperatorAction
from onboarding.observations import CAMPAIGN_LINK
from onboarding.stages import WaitingOn
from tests.workflows.callback_events import deliver, event
from tests.workflows.import_world import ImportWorld, an_import, import_status, pace_of_import, start_import
from tests.workflows.staging import Scene, fresh_numbers, refused
from tests.workflows.test_import_numbers import SLOW_POLLS, reason_of, rows_of

A_DAY_LATER = 26


@pytest.fixture
def world() -> ImportWorld:
    """An outside world that imports."""
    return ImportWorld()


@pytest.mark.parametrize("others", [0, 3], ids=["single", "in an order"])
async def test_consent_removes_the_number_and_orders_it_anew_to_be_migrated(
    scene: Scene, world: ImportWorld, others: int
) -> None:
    number, *rest = fresh_numbers(1 + others)
    world.t_mobile_refuses = {number}
    handle = await start_import(scene, [(number, *rest)])
    await scene.pass_hours(A_DAY_LATER)
    status = await import_status(handle)
    assert (status.waiting_on, status.awaiting_consent) == (WaitingOn.OPERATOR, (number,))
    assert (status.stages["PROVISIONING"], status.imports_in_flight) == (1, 0)
    assert (world.migrated(), world.removed) == ([], [])
    await handle.execute_update(CONSENT_UPDATE, Consent(phone_numbers=(number,), by="Ann"))
    assert (await scene.result(handle)).stages == {"DONE": 1 + others}
    assert (world.migrated(), world.removed) == ([(number,)], [number])
    assert rows_of(world)[number].hosting_order_id is not None


async def test_consent_given_beforehand_needs_nobody(scene: Scene, world: ImportWorld) -> None:
    numbers = fresh_numbers(4)
    world.t_mobile_refuses = set(numbers[:2])
    handle = await start_import(scene, [numbers], an_import(migrate_to_sinch_tmo=True))
    assert (await scene.result(handle)).stages == {"DONE": 4}
    assert sorted(world.migrated()) == [(numbers[0],), (numbers[1],)]
    assert world.made(SEND_NOTICE) == []


async def test_a_migration_waits_until_the_order_of_the_number_is_through_with_its_others(
    scene: Scene, world: ImportWorld
) -> None:
    numbers = fresh_numbers(3)
    world.t_mobile_refuses, world.refusals_as_busy = {numbers[0]}, 4
    handle = await start_import(scene, [numbers], an_import(migrate_to_sinch_tmo=True))
    assert (await scene.result(handle)).stages == {"DONE": 3}
    assert (world.migrated(), world.refusals_as_busy) == ([(numbers[0],)], 0)


async def test_a_migration_waits_no_longer_than_carriers_may_take(scene: Scene, world: ImportWorld) -> None:
    (number,) = fresh_numbers(1)
    world.t_mobile_refuses, world.refusals_as_busy = {number}, 10_000
    handle = await start_import(scene, [(number,)], an_import(migrate_to_sinch_tmo=True))
    assert (await scene.result(handle)).stages == {"FAILED": 1}
    assert reason_of(world, number) == reasons.CARRIER_DEADLINE_PASSED
    assert world.migrated() == []


async def test_consent_for_the_whole_import_counts_for_numbers_to_come(scene: Scene, world: ImportWorld) -> None:
    first, later = fresh_numbers(2)
    world.t_mobile_refuses = {first, later}
    handle = await start_import(scene, [(first, later)], an_import(numbers_per_order=1), window=1)
    await scene.pass_hours(14)
    assert (await import_status(handle)).awaiting_consent == (first,)
    await handle.execute_update(CONSENT_UPDATE, Consent(by="Ann"))
    assert (await scene.result(handle)).stages == {"DONE": 2}
    assert len(world.migrated()) == 2


async def test_the_question_goes_out_at_once_and_is_repeated_until_the_deadline(
    scene: Scene, world: ImportWorld
) -> None:
    (number,) = fresh_numbers(1)
    world.t_mobile_refuses = {number}
    batch = an_import()
    assert (await scene.result(await start_import(scene, [(number,)], batch))).stages == {"FAILED": 1}
    asked = [recorded.request for recorded in world.made(SEND_NOTICE)]
    assert len(asked) == 5
    assert f"onboard consent {batch.id}" in asked[0].text
    assert number in asked[0].text
    why = rows_of(world)[number].reason
    assert why is not None
    assert why.code == reasons.T_MOBILE_MIGRATION_REQUIRED
    assert "Nobody consented" in why.sentence
    assert world.removed == []


async def test_a_declined_migration_fails_the_number_and_leaves_it_at_sinch(scene: Scene, world: ImportWorld) -> None:
    (number,) = fresh_numbers(1)
    world.t_mobile_refuses = {number}
    handle = await start_import(scene, [(number,)])
    await scene.pass_hours(A_DAY_LATER)
    async with refused("WrongStage"):
        await handle.execute_update(CONSENT_UPDATE, Consent(phone_numbers=fresh_numbers(1)))
    await handle.execute_update(CONSENT_UPDATE, Consent(granted=False))
    assert (await scene.result(handle)).stages == {"FAILED": 1}
    assert (reason_of(world, number), world.removed) == (reasons.T_MOBILE_MIGRATION_REQUIRED, [])


async def test_numbers_that_wait_for_consent_hold_no_place_at_sinch(scene: Scene, world: ImportWorld) -> None:
    waiting, others = fresh_numbers(3), fresh_numbers(6)
    world.t_mobile_refuses = set(waiting)
    handle = await start_import(scene, [(*waiting, *others)], an_import(numbers_per_order=3), window=1)
    await scene.pass_hours(48)
    status = await import_status(handle)
    assert (status.stages, status.awaiting_consent) == ({"PROVISIONING": 3, "DONE": 6}, waiting)


@pytest.mark.parametrize("told", [True, False], ids=["told by the event", "found by looking"])
async def test_the_removal_is_waited_for_before_the_number_is_ordered(
    scene: Scene, world: ImportWorld, told: bool
) -> None:
    (number,) = fresh_numbers(1)
    world.t_mobile_refuses, world.removals_last_hours = {number}, 5
    pace = pace_of_import(poll_first="4h") if not told else SLOW_POLLS
    handle = await start_import(scene, [(number,)], an_import(migrate_to_sinch_tmo=True, pace=pace))
    await scene.pass_hours(11)
    await deliver(handle, [event(number, CAMPAIGN_LINK, "FAILED", failure_code="NUMBER_PROVISIONING_FAILED")])
    await scene.pass_hours(1)
    assert (len(world.made(REMOVE_IMPORTED)), world.migrated()) == (1, [])
    await scene.pass_hours(5)
    if told:
        assert world.migrated() == []
        await deliver(handle, [event(number, "DELETE")])
        await scene.settle()
    else:
        await scene.pass_hours(3)
    assert world.migrated() == [(number,)]


async def test_a_migration_that_t_mobile_refuses_again_fails(scene: Scene, world: ImportWorld) -> None:
    (number,) = fresh_numbers(1)
    world.t_mobile_refuses = {number}
    handle = await start_import(scene, [(number,)], an_import(migrate_to_sinch_tmo=True))
    await scene.pass_hours(14)
    world.campaign_failures = {number: "NUMBER_PROVISIONING_FAILED"}
    assert (await scene.result(handle)).stages == {"FAILED": 1}
    assert len(world.migrated()) == 1


async def test_cancelling_gives_up_numbers_that_wait_for_consent(scene: Scene, world: ImportWorld) -> None:
    (number,) = fresh_numbers(1)
    world.t_mobile_refuses = {number}
    handle = await start_import(scene, [(number,)])
    await scene.pass_hours(A_DAY_LATER)
    await handle.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"))
    assert (await scene.result(handle)).stages == {"FAILED": 1}
    assert reason_of(world, number) == reasons.T_MOBILE_MIGRATION_REQUIRED
