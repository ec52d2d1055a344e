"""Worker versioning: which version of the product a worker runs, and whether that version takes new workflows.

With a deployment name set, every workflow is pinned: it stays with the version it began on, and workers of another
version never see it. docs/deployment.md says when that is wanted and how to deploy with it.
"""

from importlib.metadata import version

import structlog
from pydantic import Field
from temporalio.api.workflowservice.v1 import DescribeWorkerDeploymentRequest
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import WorkerDeploymentConfig

from processes.settings import Filled, Settings

log = structlog.stdlib.get_logger("worker")


class VersioningRefused(RuntimeError):
    """The server has no worker versioning for this namespace; the message says what to do."""


class DeploymentSettings(Settings):
    """Name and version under which a worker asks Temporal for work."""

    worker_deployment: str = Field(
        default="",
        pattern=r"^[A-Za-z0-9_-]*$",
        max_length=255,
        description="the name of the worker deployment (letters, digits, _ and -); empty = no worker versioning",
    )
    worker_build_id: Filled = Field(
        default_factory=lambda: version("number-onboarding"),
        description="the build id of this version, another one for every build that differs",
    )

    @property
    def worker_version(self) -> WorkerDeploymentVersion | None:
        """None = without worker versioning."""
        if not self.worker_deployment:
            return None
        return WorkerDeploymentVersion(self.worker_deployment, self.worker_build_id)


def deployment_config(settings: DeploymentSettings) -> WorkerDeploymentConfig | None:
    """What every worker of the process is told, whatever its task queue.

    The queues of Sinch and mail belong to the version too, so that workflows meet the activities they know.
    """
    if settings.worker_version is None:
        return None
    return WorkerDeploymentConfig(
        version=settings.worker_version,
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.PINNED,
    )


async def log_current_version(client: Client, settings: DeploymentSettings) -> None:
    """Log whether new workflows begin on this version, else the command that brings it about.

    Says nothing without worker versioning. Raises VersioningRefused.
    """
    own = settings.worker_version
    if own is None:
        return
    current = await _current_build_id(client, own.deployment_name)
    said = {"deployment": own.deployment_name, "build_id": own.build_id}
    if current == own.build_id:
        log.info("this version is the current one: new workflows begin on it", **said)
    elif current:
        log.info(
            "another version is the current one: this one goes on with the workflows that are pinned to it",
            current=current,
            to_change_that=_set_current(client, own),
            **said,
        )
    else:
        log.warning(
            "no version is the current one: no new workflow reaches a worker of this deployment",
            to_change_that=_set_current(client, own),
            **said,
        )


async def _current_build_id(client: Client, deployment: str) -> str:
    """Empty where there is none, as before the first worker of the deployment has asked for work."""
    try:
        described = await client.workflow_service.describe_worker_deployment(
            DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=deployment)
        )
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return ""
        raise VersioningRefused(
            f"ONBOARD_WORKER_DEPLOYMENT is {deployment!r}, but the server does not know worker deployments "
            f"({error.message}). They need Temporal server 1.29 or newer; unset the variable to work without them."
        ) from error
    return described.worker_deployment_info.routing_config.current_deployment_version.build_id


def _set_current(client: Client, wanted: WorkerDeploymentVersion) -> str:
    return (
        f"temporal worker deployment set-current-version --namespace {client.namespace} "
        f"--deployment-name {wanted.deployment_name} --build-id {wanted.build_id}"
    )
