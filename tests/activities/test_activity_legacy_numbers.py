"""Legacy numbers: what Sinch answers becomes an outcome, and nothing is rented or assigned twice."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from activities.legacy_clients import legacy_clients
from activities.legacy_numbers import LegacyNumbers
from onboarding.calls.legacy_numbers import (
    CheckOut,
    CheckOutOutcome,
    LegacyCapability,
    ReadRented,
    ReadShop,
    ReserveNumbers,
    SetApplication,
)
from onboarding.errors import FailureType
from processes.legacy_account import LegacyAccount
from simulator.legacy_settings import LOCAL_APPLICATION_KEY, LOCAL_ENDPOINT, LOCAL_PASSWORD
from tests.activities.run_activity import failed, is_final, is_retried, run
from tests.activities.simulated_sinch import SimulatedSinch

GROUP = 75
NOT_OURS = 4711


@pytest.fixture
async def legacy(sinch: SimulatedSinch) -> AsyncIterator[LegacyNumbers]:
    """The activities of an account that the simulator knows."""
    url = sinch.endpoints.sinch_legacy
    account = LegacyAccount(
        legacy_endpoint=LOCAL_ENDPOINT,
        legacy_password=SecretStr(LOCAL_PASSWORD),
        legacy_user_url=url,
        legacy_core_url=url,
        legacy_portal_url=url,
    )
    async with legacy_clients(account) as clients:
        yield LegacyNumbers(clients)


async def reserved(legacy: LegacyNumbers, quantity: int) -> CheckOut:
    reservation = await run(legacy.reserve, ReserveNumbers(group_id=GROUP, quantity=quantity))
    assert not reservation.refusal
    return CheckOut(reference_id=reservation.reference_id)


async def rented(legacy: LegacyNumbers, quantity: int) -> tuple[str, ...]:
    checked_out = await run(legacy.check_out, await reserved(legacy, quantity))
    assert checked_out.outcome is CheckOutOutcome.CHECKED_OUT
    return tuple(number.phone_number for number in (await run(legacy.read_rented, ReadRented(group_id=GROUP))).numbers)


def of(*phone_numbers: str, key: str = LOCAL_APPLICATION_KEY) -> SetApplication:
    return SetApplication(application_key=key, phone_numbers=phone_numbers)


async def test_the_shop_is_read_with_prices_and_capabilities(legacy: LegacyNumbers) -> None:
    groups = {group.group_id: group for group in (await run(legacy.read_shop, ReadShop())).groups}
    assert (groups[GROUP].capability, groups[GROUP].availability) == (LegacyCapability.SMS, 5)
    assert str(groups[80].cost) == "1.5 USD"


async def test_numbers_are_rented_and_shown_by_group_or_by_name(legacy: LegacyNumbers) -> None:
    numbers = await rented(legacy, 2)
    named = await run(legacy.read_rented, ReadRented(phone_numbers=(numbers[0], "+15005550006")))
    assert [(seen.phone_number, seen.capabilities) for seen in named.numbers] == [(numbers[0], ("sms",))]
    assert (await run(legacy.read_rented, ReadRented(group_id=13))).numbers == ()


async def test_more_than_there_is_is_refused_and_not_tried_again(legacy: LegacyNumbers) -> None:
    reservation = await run(legacy.reserve, ReserveNumbers(group_id=GROUP, quantity=6))
    assert reservation.reference_id == ""
    assert "Invalid quantity" in reservation.refusal


@pytest.mark.parametrize(
    ("change", "outcome"),
    [({"credit": "1.00"}, CheckOutOutcome.NOT_ENOUGH_CREDIT), ({"accounting": False}, CheckOutOutcome.NO_ACCOUNTING)],
)
async def test_what_cannot_be_paid_is_an_outcome(
    legacy: LegacyNumbers, sinch: SimulatedSinch, change: dict[str, object], outcome: CheckOutOutcome
) -> None:
    await sinch.tell("legacy/organisations/8888123", change)
    assert (await run(legacy.check_out, await reserved(legacy, 1))).outcome is outcome
    assert await sinch.ledger("legacy_number_rented") == []


async def test_a_checkout_that_is_repeated_rents_once(legacy: LegacyNumbers, sinch: SimulatedSinch) -> None:
    reservation = await reserved(legacy, 2)
    await sinch.fail("LegacyCheckOut", "cut_after")
    assert is_retried(await failed(legacy.check_out, reservation), FailureType.OUTCOME_UNKNOWN)
    assert (await run(legacy.check_out, reservation)).outcome is CheckOutOutcome.NOT_THERE
    assert len(await sinch.ledger("legacy_number_rented")) == 2


async def test_a_reservation_that_has_lapsed_is_not_there(legacy: LegacyNumbers, sinch: SimulatedSinch) -> None:
    reservation = await reserved(legacy, 2)
    await sinch.advance(hours=0.25)
    assert (await run(legacy.check_out, reservation)).outcome is CheckOutOutcome.NOT_THERE


async def test_an_assignment_whose_answer_was_lost_is_repeated_and_changes_nothing_twice(
    legacy: LegacyNumbers, sinch: SimulatedSinch
) -> None:
    numbers = await rented(legacy, 2)
    await sinch.fail("LegacySetApplicationNumbers", "cut_after")
    await failed(legacy.assign, of(*numbers))
    assert (await run(legacy.assign, of(*numbers), attempt=2)).changed == numbers
    assert len(await sinch.ledger("legacy_number_assigned")) == 2
    assert await sinch.requests("LegacySetApplicationNumbers") == 1


async def test_what_somebody_else_overwrites_is_lost_and_the_next_assignment_merges_it(
    legacy: LegacyNumbers, sinch: SimulatedSinch
) -> None:
    theirs, *ours = await rented(legacy, 3)
    rival = {"numbers": [int(theirs)], "after_next_change": True}
    await sinch.tell(f"legacy/applications/{LOCAL_APPLICATION_KEY}/numbers/sms", rival)
    assert (await run(legacy.assign, of(*ours))).lost == tuple(ours)
    assert (await run(legacy.assign, of(*ours))).changed == tuple(ours)
    shown = await run(legacy.read_rented, ReadRented(group_id=GROUP))
    assert {number.application_key for number in shown.numbers} == {LOCAL_APPLICATION_KEY}


async def test_numbers_are_unassigned_and_those_that_are_not_there_do_no_harm(
    legacy: LegacyNumbers, sinch: SimulatedSinch
) -> None:
    one, other = await rented(legacy, 2)
    await run(legacy.assign, of(one))
    assert (await run(legacy.unassign, of(one, other))).changed == (one, other)
    assert await sinch.requests("LegacyUnassign") == 1
    assert len((await run(legacy.read_rented, ReadRented(group_id=GROUP))).numbers) == 2


async def test_an_unknown_application_and_a_strange_number_are_refusals(legacy: LegacyNumbers) -> None:
    (number,) = await rented(legacy, 1)
    assert "was not found" in (await run(legacy.assign, of(number, key="nobody"))).refusal
    assert "was not found" in (await run(legacy.unassign, of(number, key="nobody"))).refusal
    assert "not a valid number" in (await run(legacy.assign, of(number, "+15005550006"))).refusal


async def test_an_organisation_of_somebody_else_is_a_refusal(legacy: LegacyNumbers) -> None:
    assert "not the owner" in (await run(legacy.read_shop, ReadShop(organisation_id=NOT_OURS))).refusal
    assert "not the owner" in (await run(legacy.read_rented, ReadRented(organisation_id=NOT_OURS))).refusal
    foreign = ReserveNumbers(organisation_id=NOT_OURS, group_id=GROUP, quantity=1)
    assert "not the owner" in (await run(legacy.reserve, foreign)).refusal


async def test_a_service_that_is_down_for_a_while_is_tried_again(legacy: LegacyNumbers, sinch: SimulatedSinch) -> None:
    await sinch.fail("LegacyListGroups", "status", status=503)
    assert is_retried(await failed(legacy.read_shop, ReadShop()), FailureType.UNAVAILABLE)


async def test_a_profile_without_an_account_says_what_to_set_and_goes_on_once_it_is_set() -> None:
    async with legacy_clients(LegacyAccount()) as clients:
        failure = await failed(LegacyNumbers(clients).read_shop, ReadShop())
    assert is_retried(failure, FailureType.CREDENTIALS_REFUSED)
    assert "ONBOARD_SINCH_LEGACY_ENDPOINT" in failure.message


async def test_a_number_that_is_none_is_final(legacy: LegacyNumbers) -> None:
    assert is_final(await failed(legacy.assign, of("504")), FailureType.INVALID_ARGUMENT)
