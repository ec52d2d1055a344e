"""A rented number from search to release, by the client against the simulated Numbers API over real HTTP."""

from collections.abc import AsyncIterator

import pytest

from sinch_numbers import (
    ActiveNumberRequest,
    ActiveNumbersOrderBy,
    EstVoiceConfiguration,
    InvalidArgument,
    NotFound,
    NumberCapability,
    NumbersPattern,
    NumbersSearchPattern,
    NumberType,
    RentAnyNumberRequest,
    RentNumberRequest,
    SmsConfigurationRequest,
    VoiceApplication,
)
from tests.activities.simulated_sinch import SimulatedSinch, simulated_sinch

AREA_206 = NumbersPattern(pattern="+1206", search_pattern=NumbersSearchPattern.START)
SMS = SmsConfigurationRequest(service_plan_id="plan", campaign_id="C3O8OGA")


@pytest.fixture
async def sinch() -> AsyncIterator[SimulatedSinch]:
    async with simulated_sinch() as simulated:
        yield simulated


async def rented(sinch: SimulatedSinch, request: RentNumberRequest) -> str:
    """A number that was found by its area and rented."""
    [found, *_] = await sinch.client.available_numbers.search(
        region_code="US", type=NumberType.LOCAL, number_pattern=AREA_206, capabilities=[NumberCapability.SMS]
    )
    assert found.phone_number.startswith("+1206")
    return (await sinch.client.available_numbers.rent(found.phone_number, request)).phone_number


async def test_a_number_is_found_rented_linked_moved_and_released(sinch: SimulatedSinch) -> None:
    active = sinch.client.active_numbers
    request = RentNumberRequest(sms_configuration=SMS, voice_configuration=EstVoiceConfiguration(trunk_id="trunk"))
    number = await rented(sinch, request)
    await sinch.advance(hours=24)
    linked = await active.get(number)
    await active.unlink(number)
    await sinch.advance(hours=24)
    moved = SmsConfigurationRequest(service_plan_id="other-plan")
    await active.update(number, ActiveNumberRequest(display_name="moved", sms_configuration=moved))
    await sinch.advance(hours=24)
    released = await active.release(number)

    assert (linked.sms_configuration.service_plan_id, linked.sms_configuration.campaign_id) == ("plan", "C3O8OGA")
    assert linked.sms_configuration.scheduled_provisioning is None
    assert (linked.voice_configuration.type, linked.voice_configuration.trunk_id) == (VoiceApplication.EST, "trunk")
    assert (released.display_name, released.sms_configuration.service_plan_id) == ("moved", "other-plan")
    assert released.sms_configuration.campaign_id == ""
    assert released.expire_at == released.next_charge_date is not None
    assert linked.money.amount is not None


async def test_what_the_project_rents_is_listed_page_by_page(sinch: SimulatedSinch) -> None:
    numbers = [await rented(sinch, RentNumberRequest(sms_configuration=SMS)) for _ in range(2)]
    any_number = RentAnyNumberRequest(
        region_code="US", type=NumberType.LOCAL, number_pattern=AREA_206, sms_configuration=SMS
    )
    numbers.append((await sinch.client.available_numbers.rent_any(any_number)).phone_number)
    listed = [
        number.phone_number
        async for number in sinch.client.active_numbers.list(
            region_code="US",
            type=NumberType.LOCAL,
            number_pattern=AREA_206,
            order_by=ActiveNumbersOrderBy.PHONE_NUMBER,
            page_size=1,
        )
    ]
    assert listed == sorted(numbers)
    assert len(set(numbers)) == 3


async def test_a_rented_number_is_not_available_and_not_linked_elsewhere_unless_unlinked(sinch: SimulatedSinch) -> None:
    number = await rented(sinch, RentNumberRequest(sms_configuration=SMS))
    await sinch.advance(hours=24)
    with pytest.raises(NotFound, match=f"for {number.replace('+', '.')}"):
        await sinch.client.available_numbers.rent(number, RentNumberRequest(sms_configuration=SMS))
    elsewhere = ActiveNumberRequest(sms_configuration=SmsConfigurationRequest(campaign_id="COTHER1"))
    with pytest.raises(InvalidArgument) as caught:
        await sinch.client.active_numbers.update(number, elsewhere)
    assert [violation.field for violation in caught.value.violations] == ["smsConfiguration.campaignId"]


async def test_the_regions_name_the_types_that_a_search_can_find(sinch: SimulatedSinch) -> None:
    regions = await sinch.client.available_regions.list(NumberType.TOLL_FREE)
    assert "US" in {region.region_code for region in regions}
    assert all(NumberType.TOLL_FREE in region.types for region in regions)
