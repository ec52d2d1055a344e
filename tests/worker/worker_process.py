"""The worker as a process of its own: what it is told, what it says, how it is stopped."""

import asyncio
import os
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from scripts.ports import free_ports

SECRET = "a-secret-that-must-not-show"
_COMMAND = (sys.executable, "-m", "worker")
_PATIENCE_SECONDS = 60


def settings(folder: Path, **changes: str) -> dict[str, str]:
    """All that a worker asks for; its documents are in `folder`, and nothing listens where it calls."""
    return {
        "TEMPORAL_ADDRESS": f"127.0.0.1:{free_ports(1)[0]}",
        "ONBOARD_SINCH_PROJECT_ID": "project",
        "ONBOARD_SINCH_KEY_ID": "key",
        "ONBOARD_SINCH_KEY_SECRET": SECRET,
        "ONBOARD_SMTP_HOST": "127.0.0.1",
        "ONBOARD_MAIL_FROM": "onboarding@example.com",
        "ONBOARD_DOCUMENT_STORE": str(folder / "documents"),
        **changes,
    }


def ended_worker(told: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """A worker that cannot start."""
    return subprocess.run(
        [*_COMMAND, *arguments],
        env=_environment(told),
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )


class WorkerProcess:
    """A running worker; `log` is all that was read of what it said."""

    def __init__(self, process: Process) -> None:
        """Made by `worker_process`."""
        self._process = process
        self.log = ""

    async def says(self, *texts: str) -> str:
        """The next line that holds all these texts."""
        assert self._process.stderr is not None
        async with asyncio.timeout(_PATIENCE_SECONDS):
            async for line in self._process.stderr:
                self.log += line.decode()
                if all(text in line.decode() for text in texts):
                    return line.decode()
        raise AssertionError(f"the log never said {texts}:\n{self.log}")

    def told_to_stop(self) -> None:
        """SIGTERM."""
        self._process.terminate()

    async def ended(self) -> int:
        """Its exit code, once it has ended."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            self.log += (await self._process.communicate())[1].decode()
        assert self._process.returncode is not None
        return self._process.returncode

    async def stopped(self) -> int:
        """Its exit code after SIGTERM."""
        self.told_to_stop()
        return await self.ended()


@asynccontextmanager
async def worker_process(told: Mapping[str, str], *arguments: str) -> AsyncIterator[WorkerProcess]:
    """Start a worker; one that has not ended by the end of the context is killed."""
    process = await asyncio.create_subprocess_exec(*_COMMAND, *arguments, env=_environment(told), stderr=PIPE)
    try:
        yield WorkerProcess(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _environment(told: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ONBOARD_", "TEMPORAL_"))}
    return {**inherited, **told}
