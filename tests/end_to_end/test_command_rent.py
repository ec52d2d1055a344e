"""`onboard rent`: numbers are rented once, linked for SMS and voice, and given back where not all can be had."""

import asyncio

import pytest

from tests.end_to_end.site import Site, until
from tests.end_to_end.wishes import APP, CAMPAIGN, FOR_SMS_AND_VOICE, PLAN, RENT, ledger_of, write_wish

pytestmark = pytest.mark.end_to_end


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

    async with site.onboard.started("rent", path, "--yes", "--wait", "--output", "json") as process:

        async def is_through() -> bool:
            await site.world.pass_hours(3)
            await asyncio.sleep(0.2)
            return process.returncode is not None

        await until(is_through, "three numbers are rented and linked")
        ended = await site.onboard.ended(process)
    assert (ended.code, ended.data["steps"]) == (0, {"DONE": 3}), ended.stderr
    rented = await ledger_of(site, "number_rented", pattern)
    assert sorted(row["phone_number"] for row in ended.data["numbers"]) == sorted(rented)
    told = await site.onboard("rent-status", "three")
    assert "spent: 4.50 of 100 USD" in told.stdout
    again = await site.onboard("rent", path, "--yes", "--wait", "--output", "json")
    assert (again.code, again.data["steps"]) == (0, {"DONE": 3}), again.stderr
    assert len(await ledger_of(site, "number_rented", pattern)) == 3
