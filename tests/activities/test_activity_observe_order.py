"""Following a hosting order: one cheap look, and the numbers only where they can have moved."""

from typing import Any

import httpx
import pytest

from activities.hosting_orders import HostingOrders
from onboarding.calls.hosting_orders import ObserveOrder, OrderObserved, Report
from onboarding.errors import FailureType
from onboarding.observations import CarrierError, OrderRecords
from simulator import SimulatorSettings
from simulator.settings import LOCAL_KEY_ID, LOCAL_KEY_SECRET, LOCAL_PROJECT_ID
from sinch_numbers import SinchNumbers
from tests.activities.order_requests import CAMPAIGN, SERVICE_PLAN, order_of
from tests.activities.run_activity import failed, is_final, run
from tests.activities.simulated_sinch import (
    GET_ORDER_NUMBER,
    LIST_ORDER_NUMBERS,
    SimulatedSinch,
    connect,
    numbers,
    simulated_sinch,
)

UNTIL_THE_END = 240.0
STUCK = "+12025556001"
MIGRATION_NEEDED = "+12025556135"


async def _order(sinch: SimulatedSinch, phone_numbers: list[str], **changes: Any) -> str:
    created = await run(HostingOrders(sinch.client, None).create, order_of(phone_numbers, **changes))
    return created.hosting_order_id


async def _observe(client: SinchNumbers, order_id: str, **request: Any) -> OrderObserved:
    return await run(HostingOrders(client, None).observe, ObserveOrder(hosting_order_id=order_id, **request))


async def _costs(sinch: SimulatedSinch) -> tuple[int, int]:
    """Single reads of numbers, and pages of numbers, so far."""
    return await sinch.requests(GET_ORDER_NUMBER), await sinch.requests(LIST_ORDER_NUMBERS)


async def test_the_first_look_reads_state_counters_and_numbers(sinch: SimulatedSinch) -> None:
    wanted = numbers(3)
    observed = await _observe(sinch.client, await _order(sinch, wanted))
    records = tuple(OrderRecords(phone_number=n, osr="WAITING", platform="WAITING", campaign="WAITING") for n in wanted)
    assert observed == OrderObserved(state="SUBMITTED", report=Report(total=3), records=records)


async def test_numbers_are_not_read_while_the_counters_stand_still(sinch: SimulatedSinch) -> None:
    order_id = await _order(sinch, numbers(3))
    known = (await _observe(sinch.client, order_id)).report
    await sinch.advance(hours=2)
    observed = await _observe(sinch.client, order_id, known_report=known)
    assert (observed.state, observed.records) == ("WAITING_FOR_LOA_SIGNATURE", ())
    assert await _costs(sinch) == (0, 1)


async def test_numbers_are_read_when_a_counter_has_moved(sinch: SimulatedSinch) -> None:
    order_id = await _order(sinch, [*numbers(2), STUCK])
    known = (await _observe(sinch.client, order_id)).report
    await sinch.advance(hours=UNTIL_THE_END)
    observed = await _observe(sinch.client, order_id, known_report=known)
    assert observed.state == "IN_PROGRESS"
    assert observed.report == Report(
        total=3, osr_updated=3, sms_provisioned=3, added_to_campaign=2, ongoing_manual_action=1
    )
    assert {record.phone_number: record.campaign for record in observed.records} == {
        **dict.fromkeys(numbers(2), "DONE"),
        STUCK: "IN_PROGRESS",
    }


async def test_an_order_that_has_ended_is_read_to_the_last_number_whatever_its_counters_say(
    sinch: SimulatedSinch,
) -> None:
    order_id = await _order(sinch, numbers(2))
    await sinch.advance(hours=UNTIL_THE_END)
    known = (await _observe(sinch.client, order_id)).report
    observed = await _observe(sinch.client, order_id, known_report=known)
    assert (observed.state, observed.report) == ("COMPLETED", known)
    assert [record.osr for record in observed.records] == ["DONE", "DONE"]


async def test_a_rejected_order_shows_as_rejected(sinch: SimulatedSinch) -> None:
    order_id = await _order(sinch, numbers(2))
    await sinch.tell(f"orders/{order_id}/reject")
    observed = await _observe(sinch.client, order_id, known_report=Report(total=2))
    assert (observed.state, len(observed.records)) == ("REJECTED", 2)


