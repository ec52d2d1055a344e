"""Every recorded history replays on the workflows as they are now, so running ones survive the next release."""

import json
import tomllib
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory
from temporalio.worker import Interceptor, Replayer
from temporalio.workflow import NondeterminismError

from temporal_connection import data_converter
from tests.histories.changed_workflows import AsksBeforeItCalls, OneTimerMore
from tests.histories.scenarios import SCENARIOS
from workflows.registry import WORKFLOWS, workflow_runner

HERE = Path(__file__).parent
PRESENT_VERSION = tomllib.loads((HERE.parent.parent / "pyproject.toml").read_text())["project"]["version"]
RECORDED = sorted(HERE.glob("*/*.json"))
CALLS = [path for path in RECORDED if path.name.startswith("VerifyNumber-")]

each_history = pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}/{path.stem}")
each_call = pytest.mark.parametrize("path", CALLS, ids=lambda path: f"{path.parent.name}/{path.stem}")


def history(path: Path) -> WorkflowHistory:
    """A recorded history under its own workflow id."""
    text = path.read_text()
    started = json.loads(text)["events"][0]["workflowExecutionStartedEventAttributes"]
    return WorkflowHistory.from_json(started["workflowId"], text)


async def replay(path: Path, *interceptors: Interceptor, **changed: type) -> None:
    """Replay as a worker would; `changed` takes the place of the workflow of that class name."""
    replayer = Replayer(
        workflows=[changed.get(workflow.__name__, workflow) for workflow in WORKFLOWS],
        data_converter=data_converter(),
        workflow_runner=workflow_runner(),
        interceptors=interceptors,
    )
    await replayer.replay_workflow(history(path))


@each_history
async def test_a_recorded_history_replays(path: Path) -> None:
    await replay(path)


@each_history
async def test_a_history_does_not_replay_on_workflows_with_a_step_more(path: Path) -> None:
    with pytest.raises(NondeterminismError):
        await replay(path, OneTimerMore())


@each_call
async def test_a_history_does_not_replay_on_a_workflow_with_its_steps_in_another_order(path: Path) -> None:
    with pytest.raises(NondeterminismError):
        await replay(path, VerifyNumber=AsksBeforeItCalls)


def test_every_workflow_has_a_recorded_history_in_every_version() -> None:
    recorded = {(path.parent.name, path.name.partition("-")[0]) for path in RECORDED}
    versions = {version for version, _ in recorded} | {PRESENT_VERSION}
    assert recorded == {(version, workflow.__name__) for version in versions for workflow in WORKFLOWS}


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
