"""The simulated Sinch as a process, as `python -m simulator`, but with many connections for callbacks.

A receiver that gathers events answers each within a second or so, and takes no more of them a second than there are
connections. The one argument is a file with the simulator's settings as JSON.
"""

import asyncio
import signal
import sys
from pathlib import Path

from processes.garbage_collection import collect_rarely
from simulator import SimulatorSettings, running


async def main(settings: SimulatorSettings) -> None:
    """Run until told to end."""
    told_to_end = asyncio.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(ending, told_to_end.set)
    collect_rarely()
    async with running(settings):
        await told_to_end.wait()


if __name__ == "__main__":
    asyncio.run(main(SimulatorSettings.model_validate_json(Path(sys.argv[1]).read_text())))
