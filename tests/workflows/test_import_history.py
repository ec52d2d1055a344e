"""What an import costs in events, and how long its histories and how large what it hands on may become."""

import pytest

from onboarding.observations import CAMPAIGN_LINK, PLATFORM_PROVISIONING
from tests.histories.runs import histories_of_runs
from tests.workflows.callback_events import deliver, event
from tests.workflows.import_world import FOR_EVER, ImportWorld, an_import, pace_of_import, start_import
from tests.workflows.staging import Scene, fresh_numbers, until
from workflows._import_slices import MOST_OPEN

SECOND = 1 / 3600
BRISK = pace_of_import(poll_first="1s", poll_longest="2s")
LIMIT_OF_A_PAYLOAD = 2 * 1024 * 1024


@pytest.fixture
def world() -> ImportWorld:
    """An outside world that imports."""
    return ImportWorld()


async def test_no_run_grows_far_beyond_its_limit(real_time_scene: Scene, world: ImportWorld) -> None:
    """A step of a run is one round of sending and reading: three events an import in the window, and a few more."""
    window, limit = 10, 150
    world.campaign_hours = 2 * SECOND
    slices = [fresh_numbers(100) for _ in range(3)]
    handle = await start_import(real_time_scene, slices, an_import(pace=BRISK), window=window, events_a_run=limit)
    assert (await handle.result()).stages == {"DONE": 300}
    assert world.most_at_once <= window
    histories = await histories_of_runs(real_time_scene.client, handle)
    lengths = [len(history.events) for history in histories]
    assert len(lengths) > 2
    assert max(lengths) <= limit + 6 * window + 40, f"runs of {lengths} events"


async def test_by_callbacks_a_number_costs_few_events(real_time_scene: Scene, world: ImportWorld) -> None:
    world.campaign_hours = FOR_EVER
    numbers = fresh_numbers(100)
    pace = pace_of_import(poll_first="1h", poll_longest="1h")
    handle = await start_import(real_time_scene, [numbers], an_import(pace=pace))
    await until(lambda: len(world.import_of) == 100)
    await deliver(handle, [event(n, kind) for kind in (PLATFORM_PROVISIONING, CAMPAIGN_LINK) for n in numbers])
    assert (await handle.result()).stages == {"DONE": 100}
    (history,) = await histories_of_runs(real_time_scene.client, handle)
    a_number = len(history.events) / len(numbers)
    assert a_number <= 1.5, f"{a_number} events a number"


async def test_what_a_run_hands_to_the_next_stays_small(scene: Scene, world: ImportWorld) -> None:
    """Every number waits for consent, so that none leaves."""
    slices = [fresh_numbers(200) for _ in range(5)]
    world.t_mobile_refuses = {number for numbers in slices for number in numbers}
    handle = await start_import(scene, slices, window=100, events_a_run=100)
    await scene.pass_hours(60)
    histories = await histories_of_runs(scene.client, handle)
    started = histories[-1].events[0].workflow_execution_started_event_attributes
    handed_on = started.input.payloads[0].data
    assert len(handed_on) < LIMIT_OF_A_PAYLOAD / 2
    assert handed_on.count(b'"phone_number"') > MOST_OPEN
