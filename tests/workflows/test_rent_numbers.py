"""Renting numbers: once for each place, within the limit, to their end by callbacks alone or by polls alone."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from temporalio.client import WorkflowHandle

from onboarding import reasons
from onboarding.active_numbers import ActiveService
from onboarding.calls.active_numbers import (
    CHANGE_ACTIVE_NUMBERS,
    READ_ACTIVE_NUMBERS,
    RENT_NUMBERS,
    SEARCH_NUMBERS,
)
from onboarding.calls.notifications import SEND_NOTICE
from onboarding.contracts.operator import CANCEL_UPDATE, STATUS_QUERY, OperatorAction
from onboarding.contracts.rent_numbers import RentStatus
from onboarding.errors import FailureType
from onboarding.money import Money
from onboarding.observations import CallbackEvent
from onboarding.renting import RentStep
from onboarding.stages import Stage, WaitingOn
from tests.histories.runs import histories_of_runs
from tests.workflows.callback_events import deliver, event
from tests.workflows.imported_world import ended, explained
from tests.workflows.rented_world import PRICE, RentedWorld, a_wish, start_rent
from tests.workflows.staging import Scene, paced, refused

NEVER_POLLED = paced(poll_first="3000d", poll_longest="3000d", carrier={"remind_every": "30d", "deadline": "2900d"})
LINKED = ("PROVISIONING_TO_SMS_PLATFORM", "PROVISIONING_TO_CAMPAIGN", "PROVISIONING_TO_VOICE_PLATFORM")


@pytest.fixture
def world() -> RentedWorld:
    """Where numbers are rented out."""
    return RentedWorld()


def linked(numbers: Sequence[str]) -> list[CallbackEvent]:
    return [event(number, kind) for kind in LINKED for number in numbers]


async def status_of(handle: WorkflowHandle[Any, Any]) -> RentStatus:
    status: RentStatus = await handle.query(STATUS_QUERY, result_type=RentStatus)
    return status


def limited(amount: str, currency: str = "USD") -> Money:
    return Money(amount=Decimal(amount), currency_id=currency)


async def test_numbers_are_rented_and_provisioned_by_polls_alone(scene: Scene, world: RentedWorld) -> None:
    offered = world.offer(30)
    result = await scene.result(await start_rent(scene, a_wish(25)))
    assert (result.stages, result.spent) == ({"DONE": 25}, 25 * (PRICE.first_payment or 0))
    assert world.rents == list(offered[:25])
    assert len(world.made(READ_ACTIVE_NUMBERS)) <= 6


async def test_events_alone_are_enough_even_when_they_come_twice_and_in_any_order(
    scene: Scene, world: RentedWorld
) -> None:
    world.offer(3)
    handle = await start_rent(scene, a_wish(3, pace=NEVER_POLLED))
    await scene.pass_hours(1)
    events = linked(world.rents)
    await deliver(handle, [*reversed(events), *events])
    assert (await scene.result(handle)).stages == {"DONE": 3}
    assert world.made(READ_ACTIVE_NUMBERS) == []


async def test_events_that_come_before_the_answer_of_the_rent_are_kept(scene: Scene, world: RentedWorld) -> None:
    world.offer(1)
    held = world.hold(RENT_NUMBERS)
    handle = await start_rent(scene, a_wish(1, any=True, pace=NEVER_POLLED))
    await held.begun.wait()
    await deliver(handle, linked(world.rents))
    held.release.set()
    assert (await scene.result(handle)).stages == {"DONE": 1}


async def test_a_number_that_is_not_linked_fails_with_sinchs_code_and_stays_rented(
    scene: Scene, world: RentedWorld
) -> None:
    full, mute, good = world.offer(3)
    world.failing_links = {
        full: {ActiveService.CAMPAIGN: "EXCEEDED_10DLC_LIMIT"},
        mute: {ActiveService.VOICE: ""},
    }
    assert (await scene.result(await start_rent(scene, a_wish(3)))).stages == {"DONE": 1, "FAILED": 2}
    assert ended(world, full) == (Stage.FAILED, "EXCEEDED_10DLC_LIMIT")
    assert ended(world, mute) == (Stage.FAILED, reasons.VOICE_PROVISIONING_FAILED)
    assert "onboard active update" in explained(world, full)
    assert ended(world, good) == (Stage.DONE, None)
    assert world.given_back() == []


async def test_a_failure_that_an_event_tells_is_not_forgotten_by_what_comes_after(
    scene: Scene, world: RentedWorld
) -> None:
    world.offer(1)
    handle = await start_rent(scene, a_wish(1, pace=NEVER_POLLED))
    await scene.pass_hours(1)
    (number,) = world.rents
    await deliver(handle, [event(number, LINKED[0], "FAILED"), event(number, LINKED[2])])
    assert (await scene.result(handle)).stages == {"FAILED": 1}
    assert ended(world, number) == (Stage.FAILED, reasons.SMS_PROVISIONING_FAILED)


async def test_nothing_is_rented_beyond_the_spending_limit(scene: Scene, world: RentedWorld) -> None:
    world.offer(10)
    result = await scene.result(await start_rent(scene, a_wish(5, spending_limit=limited("4.60"))))
    assert (result.stages, result.spent) == ({"DONE": 3, "FAILED": 2}, Decimal("4.50"))
    assert len(world.rents) == 3
    assert ended(world, "") == (Stage.FAILED, reasons.SPENDING_LIMIT_REACHED)
    assert "4.50 of 4.60 USD are spent, and the next number costs 1.50." in explained(world, "")


async def test_a_number_that_is_too_dear_is_passed_over_for_a_cheaper_one(scene: Scene, world: RentedWorld) -> None:
    world.offer(1, PRICE.model_copy(update={"monthly": Decimal(50)}))
    (cheap,) = world.offer(1)
    assert (await scene.result(await start_rent(scene, a_wish(1, spending_limit=limited("2"))))).stages == {"DONE": 1}
    assert world.rents == [cheap]


async def test_a_price_in_another_currency_is_not_paid(scene: Scene, world: RentedWorld) -> None:
    world.offer(2)
    result = await scene.result(await start_rent(scene, a_wish(1, spending_limit=limited("100", "EUR"))))
    assert (result.stages, world.rents) == ({"FAILED": 1}, [])
    assert ended(world, "") == (Stage.FAILED, reasons.PRICE_NOT_COMPARABLE)


@pytest.mark.parametrize("sinch_chooses", [False, True])
async def test_a_rent_whose_answer_was_lost_is_looked_for_and_not_sent_again(
    scene: Scene, world: RentedWorld, sinch_chooses: bool
) -> None:
    world.offer(9)
    world.lose_answer(RENT_NUMBERS, work_done=True)
    handle = await start_rent(scene, a_wish(3, any=sinch_chooses))
    assert (await scene.result(handle)).stages == {"DONE": 3}
    assert len(world.rents) == 3
    first, second = world.made(RENT_NUMBERS)
    assert [item.look_first for item in first.request.numbers + second.request.numbers] == [False] * 3 + [True] * 3
    assert (second.at - first.at).total_seconds() >= 600, "a request that is still under way has time to show"


async def test_a_rent_that_never_reached_sinch_is_sent_again(scene: Scene, world: RentedWorld) -> None:
    world.offer(2)
    world.lose_answer(RENT_NUMBERS, work_done=False)
    assert (await scene.result(await start_rent(scene, a_wish(2)))).stages == {"DONE": 2}
    assert len(world.rents) == 2


async def test_a_number_of_sinchs_choice_that_is_rented_later_than_the_next_poll_is_waited_for(
    scene: Scene, world: RentedWorld
) -> None:
    world.offer(3)
    world.late_hours = 0.7
    assert (await scene.result(await start_rent(scene, a_wish(1, any=True)))).stages == {"DONE": 1}
    assert len(world.rents) == 1


async def test_a_number_of_sinchs_choice_is_asked_for_again_after_an_hour_without_it(
    scene: Scene, world: RentedWorld
) -> None:
    world.offer(3)
    world.lose_answer(RENT_NUMBERS, work_done=False)
    assert (await scene.result(await start_rent(scene, a_wish(1, any=True)))).stages == {"DONE": 1}
    assert len(world.rents) == 1
    first, *looks, last = world.made(RENT_NUMBERS)
    assert [look.request.numbers[0].look_only for look in (first, *looks, last)] == [False, *[True] * len(looks), False]
    assert looks
    assert (last.at - first.at).total_seconds() >= 3600


async def test_money_counts_as_spent_while_the_answer_to_a_rent_is_outstanding(
    scene: Scene, world: RentedWorld
) -> None:
    world.offer(12)
    world.lose_answer(RENT_NUMBERS, work_done=True)
    handle = await start_rent(scene, a_wish(12, spending_limit=limited("15")))
    await scene.pass_hours(0.05)
    status = await status_of(handle)
    assert (status.steps, status.spent) == ({RentStep.RENTING: 10, RentStep.FAILED: 2}, Decimal("15.00"))
    assert (await scene.result(handle)).stages == {"DONE": 10, "FAILED": 2}


async def test_a_number_that_is_gone_is_replaced_by_another_one(scene: Scene, world: RentedWorld) -> None:
    gone, *others = world.offer(4)
    world.gone_when_rented = {gone}
    assert (await scene.result(await start_rent(scene, a_wish(3)))).stages == {"DONE": 3}
    assert sorted(world.rents) == sorted(others)


async def test_what_cannot_be_had_is_told_and_the_rest_is_kept(scene: Scene, world: RentedWorld) -> None:
    world.offer(3)
    assert (await scene.result(await start_rent(scene, a_wish(5)))).stages == {"DONE": 3, "FAILED": 2}
    assert ended(world, "") == (Stage.FAILED, reasons.NOT_TO_BE_HAD)
    assert world.given_back() == []


async def test_all_or_nothing_gives_back_what_was_rented_before_others_were_gone(
    scene: Scene, world: RentedWorld
) -> None:
    *_, gone = world.offer(5)
    world.gone_when_rented = {gone}
    result = await scene.result(await start_rent(scene, a_wish(5, all_or_nothing=True)))
    assert result.stages == {"FAILED": 1, "CANCELLED": 4}
    assert sorted(world.given_back()) == sorted(world.rents)
    assert ended(world, world.rents[0]) == (Stage.CANCELLED, reasons.GIVEN_BACK)
    assert result.spent == 4 * (PRICE.first_payment or 0), "the first payment is not paid back"


async def test_all_or_nothing_rents_nothing_where_too_few_are_offered_or_the_limit_is_too_low(
    scene: Scene, world: RentedWorld
) -> None:
    world.offer(4)
    short = await scene.result(await start_rent(scene, a_wish(5, all_or_nothing=True)))
    poor = await scene.result(await start_rent(scene, a_wish(3, all_or_nothing=True, spending_limit=limited("4"))))
    assert (short.stages, poor.stages, world.rents) == ({"FAILED": 5}, {"FAILED": 3}, [])


async def test_a_number_whose_rent_comes_to_light_after_giving_up_is_given_back_too(
    scene: Scene, world: RentedWorld
) -> None:
    world.offer(2)
    world.lose_answer(RENT_NUMBERS, work_done=True)
    handle = await start_rent(scene, a_wish(2, all_or_nothing=True))
    await scene.pass_hours(0.05)
    await handle.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"))
    assert (await scene.result(handle)).stages == {"CANCELLED": 2}
    assert sorted(world.given_back()) == sorted(world.rents)


@pytest.mark.parametrize("wish", [{"all_or_nothing": True}, {"any": True}, {}], ids=["all or nothing", "any", "some"])
async def test_what_was_not_rented_when_a_wish_is_cancelled_is_looked_for_and_never_rented(
    scene: Scene, world: RentedWorld, wish: dict[str, bool]
) -> None:
    world.offer(2)
    world.lose_answer(RENT_NUMBERS, work_done=False)
    handle = await start_rent(scene, a_wish(2, **wish))
    await scene.pass_hours(0.05)
    await handle.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"))
    result = await scene.result(handle)
    assert (result.stages, result.spent, world.rents) == ({"CANCELLED": 2}, Decimal(0), [])
    first, *_, last = world.made(RENT_NUMBERS)
    assert (last.at - first.at).total_seconds() >= 3600, "a request under way may still rent one"


async def test_giving_back_is_asked_for_again_when_its_answer_is_lost(scene: Scene, world: RentedWorld) -> None:
    *_, gone = world.offer(3)
    world.gone_when_rented = {gone}
    for _ in range(3):
        world.lose_answer(CHANGE_ACTIVE_NUMBERS, work_done=False)
    result = await scene.result(await start_rent(scene, a_wish(3, all_or_nothing=True)))
    assert result.stages == {"FAILED": 1, "CANCELLED": 2}
    assert len(world.given_back()) == 2


async def test_a_refusal_ends_the_number_and_costs_nothing(scene: Scene, world: RentedWorld) -> None:
    world.offer(5)
    world.rent_refused = "Invalid servicePlanId"
    result = await scene.result(await start_rent(scene, a_wish(2)))
    assert (result.stages, result.spent) == ({"FAILED": 2}, Decimal(0))
    assert "Sinch said: Invalid servicePlanId" in explained(world, world.offers[0].phone_number)


async def test_a_search_that_sinch_refuses_ends_the_wish(scene: Scene, world: RentedWorld) -> None:
    world.refuse(SEARCH_NUMBERS, FailureType.INVALID_ARGUMENT, "unknown region")
    assert (await scene.result(await start_rent(scene, a_wish(1)))).stages == {"FAILED": 1}
    assert ended(world, "") == (Stage.FAILED, reasons.SEARCH_REFUSED)


async def test_a_search_without_an_answer_is_made_again(scene: Scene, world: RentedWorld) -> None:
    world.offer(1)
    world.away(SEARCH_NUMBERS, hours=5)
    assert (await scene.result(await start_rent(scene, a_wish(1)))).stages == {"DONE": 1}


async def test_where_events_cannot_come_sinch_chooses_no_numbers(scene: Scene, world: RentedWorld) -> None:
    world.offer(1)
    world.any_is_safe = False
    assert (await scene.result(await start_rent(scene, a_wish(1, any=True)))).stages == {"DONE": 1}
    (request,) = world.requests(RENT_NUMBERS)
    assert request.numbers[0].phone_number == world.rents[0]


async def test_cancelling_rents_no_further_number_and_follows_those_that_are(scene: Scene, world: RentedWorld) -> None:
    world.offer(10)
    held = world.hold(RENT_NUMBERS)
    handle = await start_rent(scene, a_wish(15))
    await held.begun.wait()
    await handle.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"))
    held.release.set()
    async with refused("Ended"):
        await handle.execute_update(CANCEL_UPDATE, OperatorAction(by="Ann"))
    assert (await scene.result(handle)).stages == {"DONE": 10, "CANCELLED": 5}
    assert len(world.rents) == 10


async def test_silence_is_told_by_mail_and_ends_at_the_deadline(scene: Scene, world: RentedWorld) -> None:
    world.offer(1)
    world.link_hours = 24 * 365
    handle = await start_rent(scene, a_wish(1))
    await scene.pass_hours(24 * 6)
    assert (await status_of(handle)).waiting_on is WaitingOn.OPERATOR
    assert "no news about 1 rented numbers" in world.requests(SEND_NOTICE)[0].subject
    assert (await scene.result(handle)).stages == {"FAILED": 1}
    assert ended(world, world.rents[0]) == (Stage.FAILED, reasons.PROVISIONING_DEADLINE_PASSED)


async def test_many_numbers_are_rented_over_many_runs(scene: Scene, world: RentedWorld) -> None:
    world.offer(150)
    handle = await start_rent(scene, a_wish(130), events_a_run=60)
    assert (await scene.result(handle)).stages == {"DONE": 130}
    assert len(await histories_of_runs(scene.client, handle)) > 1
    assert len(world.rents) == len(set(world.rents)) == 130
