"""What orders for toll-free numbers and orders that import put on the wire, and what they give back."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from sinch_numbers import (
    Address,
    AuthorizedPerson,
    DirectLoaInfo,
    HostingOrderState,
    HostingOrderType,
    ImportNumbersRequest,
    RegionCode,
    ResellerLoaInfo,
    TextEnableTollFreeNumbersRequest,
)
from tests.sinch_numbers.recorded_sinch import PROJECT, RecordedSinch
from tests.sinch_numbers.sinch_examples import HOSTING_ORDER, TEXT_ENABLE_INFO

PERSON = AuthorizedPerson(first_name="John", last_name="Smith", email="email@domain.com")
ADDRESS = Address.model_validate(TEXT_ENABLE_INFO["address"])
LETTER = {"authorisedPerson": TEXT_ENABLE_INFO["authorisedPerson"], "address": TEXT_ENABLE_INFO["address"]}
IMPORT_HOSTING_ORDER = {
    **{
        name: value for name, value in HOSTING_ORDER.items() if name not in {"textEnableInfo", "scheduledOsrUpdateTime"}
    },
    "type": "IMPORT",
    "numberImport": "{}",
}
TOLL_FREE = TextEnableTollFreeNumbersRequest(
    region_code=RegionCode.US,
    numbers=("+18335870229",),
    service_plan_id="plan",
    display_name="batch 0001/1",
    callback_url="https://example.com/callbacks/token",
    scheduled_zipwhip_provisioning_time=datetime(2023, 1, 13, 15, 34, 40, 968000, timezone(timedelta(hours=1))),
    direct_loa_info=DirectLoaInfo(authorised_person=PERSON, address=ADDRESS, current_voice_carrier="Verizon"),
)
TOLL_FREE_BODY: dict[str, Any] = {
    "projectId": "project-1",
    "regionCode": "US",
    "numbers": ["+18335870229"],
    "servicePlanId": "plan",
    "displayName": "batch 0001/1",
    "callbackUrl": "https://example.com/callbacks/token",
    "scheduledZipwhipProvisioningTime": "2023-01-13T14:34:40.968Z",
    "directLoaInfo": {**LETTER, "currentVoiceCarrier": "Verizon"},
}


async def test_text_enabling_toll_free_numbers_sends_the_project_and_the_time_at_top_level() -> None:
    sinch = RecordedSinch(HOSTING_ORDER)
    async with sinch.client() as client:
        order = await client.hosting_orders.text_enable_toll_free(TOLL_FREE)
    assert sinch.lines == [f"POST {PROJECT}/hostingOrders:textEnableTollFreeNumbers"]
    assert sinch.bodies == [TOLL_FREE_BODY]
    assert order.type is HostingOrderType.TEXT_ENABLE


async def test_text_enabling_qualified_toll_free_numbers_sends_the_same_and_returns_the_whole_order() -> None:
    sinch = RecordedSinch(HOSTING_ORDER)
    async with sinch.client() as client:
        order = await client.qualified_numbers.text_enable_toll_free(TOLL_FREE)
    assert sinch.lines == [f"POST {PROJECT}/qualifiedNumbers:textEnableTollFreeNumbers"]
    assert sinch.bodies == [TOLL_FREE_BODY]
    assert order.state is HostingOrderState.SUBMITTED


async def test_toll_free_numbers_of_a_reseller_are_sent_without_a_time_when_none_is_given() -> None:
    sinch = RecordedSinch(HOSTING_ORDER)
    request = TextEnableTollFreeNumbersRequest(
        region_code=RegionCode.US,
        numbers=("+18335870229",),
        service_plan_id="plan",
        reseller_loa_info=ResellerLoaInfo(
            business_name="Acme, Inc.", authorised_person=PERSON, address=ADDRESS, current_voice_carrier="TMO"
        ),
    )
    async with sinch.client() as client:
        await client.hosting_orders.text_enable_toll_free(request)
    assert sinch.bodies == [
        {
            "projectId": "project-1",
            "regionCode": "US",
            "numbers": ["+18335870229"],
            "servicePlanId": "plan",
            "resellerLoaInfo": {**LETTER, "businessName": "Acme, Inc.", "currentVoiceCarrier": "TMO"},
        }
    ]


async def test_toll_free_numbers_need_no_campaign_and_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    sinch = RecordedSinch(HOSTING_ORDER)
    async with sinch.client() as client:
        await client.hosting_orders.text_enable_toll_free(TOLL_FREE)
    assert [record for record in caplog.records if record.levelname == "WARNING"] == []


async def test_an_import_order_sends_every_field_by_its_wire_name() -> None:
    sinch = RecordedSinch(IMPORT_HOSTING_ORDER)
    request = ImportNumbersRequest(
        region_code=RegionCode.US,
        numbers=("+12025550134", "+12025550135"),
        service_plan_id="plan",
        campaign_id="C3O84GA",
        display_name="batch 0001/1",
        callback_url="https://example.com/callbacks/token",
        migrate_to_sinch_tmo=True,
    )
    async with sinch.client() as client:
        order = await client.hosting_orders.import_numbers(request)
    assert sinch.lines == [f"POST {PROJECT}/hostingOrders:importNumbers"]
    assert sinch.bodies == [
        {
            "regionCode": "US",
            "numbers": ["+12025550134", "+12025550135"],
            "servicePlanId": "plan",
            "campaignId": "C3O84GA",
            "displayName": "batch 0001/1",
            "callbackUrl": "https://example.com/callbacks/token",
            "migrateToSinchTmo": True,
        }
    ]
    assert (order.type, order.state) == (HostingOrderType.IMPORT, HostingOrderState.SUBMITTED)
    assert (order.text_enable_info, order.scheduled_osr_update_time) == (None, None)


async def test_an_import_order_leaves_out_what_is_not_given() -> None:
    sinch = RecordedSinch(IMPORT_HOSTING_ORDER)
    async with sinch.client() as client:
        await client.hosting_orders.import_numbers(
            ImportNumbersRequest(region_code=RegionCode.CA, numbers=("+12025550134",), service_plan_id="plan")
        )
    assert sinch.bodies == [{"regionCode": "CA", "numbers": ["+12025550134"], "servicePlanId": "plan"}]
