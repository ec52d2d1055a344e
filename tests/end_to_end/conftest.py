"""One running stack for all tests that do not break it."""

from collections.abc import AsyncIterator

import pytest

from tests.end_to_end.site import Site, running_site


@pytest.fixture(scope="session")
async def shared_site(tmp_path_factory: pytest.TempPathFactory, temporal_cli: str) -> AsyncIterator[Site]:
    """The stack, started once."""
    async with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
async def site(shared_site: Site) -> AsyncIterator[Site]:
    """The stack, with everything well again afterwards."""
    yield shared_site
    await shared_site.world.be_well()
