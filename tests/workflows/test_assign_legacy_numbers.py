"""Wishes at the legacy API: what is rented is rented once and paid once, and every number ends with a reason."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from onboarding import reasons
from onboarding.batch import Contact
from onboarding.calls.call import Call
from onboarding.calls.legacy_numbers import ASSIGN, CHECK_OUT, READ_RENTED, READ_SHOP, RESERVE
from onboarding.calls.notifications import SEND_NOTICE
from onboarding.contracts.operator import CANCEL_UPDATE, RETRY_UPDATE, OperatorAction
from onboarding.ids import legacy_renting_workflow_id
from onboarding.pace import Patience
from onboarding.spans import Span
from onboarding.stages import Stage, WaitingOn
from tests.histories.runs import histories_of_runs
from tests.workflows.legacy_world import (
    LEGACY_PACE,
    OTHER_APPLICATION,
    UNKNOWN_APPLICATION,
    LegacyWorld,
    a_wish,
    dollars,
    ends,
    start_wish,
    status_of,
)
from tests.workflows.staging import Scene, fresh_numbers, refused, until
from workflows.set_legacy_application import WRITES_AT_MOST

ANN = OperatorAction(by="Ann")
IMPATIENT = LEGACY_PACE.model_copy(
    update={"no_news": Span("1h"), "carrier": Patience(remind_every=Span("1d"), deadline=Span("20d"))}
)


@pytest.fixture
def world() -> LegacyWorld:
    """Where the legacy account is."""
    return LegacyWorld()


async def test_numbers_are_rented_and_given_to_the_application(scene: Scene, world: LegacyWorld) -> None:
    wish = a_wish()
    result = await scene.result(await start_wish(scene, wish))
    assert (result.stages, result.spent) == ({"DONE": 2}, Decimal("3.00"))
    assert sorted(world.of(wish.application_key)) == sorted(world.rented)
    assert world.credit == Decimal(997)
    assert {stage for _, stage, _ in ends(world)} == {Stage.DONE}


async def test_what_one_group_does_not_have_is_rented_from_the_next_one(scene: Scene, world: LegacyWorld) -> None:
    result = await scene.result(await start_wish(scene, a_wish(quantity=5)))
    assert (result.stages, result.spent) == ({"DONE": 5}, Decimal("8.50"))


async def test_what_the_shop_does_not_have_is_said(scene: Scene, world: LegacyWorld) -> None:
    result = await scene.result(await start_wish(scene, a_wish(quantity=5, area_code="504")))
    assert result.stages == {"DONE": 3, "FAILED": 2}
    assert ends(world)[3:] == [("", Stage.FAILED, reasons.NOT_IN_THE_SHOP)] * 2


@pytest.mark.parametrize(("limit", "rented"), [("6.49", 3), ("6.50", 4), ("0", 0)])
async def test_the_spending_limit_is_never_passed(scene: Scene, world: LegacyWorld, limit: str, rented: int) -> None:
    result = await scene.result(await start_wish(scene, a_wish(quantity=5, spending_limit=dollars(limit))))
    assert len(world.rented) == rented
    assert result.stages.get("DONE", 0) == rented
    assert result.spent <= Decimal(limit)
    assert ends(world)[rented:] == [("", Stage.FAILED, reasons.SPENDING_LIMIT_REACHED)] * (5 - rented)


@pytest.mark.parametrize("work_done", [True, False])
async def test_a_checkout_without_an_answer_rents_once(scene: Scene, world: LegacyWorld, work_done: bool) -> None:
    world.lose_answer(CHECK_OUT, work_done=work_done)
    result = await scene.result(await start_wish(scene, a_wish()))
    assert result.stages == {"DONE": 2}
    assert len(world.rented) == 2
    assert len(world.requests(RESERVE)) == 1
    assert len({request.reference_id for request in world.requests(CHECK_OUT)}) == 1
    assert len(world.requests(CHECK_OUT)) == (1 if work_done else 2)


async def test_numbers_that_are_shown_late_are_waited_for(scene: Scene, world: LegacyWorld) -> None:
    world.shown_after = timedelta(minutes=5)
    world.lose_answer(CHECK_OUT, work_done=True)
    result = await scene.result(await start_wish(scene, a_wish()))
    assert (result.stages, len(world.rented), len(world.requests(RESERVE))) == ({"DONE": 2}, 2, 1)


async def test_numbers_that_are_checked_out_and_never_shown_are_not_rented_again(
    scene: Scene, world: LegacyWorld
) -> None:
    world.hidden = 1
    result = await scene.result(await start_wish(scene, a_wish()))
    assert (result.stages, result.spent) == ({"DONE": 1, "FAILED": 1}, Decimal("3.00"))
    assert ends(world)[1] == ("", Stage.FAILED, reasons.RENTED_BUT_NOT_SHOWN)
    assert len(world.requests(RESERVE)) == 1


async def test_a_reservation_that_has_lapsed_is_made_again_and_not_checked_out(
    scene: Scene, world: LegacyWorld
) -> None:
    world.away(CHECK_OUT, hours=1)
    result = await scene.result(await start_wish(scene, a_wish()))
    assert (result.stages, len(world.rented)) == ({"DONE": 2}, 2)
    reserved = {recorded.at for recorded in world.made(RESERVE)}
    for asked in world.made(CHECK_OUT):
        latest = max(at for at in reserved if at <= asked.at)
        assert asked.at - latest < timedelta(minutes=15)


async def test_a_reservation_that_sinch_does_not_know_is_made_again(scene: Scene, world: LegacyWorld) -> None:
    world.reservation_lasts = timedelta()
    handle = await start_wish(scene, a_wish())
    await scene.pass_hours(0.01)
    world.reservation_lasts = timedelta(minutes=15)
    result = await scene.result(handle)
    assert (result.stages, len(world.rented)) == ({"DONE": 2}, 2)
    assert len(world.requests(RESERVE)) == len(world.requests(CHECK_OUT)) > 1


@pytest.mark.parametrize("work_done", [True, False])
async def test_a_reservation_without_an_answer_costs_nothing(scene: Scene, world: LegacyWorld, work_done: bool) -> None:
    world.lose_answer(RESERVE, work_done=work_done)
    result = await scene.result(await start_wish(scene, a_wish(quantity=3, area_code="504")))
    assert (result.stages, len(world.rented)) == ({"DONE": 3}, 3)
    assert len(world.requests(CHECK_OUT)) == 1


@pytest.mark.parametrize("lacks", ["credit", "accounting"])
async def test_what_only_an_operator_can_put_right_waits_for_one(scene: Scene, world: LegacyWorld, lacks: str) -> None:
    code = reasons.NOT_ENOUGH_CREDIT if lacks == "credit" else reasons.ACCOUNTING_NOT_SET_UP
    world.credit, world.accounting = Decimal(lacks == "accounting") * 10, lacks == "credit"
    contact = Contact(name="Ann Lee", email="ann.lee@example.com", company="Example Inc")
    handle = await start_wish(scene, a_wish(contact=contact))
    await scene.pass_hours(30)
    status = await status_of(handle)
    assert (status.waiting_on, status.stages) == (WaitingOn.OPERATOR, {"PENDING": 2})
    assert status.waiting_for
    assert status.waiting_for.code == code
    world.credit, world.accounting = Decimal(3), True
    await handle.execute_update(RETRY_UPDATE, ANN)
    assert (await scene.result(handle)).stages == {"DONE": 2}
    assert world.credit == 0
    subjects = [notice.subject for notice in world.requests(SEND_NOTICE)]
    assert [subject.rpartition(code)[2] for subject in subjects] == ["", " (reminder 1)"]


async def test_a_reservation_that_is_still_good_is_checked_out_after_a_retry(scene: Scene, world: LegacyWorld) -> None:
    world.credit = Decimal(0)
    handle = await start_wish(scene, a_wish(quantity=3, area_code="504"))
    await scene.pass_hours(0.1)
    world.credit = Decimal(10)
    await handle.execute_update(RETRY_UPDATE, ANN)
    assert (await scene.result(handle)).stages == {"DONE": 3}
    assert len(world.requests(RESERVE)) == 1


async def test_without_an_operator_numbers_end_with_what_was_wrong(scene: Scene, world: LegacyWorld) -> None:
    world.credit = Decimal(0)
    assert (await scene.result(await start_wish(scene, a_wish()))).stages == {"FAILED": 2}
    assert ends(world) == [("", Stage.FAILED, reasons.NOT_ENOUGH_CREDIT)] * 2


@pytest.mark.parametrize("away", [READ_SHOP, ASSIGN])
async def test_while_sinch_is_away_a_wish_waits_on_it_and_after_long_on_an_operator(
    scene: Scene, world: LegacyWorld, away: Call[Any, Any]
) -> None:
    contact = Contact(name="Ann Lee", email="ann.lee@example.com", company="Example Inc")
    world.away(away, hours=60)
    handle = await start_wish(scene, a_wish(contact=contact, pace=IMPATIENT))
    await scene.pass_hours(0.5)
    status = await status_of(handle)
    assert (status.waiting_on, status.silent_since, status.stands_still) == (WaitingOn.CARRIER, None, False)
    heard = status.waiting_since
    assert heard
    await scene.pass_hours(40)
    status = await status_of(handle)
    assert (status.waiting_on, status.silent_since) == (WaitingOn.OPERATOR, heard)
    assert (status.waiting_since, status.stands_still) == (heard + timedelta(hours=1), False)
    assert (await scene.result(handle)).stages == {"DONE": 2}
    first, second, *_ = [notice.subject for notice in world.requests(SEND_NOTICE)]
    assert first.endswith("no answer of Sinch for 1h")
    assert second == f"{first} (reminder 1)"
    assert (await status_of(handle)).waiting_on is WaitingOn.NOBODY


async def test_a_wish_without_a_contact_shows_that_nothing_is_heard_and_goes_on(
    scene: Scene, world: LegacyWorld
) -> None:
    (number,) = fresh_numbers(1)
    world.rents(number)
    world.away(READ_RENTED, hours=5)
    wish = a_wish(action="assign", numbers=(number,), quantity=0, pace=IMPATIENT)
    handle = await start_wish(scene, wish)
    await scene.pass_hours(3)
    assert (await status_of(handle)).waiting_on is WaitingOn.OPERATOR
    assert (await scene.result(handle)).stages == {"DONE": 1}
    assert world.requests(SEND_NOTICE) == []


async def test_retrying_what_waits_for_nobody_is_refused(scene: Scene, world: LegacyWorld) -> None:
    world.away(READ_RENTED, hours=2)
    handle = await start_wish(scene, a_wish())
    await scene.pass_hours(1)
    async with refused("NothingToRetry"):
        await handle.execute_update(RETRY_UPDATE, ANN)
    await scene.result(handle)


async def test_a_cancelled_wish_rents_nothing_further(scene: Scene, world: LegacyWorld) -> None:
    world.credit = Decimal(5)
    handle = await start_wish(scene, a_wish(quantity=5))
    await scene.pass_hours(1)
    assert (await status_of(handle)).stages == {"PENDING": 2, "DONE": 3}
    await handle.execute_update(CANCEL_UPDATE, ANN)
    assert (await scene.result(handle)).stages == {"DONE": 3, "CANCELLED": 2}
    assert len(world.rented) == 3


async def test_numbers_that_a_turn_has_rented_are_assigned_although_the_wish_was_cancelled_meanwhile(
    scene: Scene, world: LegacyWorld
) -> None:
    wish, held = a_wish(), world.hold(CHECK_OUT)
    handle = await start_wish(scene, wish)
    await held.begun.wait()
    await handle.execute_update(CANCEL_UPDATE, ANN)
    held.release.set()
    assert (await scene.result(handle)).stages == {"DONE": 2}
    assert len(world.of(wish.application_key)) == 2


async def test_two_wishes_of_one_account_rent_one_after_the_other(scene: Scene, world: LegacyWorld) -> None:
    held = world.hold(CHECK_OUT)
    first, second = a_wish(profile="shared"), a_wish(profile="shared")
    handles = [await start_wish(scene, first)]
    await held.begun.wait()
    handles.append(await start_wish(scene, second))
    held.release.set()
    for handle in handles:
        assert (await scene.result(handle)).stages == {"DONE": 2}
    assert len(world.rented) == 4
    assert {len(world.of(wish.application_key)) for wish in (first, second)} == {2}


async def test_a_list_that_somebody_else_overwrote_is_merged_again(scene: Scene, world: LegacyWorld) -> None:
    numbers = fresh_numbers(2)
    wish = a_wish(action="assign", numbers=numbers)
    world.rents(*numbers)
    world.rivals = [numbers, numbers[:1]]
    result = await scene.result(await start_wish(scene, wish))
    assert (result.stages, result.spent) == ({"DONE": 2}, Decimal(0))
    assert len(world.requests(ASSIGN)) == 3
    assert set(world.of(wish.application_key)) == set(numbers)


async def test_a_list_that_is_overwritten_again_and_again_waits_for_an_operator(
    scene: Scene, world: LegacyWorld
) -> None:
    numbers = fresh_numbers(2)
    world.rents(*numbers)
    world.rivals = [numbers[:1]] * WRITES_AT_MOST
    handle = await start_wish(scene, a_wish(action="assign", numbers=numbers))
    await scene.pass_hours(3)
    status = await status_of(handle)
    assert (status.waiting_on, status.stages) == (WaitingOn.OPERATOR, {"ORDERED": 1, "DONE": 1})
    await handle.execute_update(RETRY_UPDATE, ANN)
    assert (await scene.result(handle)).stages == {"DONE": 2}


async def test_two_wishes_change_one_application_one_after_the_other(scene: Scene, world: LegacyWorld) -> None:
    one, other = fresh_numbers(2)
    world.rents(one, other)
    held, first = world.hold(ASSIGN), a_wish(action="assign", numbers=(one,))
    second = a_wish(action="assign", numbers=(other,), application_key=first.application_key)
    handles = [await start_wish(scene, first)]
    await held.begun.wait()
    handles.append(await start_wish(scene, second))
    await until(lambda: len(world.requests(READ_RENTED)) == len(handles))
    assert len(world.made(ASSIGN)) == 1
    held.release.set()
    for handle in handles:
        assert (await scene.result(handle)).stages == {"DONE": 1}
    assert set(world.of(first.application_key)) == {one, other}


async def test_a_turn_that_was_ended_from_outside_is_not_taken_again(
    real_time_scene: Scene, world: LegacyWorld
) -> None:
    scene, wish, held = real_time_scene, a_wish(), world.hold(CHECK_OUT)
    handle = await start_wish(scene, wish)
    await held.begun.wait()
    await scene.client.get_workflow_handle(legacy_renting_workflow_id(wish.profile)).terminate("by hand")
    held.release.set()
    assert (await scene.result(handle)).stages == {"FAILED": 2}
    assert ends(world) == [("", Stage.FAILED, reasons.ENDED_OUTSIDE)] * 2
    assert len(world.requests(CHECK_OUT)) == 1


async def test_rented_numbers_are_assigned_and_the_others_explained(scene: Scene, world: LegacyWorld) -> None:
    free, there, elsewhere, unknown = numbers = fresh_numbers(4)
    wish = a_wish(action="assign", quantity=0, numbers=numbers)
    world.rents(free)
    world.rents(there, application_key=wish.application_key)
    world.rents(elsewhere, application_key=OTHER_APPLICATION)
    assert (await scene.result(await start_wish(scene, wish))).stages == {"DONE": 2, "FAILED": 2}
    assert ends(world) == [
        (free, Stage.DONE, None),
        (there, Stage.DONE, None),
        (elsewhere, Stage.FAILED, reasons.ASSIGNED_ELSEWHERE),
        (unknown, Stage.FAILED, reasons.NOT_RENTED),
    ]
    assert world.of(OTHER_APPLICATION) == [elsewhere]
    assert world.made(CHECK_OUT) == []


async def test_numbers_for_another_capability_are_explained(scene: Scene, world: LegacyWorld) -> None:
    numbers = fresh_numbers(1)
    world.rents(*numbers)
    await scene.result(await start_wish(scene, a_wish(action="assign", numbers=numbers, capability="voice")))
    assert ends(world) == [(numbers[0], Stage.FAILED, reasons.WITHOUT_CAPABILITY)]


async def test_an_unknown_application_is_named_and_the_numbers_stay_rented(scene: Scene, world: LegacyWorld) -> None:
    result = await scene.result(await start_wish(scene, a_wish(application_key=UNKNOWN_APPLICATION)))
    assert result.stages == {"FAILED": 2}
    assert [(stage, code) for _, stage, code in ends(world)] == [(Stage.FAILED, reasons.ASSIGNMENT_REFUSED)] * 2
    assert {number for number, _, _ in ends(world)} == set(world.rented)


async def test_numbers_are_taken_from_the_application_and_stay_rented(scene: Scene, world: LegacyWorld) -> None:
    there, elsewhere = numbers = fresh_numbers(2)
    wish = a_wish(action="unassign", numbers=numbers)
    world.rents(there, application_key=wish.application_key)
    world.rents(elsewhere, application_key=OTHER_APPLICATION)
    assert (await scene.result(await start_wish(scene, wish))).stages == {"DONE": 1, "SKIPPED": 1}
    assert (world.applications, set(world.rented)) == ({elsewhere: OTHER_APPLICATION}, set(numbers))


async def test_a_wish_goes_on_over_many_runs(scene: Scene, world: LegacyWorld) -> None:
    world.credit = Decimal(0)
    handle = await start_wish(scene, a_wish(quantity=5), events_a_run=10)
    for credit in (5, 1, 4):
        await scene.pass_hours(1)
        world.credit = Decimal(credit)
        await handle.execute_update(RETRY_UPDATE, ANN)
    assert (await scene.result(handle)).stages == {"DONE": 5}
    assert len(await histories_of_runs(scene.client, handle)) > 1
    assert len(world.rented) == 5
