"""What each operation puts on the wire, and what it gives back."""

import base64
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from sinch_numbers import (
    Address,
    AuthorizedPerson,
    BlanketLoaInfo,
    DirectLoaInfo,
    GlobalProcessState,
    HostingOrderState,
    HostingOrderType,
    NotFound,
    OrderBy,
    RegionCode,
    ResellerLoaInfo,
    SinchNumbers,
    State,
    TextEnableNumbersRequest,
)
from tests.sinch_numbers.recorded_sinch import KEY, PROJECT, RecordedSinch, queries
from tests.sinch_numbers.sinch_examples import (
    CALLBACK_CONFIGURATION,
    HOSTING_ORDER,
    HOSTING_ORDER_NUMBER,
    QUALIFIED_NUMBER,
    REPORT,
    TEXT_ENABLE_INFO,
)

PERSON = AuthorizedPerson(first_name="John", last_name="Smith", email="email@domain.com")
ADDRESS = Address(
    building_number="2433", street="Vesta Drive", city="Chicago", state="IL", postal_code="00601", country="US"
)
WIRE_PERSON = {"firstName": "John", "lastName": "Smith", "email": "email@domain.com"}
WIRE_ADDRESS = {**TEXT_ENABLE_INFO["address"], "postalCode": "00601"}
BLANKET = TextEnableNumbersRequest(
    region_code=RegionCode.US,
    numbers=("+17724295286", "+17724295287"),
    service_plan_id="plan",
    campaign_id="C3O8OGA",
    blanket_loa_info=BlanketLoaInfo(),
)


async def test_getting_a_qualified_number_keeps_plus_and_asks_as_json_with_the_key() -> None:
    sinch = RecordedSinch(QUALIFIED_NUMBER)
    async with sinch.client() as client:
        number = await client.qualified_numbers.get("+12025550134")
    assert sinch.lines == [f"GET {PROJECT}/qualifiedNumbers/+12025550134"]
    assert sinch.requests[0].url.host == "imported.numbers.api.sinch.com"
    assert sinch.requests[0].headers["Authorization"] == f"Basic {base64.b64encode(b'key-id:key-secret').decode()}"
    assert "Content-Type" not in sinch.requests[0].headers
    assert number.global_process_state is GlobalProcessState.VERIFIED


async def test_listing_qualified_numbers_sends_the_prefixed_state_and_every_option() -> None:
    sinch = RecordedSinch({"qualifiedNumbers": [QUALIFIED_NUMBER], "nextPageToken": "", "totalSize": 1})
    async with sinch.client() as client:
        page = await client.qualified_numbers.list_page(
            GlobalProcessState("VERIFIED"),
            region_code=RegionCode.CA,
            order_by=OrderBy.UPDATED_TIME,
            page_size=50,
            page_token="a b+c==",
        )
    assert sinch.requests[0].url.path == f"{PROJECT}/qualifiedNumbers"
    assert queries(sinch.requests) == [
        {
            "states": "GLOBAL_PROCESS_STATE_VERIFIED",
            "regionCode": "CA",
            "orderBy": "updatedTime",
            "pageSize": "50",
            "pageToken": "a b+c==",
        }
    ]
    assert "b%2Bc%3D%3D" in sinch.lines[0]
    assert (page.total_size, page.next_page_token) == (1, None)


async def test_adding_numbers_sends_them_and_returns_each_as_it_is_now() -> None:
    sinch = RecordedSinch({"qualifiedNumbers": [QUALIFIED_NUMBER]})
    async with sinch.client() as client:
        numbers = await client.qualified_numbers.add_numbers(["+12025550134"])
    assert sinch.lines == [f"POST {PROJECT}/qualifiedNumbers:addNumbers"]
    assert sinch.bodies == [{"phoneNumbers": ["+12025550134"]}]
    assert sinch.requests[0].headers["Content-Type"] == "application/json"
    assert [number.phone_number for number in numbers] == ["+12025550134"]


async def test_a_voice_challenge_is_sent_without_a_body() -> None:
    sinch = RecordedSinch(QUALIFIED_NUMBER)
    async with sinch.client() as client:
        await client.qualified_numbers.send_voice_challenge("+12025550134")
    assert sinch.lines == [f"POST {PROJECT}/qualifiedNumbers/+12025550134:sendVoiceChallenge"]
    assert sinch.bodies == [None]


