"""What each operation of the Numbers API puts on the wire, and what it gives back."""

import base64
from decimal import Decimal
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from sinch_numbers import (
    ActiveNumberRequest,
    ActiveNumbersOrderBy,
    ClientSettings,
    EstVoiceConfiguration,
    FaxVoiceConfiguration,
    InvalidArgument,
    NotFound,
    NumberCapability,
    NumbersPattern,
    NumbersSearchPattern,
    NumberType,
    OAuth2ClientCredentials,
    OutcomeUnknown,
    PermissionDenied,
    RentAnyNumberRequest,
    RentNumberRequest,
    RtcVoiceConfiguration,
    ServerError,
    SinchError,
    SinchNumbers,
    SmsConfigurationRequest,
    VoiceConfigurationRequest,
)
from tests.sinch_numbers.numbers_api_examples import ACTIVE_NUMBER, AVAILABLE_NUMBER, AVAILABLE_REGION, JUST_RENTED
from tests.sinch_numbers.recorded_sinch import KEY, PROJECT, RecordedSinch, queries
from tests.sinch_numbers.sinch_examples import CALLBACK_CONFIGURATION

NUMBER = "+12025550134"
CALLBACK_URL = "https://www.your-callback-server.com/callback"
SMS = SmsConfigurationRequest(service_plan_id="plan", campaign_id="C3O8OGA")
WIRE_SMS = {"servicePlanId": "plan", "campaignId": "C3O8OGA"}
AREA_206 = NumbersPattern(pattern="+1206", search_pattern=NumbersSearchPattern.START)


async def test_searching_sends_every_filter_and_a_size_to_the_host_of_the_numbers_api() -> None:
    sinch = RecordedSinch({"availableNumbers": [AVAILABLE_NUMBER]})
    async with sinch.client() as client:
        [number] = await client.available_numbers.search(
            region_code="US",
            type=NumberType.LOCAL,
            number_pattern=AREA_206,
            capabilities=[NumberCapability.SMS, NumberCapability.VOICE],
            size=3,
        )
    assert sinch.lines == [
        f"GET {PROJECT}/availableNumbers?regionCode=US&type=LOCAL&numberPattern.pattern=%2B1206"
        "&numberPattern.searchPattern=START&capabilities=SMS&capabilities=VOICE&size=3"
    ]
    assert sinch.requests[0].url.host == "numbers.api.sinch.com"
    assert sinch.requests[0].headers["Authorization"] == f"Basic {base64.b64encode(b'key-id:key-secret').decode()}"
    assert number.monthly_price.amount == Decimal("0.80")


async def test_a_search_may_find_nothing_and_always_names_a_size() -> None:
    sinch = RecordedSinch({})
    async with sinch.client() as client:
        assert await client.available_numbers.search(region_code="SE", type=NumberType.MOBILE) == ()
    assert queries(sinch.requests) == [{"regionCode": "SE", "type": "MOBILE", "size": "100"}]


async def test_one_available_number_tells_its_prices() -> None:
    sinch = RecordedSinch(AVAILABLE_NUMBER)
    async with sinch.client() as client:
        number = await client.available_numbers.get(NUMBER)
    assert sinch.lines == [f"GET {PROJECT}/availableNumbers/+12025550134"]
    assert (number.setup_price.currency_code, str(number.setup_price.amount)) == ("EUR", "0.80")
    assert number.supporting_documentation_required


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        (RentNumberRequest(), {}),
        (
            RentNumberRequest(sms_configuration=SMS, callback_url=CALLBACK_URL),
            {"smsConfiguration": WIRE_SMS, "callbackUrl": CALLBACK_URL},
        ),
        (
            RentNumberRequest(
                sms_configuration=SmsConfigurationRequest(service_plan_id="plan"),
                voice_configuration=RtcVoiceConfiguration(app_id="app"),
            ),
            {"smsConfiguration": {"servicePlanId": "plan"}, "voiceConfiguration": {"appId": "app"}},
        ),
    ],
    ids=["for nothing yet", "for SMS", "for SMS and voice"],
)
async def test_renting_sends_the_configurations_that_are_used_and_no_others(
    request_: RentNumberRequest, body: dict[str, Any]
) -> None:
    sinch = RecordedSinch(JUST_RENTED)
    async with sinch.client() as client:
        number = await client.available_numbers.rent(NUMBER, request_)
    assert sinch.lines == [f"POST {PROJECT}/availableNumbers/+12025550134:rent"]
    assert sinch.bodies == [body]
    assert sinch.requests[0].headers["Content-Type"] == "application/json"
    assert number.phone_number == NUMBER


