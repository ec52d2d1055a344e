"""Bringing an installation up, complete with schema and namespace, and taking it down without a trace."""

import os
import secrets
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.ports import free_ports
from scripts.production_like import databases
from scripts.production_like.installation import Installation, run
from scripts.production_like.postgresql import PostgreSQL
from scripts.production_like.postgresql_programs import postgresql_programs
from scripts.production_like.server import Server
from scripts.steps import StepFailed
from scripts.temporal_binaries import temporal_cli, temporal_server

RETENTION = "720h"
_SECONDS_TO_SERVE = 60
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Running:
    """An installation that is up; its PostgreSQL can be stopped and started again."""

    installation: Installation
    postgresql: PostgreSQL


@contextmanager
def running_installation() -> Iterator[Running]:
    """PostgreSQL with Temporal's databases, until the context ends.

    Servers that were started on it end with their own starters, before that.

    Raises:
        StepFailed, BinaryUnavailable: a program is missing or does not work.
    """
    programs, server, cli = postgresql_programs(), temporal_server(), temporal_cli()
    with tempfile.TemporaryDirectory(prefix="number-onboarding-") as folder:
        # PostgreSQL may run as another user, who has to get to its own files in here.
        Path(folder).chmod(0o711)
        [port] = free_ports(1)
        installation = Installation(folder, str(programs), str(server), str(cli), port, secrets.token_hex(16))
        installation.save()
        postgresql = PostgreSQL(installation)
        postgresql.create()
        postgresql.start()
        try:
            databases.create(installation)
            _create_namespace(installation)
            _write_command(installation)
            yield Running(installation, postgresql)
        finally:
            postgresql.stop()


def _create_namespace(installation: Installation) -> None:
    """As docker-compose.yml does, through a server that runs for this alone."""
    [port] = free_ports(1)
    server = Server(installation, "first", port)
    environment = server.environment(databases.DEFAULT_STORE, databases.VISIBILITY_STORE)
    with (Path(installation.folder) / "first-server.log").open("wb") as log:
        process = subprocess.Popen(server.command, env={**os.environ, **environment}, stdout=log, stderr=log)
    with process:
        try:
            _wait_until_healthy(installation, server.address)
            create = ["operator", "namespace", "create", "--namespace", "default", "--retention", RETENTION]
            run([installation.temporal_cli, *create, "--address", server.address], {})
        finally:
            process.terminate()
    installation.sql(databases.DEFAULT_STORE, "TRUNCATE cluster_membership")


def _wait_until_healthy(installation: Installation, address: str) -> None:
    deadline = time.monotonic() + _SECONDS_TO_SERVE
    while True:
        try:
            run([installation.temporal_cli, "operator", "cluster", "health", "--address", address], {})
        except StepFailed:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def _write_command(installation: Installation) -> None:
    """A script, since tests clear the environment of what they start and change its directory."""
    command = [sys.executable, "-m", "scripts.production_like.command", installation.folder]
    installation.cli.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(_ROOT))} exec {shlex.join(command)} "$@"\n')
    installation.cli.chmod(0o755)
