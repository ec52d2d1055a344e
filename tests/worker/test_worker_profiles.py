"""One worker process that serves the Sinch projects of two profiles, each on its own task queue."""

from datetime import timedelta
from pathlib import Path

from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from onboarding.calls.qualification import ADD_NUMBERS, AddNumbers
from onboarding.ids import batch_workflow_id
from onboarding.task_queues import sinch_queue
from simulator.settings import LOCAL_PROJECT_ID
from tests.starter.api.two_projects import KEY_SECRETS, RETAIL, two_projects
from tests.worker.worker_process import ended_worker, worker_process

TASK_QUEUE = "worker-profiles-test"
NUMBERS = {"default": "+12025550101", "retail": "+12025550102"}


@workflow.defn(name="AddOneNumber")
class AddOneNumber:
    """Adds a number to the project of a profile."""

    @workflow.run
    async def run(self, profile: str, phone_number: str) -> None:
        await workflow.execute_activity(
            ADD_NUMBERS.name,
            AddNumbers(phone_numbers=(phone_number,)),
            task_queue=sinch_queue(profile),
            schedule_to_close_timeout=timedelta(seconds=60),
        )


async def add_each_number(client: Client) -> None:
    async with Worker(
        client, task_queue=TASK_QUEUE, workflows=[AddOneNumber], workflow_runner=UnsandboxedWorkflowRunner()
    ):
        for profile, number in NUMBERS.items():
            await client.execute_workflow(
                "AddOneNumber", args=[profile, number], id=batch_workflow_id(profile), task_queue=TASK_QUEUE
            )


async def test_each_profile_s_queue_leads_to_its_own_project(tmp_path: Path, client: Client) -> None:
    async with two_projects(tmp_path) as projects:
        address = {"TEMPORAL_ADDRESS": client.service_client.config.target_host}
        async with worker_process(projects.environment | address, "--role", "sinch") as worker:
            await add_each_number(client)
            code = await worker.stopped()
        added = await projects.sinch.ledger("qualified_number_added")

    assert [(entry["project_id"], entry["subject"]) for entry in added] == [
        (LOCAL_PROJECT_ID, NUMBERS["default"]),
        (RETAIL.project_id, NUMBERS["retail"]),
    ]
    assert code == 0
    assert "sinch-api:retail" in worker.log
    assert not any(secret in worker.log for secret in KEY_SECRETS)


async def test_a_worker_with_a_wrong_profile_does_not_start(tmp_path: Path) -> None:
    async with two_projects(tmp_path) as projects:
        file = tmp_path / "profiles.toml"
        file.write_text(file.read_text().replace("key_id", "keyid"))
        ended = ended_worker(projects.environment, "--role", "sinch")
    assert ended.returncode == 4
    assert f"{file}, [retail] keyid: there is no such key. Did you mean key_id?" in ended.stderr
    assert not any(secret in ended.stderr for secret in KEY_SECRETS)
