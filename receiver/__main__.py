"""`python -m receiver`: listen for callbacks until SIGTERM or SIGINT.

Prints one line with the URL when it listens. Ends with 0 after a stop, 4 when a setting is missing or wrong,
1 when the port cannot be had.
"""

import asyncio
import gc
import os
import signal
import sys
from dataclasses import replace

import structlog

from processes.logs import configure_logs
from processes.settings import InvalidSettings
from processes.sinch_profiles import callback_profiles
from processes.temporal_runtime import temporal_runtime
from receiver.application import application
from receiver.connections import DEFAULT_LIMITS
from receiver.open_files import connections_allowed
from receiver.project_secrets import ProjectSecrets, project_secrets
from receiver.server import Server
from receiver.settings import ReceiverSettings
from receiver.signals import TemporalSignals
from temporal_connection import InvalidConnection, connect, described_target

_GARBAGE_THRESHOLDS = (20_000, 50, 50)
"""Looked for far more rarely than usual: thousands of callbacks that wait are no garbage, and looking through them
again and again takes a quarter of the processor time."""

_log = structlog.stdlib.get_logger("receiver")


def main() -> int:
    """Run the receiver; the exit code."""
    try:
        settings = ReceiverSettings.read()
        configure_logs(settings.log_format, mask_numbers=True)
        secrets = project_secrets(callback_profiles(), settings.callback_secrets)
        gc.set_threshold(*_GARBAGE_THRESHOLDS)
        asyncio.run(_serve(settings, secrets))
    except (InvalidSettings, InvalidConnection) as error:
        sys.stderr.write(f"The receiver cannot start.\n{error}\n")
        return 4
    except SystemExit:
        return 1
    return 0


async def _serve(settings: ReceiverSettings, secrets: ProjectSecrets) -> None:
    client = await connect(lazy=True, runtime=temporal_runtime())
    receiver = application(settings, secrets, TemporalSignals(client))
    limits = replace(DEFAULT_LIMITS, most=connections_allowed(DEFAULT_LIMITS.most))
    server = Server(receiver, settings.receiver_host, settings.receiver_port, limits)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, server.stop)
    server.listening.add_done_callback(_announce)
    await server.serve()
    _log.info("stopped")


def _announce(listening: asyncio.Future[str]) -> None:
    sys.stdout.write(f"callback receiver listening on {listening.result()}\n")
    sys.stdout.flush()
    _log.info("listening", url=listening.result(), temporal=described_target())


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    # The Temporal SDK's threads can crash the interpreter while it finalizes; everything is done by now.
    os._exit(code)
