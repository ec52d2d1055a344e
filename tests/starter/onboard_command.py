"""The real `onboard` command, and how its runs end."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.starter.forks import Forks

ONBOARD = Path(sys.executable).parent / "onboard"
_ENDS_WITHIN_SECONDS = 240.0
_FORKS = Forks(
    "onboard",
    "starter.command:main",
    "starter.*",
    "doctor.*",
    "worker",
    # What libraries import as late as our command imports them.
    "anyio._backends._asyncio",
    "fsspec.implementations.local",
    "httpcore",
    "phonenumbers.data.region_US",
    "rich._emoji_codes",
    "rich.console",
    "rich.table",
)
_SECRETS = ("SIMULATOR_KEY_SECRET", "ONBOARD_CALLBACK_TOKEN_KEY", "ONBOARD_CALLBACK_SECRETS")


@dataclass(frozen=True)
class Ended:
    """How a run ended, and everything it said."""

    code: int
    stdout: str
    stderr: str

    @property
    def data(self) -> Any:
        """Standard output as one JSON document."""
        return json.loads(self.stdout)

    @property
    def lines(self) -> list[Any]:
        """Standard output as a JSON document a line."""
        return [json.loads(line) for line in self.stdout.splitlines()]


class Onboard:
    """Runs `onboard` in a folder and with an environment; no output may ever show a secret of that environment."""

    def __init__(self, folder: Path, environment: Mapping[str, str] | None = None) -> None:
        """`environment` is added to our own; `folder` is the current directory of every run."""
        self._folder = folder
        self._environment = environment or {}

    async def __call__(self, *arguments: object, given: str = "", **changed: str) -> Ended:
        """Run it to its end; `given` is its standard input, `changed` are further environment variables.

        A fork of a process that has imported everything, which takes a tenth of the processor time of `anew`.
        """
        environment = {**os.environ, **self._environment, **changed}
        run = await asyncio.to_thread(_FORKS.run, [*map(str, arguments)], self._folder, environment, given)
        return self._checked(Ended(run.returncode, run.stdout, run.stderr))

    async def anew(self, *arguments: object, given: str = "", **changed: str) -> Ended:
        """The same as people do it: by its entry point, in a process that imports what it needs."""
        async with self.started(*arguments, **changed) as process:
            return await self.ended(process, given)

    @asynccontextmanager
    async def started(self, *arguments: object, **changed: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """Start it; it is gone when the context ends."""
        process = await asyncio.create_subprocess_exec(
            ONBOARD,
            *map(str, arguments),
            cwd=self._folder,
            env={**os.environ, **self._environment, **changed},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()

    async def ended(self, process: asyncio.subprocess.Process, given: str = "") -> Ended:
        """Wait for the end of a started run."""
        stdout, stderr = await asyncio.wait_for(process.communicate(given.encode()), _ENDS_WITHIN_SECONDS)
        return self._checked(Ended(process.returncode or 0, stdout.decode(), stderr.decode()))

    def _checked(self, ended: Ended) -> Ended:
        assert "Traceback" not in ended.stderr, ended.stderr
        for name in _SECRETS:
            secret = self._environment.get(name)
            assert secret is None or secret not in ended.stdout + ended.stderr, f"{name} is in the output"
        return ended
