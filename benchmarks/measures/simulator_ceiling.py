"""What the simulated Sinch itself can bear: no figure of a batch can be better."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.baselines.sinch_calls import NUMBERS_A_REQUEST, SinchCalls, sinch_calls
from benchmarks.batch_files import phone_numbers
from benchmarks.http_load import get, send_all, sink
from benchmarks.measure import BenchmarkFailed, Measure, told
from benchmarks.processes import cpu_seconds
from benchmarks.scale import Scale
from benchmarks.sinch import SinchKey, SinchPorts, busy_sinch, new_ports
from benchmarks.waiting import until
from onboarding.chunks import in_chunks

_REQUESTS, _CONNECTIONS = 5_000, 16
_EVENTS_A_NUMBER = 4
_PATIENCE = 600.0
_DAY_SECONDS = 0.02
"""So short that only the sending of callbacks takes time."""


async def measure(scale: Scale) -> AsyncIterator[Measure]:
    """Requests from a bare client, callbacks to a bare server."""
    numbers = phone_numbers(scale.compared)
    ports, key = new_ports(), SinchKey()
    with TemporaryDirectory(prefix="onboard-bench-") as folder:
        async with busy_sinch(Path(folder), ports, key, _DAY_SECONDS) as simulator, sinch_calls(ports, key) as sinch:
            process_id = simulator.process_id or 0
            at_first = cpu_seconds(process_id)
            callbacks = await _callbacks_a_second(sinch, numbers)
            after_callbacks = cpu_seconds(process_id)
            requests = await _requests_a_second(ports, key, numbers[0])
            after_requests = cpu_seconds(process_id)
    count = len(numbers) * _EVENTS_A_NUMBER
    a_callback, a_request = (after_callbacks - at_first) / count, (after_requests - after_callbacks) / _REQUESTS
    yield told(
        "the simulator's ceiling: API requests",
        requests,
        "requests/s",
        f"GET of a qualified number by a bare client, {a_request * 1e6:.0f} µs of processor time each",
    )
    yield told(
        "the simulator's ceiling: callbacks",
        callbacks,
        "callbacks/s",
        f"{count:,} to a bare server, {a_callback * 1e6:.0f} µs of processor time each with all that leads to them",
    )
    yield told("the simulator's ceiling: numbers", callbacks / _EVENTS_A_NUMBER, "numbers/s", "four callbacks a number")


async def _callbacks_a_second(sinch: SinchCalls, numbers: tuple[str, ...]) -> float:
    arrivals: list[float] = []
    async with sink(lambda _: arrivals.append(time.monotonic())) as url:
        for group in in_chunks(numbers, NUMBERS_A_REQUEST):
            await sinch.order(group, url)

        async def all_came() -> bool:
            return len(arrivals) >= len(numbers) * _EVENTS_A_NUMBER

        await until(all_came, "all callbacks come", every=0.05, within=_PATIENCE)
    return (len(arrivals) - 1) / (arrivals[-1] - arrivals[0])


async def _requests_a_second(ports: SinchPorts, key: SinchKey, number: str) -> float:
    async with sinch_calls(ports, key) as sinch:
        await sinch.qualify([number])
    path = f"/v1/projects/{key.project_id}/qualifiedNumbers/{number}"
    load = await send_all(ports.imported, [get(path, key.headers)] * _REQUESTS, _CONNECTIONS)
    if load.statuses != {200: _REQUESTS}:
        raise BenchmarkFailed(f"the simulator answered {load.statuses}")
    return load.a_second
