"""`onboard dev`: the whole stack in the foreground until Ctrl-C."""

import asyncio
import signal
from pathlib import Path

from starter import output
from starter.exits import Stop
from starter.stack import StackSettings, running_stack
from starter.stack.stack import read_ports


async def run_dev(folder: Path, day_seconds: float, ports: list[str]) -> None:
    """Start the stack, print its URLs, stop it on SIGINT or SIGTERM. Raises Stop when a part of it ends."""
    stop = asyncio.Event()
    settings = StackSettings(folder=folder, day_seconds=day_seconds, ports=read_ports(ports))
    output.message("starting Temporal, the simulated Sinch, the receiver and the worker ...")
    async with running_stack(settings) as stack:
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        for name, address in stack.endpoints:
            output.message(f"{name:18} {address}")
        output.message(f"in another terminal: . {folder / 'environment'}   (Ctrl-C stops the stack)")
        ended = asyncio.create_task(stack.any_ended())
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait([ended, stopped], return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not stop.is_set():
            raise Stop(f"{ended.result()} has ended by itself; see {folder / 'logs'}")
        ended.cancel()
