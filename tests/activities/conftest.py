"""Fixtures of the activities' tests."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest

from tests.activities.simulated_sinch import SimulatedSinch, simulated_sinch


@pytest.fixture(scope="session", autouse=True)
def no_settings_from_outside() -> Iterator[None]:
    """Nothing in the developer's environment changes a test."""
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith("ONBOARD_")]:
            environment.delenv(name)
        yield


@pytest.fixture
async def sinch() -> AsyncIterator[SimulatedSinch]:
    """A simulated Sinch without numbers, orders or mails."""
    async with simulated_sinch() as simulated:
        yield simulated
