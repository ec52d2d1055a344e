"""`OnboardGroup`: failed numbers are linked again in their order, or ordered anew; the others are left alone."""

from typing import Any

from temporalio.client import WorkflowHandle

from onboarding import reasons
from onboarding.calls.hosting_orders import CREATE_ORDER
from onboarding.calls.linking import LINK_NUMBERS
from onboarding.contracts.group import GroupStatus
from onboarding.contracts.operator import (
    CANCEL_UPDATE,
    RETRY_UPDATE,
    STATUS_QUERY,
    ActionTaken,
    NumbersAction,
    OperatorAction,
    RetryAction,
)
from onboarding.stages import Stage
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.sinch_side import COMPLETES
from tests.workflows.staging import Scene, a_batch, fresh_numbers, refused

FULL, EXPIRED = "EXCEEDED_10DLC_LIMIT", "CAMPAIGN_EXPIRED"
ORDER_HAS_ENDED = 24 + 49 + 8
"""Hours until the first order of a group has come to its end, and failed links have been looked up."""

Handle = WorkflowHandle[Any, Any]


def only(*numbers: str) -> NumbersAction:
    """An action on these numbers."""
    return NumbersAction(phone_numbers=numbers, by="Ann")


async def stage_of(group: Handle, number: str) -> Stage:
    """Where the group sees a number."""
    status: GroupStatus = await group.query(STATUS_QUERY, result_type=GroupStatus)
    return {known.phone_number: known.stage for known in status.numbers}[number]


async def test_a_number_that_waits_in_its_order_is_linked_again_there(scene: Scene, world: OutsideWorld) -> None:
    waiting, good = fresh_numbers(2)
    world.link_fails(waiting, FULL)
    group = await scene.start_group((waiting, good))
    await scene.pass_hours(ORDER_HAS_ENDED)
    taken: ActionTaken = await group.execute_update(RETRY_UPDATE, only(waiting), result_type=ActionTaken)
    assert taken.message == "1 numbers are tried again. Their orders decide about 1 of them."
    assert (await scene.result(group)).stages == {"DONE": 2}
    assert (len(world.requests(CREATE_ORDER)), len(world.requests(LINK_NUMBERS))) == (1, 1)


async def test_a_number_that_is_not_hosted_is_ordered_anew_while_its_order_goes_on(
    scene: Scene, world: OutsideWorld
) -> None:
    waiting, lost = fresh_numbers(2)
    world.link_fails(waiting, FULL)
    world.failing[lost] = "osr"
    group = await scene.start_group((waiting, lost))
    await scene.pass_hours(ORDER_HAS_ENDED)
    del world.failing[lost]
    await group.execute_update(RETRY_UPDATE, only(lost))
    await scene.settle()
    assert [request.numbers for request in world.requests(CREATE_ORDER)] == [(waiting, lost), (lost,)]
    assert (await scene.result(group)).stages == {"DONE": 1, "FAILED": 1}
    assert {row.phone_number: row.stage for row in world.rows[1]} == {waiting: Stage.FAILED, lost: Stage.DONE}


async def test_an_order_gives_a_number_back_on_its_own_update_too(scene: Scene, world: OutsideWorld) -> None:
    waiting, lost = fresh_numbers(2)
    batch = a_batch()
    world.link_fails(waiting, FULL)
    world.failing[lost] = "platform"
    group = await scene.start_group((waiting, lost), batch)
    await scene.pass_hours(ORDER_HAS_ENDED)
    async with refused("UnknownNumber"):
        await scene.order(batch).execute_update(RETRY_UPDATE, RetryAction(phone_numbers=("+12029999999",)))
    del world.failing[lost]
    retry = RetryAction(reasons=(reasons.SMS_PROVISIONING_FAILED,))
    taken: ActionTaken = await scene.order(batch).execute_update(RETRY_UPDATE, retry, result_type=ActionTaken)
    assert taken.message == "1 numbers go into another order."
    assert (await scene.result(group)).stages == {"DONE": 1, "FAILED": 1}


async def test_a_cancelled_group_orders_nothing_anew(scene: Scene, world: OutsideWorld) -> None:
    waiting, lost = fresh_numbers(2)
    batch = a_batch()
    world.link_fails(waiting, FULL)
    world.failing[lost] = "osr"
    group = await scene.start_group((waiting, lost), batch)
    await scene.pass_hours(ORDER_HAS_ENDED)
    await group.execute_update(CANCEL_UPDATE, OperatorAction())
    await scene.order(batch).execute_update(RETRY_UPDATE, RetryAction(phone_numbers=(lost,)))
    await scene.settle()
    assert await stage_of(group, lost) is Stage.FAILED
    assert (await scene.result(group)).stages == {"FAILED": 2}
    assert len(world.requests(CREATE_ORDER)) == 1


async def test_a_retry_after_the_order_has_ended_takes_only_the_failed_numbers(
    scene: Scene, world: OutsideWorld
) -> None:
    lost, done, slow = fresh_numbers(3)
    world.failing[lost] = "osr"
    world.desk_of[slow] = ((200, "VERIFIED"),)
    group = await scene.start_group((lost, done, slow))
    await scene.pass_hours(150)
    assert await stage_of(group, lost) is Stage.FAILED
    world.failing.clear()
    await group.execute_update(RETRY_UPDATE, only(lost))
    async with refused("WrongStage"):
        await group.execute_update(RETRY_UPDATE, only(done))
    assert (await scene.result(group)).stages == {"DONE": 3}
    ordered = [request.numbers for request in world.requests(CREATE_ORDER)]
    assert ordered[0] == (lost, done)
    assert sum(done in numbers for numbers in ordered) == 1


async def test_a_number_hosted_by_an_ended_order_is_linked_when_it_is_ordered_again(
    scene: Scene, world: OutsideWorld
) -> None:
    renewed, slow = fresh_numbers(2)
    world.link_fails(renewed, EXPIRED)
    world.desk_of[slow] = ((200, "VERIFIED"),)
    world.orders_go = COMPLETES
    group = await scene.start_group((renewed, slow))
    await scene.pass_hours(150)
    assert await stage_of(group, renewed) is Stage.FAILED
    world.failing.clear()
    world.imported_cannot_be_ordered = True
    await group.execute_update(RETRY_UPDATE, only(renewed))
    assert (await scene.result(group)).stages == {"DONE": 2}
    assert len(world.linked_again(renewed)) == 1
