"""Several processes that need the same executable at once, and a build that is killed half-way.

The fake build tells that it has begun by opening one named pipe, and goes on when the test opens another.
"""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scripts.fake_machine import TEMPORAL_CLI, FakeMachine, answer_of, port_that

GO_THAT_WAITS = f"""
if [ "$1" = version ]; then echo "go version go1.26.6 linux/amd64"; exit; fi
echo built >> "$HOME/builds"
echo half > "$GOBIN/temporal"
echo $$ > "$HOME/begun"
read line < "$HOME/go-on"
printf '#!/bin/sh\\n%s\\n' "{TEMPORAL_CLI}" > "$GOBIN/temporal" && /bin/chmod +x "$GOBIN/temporal"
"""


class MachineWithSlowBuild(FakeMachine):
    """A machine on which `go install` waits for the test."""

    def __init__(self, directory: Path, refusing_port: int) -> None:
        super().__init__(directory, refusing_port)
        self.install("go", GO_THAT_WAITS)
        os.mkfifo(directory / "begun")
        os.mkfifo(directory / "go-on")

    def wait_for_build(self) -> int:
        """Wait until a build has begun; its process id."""
        return int((self.directory / "begun").read_text())

    def let_build_finish(self) -> None:
        (self.directory / "go-on").write_text("go on\n")

    def builds(self) -> int:
        return len((self.directory / "builds").read_text().splitlines())


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[MachineWithSlowBuild]:
    with port_that(listens=False) as port, MachineWithSlowBuild(tmp_path, port) as machine:
        yield machine


def test_two_processes_at_once_build_once_and_the_second_says_that_it_waits(machine: MachineWithSlowBuild) -> None:
    first = machine.start("cli")
    machine.wait_for_build()
    second = machine.start("cli")
    assert second.stderr is not None
    assert any("waiting for that one" in line for line in second.stderr)
    machine.let_build_finish()
    assert answer_of(first).path == answer_of(second).path == machine.cache / machine.cached()[0]
    assert machine.builds() == 1


def test_an_interrupted_build_ends_with_its_process_and_leaves_nothing_that_counts(
    machine: MachineWithSlowBuild,
) -> None:
    interrupted = machine.start("cli")
    build = machine.wait_for_build()
    interrupted.send_signal(signal.SIGTERM)
    assert answer_of(interrupted).status == 143
    with pytest.raises(ProcessLookupError):
        os.kill(build, 0)
    assert list(machine.cache.rglob("temporal")) == [machine.cache / "temporal"]


def test_after_a_killed_build_the_next_process_builds_anew_and_clears_up(machine: MachineWithSlowBuild) -> None:
    killed = machine.start("cli")
    orphan = machine.wait_for_build()
    killed.kill()
    killed.communicate()
    os.kill(orphan, signal.SIGKILL)
    assert machine.cached() == []

    next_one = machine.start("cli")
    machine.wait_for_build()
    machine.let_build_finish()
    assert answer_of(next_one).path == machine.cache / "temporal" / "go-install-1.5.1" / "temporal"
    assert machine.builds() == 2
    assert [path.name for path in machine.cache.rglob("unfinished-*")] == []
