"""The Temporal SDK's own download of an executable.

The SDK downloads only while it starts a server, and sets no time limit. So it runs in a child process, this
module's command, which is ended when its time is up. The file decides, not the exit status: the SDK renames
it into place when it is complete.
"""

import asyncio
import os
import shutil
import sys
from importlib.metadata import version
from pathlib import Path

from scripts.steps import StepFailed, run_step

SDK_VERSION = version("temporalio")

_DEFAULT_SECONDS_ALLOWED = 60.0


def download(executable: Path, log: Path, workspace: Path) -> None:
    """Download `temporal` or `temporal-test-server`, as the path's last part says, to that path.

    The download may take ONBOARD_DOWNLOAD_TIMEOUT seconds, 60 when that is not set.

    Raises:
        StepFailed: nothing was downloaded.
    """
    seconds_allowed = float(os.environ.get("ONBOARD_DOWNLOAD_TIMEOUT", _DEFAULT_SECONDS_ALLOWED))
    shutil.rmtree(workspace, ignore_errors=True)
    workspace.mkdir()
    downloaded = workspace / f"{executable.name}-sdk-python-{SDK_VERSION}"
    try:
        run_step(
            [sys.executable, "-m", __spec__.name, executable.name, workspace],
            title="the SDK's download",
            log=log,
            directory=Path(__file__).parent.parent,
            seconds_allowed=seconds_allowed,
        )
    except StepFailed:
        if not downloaded.exists():
            raise
    downloaded.rename(executable)


async def _start_once(name: str, directory: str) -> None:
    from temporalio.testing import WorkflowEnvironment  # noqa: PLC0415 - needed by the child alone, takes 0.3 s

    if name == "temporal":
        environment = await WorkflowEnvironment.start_local(download_dest_dir=directory)
    else:
        environment = await WorkflowEnvironment.start_time_skipping(download_dest_dir=directory)
    await environment.shutdown()


def _main() -> None:
    status = 0
    try:
        asyncio.run(_start_once(*sys.argv[1:]))
    except RuntimeError as error:
        print(error, flush=True)
        status = 1
    # The SDK's threads can crash the interpreter while it finalizes; there is nothing left to finalize.
    os._exit(status)


if __name__ == "__main__":
    _main()
