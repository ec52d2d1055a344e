"""What the Web UI and the `temporal` CLI show of a batch: types, search attributes, current details."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from tests.end_to_end.conftest import WAITING_NUMBERS
from tests.end_to_end.site import Site

pytestmark = [pytest.mark.end_to_end, pytest.mark.usefixtures("waiting_batch")]


async def temporal(site: Site, cli: str, *arguments: str) -> str:
    """What the CLI prints; it takes the address from the environment file's variables."""
    process = await asyncio.create_subprocess_exec(
        cli,
        *arguments,
        "--address",
        site.stack.endpoints.temporal,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    stdout, stderr = await process.communicate()
    assert process.returncode == 0, stderr.decode()
    return stdout.decode()


async def listed(site: Site, cli: str, query: str) -> dict[str, Any]:
    found = json.loads(await temporal(site, cli, "workflow", "list", "--query", query, "--output", "json"))
    return {workflow["execution"]["workflowId"]: workflow for workflow in found}


async def test_the_list_shows_types_and_the_search_attributes(
    site: Site, temporal_cli: str, waiting_batch: str
) -> None:
    found = await listed(site, temporal_cli, f'OnboardingBatch="{waiting_batch}"')
    assert {workflow_id: workflow["type"]["name"] for workflow_id, workflow in found.items()} == {
        "OnboardBatch:waiting": "OnboardBatch",
        "OnboardGroup:waiting:0001": "OnboardGroup",
        "HostingOrder:waiting:0001:1": "HostingOrder",
        **{f"VerifyNumber:{number}": "VerifyNumber" for number in WAITING_NUMBERS},
    }
    order = found["HostingOrder:waiting:0001:1"]["searchAttributes"]["indexedFields"]
    assert {"OnboardingStage", "OnboardingWaitingOn", "OnboardingCustomer", "OnboardingHostingOrder"} <= set(order)


@pytest.mark.parametrize(
    ("condition", "workflow_ids"),
    [
        ('OnboardingWaitingOn="loa-signature"', {"HostingOrder:waiting:0001:1"}),
        ('OnboardingStage="AWAITING_LOA"', {"HostingOrder:waiting:0001:1"}),
        (
            'OnboardingWaitingOn="voice-code" AND ExecutionStatus="Running"',
            {"OnboardGroup:waiting:0001", *(f"VerifyNumber:{number}" for number in WAITING_NUMBERS[1:])},
        ),
        ('NumbersTotal=3 AND WorkflowType="OnboardBatch"', {"OnboardBatch:waiting"}),
    ],
)
async def test_workflows_can_be_found_by_stage_and_by_who_is_waited_on(
    site: Site, temporal_cli: str, waiting_batch: str, condition: str, workflow_ids: set[str]
) -> None:
    found = await listed(site, temporal_cli, f'OnboardingBatch="{waiting_batch}" AND {condition}')
    assert set(found) == workflow_ids


@pytest.mark.parametrize(
    ("workflow_id", "shown"),
    [
        ("OnboardBatch:waiting", ["### Batch waiting: 3 numbers", "Next: `onboard status waiting`"]),
        (
            "OnboardGroup:waiting:0001",
            [
                "### Group 0001 of batch waiting",
                "Waiting on **voice-code** since ",
                "| NEEDS_VERIFICATION | 2 |",
                "- wave 1: `HostingOrder:waiting:0001:1`",
                "Next: `onboard verify waiting`",
            ],
        ),
        (
            "HostingOrder:waiting:0001:1",
            [
                "is **WAITING_FOR_LOA_SIGNATURE**",
                "Waiting on **loa-signature** since ",
                "| AWAITING_LOA | 1 |",
                "Next: `onboard numbers waiting`",
            ],
        ),
        (
            f"VerifyNumber:{WAITING_NUMBERS[1]}",
            ["1 calls placed", f"Next: `onboard code {WAITING_NUMBERS[1]} <the code that was heard>`"],
        ),
    ],
)
async def test_current_details_tell_where_things_stand_and_what_to_do_next(
    site: Site, temporal_cli: str, workflow_id: str, shown: list[str]
) -> None:
    details = await temporal(site, temporal_cli, "workflow", "metadata", "--workflow-id", workflow_id)
    assert [line for line in shown if line not in details] == []


async def test_the_link_of_status_leads_to_a_web_ui_that_answers(site: Site, waiting_batch: str) -> None:
    link = (await site.onboard("status", waiting_batch, "--output", "json")).data["web_ui"]
    async with httpx.AsyncClient() as http:
        assert (await http.get(link)).status_code == 200