@pytest.mark.parametrize(("count", "costs"), [(1, (1, 0)), (5, (5, 0)), (6, (0, 1))])
async def test_named_numbers_are_read_whatever_the_counters_say(
    sinch: SimulatedSinch, count: int, costs: tuple[int, int]
) -> None:
    order_id = await _order(sinch, numbers(8))
    named = tuple(numbers(8)[-count:])
    observed = await _observe(sinch.client, order_id, known_report=Report(total=8), phone_numbers=named)
    assert tuple(record.phone_number for record in observed.records) == named
    assert await _costs(sinch) == costs


async def test_the_error_of_a_carrier_comes_through(sinch: SimulatedSinch) -> None:
    order_id = await _order(sinch, [MIGRATION_NEEDED, *numbers(1)])
    await sinch.advance(hours=UNTIL_THE_END)
    migration, ordinary = (await _observe(sinch.client, order_id)).records
    assert migration.campaign == "FAILED"
    assert migration.carrier_errors == (
        CarrierError(
            record="smsTmo",
            code="60135",
            message="The number belongs to another aggregator at T-Mobile and must be migrated.",
        ),
    )
    assert ordinary.carrier_errors == ()


async def test_without_a_campaign_its_record_is_not_applicable(sinch: SimulatedSinch) -> None:
    order_id = await _order(sinch, numbers(1), campaign_id=None)
    await sinch.advance(hours=UNTIL_THE_END)
    observed = await _observe(sinch.client, order_id)
    (record,) = observed.records
    assert (observed.state, record.platform, record.campaign) == ("COMPLETED", "DONE", "STATE_UNSPECIFIED")


async def test_an_end_is_only_reported_with_records_that_were_read_after_it(sinch: SimulatedSinch) -> None:
    order_id = await _order(sinch, numbers(2))

    async def the_order_ends_meanwhile(request: httpx.Request) -> None:
        if request.url.path.endswith("/report"):
            await sinch.advance(hours=UNTIL_THE_END)

    async with connect(sinch.endpoints, before=the_order_ends_meanwhile) as client:
        first = await _observe(client, order_id)
    assert first.state == "SUBMITTED"
    second = await _observe(sinch.client, order_id, known_report=first.report)
    assert second.state == "COMPLETED"
    assert [record.campaign for record in second.records] == ["DONE", "DONE"]


async def test_all_pages_of_a_large_order_are_read() -> None:
    wanted = numbers(1200)
    async with simulated_sinch(SimulatorSettings(numbers_per_request=1200)) as sinch:
        order_id = await _order_beyond_the_limit(sinch, wanted)
        observed = await _observe(sinch.client, order_id)
        assert [record.phone_number for record in observed.records] == wanted
        assert await _costs(sinch) == (0, 3)


async def _order_beyond_the_limit(sinch: SimulatedSinch, phone_numbers: list[str]) -> str:
    """An account manager can raise the limit of 500; our client would not send this."""
    address = {"buildingNumber": "1", "street": "Main St", "city": "Atlanta", "state": "GA", "postalCode": "03039"}
    loa = {
        "authorisedPerson": {"firstName": "Zoë", "lastName": "Müller", "email": "zoe@example.com"},
        "address": {**address, "country": "US"},
        "currentVoiceCarrier": "Verizon",
    }
    answer = await sinch.control.post(
        f"{sinch.endpoints.sinch_imported}/v1/projects/{LOCAL_PROJECT_ID}/hostingOrders:textEnableNumbers",
        auth=(LOCAL_KEY_ID, LOCAL_KEY_SECRET),
        json={
            "regionCode": "US",
            "numbers": phone_numbers,
            "servicePlanId": SERVICE_PLAN,
            "campaignId": CAMPAIGN,
            "directLoaInfo": loa,
        },
    )
    order_id: str = answer.raise_for_status().json()["hostingOrderId"]
    return order_id


async def test_an_order_that_does_not_exist_is_a_final_failure(sinch: SimulatedSinch) -> None:
    failure = await failed(HostingOrders(sinch.client, None).observe, ObserveOrder(hosting_order_id="01unknown"))
    assert is_final(failure, FailureType.NOT_FOUND)
    assert "01unknown" in failure.message
