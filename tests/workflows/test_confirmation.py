"""Numbers that ended well are compared with what was asked; a difference is a finding, not silence."""

from collections import deque

from onboarding.calls.confirmation import CONFIRM_NUMBERS
from onboarding.calls.hosting_orders import CREATE_ORDER
from onboarding.errors import FailureType
from onboarding.findings import Finding
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.staging import Scene, a_batch, fresh_numbers

OTHER_PLAN = Finding(code="SERVICE_PLAN_DIFFERS", sentence="Asked for service plan plan-1; the number is on plan-2.")
VERIFIED = ((0, "VERIFIED"),)


async def test_numbers_as_asked_are_compared_once_and_for_what_was_asked(scene: Scene, world: OutsideWorld) -> None:
    numbers, batch = fresh_numbers(3), a_batch()
    order = await scene.start_order(numbers, batch)
    assert (await scene.result(order)).stages == {"DONE": 3}
    [request] = world.requests(CONFIRM_NUMBERS)
    [ordered] = world.orders
    assert (request.hosting_order_id, request.phone_numbers) == (ordered, numbers)
    assert (request.wanted.service_plan_id, request.wanted.campaign_id) == (batch.service_plan_id, batch.campaign_id)


async def test_a_difference_seen_twice_is_a_finding_in_the_report(scene: Scene, world: OutsideWorld) -> None:
    fine, moved = fresh_numbers(2)
    world.qualification = VERIFIED
    world.differences[moved] = deque([(OTHER_PLAN,), (OTHER_PLAN,)])
    group = await scene.start_group((fine, moved))
    assert (await scene.result(group)).stages == {"DONE": 2}
    assert {row.phone_number: row.findings for row in world.rows[1]} == {fine: (), moved: (OTHER_PLAN,)}
    assert [request.phone_numbers for request in world.requests(CONFIRM_NUMBERS)] == [(fine, moved), (moved,)]


async def test_a_difference_that_is_gone_at_the_second_look_is_none(scene: Scene, world: OutsideWorld) -> None:
    """Sinch may show a link a little later than it reports it."""
    [number] = fresh_numbers(1)
    world.qualification = VERIFIED
    world.differences[number] = deque([(OTHER_PLAN,), ()])
    group = await scene.start_group((number,))
    await scene.result(group)
    assert [row.findings for row in world.rows[1]] == [()]


async def test_failed_numbers_are_not_compared(scene: Scene, world: OutsideWorld) -> None:
    good, bad = fresh_numbers(2)
    world.failing[bad] = "osr"
    order = await scene.start_order((good, bad))
    assert (await scene.result(order)).stages == {"DONE": 1, "FAILED": 1}
    assert [request.phone_numbers for request in world.requests(CONFIRM_NUMBERS)] == [(good,)]


async def test_an_order_ends_although_nothing_can_be_compared(scene: Scene, world: OutsideWorld) -> None:
    numbers = fresh_numbers(2)
    world.refuse(CONFIRM_NUMBERS, FailureType.INVALID_ARGUMENT, "no such list")
    order = await scene.start_order(numbers)
    assert (await scene.result(order)).stages == {"DONE": 2}
    assert len(world.made(CREATE_ORDER)) == 1
