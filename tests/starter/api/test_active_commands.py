"""`onboard active`: what is listed, shown and renamed of the numbers that a project rents."""

import pytest

from sinch_numbers import RentNumberRequest
from tests.starter.api.two_projects import TwoProjects
from tests.starter.onboard_command import Onboard

ONE, TWO, OF_RETAIL = "+12065550101", "+13125550102", "+12065550103"


@pytest.fixture
async def rented(projects: TwoProjects) -> None:
    """Two numbers of the default profile, one of the other."""
    for number in (ONE, TWO):
        await projects.sinch.client.available_numbers.rent(number, RentNumberRequest())
    await projects.retail.available_numbers.rent(OF_RETAIL, RentNumberRequest())


@pytest.mark.usefixtures("rented")
async def test_active_numbers_are_listed_by_pattern_and_profile(onboard: Onboard) -> None:
    async def listed(*options: str) -> set[str]:
        ended = await onboard("active", "list", *options, "--output", "json")
        assert ended.code == 0, ended.stderr
        return {number["phone_number"] for number in ended.data}

    assert await listed() == {ONE, TWO}
    assert await listed("--pattern", "+1312") == {TWO}
    assert await listed("--type", "toll-free") == set()
    assert await listed("--profile", "retail") == {OF_RETAIL}


@pytest.mark.usefixtures("rented")
async def test_an_active_number_is_shown_and_renamed(onboard: Onboard, projects: TwoProjects) -> None:
    renamed = await onboard("active", "rename", "206-555-0101", "Front [1] desk")
    assert (renamed.code, renamed.stdout) == (0, f"{ONE} is now called Front [1] desk\n"), renamed.stderr
    shown = await onboard("active", "show", ONE, "--output", "json")
    assert shown.data["display_name"] == "Front [1] desk"
    assert (await projects.sinch.client.active_numbers.get(TWO)).display_name == ""


async def test_a_number_that_is_not_rented_is_not_renamed(onboard: Onboard) -> None:
    unknown = await onboard.anew("active", "rename", ONE, "x")
    assert (unknown.code, unknown.stdout) == (1, "")
    assert f"active_numbers.update for {ONE}: 404 NOT_FOUND" in unknown.stderr
