"""However often a workflow goes on as a new run: the same is done at the same moments, and the same is shown.

Each scenario is played twice, in one long run and with a new run at nearly every step.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from onboarding import search_attributes
from onboarding.calls.confirmation import CONFIRM_NUMBERS
from onboarding.calls.documents import READ_MANIFEST
from onboarding.calls.hosting_orders import CREATE_ORDER, OBSERVE_ORDER
from onboarding.calls.imported_numbers import READ_IMPORTED_NUMBERS, READ_NUMBER_LIST
from onboarding.calls.imports import OBSERVE_IMPORTED
from onboarding.calls.linking import READ_LINKS
from onboarding.calls.qualification import READ_REVIEWS
from onboarding.contracts.import_numbers import CONSENT_UPDATE, Consent
from onboarding.contracts.operator import RETRY_UPDATE, SKIP_UPDATE, NumbersAction, RetryAction
from onboarding.contracts.relink_numbers import LINK_BACK_UPDATE
from onboarding.contracts.verification import SUBMIT_CODE_UPDATE, SubmitCode
from onboarding.errors import FailureType
from onboarding.ids import order_display_name
from onboarding.imported_links import Links
from tests.histories.runs import histories_of_runs
from tests.workflows.import_world import ImportWorld, an_import, start_import
from tests.workflows.imported_world import ImportedWorld, start_relinking, start_removal
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.sinch_side import RIGHT_CODE, STUCK
from tests.workflows.staging import Scene, a_batch, fresh_numbers, paced, staged

DAY = 24
ONE_RUN, MANY_RUNS = 100_000, 12
READS = (
    CONFIRM_NUMBERS,
    OBSERVE_IMPORTED,
    OBSERVE_ORDER,
    READ_IMPORTED_NUMBERS,
    READ_LINKS,
    READ_MANIFEST,
    READ_NUMBER_LIST,
    READ_REVIEWS,
)
SLACK = timedelta(minutes=20)
"""A step may come a poll earlier or later."""

Handle = WorkflowHandle[Any, Any]


@dataclass
class Course:
    """How a scenario went: its result, whom it waited for on the way, and of how many runs it was made."""

    outcome: dict[str, int] = field(default_factory=dict)
    shown: list[list[str]] = field(default_factory=list)
    runs: int = 0

    async def look(self, *handles: Handle) -> None:
        """Note whom each of these waits for."""
        key = search_attributes.WAITING_ON
        self.shown.append([str((await h.describe()).typed_search_attributes.get(key)) for h in handles])

    async def end(self, scene: Scene, handle: Handle, *parts: Handle) -> "Course":
        """Let it come to its end."""
        self.outcome = (await scene.result(handle)).stages
        latest = [scene.client.get_workflow_handle(one.id) for one in (handle, *parts)]
        self.runs = sum([len(await histories_of_runs(scene.client, one)) for one in latest])
        return self


async def a_batch_with_all_kinds_of_waits(scene: Scene, world: OutsideWorld, events_a_run: int) -> Course:
    """Long reviews, a code that is entered late, a refused order, a failed link, an order without news."""
    course, (quick, slow, called, linked), others = Course(), fresh_numbers(4), fresh_numbers(2)
    world.desk_of = {slow: ((6 * DAY, "VERIFIED"),), called: ((2 * DAY, "VERIFICATION_FAILED"),)}
    world.link_fails(linked, "EXCEEDED_10DLC_LIMIT")
    world.refuse(CREATE_ORDER, FailureType.INVALID_ARGUMENT, "plan unknown")
    batch = a_batch(pace=paced(no_news="4d", poll_first="1h", poll_longest="8h"))
    world.orders_go_of[order_display_name(batch.id, 2, 1, 2)] = STUCK
    handle = await scene.start_batch([(quick, slow, called, linked), others], batch, events_a_run=events_a_run)
    group, order, refused = scene.group(batch), scene.order(batch), scene.order(batch, sequence=2)
    await scene.pass_hours(4 * DAY)
    await course.look(group, scene.verification(called), order, refused)
    await refused.execute_update(RETRY_UPDATE, RetryAction())
    await scene.verification(called).execute_update(SUBMIT_CODE_UPDATE, SubmitCode(code=RIGHT_CODE))
    await scene.pass_hours(DAY)
    await course.look(group, order, refused)
    await order.execute_update(RETRY_UPDATE, RetryAction(reasons=("EXCEEDED_10DLC_LIMIT",)))
    await scene.pass_hours(7 * DAY)
    await course.look(group, order, refused)
    await scene.group(batch, 2).execute_update(SKIP_UPDATE, NumbersAction(phone_numbers=others[:1]))
    return await course.end(scene, handle, group, order, refused)


async def a_group_whose_codes_are_entered_while_others_are_reviewed(
    scene: Scene, world: OutsideWorld, events_a_run: int
) -> Course:
    """Two phones ring early; one code is entered late, the other never."""
    course, (in_review, entered, never) = Course(), fresh_numbers(3)
    world.desk = ((DAY, "VERIFICATION_FAILED"),)
    world.desk_of[in_review] = ((8 * DAY, "VERIFIED"),)
    group = await scene.start_group((in_review, entered, never), events_a_run=events_a_run)
    await scene.pass_hours(6 * DAY)
    await course.look(scene.client.get_workflow_handle(group.id), scene.verification(entered))
    await scene.verification(entered).execute_update(SUBMIT_CODE_UPDATE, SubmitCode(code=RIGHT_CODE))
    return await course.end(scene, group)


async def an_import_with_a_consent(scene: Scene, world: ImportWorld, events_a_run: int) -> Course:
    """T-Mobile refuses two numbers: one is migrated by consent, the other is skipped; an order takes twelve days."""
    course, numbers = Course(), fresh_numbers(7)
    world.t_mobile_refuses = set(numbers[:2])
    world.campaign_hours = 6 * DAY
    batch = an_import(pace=paced(no_news="3d"))
    handle = await start_import(scene, [numbers], batch, window=1, events_a_run=events_a_run)
    latest = scene.client.get_workflow_handle(handle.id)
    await scene.pass_hours(5 * DAY)
    await course.look(latest)
    await scene.pass_hours(4 * DAY)
    await course.look(latest)
    await latest.execute_update(CONSENT_UPDATE, Consent(phone_numbers=numbers[:1]))
    await latest.execute_update(SKIP_UPDATE, NumbersAction(phone_numbers=numbers[1:2]))
    return await course.end(scene, handle)


async def a_relinking_that_fails_for_some(scene: Scene, world: ImportedWorld, events_a_run: int) -> Course:
    """The new campaign takes no number: one is tried again, the other linked back; unlinking takes days."""
    course, numbers = Course(), fresh_numbers(2)
    world.import_numbers(numbers)
    world.unlink_hours = 2 * DAY
    world.fails["C-NEW"] = "CAMPAIGN_EXPIRED"
    handle = await start_relinking(
        scene,
        world,
        numbers,
        Links(service_plan_id="plan-2", campaign_id="C-NEW"),
        pace=paced(no_news="1d"),
        events_a_run=events_a_run,
    )
    latest = scene.client.get_workflow_handle(handle.id)
    for _ in range(2):
        await scene.pass_hours(1.5 * DAY)
        await course.look(latest)
    await latest.execute_update(RETRY_UPDATE, NumbersAction(phone_numbers=numbers[:1]))
    await latest.execute_update(LINK_BACK_UPDATE, NumbersAction(phone_numbers=numbers[1:]))
    await scene.pass_hours(6 * DAY)
    await course.look(latest)
    return await course.end(scene, handle)


async def a_removal_that_takes_its_time(scene: Scene, world: ImportedWorld, events_a_run: int) -> Course:
    """Sinch shows the numbers for six days more."""
    course, numbers = Course(), fresh_numbers(3)
    world.import_numbers(numbers)
    world.shown_after_removal = timedelta(days=6)
    handle = await start_removal(scene, world, numbers, pace=paced(no_news="3d"), events_a_run=events_a_run)
    for _ in range(2):
        await scene.pass_hours(2 * DAY)
        await course.look(scene.client.get_workflow_handle(handle.id))
    return await course.end(scene, handle)


SCENARIOS: list[tuple[Callable[..., Awaitable[Course]], type[OutsideWorld]]] = [
    (a_batch_with_all_kinds_of_waits, OutsideWorld),
    (a_group_whose_codes_are_entered_while_others_are_reviewed, OutsideWorld),
    (an_import_with_a_consent, ImportWorld),
    (a_relinking_that_fails_for_some, ImportedWorld),
    (a_removal_that_takes_its_time, ImportedWorld),
]


def what_was_done(world: OutsideWorld) -> list[tuple[str, timedelta]]:
    """Everything but reads, with its time since the first step."""
    begun = world.recorded[0].at
    reads = [call.name for call in READS]
    done = [(recorded.name, recorded.at - begun) for recorded in world.recorded if recorded.name not in reads]
    return sorted(done)


@pytest.mark.parametrize(("scenario", "kind"), SCENARIOS, ids=[scenario.__name__ for scenario, _ in SCENARIOS])
async def test_many_runs_do_what_one_run_does(
    time_skipping: WorkflowEnvironment, scenario: Callable[..., Awaitable[Course]], kind: type[OutsideWorld]
) -> None:
    courses, worlds = [], []
    for events_a_run in (ONE_RUN, MANY_RUNS):
        world = kind()
        async with staged(time_skipping, world) as scene:
            courses.append(await scenario(scene, world, events_a_run))
        worlds.append(what_was_done(world))
    one, many = courses
    assert many.runs > 5 * one.runs
    assert many.outcome == one.outcome
    assert many.shown == one.shown
    assert [name for name, _ in worlds[1]] == [name for name, _ in worlds[0]]
    late = [(name, b - a) for (name, a), (_, b) in zip(*worlds, strict=True) if abs(b - a) > SLACK]
    assert late == []