@pytest.mark.parametrize(
    ("voice", "wire"),
    [
        (RtcVoiceConfiguration(app_id="app"), {"appId": "app"}),
        (EstVoiceConfiguration(trunk_id="trunk"), {"type": "EST", "trunkId": "trunk"}),
        (FaxVoiceConfiguration(service_id="fax"), {"type": "FAX", "serviceId": "fax"}),
    ],
)
async def test_a_voice_configuration_names_one_kind_of_application(
    voice: VoiceConfigurationRequest, wire: dict[str, str]
) -> None:
    sinch = RecordedSinch(JUST_RENTED)
    request = RentNumberRequest(voice_configuration=voice)
    async with sinch.client() as client:
        await client.available_numbers.rent(NUMBER, request)
    assert sinch.bodies == [{"voiceConfiguration": wire}]
    assert RentNumberRequest.model_validate_json(request.model_dump_json()) == request


async def test_renting_any_number_sends_what_it_must_match_with_a_plain_plus() -> None:
    sinch = RecordedSinch(JUST_RENTED)
    request = RentAnyNumberRequest(
        region_code="US",
        type=NumberType.LOCAL,
        capabilities=(NumberCapability.SMS, NumberCapability.VOICE),
        number_pattern=NumbersPattern(pattern="+1208", search_pattern=NumbersSearchPattern.START),
        sms_configuration=SMS,
        voice_configuration=RtcVoiceConfiguration(app_id="app"),
        callback_url=CALLBACK_URL,
    )
    async with sinch.client() as client:
        number = await client.available_numbers.rent_any(request)
    assert sinch.lines == [f"POST {PROJECT}/availableNumbers:rentAny"]
    assert sinch.bodies == [
        {
            "regionCode": "US",
            "type": "LOCAL",
            "capabilities": ["SMS", "VOICE"],
            "numberPattern": {"pattern": "+1208", "searchPattern": "START"},
            "smsConfiguration": WIRE_SMS,
            "voiceConfiguration": {"appId": "app"},
            "callbackUrl": CALLBACK_URL,
        }
    ]
    assert number.sms_configuration.scheduled_provisioning is not None


async def test_listing_active_numbers_sends_every_filter_on_every_page() -> None:
    first = {"activeNumbers": [ACTIVE_NUMBER], "nextPageToken": "C2VNYXJrEg4KDCsx==", "totalSize": 2}
    sinch = RecordedSinch(first, {"activeNumbers": [JUST_RENTED], "nextPageToken": "", "totalSize": 2})
    async with sinch.client() as client:
        numbers = [
            number.display_name
            async for number in client.active_numbers.list(
                region_code="US",
                type=NumberType.LOCAL,
                number_pattern=AREA_206,
                capability=[NumberCapability.SMS, NumberCapability.VOICE],
                order_by=ActiveNumbersOrderBy.DISPLAY_NAME,
                page_size=1,
            )
        ]
    line = (
        f"GET {PROJECT}/activeNumbers?regionCode=US&type=LOCAL&numberPattern.pattern=%2B1206"
        "&numberPattern.searchPattern=START&capability=SMS&capability=VOICE&orderBy=displayName&pageSize=1"
    )
    assert sinch.lines == [line, f"{line}&pageToken=C2VNYXJrEg4KDCsx%3D%3D"]
    assert numbers == ["MyPhoneNumber", ""]


async def test_filters_of_active_numbers_may_be_left_out_but_never_the_size_of_a_page() -> None:
    sinch = RecordedSinch({"activeNumbers": [ACTIVE_NUMBER], "totalSize": 1})
    async with sinch.client() as client:
        page = await client.active_numbers.list_page(region_code=None, type=None)
    assert queries(sinch.requests) == [{"pageSize": "100"}]
    assert (len(page.items), page.next_page_token, page.total_size) == (1, None, 1)


