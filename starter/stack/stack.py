"""Putting the stack together: ports, secrets, the order of starting, and what each process is told."""

import asyncio
import json
import secrets
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import httpx
from pydantic import Field

from onboarding.model import Model
from onboarding.task_queues import DEFAULT_PROFILE
from processes.profile_tables import variable
from processes.sinch_apis import SinchApi
from processes.sinch_profiles import PROFILE_KEYS, SinchProfile
from scripts.ports import LOOPBACK, free_ports
from scripts.temporal_binaries import temporal_cli
from starter.api.callbacks import replace_secret
from starter.exits import Exit, Stop
from starter.stack.component import Component
from temporal_connection import PayloadSettings

PORT_NAMES = (
    "temporal",
    "web_ui",
    "sinch_imported",
    "sinch_numbers",
    "sinch_oauth",
    "sinch_legacy",
    "receiver",
    "smtp",
    "simulator_control",
    "metrics",
    "codec_server",
)
PROJECT_ID = "11111111-2222-4333-8444-555555555555"
KEY_ID = "local-key-id"
LEGACY_ENDPOINT = "legacy@example.com"
CALLBACK_PAUSES_HOURS = (5 / 60, 1.0)
_IN_THE_ANSWER = {"worker": "temporal_num_pollers"}
"""A worker shows metrics before it has registered the search attributes; it is ready when it asks for work."""


class StackSettings(Model):
    """Where the stack keeps its files, how fast its simulated world turns, and ports that must be certain ones."""

    folder: Path
    day_seconds: float = 60.0
    """Real seconds of one simulated business day."""
    seed: int = 1
    voice_code_hours: float = 24.0
    """Simulated hours that a voice code is good for; where days take seconds, too few for anybody to type it."""
    callback_pauses_hours: tuple[float, ...] = CALLBACK_PAUSES_HOURS
    """Simulated hours between tries of a callback; where days take seconds, too few for a receiver to come back."""
    ports: dict[str, int] = Field(default_factory=dict)


class Endpoints(Model):
    """Addresses of the running stack."""

    temporal: str
    web_ui: str
    sinch_imported: str
    sinch_numbers: str
    sinch_oauth: str
    sinch_legacy: str
    receiver: str
    smtp: str
    simulator_control: str


class EncryptedEndpoints(Endpoints):
    """The same, of a stack that encrypts its payloads."""

    codec_server: str


