"""Work that cannot go on is found, told with its cause, and with what to do about it."""

from pathlib import Path

from pydantic import SecretStr
from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.qualification import Qualification
from activities.reviews import QualifiedNumberReader
from doctor.diagnosis import Cause, Diagnosis, Level
from doctor.failing_tasks import count_failing
from doctor.open_work import OpenWork, inspect
from doctor.profiles import Profiles
from doctor.stuck_work import diagnose_stuck_work
from onboarding.calls.qualification import ADD_NUMBERS, AddNumbers
from onboarding.contracts import group, hosting_order, verification
from onboarding.task_queues import sinch_queue
from processes.profile_tables import ProfileTable
from simulator.settings import LOCAL_KEY_ID, LOCAL_PROJECT_ID
from sinch_numbers import OAuth2ClientCredentials, SinchNumbers
from tests.activities.simulated_sinch import simulated_sinch
from tests.doctor.patients import Persistent, Wedged, begin
from tests.end_to_end.site import until

PROFILES = Profiles({"shops": ProfileTable("shops", {"project_id": "p"}, Path("profiles.toml"))})
WORKFLOWS_HERE = "doctor-test-workflows"


async def problems(client: Client, batch: str) -> list[Diagnosis]:
    """What holds up the work of this batch."""
    found = await diagnose_stuck_work(OpenWork(client, batch), PROFILES, at_most=100)
    return [diagnosis for diagnosis in found if diagnosis.level is Level.PROBLEM]


async def the_problem(client: Client, batch: str, like: str) -> Diagnosis:
    """The one thing that holds it up, once it says this."""
    found: list[Diagnosis] = []

    async def is_seen() -> bool:
        found[:] = await problems(client, batch)
        return any(like in diagnosis.message for diagnosis in found)

    await until(is_seen, f"{like!r} is found")
    assert len(found) == 1
    return found[0]


def working(client: Client) -> Worker:
    return Worker(
        client,
        task_queue=WORKFLOWS_HERE,
        workflows=[Wedged, Persistent],
        workflow_runner=UnsandboxedWorkflowRunner(),
    )


async def test_a_workflow_whose_task_fails_again_and_again_is_named_with_the_error(client: Client) -> None:
    batch = "wedged"
    async with working(client):
        for part in (1, 2):
            await begin(client, group.WORKFLOW, batch, part=part, task_queue=WORKFLOWS_HERE)
        found = await the_problem(client, batch, "; 1 more like it")
        stuck = await count_failing(OpenWork(client, batch))
    assert (found.subject[:-1], found.check, found.cause) == ("OnboardGroup:wedged:000", "workflow tasks", Cause.WORK)
    assert "its workflow task has been tried" in found.message
    assert "KeyError: 'no such stage'" in found.message
    assert found.next_step.startswith("deploy a worker that can go on with its history")
    assert stuck == 2


async def test_an_activity_that_fails_again_and_again_is_told_with_its_last_failure(client: Client) -> None:
    @activity.defn(name=ADD_NUMBERS.name)
    async def fail(request: AddNumbers) -> None:
        raise ApplicationError("the disk is full\nand more", type="DiskFull")

    queue = sinch_queue("full")
    async with working(client), Worker(client, task_queue=queue, activities=[fail]):
        await begin(client, hosting_order.WORKFLOW, "full", argument=queue, task_queue=WORKFLOWS_HERE)
        found = await the_problem(client, "full", "the disk is full")
    assert (found.subject, found.check) == ("HostingOrder:full:0001", "activities")
    assert f"{ADD_NUMBERS.name} failed " in found.message
    assert " times, last at " in found.message
    assert found.message.endswith("UTC: the disk is full")
    assert "temporal workflow describe --workflow-id HostingOrder:full:0001" in found.next_step


async def test_refused_credentials_are_told_at_once_with_where_they_are_set(client: Client) -> None:
    queue = sinch_queue("shops")
    async with simulated_sinch() as simulated:
        credentials = OAuth2ClientCredentials(
            LOCAL_KEY_ID, SecretStr("wrong"), token_url=simulated.endpoints.sinch_oauth
        )
        async with SinchNumbers(LOCAL_PROJECT_ID, credentials, base_url=simulated.endpoints.sinch_imported) as sinch:
            qualification = Qualification(sinch, QualifiedNumberReader(sinch))
            async with working(client), Worker(client, task_queue=queue, activities=[qualification.add_numbers]):
                await begin(client, hosting_order.WORKFLOW, "refused", argument=queue, task_queue=WORKFLOWS_HERE)
                found = await the_problem(client, "refused", "failed once")
    assert "401 invalid_client" in found.message
    assert found.next_step == (
        "set profiles.toml, [shops] key_id and profiles.toml, [shops] key_secret and start the workers again"
    )
    assert found.cause is Cause.CONFIGURATION


async def test_what_was_not_looked_at_is_said_and_challenges_come_last(client: Client) -> None:
    batch = "many"
    await begin(client, group.WORKFLOW, batch)
    for part in (1, 2):
        await begin(client, verification.WORKFLOW, batch, part=part)
    work = OpenWork(client, batch)
    await until(lambda: counts(work, 3), "all are listed")
    inspected = await inspect(work, at_most=1)
    found = await diagnose_stuck_work(work, PROFILES, at_most=1)
    assert [one.workflow_type for one in inspected.looked_at] == [group.WORKFLOW]
    assert [(diagnosis.level, diagnosis.message) for diagnosis in found] == [
        (Level.OK, "no task and no activity fails again and again; workflows looked at: 1"),
        (Level.WARNING, "2 further open workflows were not looked at"),
    ]


async def counts(work: OpenWork, expected: int) -> bool:
    return await work.count() == expected


async def test_work_that_goes_on_is_no_finding(client: Client) -> None:
    found = await diagnose_stuck_work(OpenWork(client, "no-such-batch"), PROFILES, at_most=100)
    assert [diagnosis.level for diagnosis in found] == [Level.OK]
