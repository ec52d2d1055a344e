"""Confirming numbers at Sinch: what differs is found, in few requests, and nothing is changed by looking."""

import asyncio
from typing import Any

import httpx
import pytest

from activities.confirmation import Confirmation
from activities.hosting_orders import HostingOrders
from onboarding.batch import NumberType
from onboarding.calls.confirmation import ConfirmNumbers, NumbersConfirmed
from onboarding.confirmation import FindingCode, Wanted
from onboarding.errors import FailureType
from sinch_numbers import CreateImportedNumberRequest, RegionCode, SmsConfigurationToSend
from tests.activities.order_requests import CAMPAIGN, SERVICE_PLAN, order_of
from tests.activities.run_activity import failed, is_retried, run
from tests.activities.simulated_sinch import (
    GET_ORDER_NUMBER,
    LIST_ORDER_NUMBERS,
    SimulatedSinch,
    connect,
    numbers,
)

LIST_IMPORTED = "ImportNumberService_ListImportedNumbers"
GET_IMPORTED = "ImportNumberService_GetImportedNumber"
READS = (LIST_ORDER_NUMBERS, GET_ORDER_NUMBER, LIST_IMPORTED, GET_IMPORTED)
WANTED = Wanted(service_plan_id=SERVICE_PLAN, campaign_id=CAMPAIGN)
UNTIL_THE_END = 240.0
UNTIL_UNLINKED = 3.0
MIGRATION_NEEDED = "+12025556135"


async def _hosted(sinch: SimulatedSinch, phone_numbers: list[str], **changes: Any) -> str:
    """An order that is through; its id."""
    created = await run(HostingOrders(sinch.client, None).create, order_of(phone_numbers, **changes))
    await sinch.advance(hours=UNTIL_THE_END)
    return created.hosting_order_id


async def _confirm(
    sinch: SimulatedSinch, order_id: str | None, phone_numbers: list[str], wanted: Wanted = WANTED
) -> NumbersConfirmed:
    request = ConfirmNumbers(hosting_order_id=order_id, phone_numbers=tuple(phone_numbers), wanted=wanted)
    return await run(Confirmation(sinch.client).confirm, request)


def _codes(confirmed: NumbersConfirmed) -> dict[str, list[str]]:
    return {number.phone_number: [finding.code for finding in number.findings] for number in confirmed.numbers}


async def _costs(sinch: SimulatedSinch) -> tuple[int, ...]:
    return tuple([await sinch.requests(operation) for operation in READS])


@pytest.mark.parametrize(("count", "costs"), [(5, (0, 5, 0, 5)), (500, (1, 0, 1, 0))])
async def test_numbers_that_are_as_asked_cost_few_requests_and_have_no_findings(
    sinch: SimulatedSinch, count: int, costs: tuple[int, ...]
) -> None:
    everyone = numbers(count)
    order_id = await _hosted(sinch, everyone)
    assert await _confirm(sinch, order_id, everyone) == NumbersConfirmed()
    assert await _costs(sinch) == costs


async def test_only_numbers_that_the_list_does_not_have_are_read_singly(sinch: SimulatedSinch) -> None:
    everyone = numbers(50)
    order_id = await _hosted(sinch, everyone)
    await sinch.client.imported_numbers.delete(everyone[7])
    await sinch.client.imported_numbers.unlink(everyone[9])
    await sinch.advance(hours=UNTIL_UNLINKED)
    confirmed = await _confirm(sinch, order_id, everyone)
    assert _codes(confirmed) == {
        everyone[7]: [FindingCode.NOT_IMPORTED],
        everyone[9]: [FindingCode.SERVICE_PLAN_NOT_LINKED, FindingCode.CAMPAIGN_NOT_LINKED],
    }
    assert await _costs(sinch) == (1, 0, 1, 2)


async def test_a_number_that_is_still_being_unlinked_is_told_from_one_that_is_unlinked(sinch: SimulatedSinch) -> None:
    everyone = numbers(1)
    order_id = await _hosted(sinch, everyone)
    await sinch.client.imported_numbers.unlink(everyone[0])
    confirmed = await _confirm(sinch, order_id, everyone)
    assert _codes(confirmed) == {
        everyone[0]: [FindingCode.SERVICE_PLAN_BEING_UNLINKED, FindingCode.CAMPAIGN_BEING_UNLINKED]
    }


