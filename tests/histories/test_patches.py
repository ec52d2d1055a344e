"""What docs/deployment.md says of patches: which changes running workflows survive, and that every patch is listed."""

import ast
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Worker
from temporalio.workflow import NondeterminismError

import workflows
from onboarding.task_queues import SINCH, WORKFLOWS
from tests.histories.patched_workflows import LooksBeforeItCalls, PatchDeprecated, Patched
from tests.histories.recorded import history, recorded_of, replay
from tests.onboarding.source_scan import sources
from tests.temporal_server import temporal_server
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.staging import Scene, fresh_numbers, until
from workflows.registry import workflow_runner
from workflows.verify_number import VerifyNumber

DEPLOYMENT_PAGE = Path(__file__).parents[2] / "docs" / "deployment.md"

each_old_history = pytest.mark.parametrize("path", recorded_of(VerifyNumber), ids=lambda path: path.stem)


@pytest.fixture(scope="module")
async def new_history(temporal_cli: str) -> AsyncIterator[WorkflowHistory]:
    """The history of a challenge that began with the patch."""
    world = OutsideWorld()
    (number,) = fresh_numbers(1)
    async with (
        temporal_server(temporal_cli) as environment,
        Worker(environment.client, task_queue=SINCH, activities=world.activities(SINCH)),
        Worker(environment.client, task_queue=WORKFLOWS, workflows=[Patched], workflow_runner=workflow_runner()),
    ):
        challenge = await Scene(environment, world, environment.client).start_verification(number)
        await until(lambda: world.rings(number))
        yield await challenge.fetch_history()
        await challenge.terminate()


async def test_the_workflow_as_it_is_replays_no_history_that_has_the_patch(new_history: WorkflowHistory) -> None:
    """So a version with a patch is rolled back only while no workflow has come past the patch."""
    with pytest.raises(NondeterminismError):
        await replay(new_history)


@each_old_history
async def test_a_change_without_a_patch_replays_no_history_from_before(path: Path) -> None:
    with pytest.raises(NondeterminismError):
        await replay(history(path), VerifyNumber=LooksBeforeItCalls)


@each_old_history
async def test_a_change_behind_a_patch_replays_histories_from_before(path: Path) -> None:
    await replay(history(path), VerifyNumber=Patched)


async def test_a_change_behind_a_patch_replays_histories_from_after(new_history: WorkflowHistory) -> None:
    await replay(new_history, VerifyNumber=Patched)


async def test_a_patch_that_is_deprecated_replays_histories_from_after_only(new_history: WorkflowHistory) -> None:
    await replay(new_history, VerifyNumber=PatchDeprecated)
    with pytest.raises(NondeterminismError):
        await replay(history(recorded_of(VerifyNumber)[0]), VerifyNumber=PatchDeprecated)


def patches_in(source: ast.Module) -> Iterator[str]:
    """The ids of the patches in a module; "?" for one that is not written out."""
    for node in ast.walk(source):
        match node:
            case ast.Call(func=ast.Attribute(attr="patched" | "deprecate_patch"), args=[ast.Constant(value=str(name))]):
                yield name
            case ast.Call(func=ast.Attribute(attr="patched" | "deprecate_patch")):
                yield "?"


def test_the_scan_sees_patches() -> None:
    sample = ast.parse('if workflow.patched("a"): workflow.deprecate_patch("b")\nworkflow.patched(NAME)')
    assert sorted(patches_in(sample)) == ["?", "a", "b"]


def test_every_patch_in_the_workflows_is_listed_with_its_release_and_nothing_else_is() -> None:
    section = DEPLOYMENT_PAGE.read_text().partition("### Patches")[2].partition("\n## ")[0]
    listed = set(re.findall(r"^\| `([\w-]+)` \| \d+\.\d+\.\d+ \|", section, re.MULTILINE))
    assert section
    assert {patch for source in sources(workflows).values() for patch in patches_in(source)} == listed
