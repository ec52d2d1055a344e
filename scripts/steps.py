"""Run one step of the set-up: say what happens, keep its output in a log, give a reason when it fails."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_SECONDS_BETWEEN_PROGRESS_LINES = 10
_LINES_OF_LOG_SHOWN = 40


class StepFailed(Exception):
    """One way of getting an executable did not work. The message is one line; `log` holds the rest."""

    def __init__(self, reason: str, log: Path | None = None) -> None:
        super().__init__(reason)
        self.log = log

    def log_tail(self) -> list[str]:
        """The end of the log, or nothing when it holds no more than the reason itself."""
        lines = _lines(self.log) if self.log else []
        return lines[-_LINES_OF_LOG_SHOWN:] if len(lines) > 1 else []


def say(message: str) -> None:
    """Tell the person at the terminal. Standard output stays free for the result."""
    print(f"temporal-binaries: {message}", file=sys.stderr, flush=True)


def run_step(
    command: Sequence[str | Path],
    *,
    title: str,
    log: Path,
    environment: Mapping[str, str] | None = None,
    directory: Path | None = None,
    seconds_allowed: float | None = None,
) -> None:
    """Run a command to its end with its output in `log`, and a progress line every ten seconds.

    Whatever ends this process early also ends the command and its children.

    Raises:
        StepFailed: the command is missing, failed, or took longer than `seconds_allowed`.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()
    process = None
    try:
        with log.open("a") as output, _interruptions_wait():
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=None if environment is None else dict(environment),
                cwd=directory,
                start_new_session=True,
            )
        status = _wait(process, title, started, seconds_allowed)
    except OSError as error:
        raise StepFailed(f"{title}: {command[0]} does not start: {error.strerror}") from error
    finally:
        if process is not None and process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if status is None:
        raise StepFailed(f"{title}: stopped, not done after {seconds_allowed:g} s", log)
    if status != 0:
        last_words = (_lines(log) or ["no output"])[-1]
        raise StepFailed(f"{title}: exit status {status}: {last_words}", log)


@contextmanager
def _interruptions_wait() -> Iterator[None]:
    """A signal that raised an exception while a process starts would leave nobody who knows of that process."""
    arrived: list[int] = []
    # Python runs handlers in the main thread only, and lets no other thread set them.
    ours = (signal.SIGTERM, signal.SIGINT) if threading.current_thread() is threading.main_thread() else ()
    handlers = {number: signal.signal(number, lambda received, _: arrived.append(received)) for number in ours}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    for late in arrived:
        signal.raise_signal(late)


def _wait(process: subprocess.Popen[bytes], title: str, started: float, seconds_allowed: float | None) -> int | None:
    """The command's exit status, or None when it ran out of time."""
    while True:
        elapsed = time.monotonic() - started
        patience: float = _SECONDS_BETWEEN_PROGRESS_LINES
        if seconds_allowed is not None:
            patience = min(patience, seconds_allowed - elapsed)
        if patience <= 0:
            return None
        try:
            return process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            say(f"{title}: {time.monotonic() - started:.0f} s")


def _lines(log: Path) -> list[str]:
    if not log.exists():
        return []
    return [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
