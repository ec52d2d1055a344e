"""Starting the time-skipping server, which the SDK gives up on after 5 s: on a busy machine Java may need longer."""

import os
import signal
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from temporal_connection import data_converter

_TRIES = 5


async def start_time_skipping_server(executable: str) -> WorkflowEnvironment:
    """A running server. Raises RuntimeError when it does not start, however often it is tried."""
    for _ in range(_TRIES - 1):
        others = _child_processes()
        try:
            return await _start(executable)
        except RuntimeError:
            # The SDK leaves behind what was too slow.
            for process_id in _child_processes() - others:
                os.kill(process_id, signal.SIGKILL)
    return await _start(executable)


async def _start(executable: str) -> WorkflowEnvironment:
    return await WorkflowEnvironment.start_time_skipping(
        data_converter=data_converter(), test_server_existing_path=executable
    )


def _child_processes() -> set[int]:
    tasks = Path("/proc/self/task").glob("*/children")
    return {int(process_id) for children in tasks for process_id in children.read_text().split()}