async def test_an_active_number_is_read() -> None:
    sinch = RecordedSinch(ACTIVE_NUMBER)
    async with sinch.client() as client:
        number = await client.active_numbers.get(NUMBER)
    assert sinch.lines == [f"GET {PROJECT}/activeNumbers/+12025550134"]
    assert number.sms_configuration.campaign_id == "CDCQLGJ"


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        (ActiveNumberRequest(display_name="MyPhoneNumber"), {"displayName": "MyPhoneNumber"}),
        (
            ActiveNumberRequest(sms_configuration=SmsConfigurationRequest(campaign_id="C3O8OGA")),
            {"smsConfiguration": {"campaignId": "C3O8OGA"}},
        ),
        (
            ActiveNumberRequest(
                display_name="MyPhoneNumber",
                sms_configuration=SMS,
                voice_configuration=EstVoiceConfiguration(trunk_id="trunk"),
                callback_url=CALLBACK_URL,
            ),
            {
                "displayName": "MyPhoneNumber",
                "smsConfiguration": WIRE_SMS,
                "voiceConfiguration": {"type": "EST", "trunkId": "trunk"},
                "callbackUrl": CALLBACK_URL,
            },
        ),
    ],
    ids=["name", "campaign", "everything"],
)
async def test_an_update_sends_what_changes_alone(request_: ActiveNumberRequest, body: dict[str, Any]) -> None:
    sinch = RecordedSinch(ACTIVE_NUMBER)
    async with sinch.client() as client:
        await client.active_numbers.update(NUMBER, request_)
    assert sinch.lines == [f"PATCH {PROJECT}/activeNumbers/+12025550134"]
    assert sinch.bodies == [body]


@pytest.mark.parametrize(
    ("options", "body"),
    [
        ({}, {"smsConfiguration": {"servicePlanId": "", "campaignId": ""}}),
        ({"campaign": False}, {"smsConfiguration": {"servicePlanId": ""}}),
        (
            {"service_plan": False, "callback_url": CALLBACK_URL},
            {"smsConfiguration": {"campaignId": ""}, "callbackUrl": CALLBACK_URL},
        ),
    ],
)
async def test_unlinking_an_active_number_clears_both_ids_or_the_one_asked_for(
    options: dict[str, Any], body: dict[str, Any]
) -> None:
    sinch = RecordedSinch(ACTIVE_NUMBER)
    async with sinch.client() as client:
        await client.active_numbers.unlink(NUMBER, **options)
    assert sinch.lines == [f"PATCH {PROJECT}/activeNumbers/+12025550134"]
    assert sinch.bodies == [body]


async def test_releasing_a_number_sends_no_body_and_tells_when_it_ends() -> None:
    sinch = RecordedSinch(ACTIVE_NUMBER)
    async with sinch.client() as client:
        number = await client.active_numbers.release(NUMBER)
    assert sinch.lines == [f"POST {PROJECT}/activeNumbers/+12025550134:release"]
    assert sinch.bodies == [None]
    assert number.expire_at == number.next_charge_date is not None


@pytest.mark.parametrize(
    ("types", "query"),
    [((), ""), ((NumberType.MOBILE, NumberType.TOLL_FREE), "?types=MOBILE&types=TOLL_FREE")],
)
async def test_regions_are_listed_all_or_by_types(types: tuple[NumberType, ...], query: str) -> None:
    sinch = RecordedSinch({"availableRegions": [AVAILABLE_REGION]})
    async with sinch.client() as client:
        [region] = await client.available_regions.list(*types)
    assert sinch.lines == [f"GET {PROJECT}/availableRegions{query}"]
    assert (region.region_code, region.types) == ("US", (NumberType.MOBILE, NumberType.LOCAL))


async def test_the_callback_secret_of_the_numbers_api_is_another_one() -> None:
    sinch = RecordedSinch(CALLBACK_CONFIGURATION)
    async with sinch.client() as client:
        present = await client.numbers_callback_configuration.get()
        await client.numbers_callback_configuration.update(SecretStr("new-secret"))
        await client.callback_configuration.get()
    assert sinch.lines == [
        f"GET {PROJECT}/callbackConfiguration",
        f"PATCH {PROJECT}/callbackConfiguration",
        f"GET {PROJECT}/callbackConfiguration",
    ]
    assert sinch.bodies == [None, {"hmacSecret": "new-secret"}, None]
    numbers, imported = "numbers.api.sinch.com", "imported.numbers.api.sinch.com"
    assert [request.url.host for request in sinch.requests] == [numbers, numbers, imported]
    assert present.hmac_secret == SecretStr(CALLBACK_CONFIGURATION["hmacSecret"])


async def test_the_host_of_the_numbers_api_may_have_a_path_and_a_trailing_slash() -> None:
    sinch = RecordedSinch(ACTIVE_NUMBER)
    transport = httpx.MockTransport(sinch.answer)
    async with SinchNumbers("p 1", KEY, numbers_url="http://127.0.0.1:9/numbers/", transport=transport) as client:
        await client.active_numbers.get(NUMBER)
    assert str(sinch.requests[0].url) == "http://127.0.0.1:9/numbers/v1/projects/p%201/activeNumbers/+12025550134"


