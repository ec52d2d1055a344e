"""`onboard rent`: numbers are rented once, linked for SMS and voice, and given back where not all can be had."""

from pathlib import Path

import pytest

from starter.exits import Exit
from tests.end_to_end.site import Site
from tests.end_to_end.wishes import FOR_SMS_AND_VOICE, RENT, RENT_ANY, ledger_of, write_wish
from tests.starter.onboard_command import Ended

pytestmark = pytest.mark.end_to_end


async def through(site: Site, path: Path) -> Ended:
    """What the command says of a wish at its end."""
    return await site.through("rent", path, "--yes", "--wait", "--output", "json")


async def test_three_numbers_are_rented_and_linked_for_sms_and_voice_by_the_command(site: Site) -> None:
    pattern = "+12065551"
    path = write_wish(site.folder, "three", pattern, quantity=3, links=FOR_SMS_AND_VOICE)
    unasked = await site.onboard("rent", path)
    assert (unasked.code, unasked.stdout) == (2, "")
    assert "3 numbers found at 0.50 + 1.00 USD" in unasked.stderr
    assert "Rent 3 numbers for up to 100 USD?" in unasked.stderr
    dry = await site.onboard("rent", path, "--dry-run", "--output", "json")
    assert (dry.code, len(dry.data["found"])) == (0, 3), dry.stderr
    assert await ledger_of(site, "number_rented", pattern) == []

    ended = await through(site, path)
    assert (ended.code, ended.data["steps"]) == (0, {"DONE": 3}), ended.stderr
    rented = await ledger_of(site, "number_rented", pattern)
    assert sorted(row["phone_number"] for row in ended.data["numbers"]) == sorted(rented)
    told = await site.onboard("rent-status", "three")
    assert "spent: 4.50 of 100 USD" in told.stdout
    again = await site.onboard("rent", path, "--yes", "--wait", "--output", "json")
    assert (again.code, again.data["steps"]) == (0, {"DONE": 3}), again.stderr
    assert len(await ledger_of(site, "number_rented", pattern)) == 3


async def test_a_rent_whose_answer_is_lost_is_looked_for_and_not_repeated(site: Site) -> None:
    pattern = "+12065552"
    path = write_wish(site.folder, "lost", pattern, quantity=1, links=FOR_SMS_AND_VOICE)
    await site.world.add_fault(operation=RENT, kind="cut_after")
    ended = await through(site, path)
    assert (ended.code, ended.data["steps"]) == (0, {"DONE": 1}), ended.stderr
    assert len(await ledger_of(site, "number_rented", pattern)) == 1


async def test_a_number_that_sinch_chooses_is_not_rented_twice_when_its_answer_is_lost(site: Site) -> None:
    pattern = "+12085553"
    path = write_wish(site.folder, "any", pattern, "any = true", quantity=2, links=FOR_SMS_AND_VOICE)
    await site.world.add_fault(operation=RENT_ANY, kind="cut_after")
    ended = await through(site, path)
    assert (ended.code, ended.data["steps"]) == (0, {"DONE": 2}), ended.stderr
    rented = await ledger_of(site, "number_rented", pattern)
    assert sorted(row["phone_number"] for row in ended.data["numbers"]) == sorted(rented)


async def test_a_wish_for_five_of_which_three_can_be_had_gives_the_three_back(site: Site) -> None:
    pattern = "+12065554"
    await site.world.leave_on_offer(5, pattern)
    await site.world.add_fault(operation=RENT, kind="status", status=404, times=2)
    path = write_wish(site.folder, "five", pattern, "all_or_nothing = true", quantity=5)
    ended = await through(site, path)
    assert (ended.code, ended.data["steps"]) == (3, {"FAILED": 2, "CANCELLED": 3}), ended.stderr
    rented = await ledger_of(site, "number_rented", pattern)
    assert len(rented) == 3
    assert sorted(await ledger_of(site, "number_released", pattern)) == sorted(rented)
    told = await site.onboard("rent-status", "five")
    assert "was given back" in told.stdout
    assert "- FAILED: Sinch shows no further number of this kind" in told.stdout


async def test_a_wish_takes_profile_plan_and_campaign_from_a_batch(site: Site, waiting_batch: str) -> None:
    path = write_wish(site.folder, "alike", "+1617", f'like_batch = "{waiting_batch}"', quantity=1)
    dry = await site.onboard("rent", path, "--dry-run", "--output", "json")
    assert dry.code == 0, dry.stderr
    links = dry.data["wish"]["links"]
    assert (links["service_plan_id"], links["campaign_id"]) == ("07d6c2621f364b68856fe4938b7bb78f", "C3O8OGA")
    unknown = write_wish(site.folder, "alike-nothing", "+1617", 'like_batch = "no-such-batch"', quantity=1)
    refused = await site.onboard("rent", unknown, "--dry-run")
    assert (refused.code, refused.stderr) == (2, "there is no batch 'no-such-batch'; see: onboard list\n")


async def test_a_wish_that_is_not_running_cannot_be_cancelled(site: Site) -> None:
    refused = await site.onboard("rent-cancel", "nobodys-wish", "--yes")
    assert (refused.code, refused.stdout) == (Exit.USAGE, "")
    assert "nobodys-wish is not running" in refused.stderr
