"""`onboard relink` and `onboard remove` before they reach anything: what is wrong is said, and nothing is done."""

from pathlib import Path

import pytest

from tests.starter.onboard_command import Onboard

NUMBER = "--number=+12025550134"


@pytest.fixture
def onboard(tmp_path: Path) -> Onboard:
    """The command in an empty folder, with a Temporal that is not there."""
    return Onboard(tmp_path, {"TEMPORAL_ADDRESS": "127.0.0.1:1"})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["relink", NUMBER], "say to what: --service-plan, --campaign or both"),
        (["relink", "--campaign", "C1"], "no number is chosen"),
        (["relink", NUMBER, "--from-campaign", "C0", "--campaign", "C1"], "either by name or by what they are linked"),
        (["relink", "--number=555", "--campaign", "C1"], "555: "),
        (["relink", "nowhere.csv", "--campaign", "C1"], "nowhere.csv"),
        (["relink", NUMBER, "--campaign", "C1", "--contact", "me"], "--contact me: write an e-mail address"),
        (["relink", NUMBER, "--campaign", "C1", "--id", "a b", "--yes"], "--id a b: letters, digits"),
        (["relink", NUMBER, "--campaign", "C1"], "Relink 1 number to campaign C1? "),
        (["remove", NUMBER], "say out of what: --imported, --qualified or both"),
        (["remove", NUMBER, "--imported"], "Remove 1 number from the imported numbers of profile default? "),
        (["relink-cancel", "x"], "Cancel x? Numbers that are unlinked already are followed to their end. Say --yes"),
        (["remove-cancel", "x"], "Cancel x? Numbers that are removed already stay removed. Say --yes"),
    ],
)
async def test_wrong_usage_says_what_would_be_right(onboard: Onboard, arguments: list[str], said: str) -> None:
    ended = await onboard(*arguments)
    assert (ended.code, ended.stdout) == (2, "")
    assert said in ended.stderr


@pytest.mark.parametrize(
    ("command", "said"),
    [(["relink", "--campaign", "C1"], "Relink 2 numbers to campaign C1:"), (["remove", "--qualified"], "qualified")],
)
async def test_a_dry_run_lists_each_number_once_and_reaches_nothing(
    onboard: Onboard, command: list[str], said: str
) -> None:
    ended = await onboard.anew(*command, "-", "--dry-run", NUMBER, given="+12025550135\n(202) 555-0134\n")
    assert (ended.code, ended.stderr) == (0, "")
    assert said in ended.stdout
    assert ended.stdout.splitlines()[1:] == ["+12025550135", "+12025550134"]


@pytest.mark.parametrize("command", [["relink-status", "x"], ["link-back", "x"], ["remove-status", "x"]])
async def test_without_temporal_the_command_says_so(onboard: Onboard, command: list[str]) -> None:
    ended = await onboard(*command)
    assert (ended.code, ended.stdout) == (8, "")
    assert "Temporal cannot be reached" in ended.stderr
