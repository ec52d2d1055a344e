"""Workers of certain versions on one dev server, and what the server says about versions and workflows."""

import asyncio
import shlex
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from onboarding.task_queues import MAIL, SINCH, WORKFLOWS
from processes.worker_deployment import DeploymentSettings, deployment_config
from tests.temporal_server import temporal_server
from tests.workflows.outside_world import OutsideWorld
from workflows.registry import WORKFLOWS as WORKFLOW_TYPES
from workflows.registry import workflow_runner

DEPLOYMENT = "onboarding"
_PATIENCE_SECONDS = 60
_LOOK_EVERY_SECONDS = 0.1
_ONE_PARTITION = [
    argument
    for kind in ("Read", "Write")
    for argument in ("--dynamic-config-value", f"matching.numTaskqueue{kind}Partitions=1")
]
"""The partitions of a task queue hear one after the other which version is the current one."""


@dataclass(frozen=True)
class Server:
    """A dev server of a test's own, and the CLI it came with."""

    environment: WorkflowEnvironment
    cli: str

    @property
    def client(self) -> Client:
        return self.environment.client

    @property
    def address(self) -> str:
        return self.client.service_client.config.target_host

    @asynccontextmanager
    async def working(self, build_id: str | None, world: OutsideWorld) -> AsyncIterator[None]:
        """Workers of one version on all task queues; None = without worker versioning."""
        settings = DeploymentSettings()
        if build_id:
            settings = DeploymentSettings(worker_deployment=DEPLOYMENT, worker_build_id=build_id)
        async with AsyncExitStack() as stack:
            for task_queue in (WORKFLOWS, SINCH, MAIL):
                worker = Worker(
                    self.client,
                    task_queue=task_queue,
                    activities=world.activities(task_queue),
                    workflows=WORKFLOW_TYPES if task_queue == WORKFLOWS else (),
                    workflow_runner=workflow_runner(),
                    deployment_config=deployment_config(settings),
                )
                await stack.enter_async_context(worker)
            yield

    async def make_current(self, build_id: str) -> None:
        """New workflows begin on this version, once the server knows it."""
        request = SetWorkerDeploymentCurrentVersionRequest(
            namespace=self.client.namespace, deployment_name=DEPLOYMENT, build_id=build_id
        )
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                try:
                    await self.client.workflow_service.set_worker_deployment_current_version(request)
                except RPCError:
                    await asyncio.sleep(_LOOK_EVERY_SECONDS)
                else:
                    return

    async def temporal(self, command: str) -> str:
        """What a `temporal` command prints. Fails where the command does."""
        program, *arguments = shlex.split(command)
        assert program == "temporal"
        process = await asyncio.create_subprocess_exec(
            self.cli,
            *arguments,
            "--address",
            self.address,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said = (await process.communicate())[0].decode()
        assert process.returncode == 0, said
        return said

    async def versions_of(self, workflow_ids: Sequence[str]) -> dict[str, list[str]]:
        """Workflow id -> build ids of its runs, the first run first."""
        return {workflow_id: [await self._version(run) for run in await self._runs(workflow_id)]
                for workflow_id in workflow_ids}  # fmt: skip

    async def _runs(self, workflow_id: str) -> list[WorkflowHandle[Any, Any]]:
        runs = [self.client.get_workflow_handle(workflow_id)]
        while True:
            started = (await anext(runs[0].fetch_history_events())).workflow_execution_started_event_attributes
            if not started.continued_execution_run_id:
                return runs
            runs.insert(0, self.client.get_workflow_handle(workflow_id, run_id=started.continued_execution_run_id))

    async def _version(self, run: WorkflowHandle[Any, Any]) -> str:
        described = (await run.describe()).raw_description.workflow_execution_info.versioning_info
        return described.versioning_override.pinned.version.build_id or described.deployment_version.build_id


@asynccontextmanager
async def versioned_server(temporal_cli: str) -> AsyncIterator[Server]:
    """A server that knows no version yet."""
    async with temporal_server(temporal_cli, *_ONE_PARTITION) as environment:
        yield Server(environment, temporal_cli)
