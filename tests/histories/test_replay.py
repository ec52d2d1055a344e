"""Every recorded history replays on the workflows as they are now, so running ones survive the next release."""

import os
import re
import socket
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory
from temporalio.worker import WorkflowInboundInterceptor
from temporalio.workflow import NondeterminismError

from tests.histories.changed_workflows import (
    Changed,
    OneActivityMore,
    OneTimerLess,
    OneTimerMore,
    activities_swapped,
)
from tests.histories.recorded import PRESENT_VERSION, RECORDED, history, recorded_of, replay
from tests.histories.scenarios import SCENARIOS
from tests.payloads import payloads_of
from workflows.registry import WORKFLOWS

each_history = pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}/{path.stem}")
each_workflow = pytest.mark.parametrize("workflow_type", WORKFLOWS, ids=lambda workflow_type: workflow_type.__name__)

TELLS_OF_A_MACHINE = re.compile(
    r"Traceback|File \"|site-packages|/root/|/home/|/tmp/|/Users/|"
    + "|".join(re.escape(text) for text in (socket.gethostname(), os.sep + Path.home().name + os.sep))
)
TELLS_A_SECRET = re.compile(r"secret|password|authorization|bearer|api.?key|token", re.IGNORECASE)


def activities_of(recorded: WorkflowHistory) -> list[str]:
    """The different activities, in the order in which they were first called."""
    scheduled = [
        event.activity_task_scheduled_event_attributes.activity_type.name
        for event in recorded.events
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
    ]
    return list(dict.fromkeys(scheduled))


def sets_a_timer(recorded: WorkflowHistory) -> bool:
    return any(event.event_type == EventType.EVENT_TYPE_TIMER_STARTED for event in recorded.events)


@each_history
async def test_a_recorded_history_replays(path: Path) -> None:
    await replay(history(path))


@each_history
async def test_a_history_does_not_replay_on_workflows_with_a_step_more(path: Path) -> None:
    with pytest.raises(NondeterminismError):
        await replay(history(path), Changed(OneTimerMore))


@each_workflow
async def test_an_activity_called_once_more_is_noticed_in_every_workflow(workflow_type: type) -> None:
    await assert_noticed(OneActivityMore, history(recorded_of(workflow_type)[0]))


@each_workflow
async def test_a_timer_that_is_not_set_any_more_is_noticed_in_every_workflow(workflow_type: type) -> None:
    for path in recorded_of(workflow_type):
        if sets_a_timer(recorded := history(path)):
            await assert_noticed(OneTimerLess, recorded)
            return
    pytest.fail("no recorded history sets a timer")


@each_workflow
async def test_activities_in_another_order_are_noticed_in_every_workflow(workflow_type: type) -> None:
    """Where a workflow calls one alone, another comes in its place."""
    recorded = max(map(history, recorded_of(workflow_type)), key=lambda recorded: len(activities_of(recorded)))
    first, second = [*activities_of(recorded), "any_other"][:2]
    await assert_noticed(activities_swapped(first, second), recorded)


async def assert_noticed(change: type[WorkflowInboundInterceptor], recorded: WorkflowHistory) -> None:
    with pytest.raises(NondeterminismError):
        await replay(recorded, Changed(change))


@each_history
def test_a_history_tells_neither_of_the_machine_it_was_recorded_on_nor_a_secret(path: Path) -> None:
    texts = [path.read_text()]
    for event in history(path).events:
        texts += [payload.data.decode() for payload in payloads_of(event)]
    assert len(texts) > 1
    assert [found[0] for text in texts if (found := TELLS_OF_A_MACHINE.search(text))] == []
    assert [found[0] for text in texts[1:] if (found := TELLS_A_SECRET.search(text))] == []


def test_every_workflow_has_a_recorded_history_in_the_present_version() -> None:
    assert recorded_workflows(PRESENT_VERSION) == {workflow.__name__ for workflow in WORKFLOWS}


def test_no_workflow_of_an_older_version_is_gone() -> None:
    versions = {path.parent.name for path in RECORDED}
    recorded = set().union(*map(recorded_workflows, versions))
    assert recorded <= {workflow.__name__ for workflow in WORKFLOWS}


def recorded_workflows(version: str) -> set[str]:
    return {path.name.partition("-")[0] for path in RECORDED if path.parent.name == version}


def test_every_scenario_is_recorded_for_the_present_version() -> None:
    titles = [path.stem.partition("-")[2] for path in RECORDED if path.parent.name == PRESENT_VERSION]
    assert [scenario for scenario in SCENARIOS if scenario not in titles] == []


def test_between_them_the_histories_hold_every_way_a_run_can_end() -> None:
    ends = {history(path).events[-1].event_type for path in RECORDED}
    assert {EventType.Name(end).removeprefix("EVENT_TYPE_WORKFLOW_EXECUTION_") for end in ends} == {
        "COMPLETED",
        "CANCELED",
        "CONTINUED_AS_NEW",
    }
