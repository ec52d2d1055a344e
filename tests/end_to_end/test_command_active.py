"""`onboard available`, `regions`, `active`: numbers are found, rented ones are shown, linked anew and released."""

import pytest

from onboarding.ids import active_change_workflow_id
from tests.end_to_end.site import Site, until
from tests.end_to_end.wishes import APP, CAMPAIGN, FOR_SMS_AND_VOICE, PLAN, ledger_of, write_wish
from tests.starter.onboard_command import Ended

pytestmark = pytest.mark.end_to_end

PATTERN = "+13125557"


async def waited_for(site: Site, *arguments: object) -> Ended:
    """What a command says that waits for the end of what it starts."""
    return await site.through(*arguments, "--yes", "--wait", "--output", "json")


async def test_numbers_that_can_be_rented_are_shown_with_their_prices(site: Site) -> None:
    regions = await site.onboard("regions", "--output", "json")
    assert {"region": "US", "name": "United States", "types": "LOCAL, TOLL_FREE"} in regions.data
    found = await site.onboard("available", "search", "--pattern", "+1415", "--size", "2", "--output", "json")
    assert [row["monthly_price"]["amount"] for row in found.data] == ["1.00", "1.00"], found.stderr
    checked = await site.onboard("available", "check", found.data[0]["phone_number"])
    assert "setup_price.amount" in checked.stdout
    missing = await site.onboard("available", "check", "+14155550")
    assert missing.code != 0


async def test_a_rented_number_is_linked_anew_and_released_by_the_command(site: Site) -> None:
    path = write_wish(site.folder, "changing", PATTERN, quantity=1, links=FOR_SMS_AND_VOICE)
    rented = await waited_for(site, "rent", path)
    (number,) = [row["phone_number"] for row in rented.data["numbers"]]
    shown = (await site.onboard("active", "show", number, "--output", "json")).data
    links = shown["sms_configuration"]
    assert (links["service_plan_id"], links["campaign_id"]) == (PLAN, CAMPAIGN)
    assert shown["voice_configuration"]["app_id"] == APP
    reconciled = await site.onboard("reconcile", "--rent", "changing")
    assert (reconciled.code, reconciled.stdout) == (0, "the number is as asked\n"), reconciled.stderr

    changed = await waited_for(site, "active", "update", number, "--service-plan", "plan-new", "--trunk", "trunk-new")
    assert (changed.code, changed.data["steps"]) == (0, {"DONE": 1}), changed.stderr
    listed = await site.onboard("active", "list", "--pattern", PATTERN, "--output", "json")
    (seen,) = listed.data
    assert (seen["sms_configuration"]["service_plan_id"], seen["voice_configuration"]["trunk_id"]) == (
        "plan-new",
        "trunk-new",
    )
    drifted = await site.onboard("reconcile", "--rent", "changing", "--output", "json")
    assert (drifted.code, [row["finding"] for row in drifted.data]) == (3, ["SERVICE_PLAN_DIFFERS", "VOICE_DIFFERS"])

    unasked = await site.onboard("active", "release", number)
    assert (unasked.code, unasked.stdout) == (2, "")
    released = await waited_for(site, "active", "release", number, "--id", "giving-back")
    assert (released.code, released.data["steps"]) == (0, {"DONE": 1}), released.stderr
    assert await ledger_of(site, "number_released", PATTERN) == [number]
    told = await site.onboard("active", "status", "giving-back")
    assert "giving-back: COMPLETED, 1 number" in told.stdout


async def test_a_change_is_cancelled_and_what_it_has_unlinked_is_linked_again(site: Site) -> None:
    path = write_wish(site.folder, "cancelling", "+13125558", quantity=1, links=FOR_SMS_AND_VOICE)
    (number,) = [row["phone_number"] for row in (await waited_for(site, "rent", path)).data["numbers"]]
    begun = await site.onboard("active", "update", number, "--service-plan", "plan-new", "--id", "moving", "--yes")
    assert begun.code == 0, begun.stderr
    await until(lambda: ledger_of(site, "number_updated", number), "the number is being unlinked")
    unasked = await site.onboard("active", "cancel", "moving")
    assert (unasked.code, unasked.stdout) == (2, "")
    cancelled = await site.onboard("active", "cancel", "moving", "--yes", "--output", "json")
    assert (cancelled.code, cancelled.data["id"]) == (0, "moving"), cancelled.stderr
    assert "followed to their end: 1." in cancelled.data["message"]

    async def is_through() -> bool:
        await site.world.pass_hours(3)
        return await site.waits_for(active_change_workflow_id("moving")) is None

    await until(is_through, "the change is through")
    assert "moving: COMPLETED" in (await site.onboard("active", "status", "moving")).stdout
    shown = (await site.onboard("active", "show", number, "--output", "json")).data
    assert shown["sms_configuration"]["service_plan_id"] == "plan-new"
    ended = await site.onboard("active", "cancel", "moving", "--yes")
    assert (ended.code, ended.stderr) == (2, "moving is not running\n")