class Stack:
    """The running stack. `components` are its processes by name, so that each can be stopped and started again."""

    def __init__(self, endpoints: Endpoints, environment: Mapping[str, str], components: Mapping[str, Component]):
        """Made by `running_stack`."""
        self.endpoints = endpoints
        self.environment = environment
        self.components = components

    async def any_ended(self) -> str:
        """Wait until one of the processes ends; its name."""
        names = {asyncio.create_task(part.ended()): name for name, part in self.components.items()}
        done, pending = await asyncio.wait(names, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        return names[done.pop()]


@asynccontextmanager
async def running_stack(settings: StackSettings) -> AsyncIterator[Stack]:
    """Start everything in order, stop it in reverse. Raises Stop when a part does not come up."""
    logs = settings.folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    ports = dict(zip(PORT_NAMES, free_ports(len(PORT_NAMES)), strict=True)) | settings.ports
    keys_file = PayloadSettings.read().payload_keys_file
    endpoints = _endpoints(ports, encrypted=keys_file is not None)
    environment = _environment(settings, endpoints, ports)
    commands = _commands(settings, ports)
    if keys_file is not None:
        environment |= _encryption(keys_file, endpoints, ports)
        commands["temporal"] += ["--ui-codec-endpoint", f"http://{LOOPBACK}:{ports['codec_server']}"]
        commands["codec_server"] = [sys.executable, "-m", "codec_server"]
    parts = {name: Component(name, command, environment, logs / f"{name}.log") for name, command in commands.items()}
    checks = {
        "temporal": f"{endpoints.web_ui}/api/v1/namespaces/default",
        "simulator": f"{endpoints.simulator_control}/healthz",
        "receiver": f"{endpoints.receiver}/readyz",
        "worker": f"http://{LOOPBACK}:{ports['metrics']}/metrics",
        "codec_server": f"http://{LOOPBACK}:{ports['codec_server']}/healthz",
    }
    try:
        async with httpx.AsyncClient(timeout=5.0) as http:
            for name, part in parts.items():
                await part.start()
                await part.ready(partial(_answers, http, checks[name], _IN_THE_ANSWER.get(name, "")))
                if name == "simulator":
                    await _set_callback_secrets(environment)
        (settings.folder / "endpoints.json").write_text(endpoints.model_dump_json(indent=1) + "\n")
        _write_environment(settings.folder / "environment", environment)
        yield Stack(endpoints, environment, parts)
    finally:
        for part in reversed(parts.values()):
            await part.stop()


def _endpoints(ports: Mapping[str, int], *, encrypted: bool) -> Endpoints:
    http = {name: f"http://{LOOPBACK}:{port}" for name, port in ports.items()}
    endpoints = Endpoints(
        temporal=f"{LOOPBACK}:{ports['temporal']}",
        web_ui=http["web_ui"],
        sinch_imported=http["sinch_imported"],
        sinch_numbers=http["sinch_numbers"],
        sinch_oauth=f"{http['sinch_oauth']}/oauth2/token",
        sinch_legacy=http["sinch_legacy"],
        receiver=http["receiver"],
        smtp=f"{LOOPBACK}:{ports['smtp']}",
        simulator_control=http["simulator_control"],
    )
    return EncryptedEndpoints(**dict(endpoints), codec_server=http["codec_server"]) if encrypted else endpoints


def _environment(settings: StackSettings, endpoints: Endpoints, ports: Mapping[str, int]) -> dict[str, str]:
    key_secret, legacy_password = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    return {
        "TEMPORAL_ADDRESS": endpoints.temporal,
        "TEMPORAL_NAMESPACE": "default",
        "SIMULATOR_KEY_SECRET": key_secret,
        "SIMULATOR_LEGACY_PASSWORD": legacy_password,
        "ONBOARD_WEB_UI": endpoints.web_ui,
        "ONBOARD_SINCH_PROJECT_ID": PROJECT_ID,
        "ONBOARD_SINCH_KEY_ID": KEY_ID,
        "ONBOARD_SINCH_KEY_SECRET": key_secret,
        "ONBOARD_SINCH_IMPORTED_URL": endpoints.sinch_imported,
        "ONBOARD_SINCH_NUMBERS_URL": endpoints.sinch_numbers,
        "ONBOARD_SINCH_TOKEN_URL": endpoints.sinch_oauth,
        "ONBOARD_SINCH_LEGACY_ENDPOINT": LEGACY_ENDPOINT,
        "ONBOARD_SINCH_LEGACY_PASSWORD": legacy_password,
        "ONBOARD_SINCH_LEGACY_USER_URL": endpoints.sinch_legacy,
        "ONBOARD_SINCH_LEGACY_CORE_URL": endpoints.sinch_legacy,
        "ONBOARD_SINCH_LEGACY_PORTAL_URL": endpoints.sinch_legacy,
        "ONBOARD_SINCH_CALLBACK_SECRETS_FILE": str((settings.folder / "callback_secrets").absolute()),
        "ONBOARD_SINCH_NUMBERS_CALLBACK_SECRETS_FILE": str((settings.folder / "numbers_callback_secrets").absolute()),
        "ONBOARD_SMTP_HOST": LOOPBACK,
        "ONBOARD_SMTP_PORT": str(ports["smtp"]),
        "ONBOARD_SMTP_TLS": "none",
        "ONBOARD_MAIL_FROM": "onboarding@example.com",
        "ONBOARD_DOCUMENT_STORE": str((settings.folder / "documents").absolute()),
        "ONBOARD_CALLBACK_PUBLIC_URL": endpoints.receiver,
        "ONBOARD_CALLBACK_TOKEN_KEY": secrets.token_urlsafe(32),
        "ONBOARD_RECEIVER_PORT": str(ports["receiver"]),
        "ONBOARD_METRICS_ADDRESS": f"{LOOPBACK}:{ports['metrics']}",
        "ONBOARD_GRACEFUL_STOP_SECONDS": "5",
        # A version of somebody's deployment would wait here for ever to be made the current one.
        "ONBOARD_WORKER_DEPLOYMENT": "",
    }


def _encryption(keys_file: Path, endpoints: Endpoints, ports: Mapping[str, int]) -> dict[str, str]:
    """What the processes are told where payloads are encrypted, with keys that are there already."""
    return {
        "ONBOARD_PAYLOAD_KEYS_FILE": str(keys_file.absolute()),
        "ONBOARD_CODEC_PORT": str(ports["codec_server"]),
        "ONBOARD_CODEC_TOKEN": secrets.token_urlsafe(32),
        "ONBOARD_CODEC_UI_ORIGIN": endpoints.web_ui,
    }


_CHEAP_COMMITS = ("--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL")
"""SQLite's own choice waits for the disk several times a commit and costs Temporal two thirds more processor time. What
is committed outlives the server's death either way; where a machine loses power, the last moments would be missing."""


def _commands(settings: StackSettings, ports: Mapping[str, int]) -> dict[str, list[str]]:
    python = sys.executable
    return {
        "temporal": [
            str(temporal_cli()), "server", "start-dev", "--ip", LOOPBACK, "--ui-ip", LOOPBACK,
            "--port", str(ports["temporal"]), "--ui-port", str(ports["web_ui"]),
            "--db-filename", str(settings.folder / "temporal.db"), *_CHEAP_COMMITS, "--log-level", "warn",
        ],
        "simulator": [
            python, "-m", "simulator", "--day", str(settings.day_seconds), "--seed", str(settings.seed),
            "--voice-code-hours", str(settings.voice_code_hours),
            "--callback-pauses-hours", *map(str, settings.callback_pauses_hours),
            "--project", PROJECT_ID, "--key-id", KEY_ID,
            "--imported-port", str(ports["sinch_imported"]), "--numbers-port", str(ports["sinch_numbers"]),
            "--oauth-port", str(ports["sinch_oauth"]),
            "--legacy-port", str(ports["sinch_legacy"]),
            "--control-port", str(ports["simulator_control"]), "--smtp-port", str(ports["smtp"]),
        ],
        "receiver": [python, "-m", "receiver"],
        "worker": [python, "-m", "worker"],
    }  # fmt: skip


async def _answers(http: httpx.AsyncClient, url: str, text: str) -> bool:
    try:
        answer = await http.get(url)
    except httpx.HTTPError:
        return False
    return answer.is_success and text in answer.text


async def _set_callback_secrets(environment: Mapping[str, str]) -> None:
    values = {key: environment[name] for key in PROFILE_KEYS if (name := variable(key)) in environment}
    profile = SinchProfile.model_validate({**values, "name": DEFAULT_PROFILE})
    for api in SinchApi:
        await replace_secret(profile, api)


def _write_environment(path: Path, environment: Mapping[str, str]) -> None:
    """Shell lines for another terminal; only we may read them, since they hold the stack's own secrets."""
    path.touch(mode=0o600)
    path.write_text("".join(f"export {name}={json.dumps(value)}\n" for name, value in environment.items()))


def read_ports(given: list[str]) -> dict[str, int]:
    """`NAME=PORT` as the command line has it. Raises Stop for an unknown name or a port that is no number."""
    ports: dict[str, int] = {}
    for text in given:
        name, _, number = text.partition("=")
        if name not in PORT_NAMES or not number.isdigit():
            raise Stop(f"--port {text}: write NAME=PORT with a NAME of {', '.join(PORT_NAMES)}", Exit.USAGE)
        ports[name] = int(number)
    return ports
