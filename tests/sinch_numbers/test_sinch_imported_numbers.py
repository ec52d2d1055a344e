"""What the operations of imported numbers put on the wire, and what they give back."""

from typing import Any

import httpx
import pytest

from sinch_numbers import (
    CarrierOperation,
    Conflict,
    CreateImportedNumberRequest,
    ImportedNumbersSearchPattern,
    NotFound,
    NumberPattern,
    OrderBy,
    ProvisioningType,
    RegionCode,
    ServiceType,
    SmsConfigurationToSend,
    State,
)
from tests.sinch_numbers.recorded_sinch import PROJECT, RecordedSinch, queries
from tests.sinch_numbers.sinch_examples import IMPORTED_NUMBER, IMPORTED_NUMBER_RESPONSE

NUMBER = f"{PROJECT}/importedNumbers/+12025550134"


async def test_listing_imported_numbers_sends_every_filter_on_every_page() -> None:
    first = {"importedNumbers": [IMPORTED_NUMBER_RESPONSE], "nextPageToken": "next", "totalSize": 2}
    sinch = RecordedSinch(first, {"importedNumbers": [IMPORTED_NUMBER_RESPONSE], "totalSize": 2})
    async with sinch.client() as client:
        numbers = [
            number.phone_number
            async for number in client.imported_numbers.list(
                service_plan_id="plan",
                campaign_id="C3O84GA",
                region_code=RegionCode.US,
                number_pattern=NumberPattern(pattern="+1206", search_pattern=ImportedNumbersSearchPattern.START),
                order_by=OrderBy.CREATED_TIME,
                page_size=1,
            )
        ]
    filters = {
        "servicePlanId": "plan",
        "campaignId": "C3O84GA",
        "regionCode": "US",
        "numberPattern.pattern": "+1206",
        "numberPattern.searchPattern": "START",
        "orderBy": "createdTime",
        "pageSize": "1",
    }
    assert queries(sinch.requests) == [filters, {**filters, "pageToken": "next"}]
    assert sinch.requests[0].url.path == f"{PROJECT}/importedNumbers"
    assert "numberPattern.pattern=%2B1206" in sinch.lines[0]
    assert numbers == ["+12025550134", "+12025550134"]


async def test_filters_of_imported_numbers_may_be_left_out() -> None:
    sinch = RecordedSinch({"importedNumbers": [IMPORTED_NUMBER_RESPONSE], "totalSize": 1})
    async with sinch.client() as client:
        page = await client.imported_numbers.list_page(service_plan_id=None, campaign_id=None)
        await client.imported_numbers.list_page(
            service_plan_id="plan", campaign_id=None, number_pattern=NumberPattern(pattern="206")
        )
    assert queries(sinch.requests) == [{}, {"servicePlanId": "plan", "numberPattern.pattern": "206"}]
    assert (len(page.items), page.next_page_token, page.total_size) == (1, None, 1)


async def test_importing_a_number_sends_every_field_by_its_wire_name() -> None:
    sinch = RecordedSinch(IMPORTED_NUMBER)
    request = CreateImportedNumberRequest(
        phone_number="+12025550134",
        region_code=RegionCode.US,
        sms_configuration=SmsConfigurationToSend(service_plan_id="plan", campaign_id="C3O84GA"),
        display_name="MyPhoneNumber",
        callback_url="https://example.com/callbacks/token",
    )
    async with sinch.client() as client:
        number = await client.imported_numbers.import_number(request)
    assert sinch.lines == [f"POST {PROJECT}/importedNumbers"]
    assert sinch.bodies == [
        {
            "phoneNumber": "+12025550134",
            "regionCode": "US",
            "smsConfiguration": {"servicePlanId": "plan", "campaignId": "C3O84GA"},
            "displayName": "MyPhoneNumber",
            "callbackUrl": "https://example.com/callbacks/token",
        }
    ]
    assert number.sms_configuration.scheduled_provisioning is not None
    assert number.sms_configuration.scheduled_provisioning.status == 1


async def test_a_number_that_is_imported_already_is_a_conflict() -> None:
    sinch = RecordedSinch(httpx.Response(409, json={"code": "409", "message": "exists", "status": "ALREADY_EXISTS"}))
    request = CreateImportedNumberRequest(
        phone_number="+12025550134",
        region_code=RegionCode.CA,
        sms_configuration=SmsConfigurationToSend(service_plan_id="plan"),
    )
    async with sinch.client() as client:
        with pytest.raises(Conflict) as caught:
            await client.imported_numbers.import_number(request)
    assert caught.value.subject == "+12025550134"
    assert sinch.bodies[0]["smsConfiguration"] == {"servicePlanId": "plan"}