async def test_another_service_plan_or_campaign_is_named_beside_what_was_asked(sinch: SimulatedSinch) -> None:
    everyone = numbers(2)
    order_id = await _hosted(sinch, everyone)
    other = Wanted(service_plan_id="another-plan", campaign_id="CANOTHER")
    confirmed = await _confirm(sinch, order_id, everyone, other)
    differs = [FindingCode.SERVICE_PLAN_DIFFERS, FindingCode.CAMPAIGN_DIFFERS]
    assert _codes(confirmed) == dict.fromkeys(everyone, differs)
    plan, campaign = confirmed.numbers[0].findings
    assert {"another-plan", SERVICE_PLAN} <= set(plan.sentence.replace(";", "").replace(":", "").split())
    assert {"CANOTHER", CAMPAIGN} <= set(campaign.sentence.replace(";", "").replace(":", "").split())


async def test_a_number_that_t_mobile_refused_is_found_with_its_code_though_the_order_is_completed(
    sinch: SimulatedSinch,
) -> None:
    everyone = [MIGRATION_NEEDED, *numbers(1)]
    order_id = await _hosted(sinch, everyone)
    assert str((await sinch.client.hosting_orders.get(order_id)).state) == "COMPLETED"
    confirmed = await _confirm(sinch, order_id, everyone)
    waiting = [FindingCode.CARRIER_NOT_DONE] * 2
    assert _codes(confirmed) == {MIGRATION_NEEDED: [FindingCode.NOT_IMPORTED, FindingCode.CARRIER_FAILED, *waiting]}
    assert "smsTmo is FAILED with 60135" in confirmed.numbers[0].findings[1].sentence


@pytest.mark.parametrize("count", [2, 8])
async def test_an_order_that_sinch_does_not_know_has_none_of_its_numbers(sinch: SimulatedSinch, count: int) -> None:
    confirmed = await _confirm(sinch, "01unknown", numbers(count))
    missing = [FindingCode.NOT_IN_THE_ORDER, FindingCode.NOT_IMPORTED]
    assert _codes(confirmed) == dict.fromkeys(numbers(count), missing)


async def test_a_number_that_came_by_no_order_is_compared_by_itself(sinch: SimulatedSinch) -> None:
    (number,) = numbers(1)
    await sinch.client.imported_numbers.import_number(
        CreateImportedNumberRequest(
            phone_number=number,
            region_code=RegionCode.US,
            sms_configuration=SmsConfigurationToSend(service_plan_id=SERVICE_PLAN, campaign_id=CAMPAIGN),
            display_name="Front desk",
        )
    )
    await sinch.advance(hours=UNTIL_THE_END)
    assert _codes(await _confirm(sinch, None, [number])) == {}
    renamed = WANTED.model_copy(update={"display_name": "Reception"})
    assert _codes(await _confirm(sinch, None, [number], renamed)) == {number: [FindingCode.DISPLAY_NAME_DIFFERS]}


async def test_numbers_without_a_campaign_are_listed_as_such(sinch: SimulatedSinch) -> None:
    everyone = numbers(20)
    order_id = await _hosted(sinch, everyone, campaign_id=None)
    wanted = Wanted(service_plan_id=SERVICE_PLAN)
    assert await _confirm(sinch, order_id, everyone, wanted) == NumbersConfirmed()
    assert await _costs(sinch) == (1, 0, 1, 0)


@pytest.mark.parametrize(
    ("number", "terms"),
    [
        ("+18335550101", {"number_type": NumberType.TOLL_FREE}),
        ("+14165550101", {"region": "CA"}),
    ],
    ids=["toll-free", "Canada"],
)
async def test_toll_free_and_canadian_numbers_miss_no_campaign(
    sinch: SimulatedSinch, number: str, terms: dict[str, Any]
) -> None:
    order_id = await _hosted(sinch, [number], campaign_id=None, **terms)
    wanted = WANTED.model_copy(update=terms)
    assert await _confirm(sinch, order_id, [number], wanted) == NumbersConfirmed()
    assert _codes(await _confirm(sinch, order_id, [number])) == {number: [FindingCode.CAMPAIGN_NOT_LINKED]}


