"""Sixty days of waiting at the pace of real life: no run grows long, no state grows at all, nothing pending is lost.

What is counted here is stated in docs/architecture.md.
"""

from typing import Any

import pytest
from temporalio.client import WorkflowHandle, WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from onboarding.calls.hosting_orders import CREATE_ORDER
from onboarding.calls.invoices import SEND_INVOICES
from onboarding.contracts.verification import SUBMIT_CODE_UPDATE, SubmitCode
from onboarding.pace import Pace
from tests.histories.runs import histories_of_runs
from tests.workflows.import_world import ImportWorld, an_import, start_import
from tests.workflows.imported_world import ImportedWorld, start_relinking
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.sinch_side import RIGHT_CODE
from tests.workflows.staging import Scene, a_batch, fresh_numbers, staged

pytestmark = pytest.mark.timeout(400)

DAY = 24
LONG = {"remind_every": "5bd", "deadline": "90d"}
AS_IN_LIFE = Pace.model_validate(
    dict.fromkeys(("eligibility", "invoice_review", "voice_code", "loa_signature", "carrier", "operator"), LONG)
    | {"poll_longest": "4h"}
)
"""Waves and silences as they are by default; deadlines are longer, and polls as rare as the runs are short."""

LIMIT = 250
MOST_EVENTS_A_STEP = 40
POLLS_A_DAY, EVENTS_A_POLL = 6, 11
EVENTS_A_DAY = POLLS_A_DAY * EVENTS_A_POLL + 30
"""A timer (2), an activity (3) and two workflow tasks (3 each); beside polls a mail and a new run now and then."""

GROWTH = 1.1

Handle = WorkflowHandle[Any, Any]


async def histories(scene: Scene, handle: Handle) -> list[WorkflowHistory]:
    return await histories_of_runs(scene.client, scene.client.get_workflow_handle(handle.id))


def handed_on(runs: list[WorkflowHistory]) -> list[int]:
    """Bytes of request and state that each run but the first began with."""
    begun = [run.events[0].workflow_execution_started_event_attributes for run in runs[1:]]
    return [sum(len(payload.data) for payload in started.input.payloads) for started in begun]


def assert_bounded(runs: list[WorkflowHistory], days: float) -> None:
    """No run is longer than its limit and a step, all together cost what polls cost, the state has not grown."""
    lengths, sizes = [len(run.events) for run in runs], handed_on(runs)
    assert max(lengths) <= LIMIT + MOST_EVENTS_A_STEP, lengths
    assert sum(lengths) <= days * EVENTS_A_DAY, lengths
    assert len(runs) >= days * POLLS_A_DAY * EVENTS_A_POLL / (LIMIT + MOST_EVENTS_A_STEP), lengths
    assert max(sizes) <= sizes[0] * GROWTH, sizes


async def test_a_group_that_waits_for_reviews_and_codes_for_sixty_days_stays_small(
    scene: Scene, world: OutsideWorld
) -> None:
    in_review, called = fresh_numbers(2)
    world.desk_of = {called: ((DAY, "VERIFICATION_FAILED"),), in_review: ((60 * DAY, "VERIFIED"),)}
    group = await scene.start_group((in_review, called), a_batch(pace=AS_IN_LIFE), events_a_run=LIMIT)
    await scene.pass_hours(59 * DAY)
    assert_bounded(await histories(scene, group), 59)
    await scene.verification(called).execute_update(SUBMIT_CODE_UPDATE, SubmitCode(code=RIGHT_CODE))
    assert (await scene.result(group)).stages == {"DONE": 2}
    assert (len(world.rings(called)), len(world.requests(SEND_INVOICES))) == (1, 1)


async def test_an_order_that_waits_for_signature_and_carriers_for_sixty_days_stays_small(
    scene: Scene, world: OutsideWorld
) -> None:
    world.orders_go = (
        (0, "SUBMITTED"),
        (1, "WAITING_FOR_LOA_SIGNATURE"),
        (30 * DAY, "IN_PROGRESS"),
        (60 * DAY, "COMPLETED"),
    )
    order = await scene.start_order(fresh_numbers(2), a_batch(pace=AS_IN_LIFE), events_a_run=LIMIT)
    assert (await scene.result(order)).stages == {"DONE": 2}
    assert_bounded(await histories(scene, order), 60)
    assert len(world.made(CREATE_ORDER)) == 1


async def test_a_batch_whose_group_takes_sixty_days_stays_small(scene: Scene, world: OutsideWorld) -> None:
    """It only asks once a day whether its group is still there."""
    pace = AS_IN_LIFE.model_copy(update={"poll_longest": "1d"})
    world.desk = ((60 * DAY, "VERIFIED"),)
    handle = await scene.start_batch([fresh_numbers(1), fresh_numbers(1)], a_batch(pace=pace), events_a_run=200)
    await scene.pass_hours(59 * DAY)
    runs = await histories(scene, handle)
    assert max(len(run.events) for run in runs) <= 200 + MOST_EVENTS_A_STEP
    assert max(handed_on(runs)) <= handed_on(runs)[0] * GROWTH
    assert (await scene.result(handle)).stages == {"DONE": 2}


async def test_an_import_that_takes_sixty_days_stays_small(time_skipping: WorkflowEnvironment) -> None:
    world = ImportWorld()
    world.campaign_hours = 60 * DAY
    async with staged(time_skipping, world) as scene:
        handle = await start_import(scene, [fresh_numbers(5)], an_import(pace=AS_IN_LIFE), events_a_run=LIMIT)
        assert (await scene.result(handle)).stages == {"DONE": 5}
        assert_bounded(await histories(scene, handle), 60)


async def test_a_relinking_that_takes_sixty_days_stays_small(time_skipping: WorkflowEnvironment) -> None:
    world = ImportedWorld()
    world.unlink_hours = world.link_hours = 30 * DAY
    async with staged(time_skipping, world) as scene:
        numbers = fresh_numbers(2)
        world.import_numbers(numbers)
        handle = await start_relinking(scene, world, numbers, pace=AS_IN_LIFE, events_a_run=LIMIT)
        assert (await scene.result(handle)).stages == {"DONE": 2}
        assert_bounded(await histories(scene, handle), 60)
        assert world.misused() == []
