"""Worker versioning: workflows are pinned to the version they began on, and move only on purpose."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.enums.v1 import PendingActivityState
from temporalio.client import WorkflowHandle

from onboarding.batch import Batch
from onboarding.calls.invoices import SEND_INVOICES
from onboarding.contracts.group import STILL_THERE_SIGNAL
from onboarding.ids import batch_workflow_id, group_workflow_id, hosting_order_workflow_id
from onboarding.pace import Pace
from onboarding.spans import Span
from onboarding.stages import Stage, Verification
from tests.worker.versioned_workers import DEPLOYMENT, Server, versioned_server
from tests.worker.worker_process import settings, worker_process
from tests.workflows.outside_world import OutsideWorld
from tests.workflows.staging import Scene, a_batch, fresh_numbers

GROUPS = 2
EVENTS_A_RUN = 20
"""So few that batches, groups and orders all go on as new runs."""
PACE = Pace(poll_first=Span("1s"), poll_longest=Span("1s"), wave=Span("1s"))


@pytest.fixture
async def server(temporal_cli: str) -> AsyncIterator[Server]:
    async with versioned_server(temporal_cli) as server:
        yield server


def quick_world() -> OutsideWorld:
    """Everything that takes days in life is over at once."""
    world = OutsideWorld()
    world.qualification, world.desk = ((0, "ELIGIBLE"),), ((0, "VERIFIED"),)
    world.orders_go = ((0, "SUBMITTED"), (1 / 3600, "COMPLETED"))
    return world


def named(batch: str) -> Batch:
    return a_batch(id=batch, verification=Verification.INVOICES, pace=PACE)


async def begun(server: Server, world: OutsideWorld, batch: str, groups: int = GROUPS) -> WorkflowHandle[Any, Any]:
    """A batch of groups of one number, one group after the other."""
    slices = [fresh_numbers(1) for _ in range(groups)]
    return await Scene(server.environment, world, server.environment.client).start_batch(
        slices, named(batch), window=1, events_a_run=EVENTS_A_RUN
    )


def below(batch: str, groups: int = GROUPS) -> list[str]:
    """The ids of a batch's workflows."""
    sequences = range(1, groups + 1)
    return [
        batch_workflow_id(batch),
        *(group_workflow_id(batch, i) for i in sequences),
        *(hosting_order_workflow_id(batch, i, 1) for i in sequences),
    ]


async def assert_all_done(batch: WorkflowHandle[Any, Any], groups: int = GROUPS) -> None:
    assert (await batch.result()).stages == {Stage.DONE: groups}


async def test_workflows_stay_with_the_version_they_began_on_and_new_ones_begin_on_the_current_one(
    server: Server,
) -> None:
    first, second = quick_world(), quick_world()
    async with server.working("1", first), server.working("2", second):
        await server.make_current("1")
        held = first.hold(SEND_INVOICES)
        old = await begun(server, first, "old")
        await held.begun.wait()
        await server.make_current("2")
        await assert_all_done(await begun(server, second, "new", groups=1), groups=1)
        held.release.set()
        await assert_all_done(old)

    versions = await server.versions_of(below("old"))
    assert len(versions[old.id]) > 1
    assert {build_id for runs in versions.values() for build_id in runs} == {"1"}
    assert {build_id for runs in (await server.versions_of(below("new", groups=1))).values() for build_id in runs} == {
        "2"
    }
    assert {recorded.workflow_id.split(":")[1] for recorded in first.recorded} == {"old"}
    assert {recorded.workflow_id.split(":")[1] for recorded in second.recorded} == {"new"}


async def test_a_workflow_waits_for_workers_of_its_version_and_goes_on_when_they_are_back(server: Server) -> None:
    first, second = quick_world(), quick_world()
    async with server.working("1", first):
        await server.make_current("1")
        held = first.hold(SEND_INVOICES)
        old = await begun(server, first, "waits", groups=1)
        await held.begun.wait()
    group = server.client.get_workflow_handle(group_workflow_id("waits", 1))
    await group.signal(STILL_THERE_SIGNAL)
    async with server.working("2", second):
        await server.make_current("2")
        await assert_all_done(await begun(server, second, "new", groups=1), groups=1)

        described = (await group.describe()).raw_description
        [activity] = described.pending_activities
        assert described.workflow_execution_info.versioning_info.deployment_version.build_id == "1"
        assert described.HasField("pending_workflow_task")
        assert activity.state == PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED
        assert activity.last_failure.application_failure_info.type == "WorkerShutdown"
        assert {recorded.workflow_id.split(":")[1] for recorded in second.recorded} == {"new"}

        async with server.working("1", first):
            await assert_all_done(old, groups=1)


async def test_waiting_workflows_are_moved_to_another_version_with_all_that_follows(server: Server) -> None:
    world = quick_world()
    async with server.working("1", world):
        await server.make_current("1")
        held = world.hold(SEND_INVOICES)
        old = await begun(server, world, "moved")
        await held.begun.wait()
    async with server.working("2", world):
        await server.make_current("2")
        await server.temporal(
            "temporal workflow update-options --yes --versioning-override-behavior pinned "
            f"--versioning-override-deployment-name {DEPLOYMENT} --versioning-override-build-id 2 "
            f"""--query "TemporalWorkerDeploymentVersion='{DEPLOYMENT}:1' AND ExecutionStatus='Running'" """
        )
        await assert_all_done(old)

    versions = await server.versions_of(below("moved"))
    assert len(versions[old.id]) > 1
    assert {runs[-1] for runs in versions.values()} == {"2"}


async def test_the_first_version_takes_over_what_began_without_versions(server: Server) -> None:
    world = quick_world()
    async with server.working(None, world):
        held = world.hold(SEND_INVOICES)
        old = await begun(server, world, "unversioned")
        await held.begun.wait()
    async with server.working("1", world):
        await server.make_current("1")
        await assert_all_done(old)

    versions = await server.versions_of(below("unversioned"))
    assert {runs[-1] for runs in versions.values()} == {"1"}


async def test_a_worker_says_how_its_version_becomes_the_current_one_and_whether_it_is(
    server: Server, tmp_path: Path
) -> None:
    told = settings(tmp_path, TEMPORAL_ADDRESS=server.address, ONBOARD_WORKER_DEPLOYMENT=DEPLOYMENT)
    async with worker_process(told) as worker:
        warning = await worker.says("no version is the current one")
        await worker.says("working")
        [command] = re.findall(r"temporal worker deployment set-current-version.*--build-id [\w.]+", warning)
        await server.temporal(f"{command} --yes")
        assert await worker.stopped() == 0
    async with worker_process(told) as worker:
        await worker.says("this version is the current one")
    async with worker_process({**told, "ONBOARD_WORKER_BUILD_ID": "next"}) as worker:
        assert "--build-id next" in await worker.says("another version is the current one")