async def test_an_imported_number_tells_its_progress_at_the_platform_and_at_the_carriers() -> None:
    sinch = RecordedSinch(IMPORTED_NUMBER_RESPONSE)
    async with sinch.client() as client:
        number = await client.imported_numbers.get("+12025550134")
    assert sinch.lines == [f"GET {NUMBER}"]
    assert number.sms_provisioning.service_type is ServiceType.SMS
    assert number.sms_provisioning.state is State.DONE
    assert number.campaign_provisioning.type is ProvisioningType.DEPROVISIONING
    assert number.campaign_provisioning.error_code == "CRS0018"
    assert number.mno_configuration.sms_tmo.error_code == "60135"
    assert number.mno_configuration.mms_att.operation is CarrierOperation.DEPROVISIONING


async def test_renaming_a_number_sends_the_name_alone() -> None:
    sinch = RecordedSinch(IMPORTED_NUMBER)
    async with sinch.client() as client:
        number = await client.imported_numbers.rename("+12025550134", "MyPhoneNumber")
    assert sinch.lines == [f"PATCH {NUMBER}"]
    assert sinch.bodies == [{"displayName": "MyPhoneNumber"}]
    assert number.display_name == "MyPhoneNumber"


@pytest.mark.parametrize(
    ("parts", "cleared"),
    [
        ({}, {"servicePlanId": "", "campaignId": ""}),
        ({"campaign": False}, {"servicePlanId": ""}),
        ({"service_plan": False}, {"campaignId": ""}),
    ],
    ids=["both", "service plan", "campaign"],
)
async def test_unlinking_clears_both_ids_or_the_one_asked_for(parts: dict[str, Any], cleared: dict[str, str]) -> None:
    sinch = RecordedSinch({**IMPORTED_NUMBER, "smsConfiguration": {"servicePlanId": "", "campaignId": ""}})
    async with sinch.client() as client:
        number = await client.imported_numbers.unlink("+12025550134", **parts)
    assert sinch.lines == [f"PATCH {NUMBER}"]
    assert sinch.bodies == [{"smsConfiguration": cleared}]
    assert (number.sms_configuration.service_plan_id, number.sms_configuration.campaign_id) == ("", "")


@pytest.mark.parametrize(
    ("ids", "sent"),
    [
        ({"service_plan_id": "plan", "campaign_id": "C"}, {"servicePlanId": "plan", "campaignId": "C"}),
        ({"service_plan_id": "plan"}, {"servicePlanId": "plan"}),
        ({"campaign_id": "C"}, {"campaignId": "C"}),
    ],
)
async def test_linking_sends_the_new_ids_alone(ids: dict[str, str], sent: dict[str, str]) -> None:
    sinch = RecordedSinch(IMPORTED_NUMBER)
    async with sinch.client() as client:
        await client.imported_numbers.link("+12025550134", **ids)
    assert sinch.lines == [f"PATCH {NUMBER}"]
    assert sinch.bodies == [{"smsConfiguration": sent}]


async def test_a_link_and_an_unlink_can_name_where_their_events_go() -> None:
    sinch = RecordedSinch(IMPORTED_NUMBER)
    url = "https://example.com/callbacks/token"
    async with sinch.client() as client:
        await client.imported_numbers.unlink("+12025550134", callback_url=url)
        await client.imported_numbers.link("+12025550134", service_plan_id="plan", callback_url=url)
    assert sinch.bodies == [
        {"smsConfiguration": {"servicePlanId": "", "campaignId": ""}, "callbackUrl": url},
        {"smsConfiguration": {"servicePlanId": "plan"}, "callbackUrl": url},
    ]


@pytest.mark.parametrize("answer", [httpx.Response(200), httpx.Response(204), httpx.Response(200, json={})])
async def test_deleting_an_imported_number_needs_no_answer_but_success(answer: httpx.Response) -> None:
    sinch = RecordedSinch(answer)
    async with sinch.client() as client:
        await client.imported_numbers.delete("+12025550134")
    assert sinch.lines == [f"DELETE {NUMBER}"]
    assert sinch.bodies == [None]


async def test_deleting_an_imported_number_that_is_gone_says_so() -> None:
    body: dict[str, Any] = {"code": "404", "message": "no such number", "status": "NOT_FOUND"}
    sinch = RecordedSinch(httpx.Response(404, json=body))
    async with sinch.client() as client:
        with pytest.raises(NotFound) as caught:
            await client.imported_numbers.delete("+12025550134")
    assert (caught.value.operation, caught.value.subject) == ("imported_numbers.delete", "+12025550134")
