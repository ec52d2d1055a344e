"""`onboard relink`, `link-back` and `remove`: numbers change their plan and campaign, come back, and go."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pydantic import SecretStr

from onboarding.ids import relinking_workflow_id
from sinch_numbers import (
    CreateImportedNumberRequest,
    NotFound,
    OAuth2ClientCredentials,
    RegionCode,
    SinchNumbers,
    SmsConfigurationToSend,
)
from tests.end_to_end.batches import numbers_of
from tests.end_to_end.site import Site, until

pytestmark = pytest.mark.end_to_end

GOOD, FAILING = NUMBERS = numbers_of(312, "0101", "7012")
OLD_PLAN, NEW_PLAN, OLD_CAMPAIGN, NEW_CAMPAIGN = "plan-of-before", "plan-of-after", "CBEFORE", "CAFTER"


@asynccontextmanager
async def sinch_of(site: Site) -> AsyncIterator[SinchNumbers]:
    environment = site.stack.environment
    credentials = OAuth2ClientCredentials(
        environment["ONBOARD_SINCH_KEY_ID"],
        SecretStr(environment["ONBOARD_SINCH_KEY_SECRET"]),
        token_url=environment["ONBOARD_SINCH_TOKEN_URL"],
    )
    project, url = environment["ONBOARD_SINCH_PROJECT_ID"], environment["ONBOARD_SINCH_IMPORTED_URL"]
    async with SinchNumbers(project, credentials, base_url=url) as sinch:
        yield sinch


async def import_numbers(site: Site, sinch: SinchNumbers) -> None:
    """The card of the second one lets the first link to any campaign fail, so it is imported without one."""
    for number, campaign in ((GOOD, OLD_CAMPAIGN), (FAILING, None)):
        links = SmsConfigurationToSend(service_plan_id=OLD_PLAN, campaign_id=campaign)
        await sinch.imported_numbers.import_number(
            CreateImportedNumberRequest(phone_number=number, region_code=RegionCode.US, sms_configuration=links)
        )
    await site.world.pass_hours(24)


async def links_of(sinch: SinchNumbers, number: str) -> tuple[str, str]:
    links = (await sinch.imported_numbers.get(number)).sms_configuration
    return links.service_plan_id, links.campaign_id


async def test_numbers_are_relinked_linked_back_and_removed_by_the_command(site: Site) -> None:
    async with sinch_of(site) as sinch:
        await import_numbers(site, sinch)
        to = ("--service-plan", NEW_PLAN, "--campaign", NEW_CAMPAIGN)
        unasked = await site.onboard("relink", "--from-service-plan", OLD_PLAN, *to)
        assert (unasked.code, unasked.stdout) == (2, "")
        assert "Relink 2 numbers to service plan plan-of-after and campaign CAFTER? " in unasked.stderr
        listed = await site.onboard("relink", "-", *to, "--dry-run", "--output", "json", given="\n".join(NUMBERS))
        assert listed.data["numbers"] == list(NUMBERS)

        offered = await site.through(
            "relink", "--from-service-plan", OLD_PLAN, *to, "--id", "moving", "--yes", "--wait", "--output", "json"
        )
        assert offered.code == 5, offered.stderr
        assert offered.data["steps"] == {"DONE": 1, "OFFERED": 1}
        assert await links_of(sinch, GOOD) == (NEW_PLAN, NEW_CAMPAIGN)
        assert await links_of(sinch, FAILING) == (NEW_PLAN, "")
        told = await site.onboard("relink-status", "moving")
        assert f"{FAILING} OFFERED: The account has no credit" in told.stdout
        assert "it has service plan plan-of-after and no campaign" in told.stdout

        assert (await site.onboard("link-back", "moving", "--number", GOOD)).code == 1
        decided = await site.onboard("link-back", "moving", "--number", FAILING)
        assert (decided.code, decided.stdout) == (0, "1 numbers are linked back.\n")

        async def is_through() -> bool:
            await site.world.pass_hours(1)
            return await site.waits_for(relinking_workflow_id("moving")) is None

        await until(is_through, "the number is linked back")
        ended = await site.onboard("relink-status", "moving", "--output", "json")
        assert (ended.code, ended.data["steps"]) == (3, {"DONE": 1, "FAILED": 1})
        assert await links_of(sinch, FAILING) == (OLD_PLAN, "")
        updated = await site.world.ledger("imported_number_updated")
        updates = [entry["details"] for entry in updated if entry["subject"] in NUMBERS]
        assert [u["service_plan"] for u in updates] == ["UNLINK"] * 2 + ["LINK"] * 2 + ["UNLINK", "LINK"]

        unclear = await site.onboard("remove", *(f"--number={number}" for number in NUMBERS), "--yes")
        assert (unclear.code, unclear.stdout) == (2, "")
        numbers = [f"--number={number}" for number in (*NUMBERS, "+13125550199")]
        removed = await site.onboard("remove", *numbers, "--imported", "--yes", "--wait", "--output", "json")
        assert (removed.code, removed.data["steps"]) == (0, {"DONE": 2, "SKIPPED": 1}), removed.stderr
        for number in NUMBERS:
            with pytest.raises(NotFound):
                await sinch.imported_numbers.get(number)
