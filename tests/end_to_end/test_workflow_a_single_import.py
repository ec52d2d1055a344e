"""Workflow A, import a single number, by the command alone: import it, then see that Sinch has it as asked."""

import pytest

from tests.end_to_end.batches import numbers_of
from tests.end_to_end.site import Site

pytestmark = pytest.mark.end_to_end

(NUMBER,) = numbers_of(207, "0101")
PLAN, CAMPAIGN = "plan-of-workflow-a", "CWFA001"


async def test_a_number_is_imported_and_verified(site: Site) -> None:
    wanted = ("--service-plan", PLAN, "--campaign", CAMPAIGN, "--contact", "robin.park@example.com")
    ended = await site.through("import", "--number", "(207) 555-0101", *wanted, "--wait")
    assert ended.code == 0, ended.stderr

    shown = (await site.onboard("imported", "show", NUMBER, "--output", "json")).data
    links = shown["sms_configuration"]
    assert (shown["phone_number"], links["service_plan_id"], links["campaign_id"]) == (NUMBER, PLAN, CAMPAIGN)
    imported = [entry for entry in await site.world.ledger("imported_number") if entry["subject"] == NUMBER]
    assert len(imported) == 1
    assert not [entry for entry in await site.world.ledger("hosting_order") if NUMBER in entry["details"]["numbers"]]


async def test_a_number_that_is_imported_already_is_left_as_it_is(site: Site) -> None:
    """409 means that the number is there: it is read and compared, and said where it differs."""
    other = ("--service-plan", "another-plan", "--campaign", CAMPAIGN, "--contact", "robin.park@example.com")
    ended = await site.onboard("import", "--number", NUMBER, "--id", "again", *other, "--wait", "--output", "json")
    assert ended.code == 3, ended.stderr
    [row] = (await site.onboard("report", "again", "--output", "json")).data["numbers"]
    assert (row["stage"], row["reason"]) == ("FAILED", "ALREADY_IMPORTED")
    assert PLAN in row["explanation"]
    assert "another-plan" in row["explanation"]
    shown = (await site.onboard("imported", "show", NUMBER, "--output", "json")).data
    assert shown["sms_configuration"]["service_plan_id"] == PLAN
