"""Every operation of the legacy API against the simulator, over real HTTP, and what is checked before it is sent."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
import pytest

from sinch_numbers import InvalidRequest, OutcomeUnknown, UnreadableResponse
from sinch_numbers.legacy import Capability, Money, NumberGroup, RentedNumber
from tests.sinch_numbers.legacy_sinch import (
    APPLICATION,
    ORGANISATION,
    SMS_GROUP,
    VOICE_GROUP,
    RecordedLegacySinch,
    connect,
    legacy_sinch,
)


@pytest.mark.parametrize("signs_leading_slash", [False, True])
async def test_the_organisation_is_read_with_either_form_of_the_signed_resource(signs_leading_slash: bool) -> None:
    async with (
        legacy_sinch() as legacy,
        connect(legacy.sinch.endpoints, signs_leading_slash=signs_leading_slash) as client,
    ):
        organisation = await client.organisation()
    assert (organisation.id, organisation.name, organisation.country_id) == (ORGANISATION, "Acme", "US")
    assert organisation.vatnumber is None


async def test_the_organisation_is_asked_for_once_unless_it_is_known() -> None:
    async with legacy_sinch() as legacy:
        await legacy.client.groups()
        await legacy.client.rented_numbers()
        assert await legacy.sinch.requests("LegacyGetOrganisation") == 1
        async with connect(legacy.sinch.endpoints, organisation_id=ORGANISATION) as client:
            await client.groups()
        assert await legacy.sinch.requests("LegacyGetOrganisation") == 1


async def test_groups_tell_what_can_be_rented_and_for_how_much() -> None:
    async with legacy_sinch() as legacy:
        groups = {group.group_id: group for group in await legacy.client.groups()}
    assert groups[SMS_GROUP] == NumberGroup(
        group_id=SMS_GROUP,
        country="US",
        country_id="US",
        city="New Orleans",
        type=Capability.SMS,
        availability=5,
        area_code="504",
        cost=Money(amount=Decimal("2.00"), currency_id="USD"),
    )
    assert groups[VOICE_GROUP].type is Capability.VOICE


async def test_numbers_are_reserved_checked_out_and_then_rented() -> None:
    async with legacy_sinch() as legacy:
        client = legacy.client
        reservation = await client.reserve(SMS_GROUP, 2)
        assert await client.rented_numbers() == ()
        await client.check_out([reservation.reference_id])
        first, second = await client.rented_numbers()
        assert [first.number, second.number] == ["+15045550100", "+15045550101"]
        assert first.capabilities == (Capability.SMS,)
        assert first.application_key is None
        assert first.expires is not None
        assert first.expires > datetime.now(UTC) + timedelta(days=29)
        assert first.cost == Money(amount=Decimal(2), currency_id="USD")
        rented = await legacy.sinch.ledger("legacy_number_rented")
        assert [entry["details"]["cost"] for entry in rented] == ["2.00", "2.00"]


async def test_several_reservations_are_checked_out_at_once() -> None:
    async with legacy_sinch() as legacy:
        one, two = await legacy.client.reserve(SMS_GROUP, 1), await legacy.client.reserve(VOICE_GROUP, 1)
        await legacy.client.check_out([one.reference_id, two.reference_id])
        assert {number.group_id for number in await legacy.client.rented_numbers()} == {SMS_GROUP, VOICE_GROUP}


async def test_setting_the_numbers_of_an_application_overwrites_those_of_the_capability_alone() -> None:
    async with legacy_sinch() as legacy:
        client = legacy.client
        one, two = await legacy.rent(SMS_GROUP, 2)
        [voice] = await legacy.rent(VOICE_GROUP, 1)
        await client.set_application_numbers(APPLICATION, Capability.SMS, [one])
        await client.set_application_numbers(APPLICATION, Capability.VOICE, [voice])
        answered = await client.set_application_numbers(APPLICATION, Capability.SMS, [two])
        assert [(number.number, number.application_key) for number in answered] == [(two, APPLICATION)]
        assert [number.number for number in await client.application_numbers(APPLICATION)] == [two, voice]
        await client.set_application_numbers(APPLICATION, Capability.SMS, [])
        assert [number.number for number in await client.application_numbers(APPLICATION)] == [voice]


async def test_a_number_that_is_unassigned_stays_rented_and_may_be_unassigned_again() -> None:
    async with legacy_sinch() as legacy:
        [number] = await legacy.rent(SMS_GROUP, 1)
        await legacy.client.set_application_numbers(APPLICATION, Capability.SMS, [number])
        await legacy.client.unassign(APPLICATION, number)
        await legacy.client.unassign(APPLICATION, number)
        assert await legacy.client.application_numbers(APPLICATION) == ()
        assert [one.number for one in await legacy.client.rented_numbers()] == [number]
        assert len(await legacy.sinch.ledger("legacy_number_unassigned")) == 1


async def test_what_sinch_shows_beyond_its_documents_is_read_as_well() -> None:
    number = {
        "number": "14150005550",
        "groupId": 13,
        "capabilities": ["Voice", "SMS", "fax"],
        "applicationKey": None,
        "countryId": "US",
        "city": "SAN FRANCISCO",
        "country": "US",
        "areaCode": "415",
        "expires": "2015-12-31T23:59:59+02:00",
        "cost": {"amount": 0.10, "currencyId": "USD", "formatted": "$0.10"},
        "colour": "red",
    }
    sinch = RecordedLegacySinch(httpx.Response(200, json=[number]))
    async with sinch.client() as client:
        (read,) = await client.rented_numbers()
    assert isinstance(read, RentedNumber)
    assert read.number == "+14150005550"
    assert read.capabilities == (Capability.VOICE, Capability.SMS, "fax")
    assert read.application_key is None
    assert read.expires == datetime(2015, 12, 31, 21, 59, 59, tzinfo=UTC)
    assert read.cost.amount == Decimal("0.10")
    assert read.model_extra == {"colour": "red"}


@pytest.mark.parametrize("bad", ["4150005550", "+0123", "14150005550", ""])
async def test_a_number_that_is_not_e164_reaches_no_legacy_host(bad: str) -> None:
    sinch = RecordedLegacySinch()
    async with sinch.client() as client:
        for call in (
            client.set_application_numbers(APPLICATION, Capability.SMS, ["+14150005550", bad]),
            client.assign(APPLICATION, Capability.SMS, [bad]),
            client.unassign(APPLICATION, bad),
        ):
            with pytest.raises(InvalidRequest, match=r"E\.164"):
                await call
    assert sinch.requests == []


async def test_an_application_key_that_would_lead_elsewhere_and_an_empty_checkout_are_refused() -> None:
    sinch = RecordedLegacySinch()
    async with sinch.client() as client:
        with pytest.raises(InvalidRequest, match="applicationKey"):
            await client.application_numbers("..")
        with pytest.raises(InvalidRequest, match="referenceIds"):
            await client.check_out([])
        with pytest.raises(InvalidRequest, match="1 to 1 numbers"):
            await client.assign(APPLICATION, Capability.SMS, [])
    assert sinch.log_ins == []


async def test_a_success_that_cannot_be_read_leaves_the_outcome_unknown() -> None:
    sinch = RecordedLegacySinch(httpx.Response(200, content=b"<html>"))
    async with sinch.client() as client:
        with pytest.raises(UnreadableResponse) as raised:
            await client.reserve(SMS_GROUP, 1)
    assert isinstance(raised.value, OutcomeUnknown)
    assert "read before sending again" in str(raised.value)
