"""Reading, unlinking, linking and removing imported numbers over real HTTP: nothing twice, whatever gets lost."""

from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import SecretStr

from activities.callback_address import CallbackAddress
from activities.hosting_orders import HostingOrders
from activities.imported_numbers import ImportedNumbers
from onboarding.calls.imported_numbers import (
    ChangeOutcome,
    LinkNumber,
    LinkNumbers,
    NumberChange,
    ReadImportedNumbers,
    Registers,
    RemovalOutcome,
    RemoveFromSinch,
    UnlinkNumber,
    UnlinkNumbers,
)
from onboarding.errors import FailureType
from onboarding.imported_links import Links, NumberLinksSeen, Service
from sinch_numbers import CreateImportedNumberRequest, NotFound, RegionCode, SinchNumbers, SmsConfigurationToSend
from tests.activities.order_requests import order_of
from tests.activities.run_activity import failed, is_retried, run
from tests.activities.simulated_sinch import SimulatedSinch, connect, numbers

GET = "ImportNumberService_GetImportedNumber"
UPDATE = "ImportNumberService_UpdateImportedNumber"
DELETE = "ImportNumberService_DeleteImportedNumber"
NUMBER, OTHER = numbers(2)
OLD, NEW = ("plan-1", "COLD"), ("plan-2", "CNEW")
BOTH = tuple(Service)

LOST = [
    {"kind": "cut_after"},
    {"kind": "cut_before"},
    {"kind": "status_after_commit", "status": 500},
    {"kind": "status", "status": 503},
    {"kind": "status", "status": 429},
    {"kind": "timeout", "after_commit": True},
]
"""Answers that get lost, before and after the request took effect."""


@pytest.fixture
async def imported(sinch: SimulatedSinch) -> SimulatedSinch:
    """Two numbers that are linked to the old plan and campaign."""
    await import_numbers(sinch, NUMBER, OTHER)
    return sinch


async def import_numbers(sinch: SimulatedSinch, *phone_numbers: str) -> None:
    links = SmsConfigurationToSend(service_plan_id=OLD[0], campaign_id=OLD[1])
    for number in phone_numbers:
        await sinch.client.imported_numbers.import_number(
            CreateImportedNumberRequest(phone_number=number, region_code=RegionCode.US, sms_configuration=links)
        )
    await sinch.advance(hours=24)


def activities(client: SinchNumbers, *, callbacks: bool = False) -> ImportedNumbers:
    key = SecretStr("k" * 32)
    return ImportedNumbers(client, CallbackAddress("https://callbacks.example.com", key) if callbacks else None)


async def read(sinch: SimulatedSinch, *phone_numbers: str) -> tuple[NumberLinksSeen, ...]:
    request = ReadImportedNumbers(phone_numbers=phone_numbers or (NUMBER,))
    return (await run(activities(sinch.client).read, request)).numbers


async def unlink(client: SinchNumbers, *phone_numbers: str, attempt: int = 1, **more: Any) -> Sequence[NumberChange]:
    fields = {"services": BOTH} | more
    items = tuple(UnlinkNumber(phone_number=number, **fields) for number in phone_numbers or (NUMBER,))
    return (await run(activities(client).unlink, UnlinkNumbers(numbers=items), attempt=attempt)).numbers


async def link(client: SinchNumbers, *phone_numbers: str, attempt: int = 1, **more: Any) -> Sequence[NumberChange]:
    fields = {"service_plan_id": NEW[0], "campaign_id": NEW[1]} | more
    items = tuple(LinkNumber(phone_number=number, **fields) for number in phone_numbers or (NUMBER,))
    return (await run(activities(client).link, LinkNumbers(numbers=items), attempt=attempt)).numbers


async def changes(sinch: SimulatedSinch, number: str = NUMBER) -> list[tuple[str, str]]:
    """What requests changed, by the simulator's ledger: service plan, campaign."""
    entries = [entry for entry in await sinch.ledger("imported_number_updated") if entry["subject"] == number]
    return [(entry["details"]["service_plan"], entry["details"]["campaign"]) for entry in entries]


async def test_a_read_shows_what_a_number_is_linked_to(imported: SimulatedSinch) -> None:
    (number,) = await read(imported)
    assert number.links == Links(service_plan_id=OLD[0], campaign_id=OLD[1])
    assert [(number.of(s).operation, number.of(s).state) for s in Service] == [("PROVISIONING", "DONE")] * 2


