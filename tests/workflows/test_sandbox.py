"""What workflows do depends on their history alone: rules their source keeps, and the sandbox they run in."""

import ast
import sys
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer
from temporalio.workflow import SandboxImportNotificationPolicy

import workflows
from temporal_connection import data_converter
from tests.onboarding.source_scan import imported, sources
from tests.workflows.careless_workflow import ImportsWhatItWants, LooksAtTheClock
from workflows.registry import WORKFLOWS, workflow_runner
from workflows.verify_number import VerifyNumber

SOURCES = sources(workflows)
HISTORIES = Path(__file__).parent.parent / "histories"

DETERMINISTIC = {"asyncio", "collections", "contextlib", "dataclasses", "datetime", "pkgutil", "typing"}
"""The parts of the standard library that workflows may use; of asyncio and datetime, not all. pkgutil is the
registry's."""

CLOCKS = {"now", "utcnow", "today"}
IN_ANY_ORDER = {"wait", "as_completed"}
"""They answer in the order of a set."""

SAMPLE = ast.parse("""
import os
from datetime import UTC, datetime

def careless(numbers):
    moment = datetime.now(UTC)
    for number in {n for n in numbers}:
        asyncio.wait(number)
    list(set(numbers))
    chosen = frozenset(numbers)
    workflow.unsafe.imports_passed_through(*chosen)

def careful(numbers):
    moment = workflow.now()
    known = {n for n in numbers}
    return workflow.wait([n for n in numbers if n in known or n in {1, 2}])
""")


def careless(source: ast.Module) -> list[str]:
    """What in it may come out differently in a replay, by line."""
    fine = _only_asked_for_members(source)
    found = [(node, _careless(node)) for node in ast.walk(source) if node not in fine]
    return [f"line {node.lineno}: {what}" for node, what in found if what and isinstance(node, ast.expr)]


def _careless(node: ast.AST) -> str:
    match node:
        case ast.Attribute(value=ast.Name(id=("datetime" | "date") as base), attr=name) if name in CLOCKS:
            return f"{base}.{name}"
        case ast.Attribute(value=ast.Name(id="asyncio"), attr=name) if name in IN_ANY_ORDER:
            return f"asyncio.{name}"
        case ast.Attribute(value=ast.Name(id="workflow"), attr="unsafe"):
            return "workflow.unsafe"
        case ast.Set() | ast.SetComp() | ast.Call(func=ast.Name(id="set" | "frozenset")):
            return "a set, whose order is not the same in every process"
        case _:
            return ""


def _only_asked_for_members(source: ast.Module) -> set[ast.AST]:
    """Right-hand sides of `in`, and what is assigned to names that are used for nothing else."""
    nodes = list(ast.walk(source))
    asked: set[ast.AST] = {
        node.comparators[0]
        for node in nodes
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn)
    }
    used = {
        node.id for node in nodes if isinstance(node, ast.Name) and node not in asked and isinstance(node.ctx, ast.Load)
    }
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name not in used:
                asked.add(value)
    return asked


def histories_of(workflow_type: type) -> list[WorkflowHistory]:
    """All that are recorded of this workflow."""
    paths = sorted(HISTORIES.glob(f"*/{workflow_type.__name__}-*.json"))
    assert paths
    return [WorkflowHistory.from_json("any", path.read_text()) for path in paths]


A_CHALLENGE = histories_of(VerifyNumber)[0]


async def imports_noticed(workflow_types: Sequence[type], history: WorkflowHistory) -> list[str]:
    """What the sandbox says about imports while a history replays: modules nobody allowed, and late ones.

    It says nothing about the module of the workflow itself.
    """
    runner = workflow_runner()
    policy = SandboxImportNotificationPolicy
    watchful = runner.restrictions.with_import_notification_policy(
        policy.WARN_ON_UNINTENTIONAL_PASSTHROUGH | policy.WARN_ON_DYNAMIC_IMPORT
    )
    with warnings.catch_warnings(record=True) as noticed:
        warnings.simplefilter("always")
        replayer = Replayer(
            workflows=workflow_types,
            data_converter=data_converter(),
            workflow_runner=replace(runner, restrictions=watchful),
        )
        await replayer.replay_workflow(history)
    return [str(warning.message) for warning in noticed]


def reloaded(said: Sequence[str]) -> set[str]:
    """The modules that were loaded anew, inside the sandbox."""
    return {words[1] for sentence in said if (words := sentence.split()) and "intentionally" in words}


def loaded_late(said: Sequence[str]) -> set[str]:
    """The modules that were loaded while a workflow ran."""
    return {words[1] for sentence in said if (words := sentence.split()) and "after" in words}


def test_the_scan_sees_clocks_sets_and_ways_around_the_sandbox() -> None:
    lines = [line.partition(":")[0] for line in careless(SAMPLE)]
    assert sorted(lines) == ["line 10", "line 11", "line 6", "line 7", "line 8", "line 9"]


def test_the_source_of_the_workflows_leaves_nothing_to_clocks_and_the_order_of_sets() -> None:
    assert [f"{path} {line}" for path, source in SOURCES.items() for line in careless(source)] == []


def test_workflows_import_nothing_that_differs_from_process_to_process() -> None:
    roots = {name.partition(".")[0] for source in SOURCES.values() for name in imported(source)}
    assert len(SOURCES) > 10
    assert roots & sys.stdlib_module_names == DETERMINISTIC
    assert roots - sys.stdlib_module_names == {"onboarding", "temporalio", "workflows"}


@pytest.mark.parametrize("workflow_type", WORKFLOWS, ids=lambda workflow_type: workflow_type.__name__)
async def test_only_the_module_of_a_workflow_is_loaded_into_the_sandbox_and_all_of_it_at_the_start(
    workflow_type: type,
) -> None:
    """What the sandbox loads anew, it loads for every single run: nothing else, and never in mid-run."""
    for history in histories_of(workflow_type):
        said = await imports_noticed([workflow_type], history)
        assert reloaded(said) == set()
        assert loaded_late(said) == set()


async def test_a_module_that_nobody_allowed_is_noticed_at_the_start_and_in_mid_run() -> None:
    said = await imports_noticed([ImportsWhatItWants], A_CHALLENGE)
    assert "tests.workflows.sinch_side" in reloaded(said)
    assert loaded_late(said) == {"processes"}


async def test_the_sandbox_keeps_a_workflow_from_looking_at_the_clock() -> None:
    replayer = Replayer(workflows=[LooksAtTheClock], data_converter=data_converter(), workflow_runner=workflow_runner())
    with pytest.raises(RuntimeError, match=r"datetime\.now"):
        await replayer.replay_workflow(A_CHALLENGE)