async def test_a_code_keeps_its_leading_zeros() -> None:
    sinch = RecordedSinch(QUALIFIED_NUMBER)
    async with sinch.client() as client:
        await client.qualified_numbers.verify_voice_challenge("+12025550134", " 0042 ")
    assert sinch.lines == [f"POST {PROJECT}/qualifiedNumbers/+12025550134:verifyVoiceChallenge"]
    assert sinch.bodies == [{"code": "0042"}]


async def test_text_enabling_qualified_numbers_returns_the_order_id() -> None:
    sinch = RecordedSinch({"hostingOrderId": "01arz3nhyrtsv4rrffq69g5fav"})
    async with sinch.client() as client:
        answer = await client.qualified_numbers.text_enable(BLANKET)
    assert sinch.lines == [f"POST {PROJECT}/qualifiedNumbers:textEnableNumbers"]
    assert answer.hosting_order_id == "01arz3nhyrtsv4rrffq69g5fav"


@pytest.mark.parametrize("answer", [httpx.Response(200), httpx.Response(204), httpx.Response(200, json={})])
async def test_deleting_a_qualified_number_needs_no_answer_but_success(answer: httpx.Response) -> None:
    sinch = RecordedSinch(answer)
    async with sinch.client() as client:
        await client.qualified_numbers.delete("+12025550134")
    assert sinch.lines == [f"DELETE {PROJECT}/qualifiedNumbers/+12025550134"]
    assert sinch.bodies == [None]


async def test_deleting_a_qualified_number_that_is_gone_says_so() -> None:
    sinch = RecordedSinch(httpx.Response(404, json={"code": "404", "message": "no such number", "status": "NOT_FOUND"}))
    async with sinch.client() as client:
        with pytest.raises(NotFound) as caught:
            await client.qualified_numbers.delete("+12025550134")
    assert (caught.value.operation, caught.value.subject) == ("qualified_numbers.delete", "+12025550134")


async def test_a_direct_loa_request_sends_every_field_by_its_wire_name() -> None:
    sinch = RecordedSinch(HOSTING_ORDER)
    request = TextEnableNumbersRequest(
        region_code=RegionCode.US,
        numbers=("+17724295286",),
        service_plan_id="plan",
        campaign_id="C3O8OGA",
        display_name="batch 0001/1",
        nnid="104029",
        direct_loa_info=DirectLoaInfo(authorised_person=PERSON, address=ADDRESS, current_voice_carrier="Verizon"),
        scheduled_osr_update_time=datetime(2023, 1, 13, 15, 34, 40, 968000, timezone(timedelta(hours=1))),
        callback_url="https://example.com/callbacks/token",
    )
    async with sinch.client() as client:
        order = await client.hosting_orders.text_enable(request)
    assert sinch.lines == [f"POST {PROJECT}/hostingOrders:textEnableNumbers"]
    assert sinch.bodies == [
        {
            "regionCode": "US",
            "numbers": ["+17724295286"],
            "servicePlanId": "plan",
            "campaignId": "C3O8OGA",
            "displayName": "batch 0001/1",
            "nnid": "104029",
            "directLoaInfo": {
                "authorisedPerson": WIRE_PERSON,
                "address": WIRE_ADDRESS,
                "currentVoiceCarrier": "Verizon",
            },
            "scheduledOsrUpdateTime": "2023-01-13T14:34:40.968Z",
            "callbackUrl": "https://example.com/callbacks/token",
        }
    ]
    assert order.hosting_order_id == "01arz3nhyrtsv4rrffq69g5fav"


async def test_a_reseller_loa_names_the_business() -> None:
    sinch = RecordedSinch(HOSTING_ORDER)
    letter = ResellerLoaInfo(
        business_name="Acme, Inc.", authorised_person=PERSON, address=ADDRESS, current_voice_carrier="TMO"
    )
    request = BLANKET.model_copy(update={"blanket_loa_info": None, "reseller_loa_info": letter})
    async with sinch.client() as client:
        await client.hosting_orders.text_enable(request)
    assert sinch.bodies[0]["resellerLoaInfo"] == {
        "businessName": "Acme, Inc.",
        "authorisedPerson": WIRE_PERSON,
        "address": WIRE_ADDRESS,
        "currentVoiceCarrier": "TMO",
    }
    assert "blanketLoaInfo" not in sinch.bodies[0]


async def test_a_blanket_loa_is_sent_as_an_empty_object_and_absent_fields_are_left_out() -> None:
    sinch = RecordedSinch(HOSTING_ORDER)
    async with sinch.client() as client:
        await client.hosting_orders.text_enable(BLANKET)
    assert sinch.bodies == [
        {
            "regionCode": "US",
            "numbers": ["+17724295286", "+17724295287"],
            "servicePlanId": "plan",
            "campaignId": "C3O8OGA",
            "blanketLoaInfo": {},
        }
    ]


