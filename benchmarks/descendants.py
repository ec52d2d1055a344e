"""Every process that a measure has started, whoever its parent is by now: found by a mark in its environment, and
ended at once (Linux, /proc).
"""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

MARK = "ONBOARD_BENCHMARK"
_LOOK_AGAIN_SECONDS = 0.05


def marked_processes(mark: str) -> Iterator[int]:
    """Ids of the processes, our own left out, whose environment had this mark when they were started."""
    wanted = f"{MARK}={mark}".encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid() and wanted in _environment(entry):
            yield int(entry.name)


def _environment(process: Path) -> list[bytes]:
    try:
        return (process / "environ").read_bytes().split(b"\0")
    except OSError:  # ended in the meantime, or somebody else's
        return []


def kill_marked(mark: str) -> None:
    """SIGKILL, until none is left: one may start another while we look."""
    while left := list(marked_processes(mark)):
        for process_id in left:
            try:
                os.kill(process_id, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(_LOOK_AGAIN_SECONDS)
