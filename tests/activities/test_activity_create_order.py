"""Creating hosting orders: once, under every fault, with the LOA and the callback address on the wire."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from activities.callback_address import CallbackAddress
from activities.hosting_orders import HostingOrders
from onboarding.batch import BlanketLoa, NumberType
from onboarding.callback_tokens import read_token
from onboarding.calls.hosting_orders import CreateOrder, ObserveOrder, OrderCreated
from onboarding.errors import FailureType
from onboarding.progress import NumberProgress, Rules, advance, ordered
from onboarding.stages import Stage
from sinch_numbers import HostingOrder, LoaType, TextEnableInfo
from tests.activities.order_requests import CAMPAIGN, DISPLAY_NAME, PARTY, SERVICE_PLAN, order_of
from tests.activities.run_activity import WORKFLOW_ID, failed, is_final, is_retried, run
from tests.activities.simulated_sinch import LIST_ORDERS, ORDER, SimulatedSinch, connect, numbers

NUMBERS = numbers(3)
TOLL_FREE_NUMBERS = numbers(3, area="833555")
TOLL_FREE_ORDER = "TextEnableTollFreeNumbers"
TOKEN_KEY = "k" * 32
LOST_ANSWERS = [
    ({"kind": "status_after_commit", "status": 500}, FailureType.UNAVAILABLE),
    ({"kind": "timeout", "after_commit": True}, FailureType.OUTCOME_UNKNOWN),
    ({"kind": "cut_after"}, FailureType.OUTCOME_UNKNOWN),
]


async def _ordered(sinch: SimulatedSinch) -> list[str]:
    """The ids of all orders at Sinch."""
    return [entry["subject"] for entry in await sinch.ledger("hosting_order")]


async def _created_order(sinch: SimulatedSinch, orders: HostingOrders, **changes: Any) -> HostingOrder:
    """Create an order and read it back from Sinch."""
    created = await run(orders.create, order_of(NUMBERS, **changes))
    return await sinch.client.hosting_orders.get(created.hosting_order_id)


async def test_an_order_is_created_with_everything_the_batch_says(sinch: SimulatedSinch) -> None:
    created = await run(HostingOrders(sinch.client, None).create, order_of(NUMBERS, nnid="104029"))
    order = await sinch.client.hosting_orders.get(created.hosting_order_id)
    assert created == OrderCreated(
        hosting_order_id=order.hosting_order_id, state="SUBMITTED", created_time=order.created_time
    )
    assert (order.display_name, order.region_code) == (DISPLAY_NAME, "US")
    assert (order.service_plan_id, order.campaign_id) == (SERVICE_PLAN, CAMPAIGN)
    assert order.text_enable_info is not None
    assert order.text_enable_info.nnid == "104029"
    (entry,) = await sinch.ledger("hosting_order")
    assert entry["details"]["numbers"] == NUMBERS


async def test_the_moment_of_the_osr_update_is_handed_on_until_it_has_passed(sinch: SimulatedSinch) -> None:
    orders, now = HostingOrders(sinch.client, None), datetime.now(UTC).replace(microsecond=0)
    to_come, passed = now + timedelta(days=30), now - timedelta(minutes=1)
    scheduled = await _created_order(sinch, orders, scheduled_osr_update_time=to_come)
    assert scheduled.scheduled_osr_update_time == to_come
    await sinch.tell(f"orders/{scheduled.hosting_order_id}/reject")
    late = await _created_order(sinch, orders, display_name="late", scheduled_osr_update_time=passed)
    assert late.scheduled_osr_update_time is None


async def test_the_owner_of_the_numbers_signs_a_direct_loa(sinch: SimulatedSinch) -> None:
    order = await _created_order(sinch, HostingOrders(sinch.client, None))
    info = order.text_enable_info
    assert info is not None
    assert (info.loa_type, info.business_name) == (LoaType.DIRECT, None)
    _holds_the_party(info)


async def test_a_party_with_a_business_name_signs_a_reseller_loa(sinch: SimulatedSinch) -> None:
    loa = PARTY.model_copy(update={"business_name": "Bäckerei Groß"})
    order = await _created_order(sinch, HostingOrders(sinch.client, None), loa=loa)
    info = order.text_enable_info
    assert info is not None
    assert (info.loa_type, info.business_name) == (LoaType.RESELLER, "Bäckerei Groß")
    _holds_the_party(info)


async def test_nobody_signs_under_a_blanket_loa(sinch: SimulatedSinch) -> None:
    order = await _created_order(sinch, HostingOrders(sinch.client, None), loa=BlanketLoa(type="blanket"))
    info = order.text_enable_info
    assert info is not None
    assert (info.loa_type, info.authorised_person) == (LoaType.BLANKET, None)
    await sinch.advance(hours=240)
    assert await sinch.ledger("loa_mail") == []
    assert (await sinch.client.hosting_orders.get(order.hosting_order_id)).state == "COMPLETED"


@pytest.mark.parametrize("business_name", [None, "Bäckerei Groß"])
async def test_toll_free_numbers_go_into_an_order_of_their_own_kind(
    sinch: SimulatedSinch, business_name: str | None
) -> None:
    loa = PARTY.model_copy(update={"business_name": business_name})
    orders = HostingOrders(sinch.client, CallbackAddress("https://callbacks.example.com", SecretStr(TOKEN_KEY)))
    created = await run(orders.create, toll_free_order(loa=loa))
    order = await sinch.client.hosting_orders.get(created.hosting_order_id)
    assert (await sinch.requests(TOLL_FREE_ORDER), await sinch.requests(ORDER)) == (1, 0)
    assert (order.display_name, order.region_code, order.campaign_id) == (DISPLAY_NAME, "US", None)
    assert order.callback_url is not None
    info = order.text_enable_info
    assert info is not None
    kind = LoaType.DIRECT if business_name is None else LoaType.RESELLER
    assert (info.loa_type, info.business_name) == (kind, business_name)
    _holds_the_party(info)


async def test_toll_free_numbers_end_without_a_campaign_record(sinch: SimulatedSinch) -> None:
    orders = HostingOrders(sinch.client, None)
    created = await run(orders.create, toll_free_order())
    await sinch.advance(hours=240)
    observed = await run(orders.observe, ObserveOrder(hosting_order_id=created.hosting_order_id))
    assert observed.state == "COMPLETED"
    assert [(record.osr, record.platform, record.campaign) for record in observed.records] == [
        ("DONE", "DONE", "STATE_UNSPECIFIED")
    ] * len(TOLL_FREE_NUMBERS)
    now = datetime.now(UTC)
    for record in observed.records:
        start = ordered(NumberProgress(phone_number=record.phone_number), now, campaign_expected=False)
        assert advance(start, record, now, Rules()).stage is Stage.DONE


@pytest.mark.parametrize(("fault", "kind"), LOST_ANSWERS, ids=str)
async def test_a_toll_free_order_whose_answer_was_lost_is_found_and_not_created_again(
    sinch: SimulatedSinch, fault: dict[str, object], kind: FailureType
) -> None:
    await sinch.tell("faults", {"operation": TOLL_FREE_ORDER, **fault})
    async with connect(sinch.endpoints, timeout=1.0) as client:
        assert is_retried(await failed(HostingOrders(client, None).create, toll_free_order()), kind)
    created = await run(HostingOrders(sinch.client, None).create, toll_free_order(), attempt=2)
    assert [created.hosting_order_id] == await _ordered(sinch)
    assert await sinch.requests(TOLL_FREE_ORDER) == 1


async def test_a_toll_free_order_under_a_blanket_loa_is_not_sent(sinch: SimulatedSinch) -> None:
    """An operator may have amended the LOA of an order that was refused."""
    request = toll_free_order(loa=BlanketLoa(type="blanket"))
    failure = await failed(HostingOrders(sinch.client, None).create, request)
    assert is_final(failure, FailureType.INVALID_ARGUMENT)
    assert "directLoaInfo" in failure.message
    assert await sinch.requests(TOLL_FREE_ORDER) == 0


def toll_free_order(**changes: Any) -> CreateOrder:
    """The first order of toll-free numbers, as a batch makes it."""
    terms = {"number_type": NumberType.TOLL_FREE, "campaign_id": None}
    return order_of(TOLL_FREE_NUMBERS, **terms, **changes)


def _holds_the_party(info: TextEnableInfo) -> None:
    assert info.authorised_person is not None
    assert info.address is not None
    assert info.authorised_person.model_dump() == PARTY.authorised_person.model_dump()
    assert info.address.model_dump() == PARTY.address.model_dump()
    assert info.current_voice_carrier == PARTY.current_voice_carrier


@pytest.mark.parametrize("public_url", ["https://callbacks.example.com", "https://callbacks.example.com/"])
async def test_the_callback_address_leads_back_to_the_workflow(sinch: SimulatedSinch, public_url: str) -> None:
    orders = HostingOrders(sinch.client, CallbackAddress(public_url, SecretStr(TOKEN_KEY)))
    order = await _created_order(sinch, orders)
    assert order.callback_url is not None
    address, _, token = order.callback_url.rpartition("/")
    assert address == "https://callbacks.example.com/callbacks"
    assert read_token(token, TOKEN_KEY.encode()) == WORKFLOW_ID


async def test_without_a_public_address_no_callbacks_are_asked_for(sinch: SimulatedSinch) -> None:
    assert (await _created_order(sinch, HostingOrders(sinch.client, None))).callback_url is None


@pytest.mark.parametrize("campaign_id", [CAMPAIGN, None])
@pytest.mark.parametrize(("fault", "kind"), LOST_ANSWERS, ids=str)
async def test_an_order_whose_answer_was_lost_is_found_and_not_created_again(
    sinch: SimulatedSinch, fault: dict[str, object], kind: FailureType, campaign_id: str | None
) -> None:
    request = order_of(NUMBERS, campaign_id=campaign_id)
    await sinch.tell("faults", {"operation": ORDER, **fault})
    async with connect(sinch.endpoints, timeout=1.0) as client:
        assert is_retried(await failed(HostingOrders(client, None).create, request), kind)
    created = await run(HostingOrders(sinch.client, None).create, request, attempt=2)
    assert [created.hosting_order_id] == await _ordered(sinch)
    assert await sinch.requests(ORDER) == 1


async def test_an_order_that_moved_on_since_its_answer_was_lost_is_found(sinch: SimulatedSinch) -> None:
    orders = HostingOrders(sinch.client, None)
    await sinch.fail(ORDER, "cut_after")
    await failed(orders.create, order_of(NUMBERS))
    await sinch.advance(hours=240)
    created = await run(orders.create, order_of(NUMBERS), attempt=2)
    assert (created.state, [created.hosting_order_id]) == ("COMPLETED", await _ordered(sinch))


async def test_an_order_among_many_others_is_found(sinch: SimulatedSinch) -> None:
    orders = HostingOrders(sinch.client, None)
    for position, phone_number in enumerate(numbers(120, area="202556")):
        await run(orders.create, order_of([phone_number], display_name=f"{DISPLAY_NAME}{position}"))
    await sinch.fail(ORDER, "cut_after")
    await failed(orders.create, order_of(NUMBERS))
    created = await run(orders.create, order_of(NUMBERS), attempt=2)
    assert created.hosting_order_id == (await _ordered(sinch))[-1]


async def test_a_request_that_never_arrived_is_sent_by_the_next_attempt(sinch: SimulatedSinch) -> None:
    orders = HostingOrders(sinch.client, None)
    await sinch.fail(ORDER, "cut_before")
    await failed(orders.create, order_of(NUMBERS))
    created = await run(orders.create, order_of(NUMBERS), attempt=2)
    assert [created.hosting_order_id] == await _ordered(sinch)


async def test_a_first_attempt_does_not_look_for_an_order(sinch: SimulatedSinch) -> None:
    await run(HostingOrders(sinch.client, None).create, order_of(NUMBERS))
    assert await sinch.requests(LIST_ORDERS) == 0


async def test_a_second_attempt_that_cannot_look_sends_nothing(sinch: SimulatedSinch) -> None:
    await sinch.fail(LIST_ORDERS, status=503)
    failure = await failed(HostingOrders(sinch.client, None).create, order_of(NUMBERS), attempt=2)
    assert is_retried(failure, FailureType.UNAVAILABLE)
    assert await sinch.requests(ORDER) == 0


async def test_a_conflict_with_its_own_order_adopts_that_order(sinch: SimulatedSinch) -> None:
    orders = HostingOrders(sinch.client, None)
    first = await run(orders.create, order_of(NUMBERS))
    assert await run(orders.create, order_of(NUMBERS)) == first
    assert await _ordered(sinch) == [first.hosting_order_id]


async def test_a_conflict_with_another_order_is_final_and_names_it(sinch: SimulatedSinch) -> None:
    orders = HostingOrders(sinch.client, None)
    other = await run(orders.create, order_of(NUMBERS[:1], display_name="depots 0001/1"))
    failure = await failed(orders.create, order_of(NUMBERS))
    assert is_final(failure, FailureType.CONFLICT)
    assert f"{NUMBERS[0]} already sits in the hosting order {other.hosting_order_id}" in failure.message
    assert len(await _ordered(sinch)) == 1


async def test_a_refused_order_is_final_and_names_the_fields_at_fault(sinch: SimulatedSinch) -> None:
    failure = await failed(HostingOrders(sinch.client, None).create, order_of(NUMBERS, nnid="12"))
    assert is_final(failure, FailureType.INVALID_ARGUMENT)
    assert f"for {DISPLAY_NAME}: 400 INVALID_ARGUMENT" in failure.message
    assert "nnid: String should match pattern" in failure.message


async def test_an_order_that_breaks_a_documented_limit_is_not_sent(sinch: SimulatedSinch) -> None:
    failure = await failed(HostingOrders(sinch.client, None).create, order_of(numbers(501)))
    assert is_final(failure, FailureType.INVALID_ARGUMENT)
    assert "numbers: 1 to 500 numbers are allowed, 501 are given" in failure.message
    assert await sinch.requests(ORDER) == 0