@pytest.mark.parametrize(
    ("update", "warnings"),
    [({}, 0), ({"campaign_id": None}, 1), ({"campaign_id": None, "region_code": RegionCode.CA}, 0)],
)
async def test_a_us_order_without_campaign_is_sent_with_a_warning(
    update: dict[str, Any], warnings: int, caplog: pytest.LogCaptureFixture
) -> None:
    sinch = RecordedSinch(HOSTING_ORDER)
    async with sinch.client() as client:
        await client.hosting_orders.text_enable(BLANKET.model_copy(update=update))
    assert len(sinch.requests) == 1
    assert [record.name for record in caplog.records if record.levelname == "WARNING"] == [
        "sinch_numbers._order_requests"
    ] * warnings


async def test_listing_orders_asks_once_a_state_with_all_four_filters() -> None:
    sinch = RecordedSinch({"hostingOrders": [HOSTING_ORDER]})
    async with sinch.client() as client:
        orders = [
            order.hosting_order_id
            async for order in client.hosting_orders.list(
                states=[HostingOrderState.COMPLETED, HostingOrderState.SUBMITTED, HostingOrderState.COMPLETED],
                type=HostingOrderType.TEXT_ENABLE,
                service_plan_id="plan",
                campaign_id=None,
                region_code=RegionCode.US,
                order_by=OrderBy.CREATED_TIME,
                page_size=7,
            )
        ]
    shared = {
        "type": "TYPE_TEXT_ENABLE",
        "servicePlanId": "plan",
        "campaignId": "",
        "regionCode": "US",
        "orderBy": "createdTime",
        "pageSize": "7",
    }
    assert queries(sinch.requests) == [{"states": "SUBMITTED", **shared}, {"states": "COMPLETED", **shared}]
    assert sinch.requests[0].url.path == f"{PROJECT}/hostingOrders"
    assert len(orders) == 2


async def test_an_order_is_found_by_its_exact_display_name_on_a_later_page() -> None:
    def orders(*names: str, token: str = "") -> dict[str, Any]:
        return {
            "hostingOrders": [{**HOSTING_ORDER, "hostingOrderId": name, "displayName": name} for name in names],
            "nextPageToken": token,
        }

    sinch = RecordedSinch(orders("b 0001/10", token="next"), orders("b 0001/1"), orders())
    async with sinch.client() as client:
        found = await client.hosting_orders.find_by_display_name(
            "b 0001/1",
            states=[HostingOrderState.SUBMITTED, HostingOrderState.IN_PROGRESS],
            type=HostingOrderType.TEXT_ENABLE,
            service_plan_id="plan",
            campaign_id="C3O8OGA",
        )
        assert found is not None
        assert found.hosting_order_id == "b 0001/1"
        assert [query.get("pageToken") for query in queries(sinch.requests)] == [None, "next"]
        missing = await client.hosting_orders.find_by_display_name(
            "b 0001/2",
            states=[HostingOrderState.SUBMITTED, HostingOrderState.IN_PROGRESS],
            type=HostingOrderType.TEXT_ENABLE,
            service_plan_id="plan",
            campaign_id="C3O8OGA",
        )
    assert missing is None
    assert [query["states"] for query in queries(sinch.requests)[2:]] == ["SUBMITTED", "IN_PROGRESS"]


async def test_an_order_that_moves_on_during_the_search_is_still_found() -> None:
    """The order is in progress when the first list is answered and completed from then on."""
    states = iter(["IN_PROGRESS", "COMPLETED"])

    def answer(request: httpx.Request) -> httpx.Response:
        there = request.url.params["states"] == next(states)
        return httpx.Response(200, json={"hostingOrders": [HOSTING_ORDER] if there else []})

    async with SinchNumbers("project-1", KEY, transport=httpx.MockTransport(answer)) as client:
        found = await client.hosting_orders.find_by_display_name(
            HOSTING_ORDER["displayName"],
            states=[HostingOrderState.COMPLETED, HostingOrderState.IN_PROGRESS],
            type=HostingOrderType.TEXT_ENABLE,
            service_plan_id="plan",
            campaign_id=None,
        )
    assert found is not None


