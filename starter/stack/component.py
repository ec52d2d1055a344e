"""One process of the stack: started, watched, stopped; its output goes to a file."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from starter.exits import Stop

READY_WITHIN_SECONDS = 60.0
_STOP_WITHIN_SECONDS = 15.0
_ASK_EVERY_SECONDS = 0.1
_LOG_LINES_SHOWN = 15


class Component:
    """A process that can be started again after it ended."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        """`environment` is added to our own; stdout and stderr are appended to `log`."""
        self.name = name
        self._command = command
        self._environment = environment
        self._log = log
        self._process: asyncio.subprocess.Process | None = None

    @property
    def process_id(self) -> int | None:
        """The process id while it runs."""
        return self._process.pid if self.is_running and self._process else None

    @property
    def is_running(self) -> bool:
        """True from start to end of the process."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> None:
        """Start the process, in a session of its own so that Ctrl-C reaches only us."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                env={**os.environ, **self._environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def ready(self, is_ready: Callable[[], Awaitable[bool]]) -> None:
        """Wait until the process serves. Raises Stop, with the end of its log, when it ends or takes too long."""
        deadline = asyncio.get_running_loop().time() + READY_WITHIN_SECONDS
        while not await is_ready():
            if not self.is_running:
                raise Stop(f"{self.name} ended with {self._returncode}:\n{self._last_lines()}")
            if asyncio.get_running_loop().time() > deadline:
                raise Stop(f"{self.name} is not ready after {READY_WITHIN_SECONDS:.0f} s:\n{self._last_lines()}")
            await asyncio.sleep(_ASK_EVERY_SECONDS)

    async def ended(self) -> None:
        """Wait until the process ends."""
        if self._process is not None:
            await self._process.wait()

    async def stop(self) -> None:
        """SIGTERM, and after a while SIGKILL."""
        if not self.is_running or self._process is None:
            return
        self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), _STOP_WITHIN_SECONDS)
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """SIGKILL, without warning."""
        if self.is_running and self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()

    @property
    def _returncode(self) -> int | None:
        return self._process.returncode if self._process else None

    def _last_lines(self) -> str:
        lines = self._log.read_text(errors="replace").splitlines() if self._log.exists() else []
        return "\n".join([*lines[-_LOG_LINES_SHOWN:], f"(whole log: {self._log})"])
