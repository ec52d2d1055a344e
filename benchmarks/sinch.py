"""The busy simulated Sinch (`benchmarks.busy_sinch`) as a process: in place of a stack's own, or alone."""

import json
import sys
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import httpx

from onboarding.model import Model
from scripts.ports import LOOPBACK, free_ports
from simulator.settings import LOCAL_KEY_ID, LOCAL_KEY_SECRET, LOCAL_PROJECT_ID
from starter.stack.component import Component

CALLBACK_CONNECTIONS = 2_000
"""On which callbacks are sent. The receiver answers one up to a second after it came, when its signal has been taken:
so many callbacks a second are possible at most."""
_CALLBACK_TIMEOUT = 30.0


class SinchPorts(Model):
    """Where the simulator listens on the loopback address."""

    imported: int
    oauth: int
    control: int
    smtp: int

    @property
    def control_url(self) -> str:
        """The control API."""
        return f"http://{LOOPBACK}:{self.control}"

    @property
    def imported_url(self) -> str:
        """The API host."""
        return f"http://{LOOPBACK}:{self.imported}"


class SinchKey(Model):
    """The one project and its access key."""

    project_id: str = LOCAL_PROJECT_ID
    key_id: str = LOCAL_KEY_ID
    key_secret: str = LOCAL_KEY_SECRET

    @property
    def headers(self) -> dict[str, str]:
        """Basic authentication, for clients that know nothing of it."""
        return {"Authorization": f"Basic {b64encode(f'{self.key_id}:{self.key_secret}'.encode()).decode()}"}


def new_ports() -> SinchPorts:
    """Ports nobody uses at the moment."""
    imported, oauth, control, smtp = free_ports(4)
    return SinchPorts(imported=imported, oauth=oauth, control=control, smtp=smtp)


@asynccontextmanager
async def busy_sinch(folder: Path, ports: SinchPorts, key: SinchKey, day_seconds: float) -> AsyncIterator[Component]:
    """The running process; its files go to the folder. Raises Stop when it does not come up."""
    settings = folder / "sinch.json"
    settings.write_text(json.dumps(_settings(ports, key, day_seconds)))
    command = [sys.executable, "-m", "benchmarks.busy_sinch", str(settings)]
    simulator = Component("simulator", command, {}, folder / "sinch.log")
    await simulator.start()
    try:
        async with httpx.AsyncClient(timeout=5.0) as http:
            await simulator.ready(partial(answers, http, f"{ports.control_url}/healthz"))
        yield simulator
    finally:
        await simulator.stop()


def _settings(ports: SinchPorts, key: SinchKey, day_seconds: float) -> dict[str, object]:
    return {
        **key.model_dump(),
        **{f"{name}_port": port for name, port in ports},
        "seconds_per_day": day_seconds,
        "callback_connections": CALLBACK_CONNECTIONS,
        "callback_timeout": _CALLBACK_TIMEOUT,
    }


async def answers(http: httpx.AsyncClient, url: str) -> bool:
    """Whether a process serves."""
    try:
        return (await http.get(url)).is_success
    except httpx.HTTPError:
        return False
