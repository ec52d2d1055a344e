"""A whole stack to measure on, and what can be read off it: API requests, callbacks, processor time."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import httpx
from temporalio.client import Client

from benchmarks.measure import BenchmarkFailed
from benchmarks.processes import cpu_seconds
from benchmarks.sinch import SinchKey, SinchPorts, busy_sinch
from onboarding.model import Model
from onboarding.task_queues import DEFAULT_PROFILE
from processes.sinch_profiles import sinch_profile
from starter.api.callbacks import replace_secret
from starter.stack import Endpoints, Stack, StackSettings, running_stack
from starter.stack.component import Component
from temporal_connection import data_converter

DAY_SECONDS = 0.5
"""Sinch and its people take about six virtual days for a batch: three seconds in which a single group waits."""

_CALLS_SETTLE_SECONDS = 0.2
"""The SDK's threads may crash an interpreter that ends within 0.1 s of the last call."""


class Counters(Model):
    """Everything that has been counted since the stack was started."""

    api_calls: dict[str, int]
    """Operation -> requests that the simulated Sinch answered."""
    callbacks_taken: int
    """Callbacks that an open workflow has got."""
    callbacks_stale: int
    """Callbacks that came when their workflow had ended; Sinch gets 200 for them too."""
    signals: int
    cpu_seconds: dict[str, float]
    """Process -> seconds of processor time."""

    @property
    def callbacks(self) -> int:
        """Callbacks answered with 200."""
        return self.callbacks_taken + self.callbacks_stale

    def since(self, before: "Counters") -> "Counters":
        """What has been added since `before`."""
        return Counters(
            api_calls={name: calls - before.api_calls.get(name, 0) for name, calls in self.api_calls.items()},
            callbacks_taken=self.callbacks_taken - before.callbacks_taken,
            callbacks_stale=self.callbacks_stale - before.callbacks_stale,
            signals=self.signals - before.signals,
            cpu_seconds={name: spent - before.cpu_seconds.get(name, 0.0) for name, spent in self.cpu_seconds.items()},
        )


@dataclass(frozen=True)
class Site:
    """The running stack; `folder` is for files of the run."""

    folder: Path
    stack: Stack
    simulator: Component
    sinch_ports: SinchPorts
    sinch_key: SinchKey
    client: Client
    http: httpx.AsyncClient

    @property
    def components(self) -> Mapping[str, Component]:
        """The processes by name, with the simulator that is really used."""
        return {**self.stack.components, "simulator": self.simulator}

    async def counters(self) -> Counters:
        """What has been counted so far."""
        answer = await self.http.get(f"{self.stack.endpoints.simulator_control}/_sim/requests")
        requests: Mapping[str, Mapping[str, int]] = answer.raise_for_status().json()
        metrics = (await self.http.get(f"{self.stack.endpoints.receiver}/metrics")).raise_for_status().text
        parts = self.components.items()
        return Counters(
            api_calls={operation: sum(ends.values()) for operation, ends in requests.items() if operation != "token"},
            callbacks_taken=metric(metrics, 'onboard_callbacks_total{outcome="taken"}'),
            callbacks_stale=metric(metrics, 'onboard_callbacks_total{outcome="stale"}'),
            signals=metric(metrics, "onboard_callback_events_per_signal_count"),
            cpu_seconds={name: cpu_seconds(part.process_id) for name, part in parts if part.process_id},
        )


def metric(text: str, name: str) -> int:
    """A counter in the Prometheus text format. Raises BenchmarkFailed where it is not there."""
    for line in text.splitlines():
        if line.startswith(f"{name} "):
            return int(float(line.removeprefix(f"{name} ")))
    raise BenchmarkFailed(f"the receiver has no metric {name}")


@asynccontextmanager
async def running_site(day_seconds: float = DAY_SECONDS) -> AsyncIterator[Site]:
    """A fresh stack: Temporal's dev server on a file, receiver, one worker of all roles, and the busy simulated Sinch
    in the place of the stack's own."""
    with TemporaryDirectory(prefix="onboard-bench-") as name:
        folder = Path(name)
        async with (
            running_stack(StackSettings(folder=folder / "stack", day_seconds=day_seconds)) as stack,
            httpx.AsyncClient(timeout=60.0) as http,
        ):
            client = await Client.connect(stack.endpoints.temporal, data_converter=data_converter())
            with environment(stack.environment):
                await stack.components["simulator"].stop()
                ports, key = _sinch_ports(stack.endpoints), _sinch_key(stack.environment)
                async with busy_sinch(folder, ports, key, day_seconds) as simulator:
                    await replace_secret(sinch_profile(DEFAULT_PROFILE))
                    yield Site(folder, stack, simulator, ports, key, client, http)
            await asyncio.sleep(_CALLS_SETTLE_SECONDS)


def _sinch_ports(at: Endpoints) -> SinchPorts:
    return SinchPorts(
        imported=_port(at.sinch_imported),
        oauth=_port(at.sinch_oauth),
        control=_port(at.simulator_control),
        smtp=_port(f"//{at.smtp}"),
    )


def _sinch_key(values: Mapping[str, str]) -> SinchKey:
    return SinchKey(
        project_id=values["ONBOARD_SINCH_PROJECT_ID"],
        key_id=values["ONBOARD_SINCH_KEY_ID"],
        key_secret=values["ONBOARD_SINCH_KEY_SECRET"],
    )


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None  # noqa: S101 - every address of the stack has one
    return port


@contextmanager
def environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Our own environment with these variables, as the `onboard` command would have it."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
