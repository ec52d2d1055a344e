"""Worker versioning on a server that knows nothing of it: the Java test server is one."""

import pytest
from temporalio.testing import WorkflowEnvironment

from processes.worker_deployment import DeploymentSettings, VersioningRefused, log_current_version


async def test_versions_are_refused_where_the_server_does_not_know_them(time_skipping: WorkflowEnvironment) -> None:
    with pytest.raises(VersioningRefused, match="unset the variable to work without them"):
        await log_current_version(time_skipping.client, DeploymentSettings(worker_deployment="onboarding"))


async def test_without_a_deployment_name_nothing_is_asked_of_the_server(time_skipping: WorkflowEnvironment) -> None:
    await log_current_version(time_skipping.client, DeploymentSettings())
