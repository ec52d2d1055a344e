"""The command beside two simulated projects."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.starter.api.two_projects import TwoProjects, two_projects
from tests.starter.onboard_command import Onboard


@pytest.fixture
async def projects(tmp_path: Path) -> AsyncIterator[TwoProjects]:
    """Two projects without numbers and orders."""
    async with two_projects(tmp_path) as both:
        yield both


@pytest.fixture
def onboard(projects: TwoProjects, tmp_path: Path) -> Onboard:
    """The command, told of both projects."""
    return Onboard(tmp_path, projects.environment)
