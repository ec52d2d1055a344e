"""The recorded histories, and what it takes to replay one."""

import json
import tomllib
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.worker import Interceptor, Replayer

from temporal_connection import data_converter
from tests.workflows.prepared_sandbox import prepared_workflow_runner
from workflows.registry import WORKFLOWS

HERE = Path(__file__).parent
PRESENT_VERSION: str = tomllib.loads((HERE.parent.parent / "pyproject.toml").read_text())["project"]["version"]
RECORDED = sorted(HERE.glob("*/*.json"))


def recorded_of(workflow_type: type) -> list[Path]:
    """All histories of one workflow, whatever the version."""
    return [path for path in RECORDED if path.name.startswith(f"{workflow_type.__name__}-")]


def history(path: Path) -> WorkflowHistory:
    """A recorded history under its own workflow id."""
    text = path.read_text()
    started = json.loads(text)["events"][0]["workflowExecutionStartedEventAttributes"]
    return WorkflowHistory.from_json(started["workflowId"], text)


async def replay(recorded: WorkflowHistory, *interceptors: Interceptor, **changed: type) -> None:
    """Replay as a worker would; `changed` takes the place of the workflow of that class name."""
    replayer = Replayer(
        workflows=[changed.get(workflow.__name__, workflow) for workflow in WORKFLOWS],
        data_converter=data_converter(),
        workflow_runner=prepared_workflow_runner(),
        interceptors=interceptors,
    )
    await replayer.replay_workflow(recorded)
