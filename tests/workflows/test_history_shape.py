"""How many events a number costs: the server's work, and on Temporal Cloud the bill; much the same on every machine.

The limits leave room above what was counted when they were written; what exceeds them is a change of design.
"""

import asyncio
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowHandle

from onboarding.calls.hosting_orders import CREATE_ORDER
from onboarding.contracts.operator import STATUS_QUERY
from onboarding.contracts.verification import SUBMIT_CODE_UPDATE, SubmitCode, VerificationStatus
from onboarding.stages import Verification
from tests.histories.runs import histories_of_runs
from tests.workflows.callback_events import all_succeeded, deliver
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.sinch_side import RIGHT_CODE
from tests.workflows.staging import Scene, a_batch, fresh_numbers, paced, until

SECOND = 1 / 3600
MOST_EVENTS_A_STEP = 20
MOST_EVENTS_A_CHALLENGE = 25
CONTINUED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW
UNSIGNED = ((0, "SUBMITTED"), (0, "WAITING_FOR_LOA_SIGNATURE"))
_CALLBACKS_A_SIGNAL = 200
"""Fewer than a signal may carry: the receiver seldom waits until one is full."""
BRISK = paced(poll_first="1s", poll_longest="1h", poll_growth=3600.0, wave="1h")


async def events(client: Client, *handles: WorkflowHandle[Any, Any]) -> int:
    """How many events these workflows have written."""
    return sum([len(history.events) for handle in handles for history in await histories_of_runs(client, handle)])


async def enter_the_code(challenge: WorkflowHandle[Any, Any]) -> None:
    """As soon as the workflow knows that the phone has rung."""
    while not (await challenge.query(STATUS_QUERY, result_type=VerificationStatus)).calls_placed:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    await challenge.execute_update(SUBMIT_CODE_UPDATE, SubmitCode(code=RIGHT_CODE))


async def test_by_invoices_a_number_costs_less_than_half_an_event(real_time_scene: Scene, world: OutsideWorld) -> None:
    numbers = fresh_numbers(500)
    batch = a_batch(verification=Verification.INVOICES, pace=BRISK)
    world.qualification = ((0, "ELIGIBLE"),)
    world.desk = ((0, "VERIFIED"),)
    world.orders_go = UNSIGNED
    handle = await real_time_scene.start_batch([numbers], batch)
    await until(lambda: world.made(CREATE_ORDER))
    callbacks, order = all_succeeded(numbers), real_time_scene.order(batch)
    slices = [callbacks[i : i + _CALLBACKS_A_SIGNAL] for i in range(0, len(callbacks), _CALLBACKS_A_SIGNAL)]
    for part in slices:
        await deliver(order, part)
    assert (await handle.result()).stages == {"DONE": 500}
    counts = {
        workflow.id: await events(real_time_scene.client, workflow)
        for workflow in (handle, real_time_scene.group(batch), order)
    }
    a_number = sum(counts.values()) / len(numbers)
    assert a_number <= 0.4, f"{a_number} events a number: {counts}"


async def test_by_voice_a_number_costs_at_most_32_events(real_time_scene: Scene, world: OutsideWorld) -> None:
    """With its share in the group; the order's share is the same as by invoices."""
    numbers = fresh_numbers(50)
    world.qualification = ((0, "ELIGIBLE"),)
    world.orders_go = ((0, "SUBMITTED"), (0, "COMPLETED"))
    batch = a_batch(verification=Verification.VOICE, pace=BRISK)
    group = await real_time_scene.start_group(numbers, batch)
    await until(lambda: all(world.rings(number) for number in numbers))
    challenges = [real_time_scene.verification(number) for number in numbers]
    await asyncio.gather(*(enter_the_code(challenge) for challenge in challenges))
    assert (await group.result()).stages == {"DONE": 50}
    counts = {
        "group": await events(real_time_scene.client, group),
        "challenges": await events(real_time_scene.client, *challenges),
    }
    a_number = sum(counts.values()) / len(numbers)
    assert a_number <= 32, f"{a_number} events a number: {counts}"
    assert counts["challenges"] < MOST_EVENTS_A_CHALLENGE * len(numbers), counts


async def test_no_run_grows_far_beyond_its_limit(real_time_scene: Scene, world: OutsideWorld) -> None:
    """A run ends with the step that passes the limit; a step of a batch is one group that starts or reports."""
    slices = [fresh_numbers(1) for _ in range(5)]
    limit = 30
    batch = a_batch(verification=Verification.INVOICES, pace=BRISK)
    world.qualification = ((0, "VERIFIED"),)
    world.orders_go = ((0, "SUBMITTED"), (SECOND / 2, "COMPLETED"))
    handle = await real_time_scene.start_batch(slices, batch, window=1, events_a_run=limit)
    assert (await handle.result()).stages == {"DONE": 5}
    histories = await histories_of_runs(real_time_scene.client, handle)
    lengths = [len(history.events) for history in histories]
    assert len(histories) > 2, f"{len(histories)} runs of {lengths} events"
    assert max(lengths) <= limit + MOST_EVENTS_A_STEP, f"runs of {lengths} events"
    assert {history.events[-1].event_type for history in histories[:-1]} == {CONTINUED}
