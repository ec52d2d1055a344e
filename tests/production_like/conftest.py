"""A PostgreSQL that one test may stop; without `--temporal-server=postgresql` tests that use it are left out."""

from collections.abc import Iterator

import pytest

from scripts.production_like.postgresql import PostgreSQL
from scripts.production_like.running import running_installation


@pytest.fixture
def postgresql_of_its_own(temporal_cli: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[PostgreSQL]:
    """PostgreSQL for this test alone; servers that are started now run on it."""
    with running_installation() as running:
        monkeypatch.setenv("TEMPORAL_CLI", str(running.installation.cli))
        yield running.postgresql