async def test_an_order_its_report_and_one_of_its_numbers_are_read_by_id() -> None:
    sinch = RecordedSinch(HOSTING_ORDER, REPORT, HOSTING_ORDER_NUMBER)
    async with sinch.client() as client:
        order = await client.hosting_orders.get("01arz")
        report = await client.hosting_orders.report("01arz")
        number = await client.hosting_orders.get_number("01arz", "+12025550134")
    assert sinch.lines == [
        f"GET {PROJECT}/hostingOrders/01arz",
        f"GET {PROJECT}/hostingOrders/01arz/report",
        f"GET {PROJECT}/hostingOrders/01arz/numbers/+12025550134",
    ]
    assert order.state is HostingOrderState.SUBMITTED
    assert (report.total, report.ongoing_manual_action) == (5, 1)
    assert number.osr_update.state is State.DONE


async def test_the_numbers_of_an_order_can_be_filtered_by_the_three_sub_processes() -> None:
    sinch = RecordedSinch({"numbers": [HOSTING_ORDER_NUMBER]})
    async with sinch.client() as client:
        numbers = [
            number.phone_number
            async for number in client.hosting_orders.list_numbers(
                "01arz",
                osr_update_state=State.DONE,
                campaign_provisioning_state=State.FAILED,
                platform_provisioning_state=State.WAITING,
                order_by=OrderBy.CREATED_TIME,
                page_size=500,
            )
        ]
    assert numbers == ["+12025550134"]
    assert sinch.requests[0].url.path == f"{PROJECT}/hostingOrders/01arz/numbers"
    assert queries(sinch.requests) == [
        {
            "osrUpdateState": "DONE",
            "campaignProvisioningState": "FAILED",
            "platformProvisioningState": "WAITING",
            "orderBy": "createdTime",
            "pageSize": "500",
        }
    ]


async def test_the_callback_secret_is_read_and_replaced() -> None:
    sinch = RecordedSinch(CALLBACK_CONFIGURATION)
    async with sinch.client() as client:
        present = await client.callback_configuration.get()
        await client.callback_configuration.update(SecretStr("new-secret"))
    assert sinch.lines == [f"GET {PROJECT}/callbackConfiguration", f"PATCH {PROJECT}/callbackConfiguration"]
    assert sinch.bodies == [None, {"hmacSecret": "new-secret"}]
    assert present.hmac_secret == SecretStr(CALLBACK_CONFIGURATION["hmacSecret"])
    assert CALLBACK_CONFIGURATION["hmacSecret"] not in repr(present)


@pytest.mark.parametrize("status", [200, 201, 202, 206])
async def test_any_2xx_is_success(status: int) -> None:
    sinch = RecordedSinch(httpx.Response(status, json=HOSTING_ORDER))
    async with sinch.client() as client:
        order = await client.hosting_orders.text_enable(BLANKET)
    assert order.type is HostingOrderType.TEXT_ENABLE


async def test_another_base_url_may_have_a_path_and_a_trailing_slash() -> None:
    sinch = RecordedSinch(REPORT)
    transport = httpx.MockTransport(sinch.answer)
    async with SinchNumbers("p 1", KEY, base_url="http://127.0.0.1:9/imported/", transport=transport) as client:
        await client.hosting_orders.report("01arz")
    assert str(sinch.requests[0].url) == "http://127.0.0.1:9/imported/v1/projects/p%201/hostingOrders/01arz/report"


@given(hosting_order_id=st.text(min_size=1).filter(lambda text: text not in {".", ".."}))
async def test_an_order_id_of_any_characters_stays_one_path_segment(hosting_order_id: str) -> None:
    sinch = RecordedSinch(REPORT)
    async with sinch.client() as client:
        await client.hosting_orders.report(hosting_order_id)
    target = sinch.requests[0].url.raw_path.decode()
    head, segment, tail = target.rsplit("/", 2)
    assert (head, tail) == (f"{PROJECT}/hostingOrders", "report")
    assert unquote(segment) == hosting_order_id


def test_the_example_request_of_the_documentation_is_what_the_model_sends() -> None:
    example = {
        "regionCode": "US",
        "numbers": ["+17724295286", "+17724295287"],
        "servicePlanId": "07d6c2621f364b68856fe4938b7bb78f",
        "campaignId": "C3O8OGA",
        "callbackUrl": "https://www.your-callback-server.com/callback",
        "blanketLoaInfo": {},
        "scheduledOsrUpdateTime": "2023-01-13T14:34:40.968Z",
    }
    request = TextEnableNumbersRequest.model_validate_json(json.dumps(example))
    assert request.scheduled_osr_update_time == datetime(2023, 1, 13, 14, 34, 40, 968000, UTC)
    assert request.wire_body() == example
