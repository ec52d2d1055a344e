"""The project's cache directory: who may write to it, and how a finished entry appears in it.

An entry is one directory. It is made under a temporary name and renamed into place when it is complete,
so whatever lies under its final name is whole, even after a build was killed half-way.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.steps import say

_UNFINISHED = "unfinished-"


def cache_directory() -> Path:
    """Where the executables are kept: ONBOARD_CACHE, else number-onboarding in the user's cache directory."""
    chosen = os.environ.get("ONBOARD_CACHE")
    if chosen:
        return Path(chosen).absolute()
    user_cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(user_cache) if user_cache else Path.home() / ".cache") / "number-onboarding"


@contextmanager
def locked(directory: Path, title: str) -> Iterator[None]:
    """Hold the directory's lock: of several processes that make the same thing, one works and the rest wait.

    The operating system frees the lock when its holder ends, however it ends.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"{title}: another process is getting it; waiting for that one")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_entry(entry: Path, make: Callable[[Path], None]) -> None:
    """Let `make` fill a new directory and put it in the place of `entry`. Only the lock's holder may call it."""
    for left_over in entry.parent.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(left_over, ignore_errors=True)
    unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=entry.parent))
    try:
        make(unfinished)
        shutil.rmtree(entry, ignore_errors=True)
        unfinished.rename(entry)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
