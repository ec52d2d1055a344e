"""Where the Temporal server of `make test-postgresql` is taken from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scripts.fake_machine import FakeMachine, port_that, write_executable

VERSION = "echo 'temporal version 1.29.1'"
BESIDE = ("temporal-sql-tool", "temporal-ui-server")
GO = f"""
case "$1" in
version) echo "go version go1.26.6 linux/amd64" && exit ;;
esac
package="${{2%@*}}"; command="${{package##*/}}"
printf '#!/bin/sh\\n%s\\n' "{VERSION}" > "$GOBIN/$command" && /bin/chmod +x "$GOBIN/$command"
/bin/mkdir -p "$GOMODCACHE/go.temporal.io/server@v1.29.1/config"
echo > "$GOMODCACHE/go.temporal.io/server@v1.29.1/config/docker.yaml"
"""


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[FakeMachine]:
    with port_that(listens=False) as port, FakeMachine(tmp_path, port) as machine:
        yield machine


def installed(directory: Path) -> Path:
    """A server with everything that belongs beside it."""
    for name in BESIDE:
        write_executable(directory / name, VERSION)
    (directory / "docker.yaml").touch()
    return write_executable(directory / "temporal-server", VERSION)


def test_the_server_is_built_once_with_schema_tool_web_ui_and_configuration(machine: FakeMachine) -> None:
    go = machine.install("go", GO)
    built = machine.get("server")
    assert built.path == machine.cache / "temporal-server" / "go-install-1.29.1" / "temporal-server", built.said
    assert sorted(path.name for path in built.path.parent.iterdir()) == sorted(
        ["docker.yaml", "temporal-server", *BESIDE]
    )
    go.unlink()
    assert machine.get("server").path == built.path


def test_the_server_that_the_environment_names_comes_first(machine: FakeMachine) -> None:
    installed(machine.cache / "temporal-server" / "go-install-1.29.1")
    named = installed(machine.directory / "mine")
    machine.environment["TEMPORAL_SERVER"] = str(named)
    assert machine.get("server").path == named


@pytest.mark.parametrize("missing", [*BESIDE, "docker.yaml"])
def test_a_server_without_what_belongs_beside_it_is_reported_and_passed_over(
    machine: FakeMachine, missing: str
) -> None:
    named = installed(machine.directory / "mine")
    (named.parent / missing).unlink()
    cached = installed(machine.cache / "temporal-server" / "go-install-1.29.1")
    machine.environment["TEMPORAL_SERVER"] = str(named)
    answer = machine.get("server")
    assert answer.path == cached
    assert missing in answer.said
