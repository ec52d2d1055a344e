"""The command before it reaches anything: help, usage, and what it says where it cannot go on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.starter.onboard_command import Onboard

SUBCOMMANDS = (
    "retry",
    "skip",
    "start",
    "status",
    "list",
    "numbers",
    "verify",
    "code",
    "cancel",
    "report",
    "reconcile",
    "doctor",
    "dev",
    "demo",
    "orders",
    "qualified",
    "imported",
    "callbacks",
    "payload-keys",
    "import",
    "consent",
    "import-retry",
    "import-skip",
    "import-cancel",
    "relink",
    "relink-status",
    "link-back",
    "relink-retry",
    "relink-skip",
    "relink-cancel",
    "remove",
    "remove-status",
    "remove-cancel",
    "rent",
    "rent-status",
    "rent-cancel",
    "available",
    "active",
    "regions",
    "legacy",
)
EXAMPLE = Path(__file__).parents[2] / "examples" / "batch.toml"
NOBODY_LISTENS = {"TEMPORAL_ADDRESS": "127.0.0.1:1"}


@pytest.fixture
def onboard(tmp_path: Path) -> Onboard:
    """The command in an empty folder, with a Temporal that is not there."""
    return Onboard(tmp_path, NOBODY_LISTENS)


async def test_help_lists_every_subcommand(onboard: Onboard) -> None:
    ended = await onboard.anew("--help")
    assert (ended.code, ended.stderr) == (0, "")
    listed = [line.split()[0] for line in ended.stdout.partition("Commands:\n")[2].splitlines() if line.strip()]
    assert sorted(listed) == sorted(SUBCOMMANDS)


def test_help_waits_for_nothing_that_only_the_work_of_a_subcommand_needs() -> None:
    asked = "import sys, starter.command; print({'httpx', 'pydantic', 'rich', 'temporalio'} & sys.modules.keys())"
    ended = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert ended.stdout == "set()\n"


@pytest.mark.parametrize("subcommand", SUBCOMMANDS)
async def test_every_subcommand_explains_itself(onboard: Onboard, subcommand: str) -> None:
    ended = await onboard(subcommand, "--help")
    assert (ended.code, ended.stderr) == (0, "")
    assert ended.stdout.startswith(f"Usage: onboard {subcommand}")
    assert "[[" not in ended.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["gibberish"], "No such command 'gibberish'.\nsee: onboard --help"),
        (["start"], "Missing argument 'BATCH.toml'.\nsee: onboard start --help"),
        (["list", "--output", "xml"], "see: onboard list --help"),
        (["start", EXAMPLE, "--wait", "--timeout", "soon"], "--timeout: 'soon' is no span of time"),
        (["start", EXAMPLE, "--timeout", "3s"], "--timeout says how long --wait waits"),
        (["start", "nowhere.toml"], "nowhere.toml"),
        (["dev", "--port", "nothing=80"], "--port nothing=80: write NAME=PORT with a NAME of temporal, "),
        (["dev", "--port", "receiver=high"], "--port receiver=high: write NAME=PORT"),
    ],
)
async def test_wrong_usage_says_what_would_be_right(onboard: Onboard, arguments: list[object], said: str) -> None:
    ended = await onboard(*arguments)
    assert (ended.code, ended.stdout) == (2, "")
    assert said in ended.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["list"],
        ["status", "spring"],
        ["numbers", "spring"],
        ["verify", "spring"],
        ["code", "+12025550134", "1234"],
        ["cancel", "spring", "--yes"],
        ["retry", "spring"],
        ["skip", "spring", "--reason", "CAMPAIGN_EXPIRED"],
        ["start", EXAMPLE, "--yes"],
    ],
)
async def test_a_temporal_that_cannot_be_reached_is_named(onboard: Onboard, arguments: list[object]) -> None:
    ended = await onboard(*arguments)
    assert (ended.code, ended.stdout) == (8, "")
    assert "Temporal cannot be reached at 127.0.0.1:1 / default" in ended.stderr


@pytest.mark.parametrize(
    ("arguments", "variable", "value"),
    [
        (["report", "spring"], "ONBOARD_DOCUMENT_STORE", "nothing://anywhere"),
        (["list"], "TEMPORAL_PROFILE", "nobody"),
    ],
)
async def test_a_wrong_setting_is_named(onboard: Onboard, arguments: list[object], variable: str, value: str) -> None:
    ended = await onboard(*arguments, **{variable: value})
    assert (ended.code, ended.stdout) == (4, "")
    assert variable.partition("_")[0] in ended.stderr


async def test_a_dry_run_needs_nothing_and_leaves_nothing(onboard: Onboard, tmp_path: Path) -> None:
    ended = await onboard.anew("start", EXAMPLE, "--dry-run", "--output", "json")
    assert (ended.code, ended.stderr) == (0, "")
    assert ended.data["numbers_total"] == 25
    assert os.listdir(tmp_path) == []


async def test_the_demo_removes_no_folder_that_holds_anything_else(onboard: Onboard, tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "thesis.tex").touch()
    ended = await onboard("demo", "--folder", tmp_path)
    assert (ended.code, ended.stdout) == (2, "")
    assert f"{tmp_path} holds thesis.tex, which no demo has made" in ended.stderr
    assert sorted(os.listdir(tmp_path)) == ["logs", "thesis.tex"]
