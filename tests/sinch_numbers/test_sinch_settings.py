"""Limits and switches of a client: each changes what it says, and by default nothing."""

from typing import Any

import pytest
from pydantic import ValidationError

from sinch_numbers import (
    BlanketLoaInfo,
    ClientSettings,
    CreateImportedNumberRequest,
    FieldMaskParameter,
    GlobalProcessState,
    HostingOrderState,
    HostingOrderType,
    ImportNumbersRequest,
    InvalidRequest,
    RegionCode,
    SmsConfigurationToSend,
    TextEnableNumbersRequest,
    TextEnableTollFreeNumbersRequest,
)
from tests.sinch_numbers.recorded_sinch import RecordedSinch
from tests.sinch_numbers.sinch_examples import HOSTING_ORDER, IMPORTED_NUMBER, QUALIFIED_NUMBER
from tests.sinch_numbers.test_sinch_order_requests import TOLL_FREE

NUMBERS = tuple(f"+1202{n:07}" for n in range(4))
MIGRATING = {"migrate_to_sinch_tmo": True}
TEXT_ENABLE = TextEnableNumbersRequest(
    region_code=RegionCode.CA,
    numbers=("+12025550134",),
    service_plan_id="plan",
    blanket_loa_info=BlanketLoaInfo(),
    migrate_to_sinch_tmo=True,
)
TOLL_FREE_MIGRATING = TextEnableTollFreeNumbersRequest.model_validate({**TOLL_FREE.model_dump(), **MIGRATING})
SINGLE = CreateImportedNumberRequest(
    phone_number="+12025550134",
    region_code=RegionCode.US,
    sms_configuration=SmsConfigurationToSend(service_plan_id="plan", migrate_to_sinch_tmo=True),
)


async def test_the_limits_on_numbers_can_be_changed() -> None:
    sinch = RecordedSinch({"qualifiedNumbers": []}, HOSTING_ORDER)
    request = ImportNumbersRequest(region_code=RegionCode.US, numbers=NUMBERS, service_plan_id="plan")
    async with sinch.client(max_numbers_per_request=3, max_numbers_per_import=4) as client:
        await client.qualified_numbers.add_numbers(NUMBERS[:3])
        await client.hosting_orders.import_numbers(request)
        with pytest.raises(InvalidRequest, match="1 to 3 numbers are allowed, 4 are given"):
            await client.qualified_numbers.add_numbers(NUMBERS)
        with pytest.raises(InvalidRequest, match="1 to 3 numbers are allowed, 4 are given"):
            await client.hosting_orders.text_enable_toll_free(TOLL_FREE.model_copy(update={"numbers": NUMBERS}))
    assert [len(body.get("numbers", body.get("phoneNumbers"))) for body in sinch.bodies] == [3, 4]


async def test_states_can_be_asked_for_in_one_request() -> None:
    sinch = RecordedSinch({"qualifiedNumbers": [QUALIFIED_NUMBER], "nextPageToken": "b"}, {})
    async with sinch.client(states_in_one_request=True) as client:
        listed = client.qualified_numbers.list(states=[GlobalProcessState.VERIFIED, GlobalProcessState.ELIGIBLE])
        assert [number.phone_number async for number in listed] == ["+12025550134"]
        orders = client.hosting_orders.list(
            states=[HostingOrderState.SUBMITTED, HostingOrderState.COMPLETED],
            type=HostingOrderType.IMPORT,
            service_plan_id="plan",
            campaign_id=None,
        )
        assert [order async for order in orders] == []
    qualified = ["GLOBAL_PROCESS_STATE_ELIGIBLE", "GLOBAL_PROCESS_STATE_VERIFIED"]
    asked_for = [request.url.params.get_list("states") for request in sinch.requests]
    assert asked_for == [qualified, qualified, ["SUBMITTED", "COMPLETED"]]
    assert sinch.requests[1].url.params["pageToken"] == "b"


async def test_a_migration_at_t_mobile_is_refused_where_only_samples_show_it() -> None:
    sinch = RecordedSinch({})
    async with sinch.client() as client:
        for call in (
            client.hosting_orders.text_enable(TEXT_ENABLE),
            client.qualified_numbers.text_enable(TEXT_ENABLE),
            client.hosting_orders.text_enable_toll_free(TOLL_FREE_MIGRATING),
            client.qualified_numbers.text_enable_toll_free(TOLL_FREE_MIGRATING),
            client.imported_numbers.import_number(SINGLE),
        ):
            with pytest.raises(
                InvalidRequest, match=r"migrateToSinchTmo: only hosting_orders\.import_numbers takes it"
            ):
                await call
    assert sinch.requests == []


async def test_a_migration_at_t_mobile_can_be_sent_anyway() -> None:
    sinch = RecordedSinch(HOSTING_ORDER, HOSTING_ORDER, IMPORTED_NUMBER)
    async with sinch.client(send_migrate_to_sinch_tmo=True) as client:
        await client.hosting_orders.text_enable(TEXT_ENABLE)
        await client.qualified_numbers.text_enable_toll_free(TOLL_FREE_MIGRATING)
        await client.imported_numbers.import_number(SINGLE)
    assert [body.get("migrateToSinchTmo") for body in sinch.bodies] == [True, True, None]
    assert sinch.bodies[2]["smsConfiguration"] == {"servicePlanId": "plan", "migrateToSinchTmo": True}


@pytest.mark.parametrize("parameter", FieldMaskParameter)
async def test_a_field_mask_names_what_an_update_changes(parameter: FieldMaskParameter) -> None:
    sinch = RecordedSinch(IMPORTED_NUMBER)
    async with sinch.client(field_mask_parameter=parameter) as client:
        await client.imported_numbers.rename("+12025550134", "name")
        await client.imported_numbers.unlink("+12025550134")
        await client.imported_numbers.link("+12025550134", campaign_id="C", callback_url="https://example.com/")
    assert [dict(request.url.params) for request in sinch.requests] == [
        {parameter.value: "displayName"},
        {parameter.value: "smsConfiguration.servicePlanId,smsConfiguration.campaignId"},
        {parameter.value: "smsConfiguration.campaignId,callbackUrl"},
    ]


async def test_no_field_mask_is_sent_unless_asked_for() -> None:
    sinch = RecordedSinch(IMPORTED_NUMBER)
    async with sinch.client() as client:
        await client.imported_numbers.unlink("+12025550134")
    assert sinch.requests[0].url.query == b""


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_numbers_per_request": 0},
        {"max_numbers_per_import": -1},
        {"requests_per_second": 0},
        {"requests_per_second": float("nan")},
        {"field_mask_parameter": "mask"},
        {"max_number_per_import": 5},
    ],
)
def test_a_setting_that_means_nothing_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        ClientSettings(**wrong)
