"""Rules that the domain's source keeps, whoever writes it."""

import ast
import sys

import onboarding
from tests.onboarding.source_scan import imported, sources, undocumented

SOURCES = sources(onboarding)
SAMPLE = ast.parse('''
"""A module."""
import temporalio.client
from temporalio import workflow

class Told:
    """A class."""
    def __init__(self): ...
    def told(self):
        """A method."""
        def inner(): ...
    async def untold(self): ...
    def _private(self): ...

class Untold: ...

def told():
    """A function."""
    from datetime import datetime

def untold(): ...
''')
CLOCKS_AND_CHANCE = {"now", "utcnow", "today", "monotonic", "perf_counter", "time_ns", "uuid4", "urandom", "token_hex"}


def test_the_scan_sees_imports_at_every_level() -> None:
    assert imported(SAMPLE) == {"temporalio.client", "temporalio", "datetime"}


def test_the_scan_reports_what_is_public_and_says_nothing() -> None:
    assert undocumented(SAMPLE) == ["Told.__init__", "Told.untold", "Untold", "untold"]
    assert undocumented(ast.parse("x = 1")) == [""]


def test_of_temporalio_the_domain_only_knows_the_value_types() -> None:
    used = {name for source in SOURCES.values() for name in imported(source) if name.startswith("temporalio")}
    assert used == {"temporalio.common"}


def test_the_domain_needs_nothing_else_but_models_and_the_numbering_plan() -> None:
    roots = {name.partition(".")[0] for source in SOURCES.values() for name in imported(source)}
    assert roots - sys.stdlib_module_names == {"onboarding", "phonenumbers", "pydantic", "pydantic_core", "temporalio"}


def test_the_domain_asks_no_clock_and_leaves_nothing_to_chance() -> None:
    asked = {
        f"{path}: {node.attr}"
        for path, source in SOURCES.items()
        for node in ast.walk(source)
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS_AND_CHANCE
    }
    assert asked == set()


def test_everything_public_in_the_domain_has_a_docstring() -> None:
    assert len(SOURCES) > 20
    assert [f"{path}: {name}" for path, source in SOURCES.items() for name in undocumented(source)] == []
