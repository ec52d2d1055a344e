"""Executables that several parts of the suite start, the choice of the Temporal server, and what holds for all."""

import os
from collections import Counter
from contextlib import ExitStack

import pytest
from hypothesis import settings

from processes.garbage_collection import collect_rarely
from scripts import temporal_binaries
from scripts.production_like.running import running_installation

# How long an example takes tells of the machine, not of the product.
settings.register_profile("suite", deadline=None)
settings.load_profile("suite")

_LONGEST_FIRST = (
    "tests/workflows/test_long_waits.py",
    "tests/chaos/",
    "tests/end_to_end/test_killed_processes.py",
    "tests/workflows/",
    "tests/end_to_end/",
    "tests/worker/",
    "tests/starter/",
    "tests/contract/",
)
"""Files and folders by how long a file of theirs takes; a file begun last keeps one process busy, the others idle.

Stacks that files share live on to the end, so the end-to-end tests come after what needs no stack and takes as long.
"""


@pytest.fixture(scope="session")
def temporal_cli() -> str:
    """Path of the Temporal CLI, which carries the dev server."""
    return str(temporal_binaries.temporal_cli())


@pytest.fixture(scope="session")
def time_skipping_server() -> str:
    """Path of the test server whose clock jumps to the next timer."""
    return str(temporal_binaries.time_skipping_server())


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--temporal-server",
        choices=("dev", "postgresql"),
        default="dev",
        help="postgresql: run what starts a Temporal server, and nothing else, on the real server with PostgreSQL",
    )


def pytest_sessionstart(session: pytest.Session) -> None:
    """Start PostgreSQL once, before the processes of pytest-xdist, which find it by the variable."""
    if _is_on_postgresql(session.config) and not hasattr(session.config, "workerinput"):
        stack = ExitStack()
        session.config.add_cleanup(stack.close)
        os.environ["TEMPORAL_CLI"] = str(stack.enter_context(running_installation()).installation.cli)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what does not belong to the chosen server, put long files first, and refuse ids that tests share."""
    _refuse_shared_ids(items)
    items.sort(key=_turn)
    left_out = [item for item in items if not _belongs(item, on_postgresql=_is_on_postgresql(config))]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """Collect garbage as rarely as the product's processes do; thousands of tests are kept to the end."""
    collect_rarely()


def _turn(item: pytest.Item) -> int:
    """The same for all tests of a file, which therefore stay in their order."""
    turns = (turn for turn, begins in enumerate(_LONGEST_FIRST) if item.nodeid.startswith(begins))
    return next(turns, len(_LONGEST_FIRST))


def _is_on_postgresql(config: pytest.Config) -> bool:
    return bool(config.getoption("temporal_server") == "postgresql")


def _belongs(item: pytest.Item, *, on_postgresql: bool) -> bool:
    needs = set(getattr(item, "fixturenames", ()))
    if on_postgresql:
        return "temporal_cli" in needs and "time_skipping_server" not in needs
    return "postgresql_of_its_own" not in needs


def _refuse_shared_ids(items: list[pytest.Item]) -> None:
    """Of tests with equal ids pytest-xdist would run only one, without a word."""
    shared = [node_id for node_id, count in Counter(item.nodeid for item in items).items() if count > 1]
    if shared:
        raise pytest.UsageError(f"ids that several tests share: {', '.join(shared)}")
