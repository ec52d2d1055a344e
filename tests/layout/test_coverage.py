"""docs/coverage.md names at least one existing test for every requirement of Sinch's documents."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
REQUIREMENTS = {"000": 21, "001": 17, "002": 24}
"""How many requirements each document has, so that none is lost with its row."""

_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def _rows() -> list[tuple[str, str, str]]:
    """Document, requirement and tests of every row."""
    found, document = [], ""
    for line in (PROJECT / "docs" / "coverage.md").read_text().splitlines():
        if line.startswith("## "):
            document = line.removeprefix("## ").partition(":")[0]
        elif line.startswith("| ") and not line.startswith(("| requirement ", "| --- ")):
            requirement, tests = line.strip("| ").split(" | ", maxsplit=1)
            found.append((document, requirement, tests))
    return found


@cache
def _tests_in(path: str) -> frozenset[str]:
    file = PROJECT / path
    if not file.is_file():
        return frozenset()
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.parse(file.read_text()).body if isinstance(node, functions))


@pytest.mark.parametrize(("document", "requirement", "tests"), _rows(), ids=lambda value: value[:60])
def test_every_requirement_names_existing_tests_and_nothing_else(document: str, requirement: str, tests: str) -> None:
    named = _TEST.findall(tests)
    assert named, f"{document}: {requirement} names no test"
    assert [f"`{path}::{name}`" for path, name in named] == tests.split(", ")
    assert not [f"{path}::{name}" for path, name in named if name not in _tests_in(path)]


@pytest.mark.parametrize(("document", "count"), REQUIREMENTS.items())
def test_every_requirement_of_a_document_has_its_row(document: str, count: int) -> None:
    requirements = [requirement for listed_under, requirement, _ in _rows() if listed_under == document]
    assert len(set(requirements)) == len(requirements) == count
