"""Record the histories that the replay tests hold every later version of the workflows to.

`python -m scripts.record_histories` plays the scenarios of tests/histories/scenarios.py on a dev server of its own
and writes `tests/histories/<version>/<Workflow>-<scenario>.json` for the version in pyproject.toml, whose directory
is written anew. Nothing is written before all scenarios have come to their ends. tests/histories/README.md says
when to do that.
"""

import asyncio
import json
import shutil
import tomllib
from collections import defaultdict
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from onboarding import search_attributes
from scripts.temporal_binaries import temporal_cli
from temporal_connection import data_converter
from tests.histories.runs import histories_of_runs
from tests.histories.scenarios import SCENARIOS, Scenario
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.staging import staged

PROJECT = Path(__file__).parent.parent
HISTORIES = PROJECT / "tests" / "histories"

_KEYS = (*search_attributes.KEYWORDS, *search_attributes.INTEGERS, *search_attributes.DATETIMES)
_CALLS_SETTLE_SECONDS = 0.2
"""The SDK's threads may crash an interpreter that ends within 0.1 s of the last call."""


def main() -> None:
    """Write the histories of the present version. Raises whatever a scenario stumbles over."""
    version: str = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
    files = asyncio.run(record())
    directory = HISTORIES / version
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    for name, text in files.items():
        (directory / name).write_text(text)
    print(f"{len(files)} histories of version {version} are in {directory.relative_to(PROJECT)}")


async def record() -> dict[str, str]:
    """File name -> history as JSON, of all scenarios, played one after the other."""
    environment = await WorkflowEnvironment.start_local(
        data_converter=data_converter(),
        dev_server_existing_path=str(temporal_cli()),
        search_attributes=_KEYS,
        dev_server_log_level="error",
        identity="scripts.record_histories",
    )
    files: dict[str, str] = {}
    try:
        for title, scenario in SCENARIOS.items():
            files |= await _play(environment, title, scenario)
    finally:
        await environment.shutdown()
        await asyncio.sleep(_CALLS_SETTLE_SECONDS)
    return files


async def _play(environment: WorkflowEnvironment, title: str, scenario: Scenario) -> dict[str, str]:
    texts: defaultdict[str, list[str]] = defaultdict(list)
    world = OutsideWorld()
    async with staged(environment, world) as scene:
        for handle in await scenario(scene, world):
            workflow_type = handle.id.partition(":")[0]
            texts[workflow_type] += [_text(history) for history in await histories_of_runs(environment.client, handle)]
    files = {
        f"{workflow_type}-{title}{f'-{count}' if count > 1 else ''}.json": text
        for workflow_type, its_texts in texts.items()
        for count, text in enumerate(its_texts, 1)
    }
    print(f"{title}: {len(files)} histories")
    return files


def _text(history: WorkflowHistory) -> str:
    """JSON as the CLI and `WorkflowHistory.from_json` take it, with one event a line."""
    events = [json.dumps(event, sort_keys=True, separators=(",", ":")) for event in history.to_json_dict()["events"]]
    return '{"events": [\n' + ",\n".join(events) + "\n]}\n"


if __name__ == "__main__":
    main()
