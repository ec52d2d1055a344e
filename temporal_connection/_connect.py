"""Connecting, by the variables and profiles the `temporal` CLI uses."""

import re
from functools import cache

from temporalio.client import Client
from temporalio.envconfig import ClientConfig, ClientConnectConfig
from temporalio.runtime import Runtime, TelemetryConfig

from temporal_connection._converter import data_converter

DEFAULT_TARGET = "localhost:7233"

_SOURCE_LINE = re.compile(r" *\d* *\|")


class InvalidConnection(ValueError):
    """The variables or the profile that describe the connection are wrong; trying again does not help."""


async def connect(*, lazy: bool = False, runtime: Runtime | None = None, identity: str | None = None) -> Client:
    """A client for the configured server and namespace.

    With `lazy` nothing is sent until the first call, so a process can start before Temporal does. Raises
    RuntimeError where the server cannot be reached (not when lazy), InvalidConnection where the settings are wrong.
    Without a `runtime` the SDK's core logs nothing: left to itself it writes to stdout, which is for data.
    """
    config = _config()
    config.setdefault("target_host", DEFAULT_TARGET)
    return await Client.connect(
        **config, data_converter=data_converter(), lazy=lazy, runtime=runtime or _silent_runtime(), identity=identity
    )


@cache
def _silent_runtime() -> Runtime:
    return Runtime(telemetry=TelemetryConfig(logging=None))


def described_target() -> str:
    """`address / namespace` for messages and logs."""
    config = _config()
    return f"{config.get('target_host', DEFAULT_TARGET)} / {config.get('namespace', 'default')}"


def _config() -> ClientConnectConfig:
    try:
        return ClientConfig.load_client_connect_config()
    except (RuntimeError, OSError) as error:
        raise InvalidConnection(
            f"the Temporal connection (TEMPORAL_*, temporal.toml) is set up wrong: {_without_source_lines(str(error))}"
        ) from None


def _without_source_lines(message: str) -> str:
    """A TOML error quotes the line it is about, which may hold the API key."""
    return " ".join(line for line in message.splitlines() if not _SOURCE_LINE.match(line))