async def test_where_the_list_is_refused_the_numbers_are_read_singly(sinch: SimulatedSinch) -> None:
    everyone = numbers(10)
    order_id = await _hosted(sinch, everyone)
    await sinch.fail(LIST_IMPORTED, status=400)
    assert await _confirm(sinch, order_id, everyone) == NumbersConfirmed()
    assert await _costs(sinch) == (1, 0, 1, 10)


async def test_a_list_far_longer_than_the_numbers_is_left_for_single_reads(sinch: SimulatedSinch) -> None:
    async def ask_for_small_pages(request: httpx.Request) -> None:
        request.url = request.url.copy_merge_params({"pageSize": "20"})

    await _hosted(sinch, numbers(400))
    last = numbers(406)[400:]
    order_id = await _hosted(sinch, last)
    async with connect(sinch.endpoints, before=ask_for_small_pages) as client:
        request = ConfirmNumbers(hosting_order_id=order_id, phone_numbers=tuple(last), wanted=WANTED)
        assert await run(Confirmation(client).confirm, request) == NumbersConfirmed()
    assert await _costs(sinch) == (1, 0, 6, 6)


async def test_of_a_long_list_only_the_blocks_of_the_numbers_are_read(sinch: SimulatedSinch) -> None:
    everyone = numbers(2510)
    for first in range(0, 2500, 500):
        await _hosted(sinch, everyone[first : first + 500])
    wanted = everyone[2500:]
    order_id = await _hosted(sinch, wanted)
    assert await _confirm(sinch, order_id, wanted) == NumbersConfirmed()
    assert await _costs(sinch) == (1, 0, 2, 0)


async def test_orders_that_end_at_the_same_time_share_the_list_of_their_plan(sinch: SimulatedSinch) -> None:
    everyone = numbers(120)
    parts = [everyone[start : start + 20] for start in range(0, len(everyone), 20)]
    orders = [await _hosted(sinch, part) for part in parts]
    await sinch.client.imported_numbers.delete(everyone[-1])
    confirmation = Confirmation(sinch.client)
    requests = [
        ConfirmNumbers(hosting_order_id=order_id, phone_numbers=tuple(part), wanted=WANTED)
        for order_id, part in zip(orders, parts, strict=True)
    ]
    *whole, lacking = await asyncio.gather(*(run(confirmation.confirm, request) for request in requests))
    assert whole == [NumbersConfirmed()] * 5
    assert _codes(lacking) == {everyone[-1]: [FindingCode.NOT_IMPORTED]}
    assert await sinch.requests(LIST_IMPORTED) < len(orders)


async def test_a_list_that_cannot_be_read_fails_all_who_share_it_and_is_read_anew_for_the_next(
    sinch: SimulatedSinch,
) -> None:
    everyone = numbers(10)
    order_id = await _hosted(sinch, everyone)
    confirmation = Confirmation(sinch.client)
    request = ConfirmNumbers(hosting_order_id=order_id, phone_numbers=tuple(everyone), wanted=WANTED)
    await sinch.fail(LIST_IMPORTED, status=503)
    assert is_retried(await failed(confirmation.confirm, request), FailureType.UNAVAILABLE)
    assert await run(confirmation.confirm, request) == NumbersConfirmed()


async def test_looking_changes_nothing_and_an_outage_is_retried(sinch: SimulatedSinch) -> None:
    everyone = numbers(3)
    order_id = await _hosted(sinch, everyone)
    before = await sinch.look("ledger")
    await sinch.fail(GET_IMPORTED, status=503)
    request = ConfirmNumbers(hosting_order_id=order_id, phone_numbers=tuple(everyone), wanted=WANTED)
    assert is_retried(await failed(Confirmation(sinch.client).confirm, request), FailureType.UNAVAILABLE)
    assert await _confirm(sinch, order_id, everyone) == NumbersConfirmed()
    assert await sinch.look("ledger") == before