async def test_a_read_tells_numbers_in_hosting_orders_from_numbers_nobody_knows(sinch: SimulatedSinch) -> None:
    await sinch.make_eligible(NUMBER)
    await run(HostingOrders(sinch.client, None).create, order_of([NUMBER]))
    held, unknown = await read(sinch, NUMBER, OTHER)
    assert (held.is_imported, held.is_in_hosting_order) == (False, True)
    assert (unknown.is_imported, unknown.is_in_hosting_order) == (False, False)


async def test_unlinking_and_linking_take_their_time_and_end_in_the_new_links(imported: SimulatedSinch) -> None:
    (unlinked,) = await unlink(imported.client)
    assert unlinked.outcome is ChangeOutcome.ACCEPTED
    (number,) = await read(imported)
    assert number.service_plan.is_being_unlinked
    assert number.service_plan.updated == unlinked.sinch_time
    await imported.advance(hours=3)
    assert (await read(imported))[0].links == Links(service_plan_id="", campaign_id="")
    (linked,) = await link(imported.client)
    assert linked.outcome is ChangeOutcome.ACCEPTED
    await imported.advance(hours=24)
    assert (await read(imported))[0].links == Links(service_plan_id=NEW[0], campaign_id=NEW[1])
    assert await changes(imported) == [("UNLINK", "UNLINK"), ("LINK", "LINK")]


async def test_numbers_that_sinch_is_at_work_on_can_be_left_out_of_a_read(imported: SimulatedSinch) -> None:
    await unlink(imported.client)
    request = ReadImportedNumbers(phone_numbers=(NUMBER, OTHER), only_at_rest=True)
    (other,) = (await run(activities(imported.client).read, request)).numbers
    assert other.phone_number == OTHER
    await imported.advance(hours=3)
    assert len((await run(activities(imported.client).read, request)).numbers) == 2


async def test_only_the_services_that_are_named_are_unlinked(imported: SimulatedSinch) -> None:
    await unlink(imported.client, services=(Service.CAMPAIGN,))
    await imported.advance(hours=3)
    assert (await read(imported))[0].links == Links(service_plan_id=OLD[0], campaign_id="")


async def test_the_events_of_a_number_go_to_the_workflow_that_changes_it(imported: SimulatedSinch) -> None:
    request = UnlinkNumbers(numbers=(UnlinkNumber(phone_number=NUMBER, services=BOTH),))
    await run(activities(imported.client, callbacks=True).unlink, request)
    number = await imported.client.imported_numbers.get(NUMBER)
    assert (number.callback_url or "").startswith("https://callbacks.example.com/callbacks/")


async def test_a_linked_number_is_refused_another_link_and_stays_as_it_is(imported: SimulatedSinch) -> None:
    (refused,) = await link(imported.client)
    assert refused.outcome is ChangeOutcome.REFUSED
    assert "unlink it first" in refused.message
    assert (await read(imported))[0].links == Links(service_plan_id=OLD[0], campaign_id=OLD[1])
    assert await changes(imported) == []


async def test_a_link_before_the_unlinking_is_through_is_refused_for_now(imported: SimulatedSinch) -> None:
    await unlink(imported.client)
    assert (await link(imported.client))[0].outcome is ChangeOutcome.STILL_UNLINKING
    await imported.advance(hours=3)
    assert (await link(imported.client))[0].outcome is ChangeOutcome.ACCEPTED


async def test_a_number_that_is_not_imported_is_refused_and_holds_up_no_other(imported: SimulatedSinch) -> None:
    unknown = "+12025550199"
    first, second = await unlink(imported.client, unknown, NUMBER)
    assert (first.outcome, second.outcome) == (ChangeOutcome.REFUSED, ChangeOutcome.ACCEPTED)
    assert unknown in first.message


@pytest.mark.parametrize("fault", LOST, ids=str)
async def test_a_lost_answer_to_an_unlinking_leaves_it_open_and_the_next_try_unlinks_nothing_twice(
    imported: SimulatedSinch, fault: dict[str, Any]
) -> None:
    await imported.fail(UPDATE, **fault)
    async with connect(imported.endpoints, timeout=1.0) as client:
        first, second = await unlink(client, NUMBER, OTHER)
        outcomes = {change.phone_number: change.outcome for change in (first, second)}
        assert sorted(outcomes.values()) == [ChangeOutcome.ACCEPTED, ChangeOutcome.NO_ANSWER]
        (lost,) = [number for number, outcome in outcomes.items() if outcome is ChangeOutcome.NO_ANSWER]
        (again,) = await unlink(client, lost, look_first=True)
    assert again.outcome is ChangeOutcome.ACCEPTED
    assert [await changes(imported, number) for number in (NUMBER, OTHER)] == [[("UNLINK", "UNLINK")]] * 2


