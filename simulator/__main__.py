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

from simulator.legacy_settings import LOCAL_PASSWORD, LegacyAccount, LegacySettings
from simulator.running import Endpoints, running
from simulator.settings import (
    HOUR,
    LOCAL_KEY_ID,
    LOCAL_KEY_SECRET,
    LOCAL_PROJECT_ID,
    Durations,
    ProjectSettings,
    SimulatorSettings,
)

SECRET_VARIABLE = "SIMULATOR_KEY_SECRET"  # noqa: S105 - the name of a variable
LEGACY_PASSWORD_VARIABLE = "SIMULATOR_LEGACY_PASSWORD"  # noqa: S105 - the name of a variable


def main() -> int:
    """Run until told to end; returns the exit code."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    arguments = _parser().parse_args()
    try:
        asyncio.run(_run(_settings(arguments), arguments.endpoints))
    except ValidationError as error:
        sys.stderr.write(f"simulator: {_first_problem(error)}\n")
        return 2
    except OSError as error:
        sys.stderr.write(f"simulator: {error.strerror or error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulator",
        description=f"A local Sinch on 127.0.0.1. The key secret comes from {SECRET_VARIABLE} "
        f"(default {LOCAL_KEY_SECRET}), the password of the legacy account from {LEGACY_PASSWORD_VARIABLE} "
        f"(default {LOCAL_PASSWORD}). Ports of 0 are free ones.",
    )
    parser.add_argument(
        "--day", type=float, default=86400, metavar="SECONDS", help="real seconds that one virtual day takes"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed gives the same run")
    parser.add_argument(
        "--voice-code-hours",
        type=float,
        default=24,
        metavar="H",
        help="virtual hours that a code spoken on a phone is good for",
    )
    parser.add_argument(
        "--callback-pauses-hours",
        type=float,
        nargs="+",
        default=(5 / 60, 1),
        metavar="H",
        help="virtual hours from each failed try of a callback to the next",
    )
    for name in ("imported", "numbers", "oauth", "legacy", "control", "smtp"):
        parser.add_argument(f"--{name}-port", type=int, default=0, metavar="P")
    parser.add_argument(
        "--project",
        action="append",
        type=_project,
        default=[],
        metavar="ID",
        help=f"the id of the project (default {LOCAL_PROJECT_ID}); "
        "as ID:KEY_ID:SECRET_ENVIRONMENT_VARIABLE, and as often as you like, a further project with its own key",
    )
    parser.add_argument("--key-id", default=LOCAL_KEY_ID, metavar="K", help="default %(default)s")
    parser.add_argument("--endpoints", type=Path, metavar="FILE", help="write the URLs to this file too")
    return parser


def _project(value: str) -> str | ProjectSettings:
    """The id of the one project, or a further project whose secret stands in an environment variable."""
    if ":" not in value:
        return value
    if value.count(":") != 2:
        raise argparse.ArgumentTypeError(f"'{value}' is neither ID nor ID:KEY_ID:SECRET_ENVIRONMENT_VARIABLE")
    project_id, key_id, variable = value.split(":")
    secret = os.environ.get(variable, "")
    if not secret:
        raise argparse.ArgumentTypeError(f"'{value}': the environment variable {variable} is not set")
    try:
        return ProjectSettings(project_id=project_id, key_id=key_id, key_secret=SecretStr(secret))
    except ValidationError as error:
        raise argparse.ArgumentTypeError(f"'{value}': {_first_problem(error)}") from None


def _settings(arguments: argparse.Namespace) -> SimulatorSettings:
    own_ids = [given for given in arguments.project if isinstance(given, str)]
    return SimulatorSettings(
        seconds_per_day=arguments.day,
        seed=arguments.seed,
        durations=Durations(
            voice_code_validity=arguments.voice_code_hours * HOUR,
            callback_retry_pauses=tuple(hours * HOUR for hours in arguments.callback_pauses_hours),
        ),
        imported_port=arguments.imported_port,
        numbers_port=arguments.numbers_port,
        oauth_port=arguments.oauth_port,
        legacy_port=arguments.legacy_port,
        control_port=arguments.control_port,
        smtp_port=arguments.smtp_port,
        project_id=own_ids[-1] if own_ids else LOCAL_PROJECT_ID,
        key_id=arguments.key_id,
        key_secret=SecretStr(os.environ.get(SECRET_VARIABLE, LOCAL_KEY_SECRET)),
        legacy=LegacySettings(accounts=(_legacy_account(),)),
        further_projects=tuple(given for given in arguments.project if isinstance(given, ProjectSettings)),
    )


def _legacy_account() -> LegacyAccount:
    return LegacyAccount(password=SecretStr(os.environ.get(LEGACY_PASSWORD_VARIABLE, LOCAL_PASSWORD)))


def _first_problem(error: ValidationError) -> str:
    problem = error.errors()[0]
    return ": ".join([".".join(map(str, problem["loc"])), problem["msg"]]).removeprefix(": ")


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
