"""Executables that several parts of the test suite start, and a check of the suite itself."""

from collections import Counter

import pytest

from scripts import temporal_binaries


@pytest.fixture(scope="session")
def temporal_cli() -> str:
    """Path of the Temporal CLI, which carries the dev server."""
    return str(temporal_binaries.temporal_cli())


@pytest.fixture(scope="session")
def time_skipping_server() -> str:
    """Path of the test server whose clock jumps to the next timer."""
    return str(temporal_binaries.time_skipping_server())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of tests with equal ids pytest-xdist would run only one, without a word."""
    shared = [node_id for node_id, count in Counter(item.nodeid for item in items).items() if count > 1]
    if shared:
        raise pytest.UsageError(f"ids that several tests share: {', '.join(shared)}")
