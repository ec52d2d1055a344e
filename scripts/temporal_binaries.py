"""The Temporal executables that running and testing the product takes, from wherever they can be had.

`temporal_cli` gives the CLI with its dev server; `time_skipping_server` the test server whose clock tests
advance; `temporal_server` the server that production runs. Each tries, in this order, what the environment names,
the PATH (only the CLI), the project's cache, the SDK's own download (not for the last), and a way that needs
nothing but a package registry: `go install` for the CLI and the server, Maven for the test server. Whatever is got
in this way stays in the cache. docs/temporal-binaries.md has the whole story.

`python -m scripts.temporal_binaries cli|test-server|server` prints the path on standard output.
"""

import argparse
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

from scripts import go_install, maven_copy, sdk_download, smoke_tests
from scripts.cache import cache_directory, locked, make_entry
from scripts.steps import StepFailed, say


class BinaryUnavailable(RuntimeError):
    """No way to get an executable worked. The message lists each way, why it failed, and what to do."""


@dataclass(frozen=True)
class _Recipe:
    """One way to make an executable; `name` is its entry in the cache.

    `make(executable, log, workspace)` leaves the executable, and what that needs to run, in one directory.
    What is only needed to make it goes into the workspace, which is removed after a success and kept after
    a failure, so that the next try need not begin again.
    """

    name: str
    make: Callable[[Path, Path, Path], None]


@dataclass(frozen=True)
class _Executable:
    title: str
    file_name: str
    variable: str
    looked_for_on_path: bool
    smoke_test: Callable[[Path], str]
    recipes: tuple[_Recipe, ...]


_DOWNLOAD = _Recipe(f"sdk-{sdk_download.SDK_VERSION}", sdk_download.download)

_CLI = _Executable(
    title="Temporal CLI",
    file_name="temporal",
    variable="TEMPORAL_CLI",
    looked_for_on_path=True,
    smoke_test=smoke_tests.try_cli,
    recipes=(_DOWNLOAD, _Recipe(f"go-install-{go_install.CLI_VERSION}", go_install.build_cli)),
)

_TEST_SERVER = _Executable(
    title="time-skipping test server",
    file_name="temporal-test-server",
    variable="TEMPORAL_TEST_SERVER",
    looked_for_on_path=False,
    smoke_test=smoke_tests.try_time_skipping_server,
    recipes=(_DOWNLOAD, _Recipe(f"maven-{maven_copy.TEST_SERVER_VERSION}", maven_copy.copy)),
)

_SERVER = _Executable(
    title="Temporal server",
    file_name="temporal-server",
    variable="TEMPORAL_SERVER",
    looked_for_on_path=False,
    smoke_test=smoke_tests.try_server,
    recipes=(_Recipe(f"go-install-{go_install.SERVER_VERSION}", go_install.build_server),),
)


def temporal_cli() -> Path:
    """A Temporal CLI that starts, with a dev server new enough for the product.

    Raises:
        BinaryUnavailable: every way failed.
    """
    return _get(_CLI)


def time_skipping_server() -> Path:
    """A time-skipping test server that starts; give it to the SDK as `test_server_existing_path`.

    Raises:
        BinaryUnavailable: every way failed.
    """
    return _get(_TEST_SERVER)


def temporal_server() -> Path:
    """The server itself, `temporal-server`, with its schema tool, Web UI and configuration beside it.

    Raises:
        BinaryUnavailable: every way failed.
    """
    return _get(_SERVER)


_BY_NAME = {"cli": temporal_cli, "test-server": time_skipping_server, "server": temporal_server}


def _get(executable: _Executable) -> Path:
    directory = cache_directory() / executable.file_name
    failures: list[str] = []
    found = _first_that_starts(executable, _named_by_the_machine(executable, failures), failures)
    found = found or _first_that_starts(executable, _cached(executable, directory), failures)
    if found:
        return found
    with locked(directory, executable.title):
        # Whoever held the lock before may have made it.
        found = _first_that_starts(executable, _cached(executable, directory), [])
        if found:
            return found
        if not any(_cached(executable, directory)):
            _note(executable, f"nothing in the cache, {directory}", failures)
        return _make(executable, directory, failures)


def _first_that_starts(executable: _Executable, candidates: Iterator[Path], failures: list[str]) -> Path | None:
    for candidate in candidates:
        try:
            answer = executable.smoke_test(candidate)
        except StepFailed as failure:
            _note(executable, str(failure), failures)
        else:
            say(f"{executable.title}: using {candidate} ({answer})")
            return candidate
    return None


def _named_by_the_machine(executable: _Executable, failures: list[str]) -> Iterator[Path]:
    named = os.environ.get(executable.variable)
    if named:
        yield Path(named).absolute()
    else:
        _note(executable, f"{executable.variable} is not set", failures)
    if executable.looked_for_on_path:
        on_path = shutil.which(executable.file_name)
        if on_path:
            yield Path(on_path).absolute()
        else:
            _note(executable, f"no {executable.file_name} on the PATH", failures)


def _cached(executable: _Executable, directory: Path) -> Iterator[Path]:
    entries = (directory / recipe.name / executable.file_name for recipe in executable.recipes)
    return (path for path in entries if path.exists())


def _make(executable: _Executable, directory: Path, failures: list[str]) -> Path:
    for recipe in executable.recipes:
        log, workspace = directory / f"{recipe.name}.log", directory / f"{recipe.name}.workspace"

        def make(entry: Path, recipe: _Recipe = recipe, log: Path = log, workspace: Path = workspace) -> None:
            recipe.make(entry / executable.file_name, log, workspace)
            executable.smoke_test(entry / executable.file_name)

        log.unlink(missing_ok=True)
        try:
            make_entry(directory / recipe.name, make)
        except StepFailed as failure:
            _note(executable, str(failure), failures)
            for line in failure.log_tail():
                print(f"    {line}", file=sys.stderr)
            continue
        shutil.rmtree(workspace, ignore_errors=True)
        made = directory / recipe.name / executable.file_name
        say(f"{executable.title}: using {made}, now in the cache")
        return made
    ways = "".join(f"\n  - {failure}" for failure in failures)
    raise BinaryUnavailable(
        f"There is no {executable.title} to be had here. Tried:{ways}\n"
        f"Install one and set {executable.variable} to its path; see docs/temporal-binaries.md."
    )


def _note(executable: _Executable, reason: str, failures: list[str]) -> None:
    say(f"{executable.title}: {reason}")
    failures.append(reason)


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Leave by an exception, so that a running build is ended and its leftovers are removed."""
    sys.exit(143)


def main() -> None:
    """Print the path of the executable that is asked for; exit 1 with the reasons when there is none."""
    parser = argparse.ArgumentParser(prog="python -m scripts.temporal_binaries", description=__doc__)
    parser.add_argument("binary", choices=[*_BY_NAME])
    wanted = parser.parse_args().binary
    signal.signal(signal.SIGTERM, _stop)
    try:
        print(_BY_NAME[wanted]())
    except BinaryUnavailable as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
