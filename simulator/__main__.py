"""The simulator as a process: ``python -m simulator``.

Writes one JSON line with its URLs to standard output once it listens, logs to standard error, and ends with exit
code 0 on SIGTERM or SIGINT.
"""

import argparse
import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

from pydantic import SecretStr, ValidationError

from simulator.running import Endpoints, running
from simulator.settings import LOCAL_KEY_ID, LOCAL_KEY_SECRET, LOCAL_PROJECT_ID, SimulatorSettings

SECRET_VARIABLE = "SIMULATOR_KEY_SECRET"  # noqa: S105 - the name of a variable


def main() -> int:
    """Run until told to end; returns the exit code."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    arguments = _parser().parse_args()
    try:
        asyncio.run(_run(_settings(arguments), arguments.endpoints))
    except ValidationError as error:
        problem = error.errors()[0]
        sys.stderr.write(f"simulator: {'.'.join(map(str, problem['loc']))}: {problem['msg']}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"simulator: {error.strerror or error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description=f"A local Sinch on 127.0.0.1. The key secret comes from {SECRET_VARIABLE} "
        f"(default {LOCAL_KEY_SECRET}). Ports of 0 are free ones.",
    )
    parser.add_argument(
        "--day", type=float, default=86400, metavar="SECONDS", help="real seconds that one virtual day takes"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed gives the same run")
    for name in ("imported", "oauth", "control", "smtp"):
        parser.add_argument(f"--{name}-port", type=int, default=0, metavar="P")
    parser.add_argument("--project", default=LOCAL_PROJECT_ID, metavar="ID", help="default %(default)s")
    parser.add_argument("--key-id", default=LOCAL_KEY_ID, metavar="K", help="default %(default)s")
    parser.add_argument("--endpoints", type=Path, metavar="FILE", help="write the URLs to this file too")
    return parser


def _settings(arguments: argparse.Namespace) -> SimulatorSettings:
    return SimulatorSettings(
        seconds_per_day=arguments.day,
        seed=arguments.seed,
        imported_port=arguments.imported_port,
        oauth_port=arguments.oauth_port,
        control_port=arguments.control_port,
        smtp_port=arguments.smtp_port,
        project_id=arguments.project,
        key_id=arguments.key_id,
        key_secret=SecretStr(os.environ.get(SECRET_VARIABLE, LOCAL_KEY_SECRET)),
    )


async def _run(settings: SimulatorSettings, endpoints_file: Path | None) -> None:
    told_to_end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for ending in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(ending, told_to_end.set)
    async with running(settings) as simulator:
        _announce(simulator.endpoints, endpoints_file)
        await told_to_end.wait()


def _announce(endpoints: Endpoints, endpoints_file: Path | None) -> None:
    line = endpoints.model_dump_json() + "\n"
    if endpoints_file is not None:
        unfinished = endpoints_file.with_name(f"{endpoints_file.name}.{os.getpid()}.unfinished")
        unfinished.write_text(line)
        unfinished.replace(endpoints_file)
    sys.stdout.write(line)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
