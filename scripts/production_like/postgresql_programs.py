"""Where PostgreSQL's programs are: on the PATH, where Debian keeps them, or from the system's packages."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from scripts import debian
from scripts.cache import cache_directory
from scripts.steps import StepFailed, say

OLDEST_POSTGRESQL = 15

_DEBIAN = Path("/usr/lib/postgresql")


def postgresql_programs() -> Path:
    """The directory of `initdb`, `postgres`, `pg_isready` and `psql`, of PostgreSQL 15 or newer.

    Raises:
        StepFailed: there is none and it cannot be installed from here.
    """
    found = next(_new_enough(), None)
    if found is None:
        log = cache_directory() / "postgresql.log"
        debian.install(
            ["postgresql"],
            f"PostgreSQL {OLDEST_POSTGRESQL} or newer is neither on the PATH nor in {_DEBIAN}",
            "install it",
            log,
        )
        found = next(_new_enough(), None)
    if found is None:
        raise StepFailed(f"apt-get installed PostgreSQL, but none of version {OLDEST_POSTGRESQL} or newer")
    return found


def _new_enough() -> Iterator[Path]:
    for directory in _candidates():
        version = _version(directory)
        if version is not None and version >= OLDEST_POSTGRESQL:
            say(f"PostgreSQL: using {directory} (version {version})")
            yield directory


def _candidates() -> Iterator[Path]:
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent
    yield from sorted(_DEBIAN.glob("*/bin"), key=lambda path: path.parent.name.zfill(4), reverse=True)


def _version(directory: Path) -> int | None:
    """The major version, if all programs are there."""
    if not all((directory / name).exists() for name in ("initdb", "postgres", "pg_isready", "psql")):
        return None
    answer = subprocess.run([directory / "postgres", "--version"], capture_output=True, text=True, check=False)
    version = re.search(r"PostgreSQL\) (\d+)", answer.stdout)
    return int(version[1]) if version else None
