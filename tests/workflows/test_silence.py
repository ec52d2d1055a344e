"""What nothing is heard of for long shows as waiting on an operator, who is told; no deadline comes sooner for it."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from temporalio.client import WorkflowFailureError, WorkflowHandle

from onboarding import reasons, search_attributes
from onboarding.calls.call import Call
from onboarding.calls.hosting_orders import CREATE_ORDER, OBSERVE_ORDER
from onboarding.calls.invoices import SEND_INVOICES
from onboarding.calls.linking import LINK_NUMBERS
from onboarding.calls.notifications import SEND_NOTICE
from onboarding.calls.qualification import ADD_NUMBERS, READ_REVIEWS
from onboarding.contracts.group import GroupStatus
from onboarding.contracts.hosting_order import OrderStatus
from onboarding.contracts.operator import SKIP_UPDATE, STATUS_QUERY, NumbersAction
from onboarding.contracts.relink_numbers import RelinkStatus
from onboarding.observations import OSR_UPDATE
from onboarding.stages import Verification, WaitingOn
from tests.workflows.callback_events import deliver, event
from tests.workflows.import_world import FOR_EVER, ImportWorld, an_import, import_status, start_import
from tests.workflows.imported_world import ImportedWorld, start_relinking, start_removal
from tests.workflows.outside_world import OutsideWorld, Recorded
from tests.workflows.sinch_side import STUCK
from tests.workflows.staging import Scene, a_batch, fresh_numbers, paced, staged

DAY = 24
UNSIGNED = ((0, "SUBMITTED"), (1, "WAITING_FOR_LOA_SIGNATURE"))

Handle = WorkflowHandle[Any, Any]


async def shown(handle: Handle) -> str | None:
    """Whom the workflow waits for, as lists and filters of the Web UI have it."""
    description = await handle.describe()
    return description.typed_search_attributes.get(search_attributes.WAITING_ON)


async def the_order(handle: Handle) -> OrderStatus:
    status: OrderStatus = await handle.query(STATUS_QUERY, result_type=OrderStatus)
    return status


async def the_group(handle: Handle) -> GroupStatus:
    status: GroupStatus = await handle.query(STATUS_QUERY, result_type=GroupStatus)
    return status


def mails(world: OutsideWorld, about: str = "") -> list[Recorded]:
    """What the contact was told."""
    return [recorded for recorded in world.made(SEND_NOTICE) if about in recorded.request.subject]


def days_between(sent: Sequence[Recorded]) -> list[float]:
    return [round((b.at - a.at) / timedelta(days=1), 1) for a, b in pairwise(sent)]


async def test_an_order_without_news_waits_for_an_operator_until_the_next_news(
    scene: Scene, world: OutsideWorld
) -> None:
    world.orders_go = STUCK
    numbers = fresh_numbers(2)
    order = await scene.start_order(numbers)
    await scene.pass_hours(5 * DAY)
    assert (await shown(order), (await the_order(order)).silent_since) == ("carrier", None)
    await scene.pass_hours(2 * DAY)
    status = await the_order(order)
    assert (await shown(order), status.waiting_on) == ("operator", WaitingOn.OPERATOR)
    assert status.silent_since
    assert status.waiting_since == status.silent_since + timedelta(days=5)
    assert len(mails(world, "not provisioned yet") + mails(world, "no news about 2 numbers for 5d")) == 1
    await deliver(order, [event(numbers[0], OSR_UPDATE)])
    await scene.settle()
    assert (await shown(order), (await the_order(order)).silent_since) == ("carrier", None)


async def test_a_silence_changes_no_deadline_and_is_told_of_in_the_rhythm_of_reminders(
    scene: Scene, world: OutsideWorld
) -> None:
    world.orders_go = STUCK
    order = await scene.start_order(fresh_numbers(1), a_batch(pace=paced(no_news="1d")))
    assert (await scene.result(order)).stages == {"FAILED": 1}
    status = await the_order(order)
    assert status.numbers[0].reason == reasons.reason(reasons.CARRIER_DEADLINE_PASSED)
    sent = mails(world, "no news")
    assert days_between(sent) == [5, 5, 5]
    assert mails(world, "not provisioned yet") == []
    assert "order-1" in sent[0].request.text
    settled_at = status.numbers[0].settled_at
    assert settled_at
    assert round((settled_at - sent[0].at) / timedelta(days=1)) == 19
    assert await shown(order) == "nobody"


async def test_no_two_mails_tell_of_the_same_wait_within_a_reminder(scene: Scene, world: OutsideWorld) -> None:
    """The news comes a day after the wait began, the reminder of the wait a day before it has been silent too long."""
    world.orders_go = STUCK
    numbers = fresh_numbers(2)
    order = await scene.start_order(numbers, a_batch(pace=paced(carrier={"remind_every": "5d", "deadline": "60d"})))
    await scene.pass_hours(2.5 * DAY)
    await deliver(order, [event(numbers[0], OSR_UPDATE)])
    await scene.pass_hours(20 * DAY)
    assert days_between(mails(world))[1:] == [5, 5, 5]
    assert [recorded.request.subject.partition(": ")[2].split(" for ")[0] for recorded in mails(world)[1:]] == [
        "2 numbers not provisioned yet",
        "no news about 2 numbers",
        "no news about 2 numbers",
        "no news about 2 numbers",
    ]


async def test_an_operator_who_asks_for_an_end_of_a_silent_order_gets_it(scene: Scene, world: OutsideWorld) -> None:
    world.orders_go = STUCK
    numbers = fresh_numbers(1)
    order = await scene.start_order(numbers)
    await scene.pass_hours(8 * DAY)
    await order.execute_update(SKIP_UPDATE, NumbersAction(phone_numbers=numbers))
    assert (await scene.result(order)).stages == {"SKIPPED": 1}


async def test_a_signer_who_takes_time_is_waited_for_as_long_as_sinch_answers(
    scene: Scene, world: OutsideWorld
) -> None:
    world.orders_go = UNSIGNED
    order = await scene.start_order(fresh_numbers(1))
    await scene.pass_hours(14 * DAY)
    assert (await shown(order), mails(world, "no news")) == ("loa-signature", [])
    world.away(OBSERVE_ORDER, hours=9 * DAY)
    await scene.pass_hours(8 * DAY)
    assert (await shown(order), len(mails(world, "no news"))) == ("operator", 1)
    await scene.pass_hours(2 * DAY)
    assert await shown(order) == "loa-signature"


async def test_an_order_that_is_scheduled_for_later_is_not_silent_before(scene: Scene, world: OutsideWorld) -> None:
    world.orders_go = STUCK
    later = await scene.now() + timedelta(days=12)
    order = await scene.start_order(fresh_numbers(1), a_batch(scheduled_osr_update_time=later))
    await scene.pass_hours(16 * DAY)
    assert await shown(order) == "carrier"
    await scene.pass_hours(2 * DAY)
    assert await shown(order) == "operator"


async def test_an_order_that_sinch_does_not_take_for_days_waits_for_an_operator(
    scene: Scene, world: OutsideWorld
) -> None:
    world.away(CREATE_ORDER, hours=1.5 * DAY)
    order = await scene.start_order(fresh_numbers(1), a_batch(pace=paced(no_news="1d")))
    await scene.pass_hours(1.25 * DAY)
    assert (await shown(order), len(mails(world, "no news"))) == ("operator", 1)
    assert (await scene.result(order)).stages == {"DONE": 1}
    assert len(world.orders) == 1


async def test_a_link_that_is_tried_again_and_never_ends_waits_for_an_operator(
    scene: Scene, world: OutsideWorld
) -> None:
    (number,) = fresh_numbers(1)
    world.link_fails(number, "CAMPAIGN_PENDING_ACCEPTANCE")
    world.imported[number].hours = 40 * DAY
    order = await scene.start_order([number])
    await scene.pass_hours(7 * DAY)
    assert len(world.made(LINK_NUMBERS)) == 1
    assert await shown(order) == "carrier"
    await scene.pass_hours(3 * DAY)
    assert (await shown(order), len(mails(world, "no news"))) == ("operator", 1)


@pytest.mark.parametrize("step", [ADD_NUMBERS, SEND_INVOICES, READ_REVIEWS], ids=lambda call: call.name)
async def test_a_group_that_cannot_ask_for_days_waits_for_an_operator(
    scene: Scene, world: OutsideWorld, step: Call[Any, Any]
) -> None:
    world.away(step, hours=1.5 * DAY)
    batch = a_batch(verification=Verification.INVOICES, pace=paced(no_news="1d"))
    group = await scene.start_group(fresh_numbers(2), batch)
    await scene.pass_hours(0.75 * DAY)
    assert await shown(group) != "operator"
    await scene.pass_hours(0.5 * DAY)
    assert (await shown(group), len(mails(world, "no news about 2 numbers"))) == ("operator", 1)
    assert (await the_group(group)).silent_since
    await scene.pass_hours(DAY)
    assert await shown(group) != "operator"
    assert (await scene.result(group)).stages == {"DONE": 2}


async def test_a_review_that_takes_time_is_waited_for_as_long_as_sinch_answers(
    scene: Scene, world: OutsideWorld
) -> None:
    world.desk = ((9 * DAY, "VERIFIED"),)
    group = await scene.start_group(fresh_numbers(1), a_batch(verification=Verification.INVOICES))
    await scene.pass_hours(8 * DAY)
    assert (await shown(group), mails(world, "no news")) == ("invoice-review", [])
    assert (await scene.result(group)).stages == {"DONE": 1}


async def test_an_import_names_the_order_that_nothing_is_heard_of(time_skipping: Any) -> None:
    world = ImportWorld()
    async with staged(time_skipping, world) as scene:
        world.campaign_hours = FOR_EVER
        numbers = fresh_numbers(2)
        handle = await start_import(scene, [numbers], an_import(pace=paced(no_news="2d")))
        await scene.pass_hours(1.5 * DAY)
        assert await shown(handle) == "carrier"
        await scene.pass_hours(DAY)
        status = await import_status(handle)
        assert (await shown(handle), status.waiting_on) == ("operator", WaitingOn.OPERATOR)
        assert status.silent_since
        (mail,) = mails(world, "no news about 2 numbers")
        assert "order-1" in mail.request.text
        await handle.execute_update(SKIP_UPDATE, NumbersAction(phone_numbers=numbers))
        assert (await scene.result(handle)).stages == {"SKIPPED": 2}


async def test_a_link_change_without_news_waits_for_an_operator(time_skipping: Any) -> None:
    world = ImportedWorld()
    async with staged(time_skipping, world) as scene:
        numbers = fresh_numbers(2)
        world.import_numbers(numbers)
        world.unlink_hours, world.link_hours = 2 * DAY, 20
        handle = await start_relinking(scene, world, numbers, pace=paced(no_news="1d"))
        await scene.pass_hours(12)
        assert await shown(handle) == "carrier"
        await scene.pass_hours(DAY)
        status = await handle.query(STATUS_QUERY, result_type=RelinkStatus)
        assert (await shown(handle), status.waiting_on) == ("operator", WaitingOn.OPERATOR)
        assert status.silent_since
        await scene.pass_hours(DAY)
        assert await shown(handle) == "carrier"
        assert (await scene.result(handle)).stages == {"DONE": 2}


async def test_a_removal_without_news_waits_for_an_operator(time_skipping: Any) -> None:
    world = ImportedWorld()
    async with staged(time_skipping, world) as scene:
        numbers = fresh_numbers(1)
        world.import_numbers(numbers)
        world.shown_after_removal = timedelta(days=3)
        handle = await start_removal(scene, world, numbers, pace=paced(no_news="1d"))
        await scene.pass_hours(12)
        assert await shown(handle) == "carrier"
        await scene.pass_hours(DAY)
        assert await shown(handle) == "operator"
        assert (await scene.result(handle)).stages == {"DONE": 1}
        assert await shown(handle) == "nobody"


async def test_what_is_cancelled_from_outside_ends_waiting_for_nobody(scene: Scene, world: OutsideWorld) -> None:
    called, ordered = fresh_numbers(2)
    world.orders_go = STUCK
    batch = a_batch(verification=Verification.VOICE)
    group, order = await scene.start_group([called], batch), await scene.start_order([ordered], a_batch())
    await scene.pass_hours(3)
    challenge = scene.verification(called)
    assert [await shown(handle) for handle in (group, challenge, order)] == [
        "voice-code",
        "voice-code",
        "loa-signature",
    ]
    for handle in (group, order):
        await handle.cancel()
        with pytest.raises(WorkflowFailureError):
            await scene.result(handle)
    with pytest.raises(WorkflowFailureError):
        await scene.result(challenge)
    assert [await shown(handle) for handle in (group, challenge, order)] == ["nobody"] * 3
