"""Executables that several parts of the suite start, the choice of the Temporal server, and a check of the suite."""

import os
from collections import Counter
from contextlib import ExitStack

import pytest

from scripts import temporal_binaries
from scripts.production_like.running import running_installation


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
    """Leave out what does not belong to the chosen server, and refuse ids that tests share."""
    _refuse_shared_ids(items)
    left_out = [item for item in items if not _belongs(item, on_postgresql=_is_on_postgresql(config))]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


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
