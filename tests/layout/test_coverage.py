"""docs/coverage.md and docs/reliability.md name at least one existing test for every requirement and promise."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
REQUIREMENTS = {"000": 21, "001": 17, "002": 24, "003": 27, "004": 18}
"""How many requirements each document has, so that none is lost with its row."""

_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def _rows(page: str, first_column: str) -> list[tuple[str, str, str]]:
    """Section, requirement or promise, and tests of every row of the page's tables."""
    found, section = [], ""
    for line in (PROJECT / "docs" / page).read_text().splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ").partition(":")[0]
        elif line.startswith("| ") and not line.startswith((f"| {first_column} ", "| --- ")):
            requirement, tests = line.strip("| ").split(" | ", maxsplit=1)
            found.append((section, requirement, tests))
    return found


REQUIRED = _rows("coverage.md", "requirement")
PROMISED = _rows("reliability.md", "promise")


@cache
def _tests_in(path: str) -> frozenset[str]:
    file = PROJECT / path
    if not file.is_file():
        return frozenset()
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.parse(file.read_text()).body if isinstance(node, functions))


@pytest.mark.parametrize(("section", "required", "tests"), REQUIRED + PROMISED, ids=lambda value: value[:60])
def test_every_requirement_and_promise_names_existing_tests_and_nothing_else(
    section: str, required: str, tests: str
) -> None:
    named = _TEST.findall(tests)
    assert named, f"{section}: {required} names no test"
    assert [f"`{path}::{name}`" for path, name in named] == tests.split(", ")
    assert not [f"{path}::{name}" for path, name in named if name not in _tests_in(path)]


@pytest.mark.parametrize(("document", "count"), REQUIREMENTS.items())
def test_every_requirement_of_a_document_has_its_row(document: str, count: int) -> None:
    requirements = [requirement for listed_under, requirement, _ in REQUIRED if listed_under == document]
    assert len(set(requirements)) == len(requirements) == count