@pytest.mark.parametrize("fault", LOST, ids=str)
async def test_a_lost_answer_to_a_link_is_retried_and_links_nothing_twice(
    imported: SimulatedSinch, fault: dict[str, Any]
) -> None:
    await unlink(imported.client)
    await imported.advance(hours=3)
    await imported.fail(UPDATE, **fault)
    async with connect(imported.endpoints, timeout=1.0) as client:
        item = LinkNumber(phone_number=NUMBER, service_plan_id=NEW[0], campaign_id=NEW[1])
        failure = await failed(activities(client).link, LinkNumbers(numbers=(item,)))
        assert not failure.non_retryable
        (again,) = await link(client, attempt=2)
    assert again.outcome is ChangeOutcome.ACCEPTED
    assert await changes(imported) == [("UNLINK", "UNLINK"), ("LINK", "LINK")]


async def test_refused_credentials_fail_the_call_as_a_whole(imported: SimulatedSinch) -> None:
    await imported.fail(UPDATE, status=403)
    items = tuple(UnlinkNumber(phone_number=number, services=BOTH) for number in (NUMBER, OTHER))
    failure = await failed(activities(imported.client).unlink, UnlinkNumbers(numbers=items))
    assert is_retried(failure, FailureType.CREDENTIALS_REFUSED)


async def test_a_number_that_could_not_be_read_is_left_out(imported: SimulatedSinch) -> None:
    await imported.fail(GET, status=500)
    assert len(await read(imported, NUMBER, OTHER)) == 1
    await imported.fail(GET, status=500)
    request = ReadImportedNumbers(phone_numbers=(NUMBER,))
    assert is_retried(await failed(activities(imported.client).read, request), FailureType.UNAVAILABLE)


async def remove(
    client: SinchNumbers, *phone_numbers: str, imported: bool = True, qualified: bool = False, attempt: int = 1
) -> dict[str, RemovalOutcome]:
    registers = Registers(imported=imported, qualified=qualified)
    request = RemoveFromSinch(phone_numbers=phone_numbers, registers=registers)
    removed = await run(activities(client).remove, request, attempt=attempt)
    return {number.phone_number: number.outcome for number in removed.numbers}


async def test_an_imported_number_is_removed_once_and_an_unknown_one_was_never_there(imported: SimulatedSinch) -> None:
    unknown = "+12025550199"
    outcomes = await remove(imported.client, NUMBER, unknown)
    assert outcomes == {NUMBER: RemovalOutcome.GONE, unknown: RemovalOutcome.NEVER_THERE}
    with pytest.raises(NotFound):
        await imported.client.imported_numbers.get(NUMBER)
    assert (await imported.client.imported_numbers.get(OTHER)).phone_number == OTHER


@pytest.mark.parametrize("fault", LOST, ids=str)
async def test_a_lost_answer_to_a_removal_counts_as_removed_at_the_next_try(
    imported: SimulatedSinch, fault: dict[str, Any]
) -> None:
    await imported.fail(DELETE, **fault)
    async with connect(imported.endpoints, timeout=1.0) as client:
        registers = RemoveFromSinch(phone_numbers=(NUMBER,), registers=Registers())
        assert not (await failed(activities(client).remove, registers)).non_retryable
        assert await remove(client, NUMBER, attempt=2) == {NUMBER: RemovalOutcome.GONE}
    assert len(await imported.ledger("imported_number_deleted")) == 1


async def test_a_qualified_number_that_is_being_hosted_stays_and_sinch_says_why(sinch: SimulatedSinch) -> None:
    await sinch.make_eligible(NUMBER, OTHER)
    await run(HostingOrders(sinch.client, None).create, order_of([NUMBER]))
    request = RemoveFromSinch(phone_numbers=(NUMBER, OTHER), registers=Registers(imported=False, qualified=True))
    held, free = (await run(activities(sinch.client).remove, request)).numbers
    assert (held.outcome, free.outcome) == (RemovalOutcome.REFUSED, RemovalOutcome.GONE)
    assert "HOSTING_IN_PROGRESS" in held.message
    assert (await sinch.client.qualified_numbers.get(NUMBER)).phone_number == NUMBER


async def test_numbers_can_be_taken_out_of_both_lists_at_once(imported: SimulatedSinch) -> None:
    await imported.make_eligible(OTHER)
    outcomes = await remove(imported.client, NUMBER, OTHER, qualified=True)
    assert outcomes == {NUMBER: RemovalOutcome.GONE, OTHER: RemovalOutcome.GONE}
    assert await remove(imported.client, NUMBER, OTHER, qualified=True) == dict.fromkeys(
        (NUMBER, OTHER), RemovalOutcome.NEVER_THERE
    )