async def test_both_apis_take_the_same_access_token() -> None:
    token = {"access_token": "a-token", "token_type": "bearer", "expires_in": 3600, "scope": ""}
    sinch = RecordedSinch(httpx.Response(200, json=token), ACTIVE_NUMBER, CALLBACK_CONFIGURATION)
    credentials = OAuth2ClientCredentials("key-id", SecretStr("key-secret"))
    async with SinchNumbers("project-1", credentials, transport=httpx.MockTransport(sinch.answer)) as client:
        await client.active_numbers.get(NUMBER)
        await client.callback_configuration.get()
    assert [request.url.host for request in sinch.requests] == [
        "auth.sinch.com",
        "numbers.api.sinch.com",
        "imported.numbers.api.sinch.com",
    ]
    assert {request.headers["Authorization"] for request in sinch.requests[1:]} == {"Bearer a-token"}


async def test_both_apis_share_one_rate_limit() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        clock[0] += seconds

    clock = [0.0]
    sinch = RecordedSinch(CALLBACK_CONFIGURATION)
    async with SinchNumbers(
        "project-1",
        KEY,
        transport=httpx.MockTransport(sinch.answer),
        settings=ClientSettings(requests_per_second=2),
        monotonic_clock=lambda: clock[0],
        sleep=sleep,
    ) as client:
        for _ in range(2):
            await client.callback_configuration.get()
            await client.numbers_callback_configuration.get()
    assert waits == [0.5, 0.5, 0.5]


def nested_error(code: int, status: str, message: str, details: list[Any]) -> httpx.Response:
    error = {"code": code, "message": message, "status": status, "details": details}
    return httpx.Response(code, json={"error": error})


NOT_FOUND = {
    "type": "ResourceInfo",
    "resourceType": "AvailableNumber",
    "resourceName": "+12085550100",
    "owner": "",
    "description": "",
}
VIOLATION = {
    "type": "BadRequest",
    "fieldViolations": [{"field": "smsConfiguration", "description": "must not be empty"}],
}


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (
            nested_error(400, "INVALID_ARGUMENT", "invalid", [VIOLATION]),
            InvalidArgument,
            "400 INVALID_ARGUMENT, invalid (smsConfiguration: must not be empty)",
        ),
        (nested_error(403, "PERMISSION_DENIED", "", []), PermissionDenied, "403 PERMISSION_DENIED, Forbidden"),
        (nested_error(404, "NOT_FOUND", "", [NOT_FOUND]), NotFound, "for +12085550100: 404 NOT_FOUND"),
        (nested_error(500, "INTERNAL", "internal", []), ServerError, "500 INTERNAL, internal"),
        (nested_error(500, "UNKNOWN", "unknown", [{"any": 1}]), ServerError, "500 UNKNOWN, unknown"),
    ],
)
async def test_every_error_of_the_numbers_api_is_told_in_its_words(
    answer: httpx.Response, kind: type[SinchError], said: str
) -> None:
    sinch = RecordedSinch(answer)
    request = RentAnyNumberRequest(region_code="US", type=NumberType.LOCAL)
    async with sinch.client() as client:
        with pytest.raises(SinchError) as caught:
            await client.available_numbers.rent_any(request)
    assert type(caught.value) is kind
    assert said in str(caught.value)
    assert str(caught.value).startswith("available_numbers.rent_any")


async def test_a_number_that_is_gone_is_named() -> None:
    sinch = RecordedSinch(nested_error(404, "NOT_FOUND", "no such number", []))
    async with sinch.client() as client:
        for call in (client.available_numbers.get, client.active_numbers.get, client.active_numbers.release):
            with pytest.raises(NotFound, match="for \\+12025550134: 404 NOT_FOUND, no such number") as caught:
                await call(NUMBER)
            assert caught.value.subject == NUMBER


async def test_a_lost_answer_to_a_rent_leaves_open_whether_it_is_rented() -> None:
    def cut(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("cut")

    async with SinchNumbers("project-1", KEY, transport=httpx.MockTransport(cut)) as client:
        with pytest.raises(OutcomeUnknown, match=r"rent for \+12025550134: .* It may have taken effect"):
            await client.available_numbers.rent(NUMBER, RentNumberRequest(sms_configuration=SMS))
