"""Runs of a program as forks of a process that has imported what the program needs: a run costs what it does.

Such a run has all that a process has, of its own: environment, folder, standard streams, exit code. Only what the
imports of a program are like, and that its entry point is there, it cannot show.
"""

import atexit
import gc
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.metadata import EntryPoint
from itertools import chain
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryDirectory

_ENDS_WITHIN_SECONDS = 240
_STREAMS = {"stdin": os.O_RDONLY, "stdout": os.O_WRONLY | os.O_CREAT, "stderr": os.O_WRONLY | os.O_CREAT}
"""By the number of their descriptor, and by the name of their file in the folder of the run's streams."""


@dataclass(frozen=True)
class _Run:
    arguments: list[str]
    folder: str
    environment: dict[str, str]
    streams: str


class Forks:
    """Runs one program as often as it is told to, several at once too."""

    def __init__(self, name: str, function: str, *imported: str) -> None:
        """`function` is `module:function`; `package.*` among `imported` are all modules of that package."""
        self._command = [sys.executable, __file__, name, function, *imported]
        self._idle: list[subprocess.Popen[str]] = []
        atexit.register(self._close)

    def run(
        self, arguments: list[str], folder: Path, environment: Mapping[str, str], given: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run the program to its end in that folder, with that environment alone and `given` as standard input."""
        process = self._idle_or_started()
        assert process.stdin is not None
        assert process.stdout is not None
        with TemporaryDirectory() as streams:
            stdin, stdout, stderr = (Path(streams, name) for name in _STREAMS)
            stdin.write_text(given)
            run = _Run(arguments, str(folder), dict(environment), streams)
            process.stdin.write(json.dumps(asdict(run)) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
            assert answer, f"{' '.join(self._command)} has ended: standard error tells why"
            self._idle.append(process)
            return subprocess.CompletedProcess(arguments, int(answer), stdout.read_text(), stderr.read_text())

    def _idle_or_started(self) -> subprocess.Popen[str]:
        with suppress(IndexError):
            return self._idle.pop()
        return subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def _close(self) -> None:
        for process in self._idle:
            process.communicate()


def _modules(imported: str) -> Iterator[str]:
    package, star, _ = imported.partition(".*")
    yield package
    if star:
        yield from (module.name for module in walk_packages(import_module(package).__path__, f"{package}."))


def _fork_for_each_run() -> _Run:
    """Returns in the forks only, with what is to be run; the process ends with its standard input."""
    for line in iter(sys.stdin.readline, ""):
        fork = os.fork()
        if not fork:
            return _Run(**json.loads(line))
        _, status = os.waitpid(fork, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
    sys.exit()


def _enter(run: _Run, name: str) -> None:
    """Take the streams, the folder and the environment of the run, and a time after which it is killed."""
    signal.alarm(_ENDS_WITHIN_SECONDS)
    for number, (stream, access) in enumerate(_STREAMS.items()):
        opened = os.open(Path(run.streams, stream), access)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = open(0, closefd=False)  # noqa: SIM115 - the one before has read from another file
    os.chdir(run.folder)
    os.environ.clear()
    os.environ.update(run.environment)
    sys.argv = [name, *run.arguments]


def _main(name: str, function: str, *imported: str) -> None:
    program: Callable[[], object] = EntryPoint(name, function, group="").load()
    for module in chain.from_iterable(map(_modules, imported)):
        import_module(module)
    gc.freeze()
    _enter(_fork_for_each_run(), name)
    program()


if __name__ == "__main__":
    _main(*sys.argv[1:])
