"""`onboard legacy` before it reaches anything: what is wrong is said, and nothing is done."""

from pathlib import Path

import pytest

from tests.starter.onboard_command import Onboard

ACCOUNT = {
    "ONBOARD_SINCH_PROJECT_ID": "project",
    "ONBOARD_SINCH_KEY_ID": "key-id",
    "ONBOARD_SINCH_KEY_SECRET": "key-secret",
}
APPLICATION = ("--application", "bb7b4e39")
NUMBER = "--number=+12025550134"
WISH = Path(__file__).parents[2] / "examples" / "legacy.toml"


@pytest.fixture
def onboard(tmp_path: Path) -> Onboard:
    """The command in an empty folder, with a Temporal that is not there."""
    return Onboard(tmp_path, {"TEMPORAL_ADDRESS": "127.0.0.1:1", **ACCOUNT})


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["buy", "--limit", "1"], "--application: required: add it\n"),
        (["buy", *APPLICATION, "--limit", "1"], "--quantity: required: how many numbers to rent"),
        (["buy", *APPLICATION, "--quantity", "1"], "--limit: required: what all numbers may cost together"),
        (["buy", *APPLICATION, "--quantity", "1", "--limit", "cheap"], "--limit: "),
        (["buy", *APPLICATION, "--quantity", "0", "--limit", "1"], "--quantity: "),
        (["buy", *APPLICATION, "--quantity", "1", "--limit", "1", "--capability", "fax"], "--capability: "),
        (["buy", *APPLICATION, "--quantity", "1", "--limit", "1", "--id", "a b"], "--id: "),
        (["assign", *APPLICATION], "--number: required: which rented numbers to assign"),
        (["unassign", *APPLICATION, "--number", "555"], "555: "),
        (["buy", WISH, "--quantity", "2"], "name a wish file or say it all by options, not both"),
        (["buy", "nowhere.toml"], "nowhere.toml: a wish file that can be read"),
    ],
)
async def test_wrong_usage_says_what_would_be_right(onboard: Onboard, arguments: list[object], said: str) -> None:
    ended = await onboard("legacy", *arguments)
    assert (ended.code, ended.stdout) == (2, "")
    assert said in ended.stderr


async def test_all_that_is_wrong_with_a_wish_file_is_told_with_its_line(onboard: Onboard, tmp_path: Path) -> None:
    path = tmp_path / "wish.toml"
    path.write_text(
        'application = "a"\nquantity = "two"\narea = "404"\ncurrency = "dollars"\n[pace]\nreservation = "soon"\n'
    )
    ended = await onboard.anew("legacy", "buy", path)
    assert (ended.code, ended.stdout) == (2, "")
    for line, key in enumerate(("quantity = 'two'", "area = '404'", "currency = 'dollars'"), start=2):
        assert f"{path}, line {line}, {key}: " in ended.stderr
    assert "did you mean area_code?" in ended.stderr
    assert "line 6, pace.reservation = 'soon': 'soon' is no span of time" in ended.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["shop"],
        ["rented"],
        ["applications", "bb7b4e39"],
        ["buy", WISH],
        ["assign", *APPLICATION, "--number=+12025550134"],
    ],
)
async def test_without_an_account_it_says_what_to_set(onboard: Onboard, arguments: list[object]) -> None:
    ended = await onboard("legacy", *arguments)
    assert (ended.code, ended.stdout) == (4, "")
    assert "ONBOARD_SINCH_LEGACY_ENDPOINT and ONBOARD_SINCH_LEGACY_PASSWORD" in ended.stderr


@pytest.mark.parametrize("command", ["status", "retry", "cancel"])
async def test_a_temporal_that_cannot_be_reached_is_named_by_commands_about_wishes(
    onboard: Onboard, command: str
) -> None:
    ended = await onboard("legacy", command, "spring")
    assert (ended.code, ended.stdout) == (8, "")
    assert "Temporal cannot be reached at 127.0.0.1:1 / default" in ended.stderr
