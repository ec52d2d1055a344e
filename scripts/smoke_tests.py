"""An executable counts only when it starts: the shortest run that shows whether it does."""

import re
import socket
import subprocess
import time
from pathlib import Path

from scripts.go_install import SERVER_CONFIGURATION, SQL_TOOL, WEB_UI
from scripts.ports import free_ports
from scripts.steps import StepFailed

OLDEST_SERVER = (1, 29)
"""The oldest Temporal server whose features the product uses, as `temporal --version` names it."""

_SECONDS_TO_ANSWER = 30


def try_cli(executable: Path) -> str:
    """Ask the Temporal CLI for its version and return that line.

    Raises:
        StepFailed: it does not start, is no Temporal CLI, or carries too old a server.
    """
    try:
        answer = subprocess.run(
            [executable, "--version"], capture_output=True, text=True, timeout=_SECONDS_TO_ANSWER, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise StepFailed(f"{executable} does not start: {error}") from error
    version = answer.stdout.strip()
    server = re.search(r"\(Server (\d+)\.(\d+)", version)
    if answer.returncode != 0 or not version.startswith("temporal version") or server is None:
        said = (answer.stdout + answer.stderr).strip().splitlines() or ["nothing"]
        raise StepFailed(f"{executable} is no working Temporal CLI: it answered --version with: {said[-1]}")
    if (int(server[1]), int(server[2])) < OLDEST_SERVER:
        needed = ".".join(map(str, OLDEST_SERVER))
        raise StepFailed(f"{executable} is too old: {version}; server {needed} or newer is needed")
    return version


def try_time_skipping_server(executable: Path) -> str:
    """Start the time-skipping test server, wait until it listens, end it, and say how long that took.

    Raises:
        StepFailed: it does not start, ends by itself, or does not listen in time.
    """
    [port] = free_ports(1)
    started = time.monotonic()
    try:
        server = subprocess.Popen(
            [executable, str(port)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
    except OSError as error:
        raise StepFailed(f"{executable} does not start: {error.strerror}") from error
    try:
        while not _listens(port):
            if server.poll() is not None:
                said = server.stderr.read().decode(errors="replace").strip() if server.stderr else ""
                last_words = (said.splitlines() or ["no output"])[-1]
                raise StepFailed(f"{executable} ended with status {server.returncode}: {last_words}")
            if time.monotonic() - started > _SECONDS_TO_ANSWER:
                raise StepFailed(f"{executable} does not listen after {_SECONDS_TO_ANSWER} s")
            time.sleep(0.05)
    finally:
        server.kill()
        server.communicate()
    return f"listens {time.monotonic() - started:.1f} s after its start"


def try_server(executable: Path) -> str:
    """Ask the Temporal server, and the schema tool and the Web UI beside it, for their versions; the server's.

    Raises:
        StepFailed: one of them is missing or does not start.
    """
    if not (executable.parent / SERVER_CONFIGURATION).exists():
        raise StepFailed(f"{executable} has no {SERVER_CONFIGURATION} beside it")
    for tool in (SQL_TOOL, WEB_UI):
        _version(executable.parent / tool)
    return _version(executable)


def _version(executable: Path) -> str:
    try:
        answer = subprocess.run(
            [executable, "--version"], capture_output=True, text=True, timeout=_SECONDS_TO_ANSWER, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise StepFailed(f"{executable} does not start: {error}") from error
    return answer.stdout.strip()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
