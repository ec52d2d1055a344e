"""The worker process: it runs workflows and activities until SIGTERM, then finishes what is in flight.

`python worker.py` takes all roles; `--role workflows`, `--role sinch`, `--role mail` take some, so that each can be
scaled alone. Settings come from the environment (docs/deployment.md).
"""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Annotated

import structlog
import typer
from pydantic import Field
from temporalio.client import Client
from temporalio.runtime import Runtime
from temporalio.worker import Worker

from activities.heartbeats import Heartbeats
from activities.registry import ACTIVITIES_BY_ROLE, Activities
from doctor.profiles import read_profiles
from doctor.watch import watched
from onboarding.search_attributes import TYPE_NAMES
from onboarding.task_queues import ROLES, WORKFLOWS, sinch_queue
from processes.garbage_collection import collect_rarely
from processes.logs import LogFormat, configure_logs
from processes.sinch_profiles import sinch_profiles
from processes.temporal_runtime import temporal_runtime
from processes.worker_deployment import DeploymentSettings, VersioningRefused, deployment_config, log_current_version
from temporal_connection import NotRegistered, connect, described_target, register_search_attributes
from workflows.registry import WORKFLOWS as WORKFLOW_TYPES
from workflows.registry import workflow_runner

_RECONNECT_SECONDS = 3.0

log = structlog.stdlib.get_logger("worker")


class WorkerSettings(DeploymentSettings):
    """Settings of the process itself; those of Sinch, mail and documents are in `activities.settings`."""

    log_format: LogFormat = Field(default="console", description="`console` for people, `json` for machines")
    log_mask_numbers: bool = Field(default=False, description="`true` to show phone numbers masked in logs")
    metrics_address: str = Field(default="", description="host:port for the Prometheus endpoint; empty = none")
    max_cached_workflows: int = Field(default=1000, ge=1, description="how many workflows stay in memory")
    graceful_stop_seconds: float = Field(
        default=40.0, ge=0, description="the seconds activities in flight may go on after SIGTERM"
    )


def main(
    role: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(ROLES)}; repeatable.")] = None,
) -> None:
    """Run workflows and activities until SIGTERM or SIGINT."""
    roles = role or list(ROLES)
    unknown = [name for name in roles if name not in ROLES]
    if unknown:
        raise typer.BadParameter(f"{unknown[0]!r} is no role; take {', '.join(ROLES)}", param_hint="--role")
    try:
        settings = WorkerSettings.read()
        configure_logs(settings.log_format, mask_numbers=settings.log_mask_numbers)
        collect_rarely()
        asyncio.run(serve(roles, settings))
    except (ValueError, NotRegistered, VersioningRefused) as error:
        sys.stderr.write(f"The worker cannot start. {error}\n")
        _leave(4)
    _leave(0)


async def serve(roles: list[str], settings: WorkerSettings) -> None:
    """Work in these roles until the process is told to stop. Raises when a worker fails for good."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        by_queue: dict[str, Activities] = {}
        for name in roles:
            by_queue |= await stack.enter_async_context(ACTIVITIES_BY_ROLE[name]())
        runtime = temporal_runtime(settings.metrics_address)
        client = await _connect(runtime, stop)
        if client is None:
            return
        await log_current_version(client, settings)
        added = await register_search_attributes(client, TYPE_NAMES)
        limits = _limits() if "sinch" in roles else {}
        workers = [
            _worker(client, queue, activities, settings, limits.get(queue)) for queue, activities in by_queue.items()
        ]
        for worker in workers:
            await stack.enter_async_context(worker)
        if settings.metrics_address and WORKFLOWS in by_queue:
            await stack.enter_async_context(watched(client, runtime.metric_meter, read_profiles().names))
        log.info(
            "working", roles=roles, task_queues=[*by_queue], temporal=described_target(), search_attributes_added=added
        )
        await stop.wait()
        log.info("stopping", seconds_at_most=settings.graceful_stop_seconds)
        await asyncio.gather(*(worker.shutdown() for worker in workers))
    log.info("stopped")


async def _connect(runtime: Runtime, stop: asyncio.Event) -> Client | None:
    """A worker may start before Temporal does."""
    while not stop.is_set():
        try:
            return await connect(runtime=runtime)
        except RuntimeError as error:
            log.warning("temporal cannot be reached yet", temporal=described_target(), error=str(error))
        try:
            await asyncio.wait_for(stop.wait(), _RECONNECT_SECONDS)
        except TimeoutError:
            continue
    return None


def _limits() -> Mapping[str, float | None]:
    """Task queue -> activities that all workers together may start there in a second."""
    return {sinch_queue(name): profile.activities_per_second for name, profile in sinch_profiles().items()}


def _worker(
    client: Client, queue: str, activities: Activities, settings: WorkerSettings, limit: float | None
) -> Worker:
    """`limit` is told to the server, which holds all workers of the queue to it: the one that was told last."""
    return Worker(
        client,
        task_queue=queue,
        activities=activities,
        workflows=WORKFLOW_TYPES if queue == WORKFLOWS else (),
        workflow_runner=workflow_runner(),
        max_task_queue_activities_per_second=limit,
        max_cached_workflows=settings.max_cached_workflows,
        interceptors=[Heartbeats()],
        deployment_config=deployment_config(settings),
        graceful_shutdown_timeout=timedelta(seconds=settings.graceful_stop_seconds),
    )


def _leave(code: int) -> None:
    """End at once: the SDK's threads can crash the interpreter while it finalizes, and all work is done."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    typer.run(main)
