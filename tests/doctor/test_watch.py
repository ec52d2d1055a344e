"""The worker's metrics tell what waits, what is stuck and who works on it; an absence of Temporal is outlived."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta

import httpx
from structlog.testing import capture_logs
from temporalio.client import Client
from temporalio.runtime import Runtime
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from doctor.watch import watched
from onboarding.contracts import group, hosting_order
from onboarding.stages import WaitingOn
from onboarding.task_queues import WORKFLOWS
from processes.temporal_runtime import temporal_runtime
from scripts.ports import free_ports
from temporal_connection import data_converter
from tests.doctor.patients import Wedged, begin
from tests.end_to_end.site import until
from tests.temporal_server import temporal_server

_OFTEN = timedelta(seconds=0.2)


class Endpoint:
    """The Prometheus endpoint of a runtime of this test's own."""

    def __init__(self) -> None:
        """The runtime serves it until it is gone."""
        self._port = free_ports(1)[0]
        self.runtime: Runtime = temporal_runtime(f"127.0.0.1:{self._port}")

    async def value(self, name: str, **labels: str) -> float | None:
        """One sample, whatever further labels it has; None where there is none."""
        async with httpx.AsyncClient() as http:
            lines = (await http.get(f"http://127.0.0.1:{self._port}/metrics")).text.splitlines()
        wanted = [f'{label}="{value}"' for label, value in labels.items()]
        for line in lines:
            if line.startswith(f"{name}{{") and all(label in line for label in wanted):
                return float(line.rpartition(" ")[2])
        return None

    async def shows(self, expected: float, name: str, **labels: str) -> None:
        """Wait until it shows this."""

        async def is_shown() -> bool:
            return await self.value(name, **labels) == expected

        await until(is_shown, f"{name} {labels} is {expected:g}")


async def connected(port: int, runtime: Runtime) -> Client:
    return await Client.connect(f"127.0.0.1:{port}", data_converter=data_converter(), runtime=runtime)


async def test_waits_stuck_work_and_queues_are_shown_and_an_absent_temporal_is_outlived(
    temporal_cli: str,
) -> None:
    port, endpoint = free_ports(1)[0], Endpoint()
    async with AsyncExitStack() as watching:
        async with temporal_server(temporal_cli, port=port):
            client = await connected(port, endpoint.runtime)
            meter = endpoint.runtime.metric_meter
            await watching.enter_async_context(watched(client, meter, ("default", "retail"), every=_OFTEN))
            await begin(client, hosting_order.WORKFLOW, "metrics", waiting_on=WaitingOn.OPERATOR)
            await begin(client, group.WORKFLOW, "metrics", task_queue=WORKFLOWS)
            await endpoint.shows(1, "onboard_workflows_waiting", on="operator")
            await endpoint.shows(0, "onboard_workflows_waiting", on="carrier")
            await endpoint.shows(0, "onboard_task_queue_pollers", queue="sinch-api:retail", kind="activity")
            await endpoint.shows(1, "onboard_task_queue_backlog", queue=WORKFLOWS, kind="workflow")
            await endpoint.shows(0, "onboard_deadlines_passed")
            async with Worker(
                client, task_queue=WORKFLOWS, workflows=[Wedged], workflow_runner=UnsandboxedWorkflowRunner()
            ):
                await endpoint.shows(1, "onboard_task_queue_pollers", queue=WORKFLOWS, kind="workflow")
                await endpoint.shows(1, "onboard_workflows_stuck")
        with capture_logs() as said:
            await until(lambda: has_entries(said), "the absence is noticed")
        before = await endpoint.value("onboard_last_measured_timestamp_seconds")
        async with temporal_server(temporal_cli, port=port):
            await endpoint.shows(0, "onboard_workflows_waiting", on="operator")
            after = await endpoint.value("onboard_last_measured_timestamp_seconds")
            await watching.aclose()
    assert "could not be measured" in said[0]["event"]
    assert before is not None
    assert after is not None
    assert after > before


async def has_entries(log: Sequence[object]) -> bool:
    return bool(log)
