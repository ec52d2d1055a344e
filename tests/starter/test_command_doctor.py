"""`onboard doctor` where nothing runs: every check is still there, and the exit code tells a script what is wrong."""

from pathlib import Path

import pytest

from doctor.diagnosis import Cause, Diagnosis, fine, problem, warning
from starter.doctor import exit_of
from starter.exits import Exit
from tests.starter.onboard_command import Onboard

SECRET = "a-key-secret-that-must-not-show"


@pytest.fixture
def onboard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Onboard:
    """The command in an empty folder, with a Temporal that is not there."""
    for name in ("ONBOARD_SINCH_KEY_SECRET", "ONBOARD_CALLBACK_PUBLIC_URL", "ONBOARD_SMTP_HOST"):
        monkeypatch.delenv(name, raising=False)
    environment = {
        "TEMPORAL_ADDRESS": "127.0.0.1:1",
        "ONBOARD_DOCUMENT_STORE": str(tmp_path / "documents"),
        "SIMULATOR_KEY_SECRET": SECRET,
    }
    return Onboard(tmp_path, environment)


async def test_without_temporal_the_other_checks_are_made_all_the_same(onboard: Onboard) -> None:
    ended = await onboard.anew("doctor", "--output", "json")
    assert ended.code == 8
    levels = {(found["check"], found["subject"]): found["level"] for found in ended.data}
    assert levels[("temporal", "127.0.0.1:1 / default")] == "problem"
    assert levels[("sinch", "profile default")] == "warning"
    assert levels[("mail server", "none")] == "warning"
    assert [level for (check, _), level in levels.items() if check in ("settings", "document store")] == ["ok"] * 3
    assert all(found["next_step"] for found in ended.data if found["level"] != "ok")


async def test_text_says_what_to_do_below_each_finding(onboard: Onboard) -> None:
    ended = await onboard("doctor")
    assert ended.code == 8
    lines = ended.stdout.splitlines()
    where = next(number for number, line in enumerate(lines) if line.startswith("problem  temporal"))
    assert "127.0.0.1:1 / default: it cannot be reached" in lines[where]
    assert lines[where + 1].strip().startswith("-> start the server, or correct TEMPORAL_ADDRESS")
    assert ended.stderr.strip().endswith("ok, 2 warnings, 1 problem")


async def test_jsonl_is_a_finding_a_line(onboard: Onboard) -> None:
    ended = await onboard("doctor", "--output", "jsonl")
    assert all({"check", "subject", "level", "message", "next_step", "cause"} == set(line) for line in ended.lines)


@pytest.mark.parametrize(
    ("variable", "value", "check"),
    [
        ("TEMPORAL_PROFILE", "nobody", "temporal"),
        ("ONBOARD_GRACEFUL_STOP_SECONDS", "soon", "settings"),
        ("ONBOARD_SINCH_PROFILES", "nowhere.toml", "settings"),
        ("ONBOARD_SINCH_KEY_SECRET", SECRET, "sinch"),
        ("ONBOARD_SMTP_PORT", "many", "mail server"),
        ("ONBOARD_CALLBACK_PUBLIC_URL", "https://callbacks.example.com", "receiver"),
        ("ONBOARD_DOCUMENT_STORE", "nothing://anywhere", "document store"),
    ],
)
async def test_what_is_set_wrong_is_told_by_its_check_and_ends_with_4(
    onboard: Onboard, variable: str, value: str, check: str
) -> None:
    ended = await onboard("doctor", "--output", "json", **{variable: value})
    wrong = [found for found in ended.data if found["cause"] == "configuration"]
    assert ended.code == 4
    assert check in [found["check"] for found in wrong]
    assert SECRET not in ended.stdout + ended.stderr


async def test_what_cannot_be_a_batch_is_a_usage_error(onboard: Onboard) -> None:
    ended = await onboard("doctor", 'x" OR "1"="1')
    assert (ended.code, ended.stdout) == (2, "")
    assert "see: onboard list" in ended.stderr


def of(cause: Cause) -> Diagnosis:
    return problem("check", "subject", "message", "next step", cause)


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ([fine("check", "subject", "message")], Exit.DONE),
        ([warning("check", "subject", "message", "next step")], Exit.DONE),
        ([of(Cause.WORK)], Exit.ERROR),
        ([of(Cause.WORK), of(Cause.UNAVAILABLE)], Exit.UNAVAILABLE),
        ([of(Cause.UNAVAILABLE), of(Cause.CONFIGURATION), of(Cause.WORK)], Exit.CONFIGURATION),
    ],
)
def test_the_exit_code_is_that_of_what_has_to_be_repaired_first(found: list[Diagnosis], code: Exit) -> None:
    assert exit_of(found) is code
