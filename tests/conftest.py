"""Executables that several parts of the test suite start."""

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
