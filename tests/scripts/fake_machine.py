"""A machine of which the test decides everything: what is on the PATH, what is cached, that nothing can be reached."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.starter.forks import Forks

ROOT = Path(__file__).parents[2]
_FORKS = Forks("temporal-binaries", "scripts.temporal_binaries:main")

TEMPORAL_CLI = "echo 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)'"
"""A shell script that answers as the Temporal CLI does."""


@dataclass(frozen=True)
class Answer:
    """What `python -m scripts.temporal_binaries` said and did."""

    status: int
    path: Path | None
    said: str


class FakeMachine:
    """Runs scripts with a PATH, a cache and a home of their own, and with a proxy that refuses connections."""

    def __init__(self, directory: Path, refusing_port: int) -> None:
        self.directory = directory
        self.cache = directory / "cache"
        self._started: list[subprocess.Popen[str]] = []
        self.environment = {
            "HOME": str(directory),
            "HTTPS_PROXY": f"http://127.0.0.1:{refusing_port}",
            "ONBOARD_CACHE": str(self.cache),
            "PATH": str(directory / "bin"),
            "PIP_NO_INDEX": "1",
        }

    def install(self, name: str, script: str, interpreter: str = "/bin/sh") -> Path:
        """Put an executable on the PATH."""
        return write_executable(self.directory / "bin" / name, script, interpreter)

    def start(self, binary: str) -> subprocess.Popen[str]:
        """Ask for one of them by the module's command, in a process that the test goes on to watch."""
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.temporal_binaries", binary],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._started.append(process)
        return process

    def get(self, binary: str) -> Answer:
        """Ask for `cli`, `test-server` or `server` and wait for the end."""
        ended = _FORKS.run([binary], ROOT, self.environment)
        return _answer(ended.returncode, ended.stdout, ended.stderr)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._started:
            with process:
                process.terminate()

    def cached(self) -> list[str]:
        """The files in the cache that somebody could run."""
        return sorted(
            str(path.relative_to(self.cache))
            for path in self.cache.rglob("*")
            if path.is_file() and os.access(path, os.X_OK)
        )


def answer_of(process: subprocess.Popen[str]) -> Answer:
    """Wait for the end and take what was said."""
    printed, said = process.communicate()
    return _answer(process.returncode, printed, said)


def _answer(status: int, printed: str, said: str) -> Answer:
    return Answer(status, Path(printed.strip()) if printed else None, said)


def write_executable(path: Path, script: str, interpreter: str = "/bin/sh") -> Path:
    """Write a script that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!{interpreter}\n{script}\n")
    path.chmod(0o755)
    return path


@contextmanager
def port_that(*, listens: bool) -> Iterator[int]:
    """A loopback port that nobody else gets: it refuses connections, or takes them and never answers."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        if listens:
            held.listen()
        yield held.getsockname()[1]
