"""Two projects at the simulated Sinch, one receiver: a secret is replaced in the middle of their events."""

from pathlib import Path

from processes.sinch_profiles import CallbackProfile
from simulator.settings import LOCAL_PROJECT_ID
from sinch_numbers import SinchNumbers
from tests.receiver.served_receiver import ServedReceiver, fresh_workflow_id, path_for, serving
from tests.starter.api.two_projects import RETAIL, TwoProjects, order, two_projects
from tests.starter.onboard_command import Onboard


async def ordered(receiver: ServedReceiver, sinch: SinchNumbers, *phone_numbers: str) -> str:
    """The workflow that gets the events of an order for these numbers."""
    workflow_id = fresh_workflow_id()
    await sinch.hosting_orders.text_enable(order(*phone_numbers, callback_url=receiver.url + path_for(workflow_id)))
    return workflow_id


def receiver_profiles(projects: TwoProjects) -> dict[str, CallbackProfile]:
    ids = {"default": LOCAL_PROJECT_ID, "retail": RETAIL.project_id}
    return {
        name: CallbackProfile(name=name, project_id=ids[name], callback_secrets_file=projects.secrets_file(name))
        for name in ids
    }


async def counted(receiver: ServedReceiver, outcome: str) -> float:
    return await receiver.metric(f'onboard_callbacks_total{{outcome="{outcome}"}}')


async def test_no_event_of_two_projects_is_lost_while_secrets_are_replaced(tmp_path: Path) -> None:
    async with (
        two_projects(tmp_path) as projects,
        serving(profiles=receiver_profiles(projects), callback_secrets="") as receiver,
    ):
        onboard = Onboard(tmp_path, projects.environment)
        for profile in ("default", "retail"):
            assert (await onboard("callbacks", "set-secret", "--yes", "--profile", profile)).code == 0
        workflow_ids = [
            await ordered(receiver, projects.sinch.client, f"+12025550{last}", f"+12125550{last}")
            for last in range(101, 110)
        ]
        other = await ordered(receiver, projects.retail, "+13035550103")

        async def delivered_after(hours: float) -> int:
            await projects.sinch.advance(hours=hours)
            return len(await projects.sinch.ledger("callback_delivered"))

        before = await delivered_after(8)
        await projects.sinch.fail("UpdateCallbackConfiguration", status=500)
        assert (await onboard("callbacks", "set-secret", "--yes")).code == 8
        between = await delivered_after(8)
        assert (await onboard("callbacks", "set-secret", "--yes")).code == 0
        after = await delivered_after(100)

        assert 0 < before < between < after
        assert await counted(receiver, "taken") == after
        assert await projects.sinch.ledger("callback_failed") == []
        assert {len(receiver.signals.events(workflow_id)) for workflow_id in workflow_ids} == {8}
        assert len(receiver.signals.events(other)) == 4


async def test_events_of_a_project_that_the_receiver_was_not_told_of_are_refused(tmp_path: Path) -> None:
    async with two_projects(tmp_path) as projects:
        only_default = {"default": receiver_profiles(projects)["default"]}
        async with serving(profiles=only_default, callback_secrets="") as receiver:
            onboard = Onboard(tmp_path, projects.environment)
            for profile in ("default", "retail"):
                assert (await onboard("callbacks", "set-secret", "--yes", "--profile", profile)).code == 0
            stranger = await ordered(receiver, projects.retail, "+12025550103")
            await projects.sinch.advance(hours=100)
            assert await counted(receiver, "unknown_project") > 0
            assert await counted(receiver, "taken") == 0
            assert receiver.signals.events(stranger) == []
