"""The receiver alone on one core, callbacks from the other: how many a second, beside a handler that does nothing.

Temporal's dev server, which has to take the signals, runs on the core of the load. The workflows only count.
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

import httpx
from temporalio import workflow
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

with workflow.unsafe.imports_passed_through():
    from benchmarks.callback_load import callback_requests
    from benchmarks.http_load import Load, Request, send_all
    from benchmarks.measure import BenchmarkFailed, Measure, at_least, at_most, told
    from benchmarks.processes import cpu_seconds
    from benchmarks.scale import Scale
    from benchmarks.sinch import answers
    from benchmarks.site import Site, running_site
    from onboarding.callbacks import CALLBACK_SIGNAL, CallbackEvents
    from processes.callback_secrets import read_callback_secrets
    from processes.sinch_profiles import sinch_profile
    from scripts.ports import LOOPBACK, free_ports
    from starter.stack.component import Component

TIMES_BARE = 0.5
P99_SECONDS = 1.5
RECEIVER_MICROSECONDS = 250
"""400,000 callbacks in less than two minutes of one core."""
_WORKFLOWS = 200
_CONNECTIONS = 4_000
"""An event is answered up to a second after it came, when its signal has been taken, and holds a connection until
then: fewer connections than callbacks a second would measure the connections."""
_REQUESTS_A_CONNECTION = 4
_TASK_QUEUE = "callback-counters"
_RECEIVER_CORE, _LOAD_CORE = 0, 1

Counter = WorkflowHandle["CallbackCounter", None]


@workflow.defn
class CallbackCounter:
    """Counts the events it gets, until the stack goes down."""

    def __init__(self) -> None:
        self._events = 0

    @workflow.run
    async def run(self) -> None:
        """Wait."""
        await workflow.wait_condition(lambda: False)

    @workflow.signal(name=CALLBACK_SIGNAL)
    def callback_events(self, callbacks: CallbackEvents) -> None:
        """As the product's workflows take them."""
        self._events += len(callbacks.events)

    @workflow.query
    def events(self) -> int:
        """How many came."""
        return self._events


async def measure(scale: Scale) -> AsyncIterator[Measure]:
    """The product's receiver, the bare one and a peer that costs nothing, with the same requests."""
    ids = [f"callback-counter-{position}" for position in range(min(_WORKFLOWS, scale.callbacks))]
    async with running_site() as site:
        requests = _requests(site, scale.callbacks, ids)
        async with _counters(site.client, ids) as counters:
            before = await site.counters()
            durable = await _taken_by(site, site.components["receiver"], site.stack.endpoints.receiver, requests)
            signals = (await site.counters()).since(before).signals
            await _check(durable.load, counters)
        bare = await _taken_by_baseline(site, "bare_receiver", requests)
        ceiling = await _taken_by_baseline(site, "raw_sink", requests)
    note = (
        f"{len(requests):,} callbacks for {len(ids)} workflows on {_connections(requests)} connections, {signals:,} "
        f"signals; receiver on core {_RECEIVER_CORE}, load and Temporal on core {_LOAD_CORE}; "
        f"answers: {durable.load.statuses}"
    )
    yield told("callbacks taken per second, durable", durable.load.a_second, "callbacks/s", note)
    yield told("callbacks per second, bare handler", bare.load.a_second, "callbacks/s")
    yield told("callbacks per second, the load's own ceiling", ceiling.load.a_second, "callbacks/s")
    yield at_least("callbacks, durable against bare", durable.load.a_second / bare.load.a_second, "times", TIMES_BARE)
    yield at_most("callbacks, durable, 99 % answered within", durable.load.wait_of(0.99), "s", P99_SECONDS)
    yield at_most("processor time of the receiver per callback", durable.microseconds, "us", RECEIVER_MICROSECONDS)
    yield told("processor time of the bare handler per callback", bare.microseconds, "us")


@dataclass(frozen=True, slots=True)
class _Taken:
    """How a server took the load, and its processor time per request."""

    load: Load
    microseconds: float


async def _taken_by(site: Site, server: Component, url: str, requests: Sequence[Request]) -> _Taken:
    async with _on_their_cores(site, server):
        before = cpu_seconds(server.process_id or 0)
        load = await send_all(urlsplit(url).port or 0, requests, _connections(requests))
        spent = cpu_seconds(server.process_id or 0) - before
    return _Taken(load, spent / len(requests) * 1e6)


async def _taken_by_baseline(site: Site, name: str, requests: Sequence[Request]) -> _Taken:
    async with _baseline(site, name) as (server, url):
        return await _taken_by(site, server, url, requests)


def _connections(requests: Sequence[Request]) -> int:
    return min(_CONNECTIONS, len(requests) // _REQUESTS_A_CONNECTION)


def _requests(site: Site, count: int, ids: Sequence[str]) -> list[Request]:
    file = sinch_profile("default").callback_secrets_file
    assert file is not None  # noqa: S101 - the stack sets it
    return callback_requests(count, ids, site.stack.environment, read_callback_secrets(file)[0])


async def _check(load: Load, counters: Sequence[Counter]) -> None:
    """Every callback that was answered with 200 must be in a workflow. Raises BenchmarkFailed."""
    arrived = sum(await asyncio.gather(*(counter.query(CallbackCounter.events) for counter in counters)))
    if arrived < load.taken or not load.taken:
        raise BenchmarkFailed(
            f"{load.taken} callbacks were answered with 200, {arrived} came; answers: {load.statuses}"
        )


@asynccontextmanager
async def _on_their_cores(site: Site, receiver: Component) -> AsyncIterator[None]:
    """The receiver alone on one core, ourselves and Temporal on the other; the rest of the stack has nothing to do."""
    ours = os.sched_getaffinity(0)
    if not {_RECEIVER_CORE, _LOAD_CORE} <= ours:
        raise BenchmarkFailed(f"cores {_RECEIVER_CORE} and {_LOAD_CORE} are needed; there are {sorted(ours)}")
    for process_id, core in (
        (receiver.process_id, _RECEIVER_CORE),
        (site.components["temporal"].process_id, _LOAD_CORE),
        (os.getpid(), _LOAD_CORE),
    ):
        _pin(process_id or 0, {core})
    try:
        yield
    finally:
        _pin(os.getpid(), ours)


def _pin(process_id: int, cores: set[int]) -> None:
    for thread in os.listdir(f"/proc/{process_id}/task"):
        os.sched_setaffinity(int(thread), cores)


@asynccontextmanager
async def _counters(client: Client, ids: Sequence[str]) -> AsyncIterator[Sequence[Counter]]:
    """The workflows that the callbacks are for."""
    async with Worker(
        client, task_queue=_TASK_QUEUE, workflows=[CallbackCounter], workflow_runner=UnsandboxedWorkflowRunner()
    ):
        yield [await client.start_workflow(CallbackCounter.run, id=name, task_queue=_TASK_QUEUE) for name in ids]


@asynccontextmanager
async def _baseline(site: Site, name: str) -> AsyncIterator[tuple[Component, str]]:
    async with AsyncExitStack() as stack:
        port = free_ports(1)[0]
        url = f"http://{LOOPBACK}:{port}"
        command = [sys.executable, "-m", f"benchmarks.baselines.{name}", str(port)]
        server = Component(name, command, {}, site.folder / f"{name}.log")
        await server.start()
        stack.push_async_callback(server.stop)
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=5.0))
        await server.ready(partial(answers, http, f"{url}/readyz"))
        yield server, url
