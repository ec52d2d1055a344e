"""What the client refuses before it sends anything to the Numbers API."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from sinch_numbers import (
    ActiveNumberRequest,
    EstVoiceConfiguration,
    InvalidRequest,
    NumberCapability,
    NumbersPattern,
    NumbersSearchPattern,
    NumberType,
    RentAnyNumberRequest,
    RentNumberRequest,
    RtcVoiceConfiguration,
    SinchNumbers,
    SmsConfigurationRequest,
)
from tests.sinch_numbers.recorded_sinch import RecordedSinch

NUMBER = "+12025550134"
SMS = SmsConfigurationRequest(service_plan_id="plan")
VOICE = RtcVoiceConfiguration(app_id="app")


async def refusal(call: Callable[[SinchNumbers], Awaitable[Any]]) -> InvalidRequest:
    sinch = RecordedSinch({})
    async with sinch.client() as client:
        with pytest.raises(InvalidRequest) as caught:
            await call(client)
    assert sinch.requests == []
    assert "Nothing was sent" in str(caught.value)
    return caught.value


def fields(error: InvalidRequest) -> list[str]:
    return [violation.field for violation in error.violations]


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.available_numbers.get("12025550134"),
        lambda client: client.available_numbers.rent("12025550134", RentNumberRequest()),
        lambda client: client.active_numbers.get("12025550134"),
        lambda client: client.active_numbers.update("12025550134", ActiveNumberRequest(display_name="x")),
        lambda client: client.active_numbers.unlink("12025550134"),
        lambda client: client.active_numbers.release("12025550134"),
    ],
)
async def test_an_active_or_available_number_that_is_not_e164_is_refused(
    call: Callable[[SinchNumbers], Awaitable[Any]],
) -> None:
    assert fields(await refusal(call)) == ["phoneNumber"]


@pytest.mark.parametrize(
    ("region_code", "pattern", "search_pattern", "wrong"),
    [
        ("us", "+-", NumbersSearchPattern.CONTAINS, ["regionCode", "numberPattern.pattern"]),
        ("USA", "+", None, ["regionCode", "numberPattern.pattern"]),
        ("US", "1206", NumbersSearchPattern.START, ["numberPattern.pattern"]),
        ("US", "20x", NumbersSearchPattern.END, ["numberPattern.pattern"]),
    ],
)
async def test_a_search_for_what_cannot_be_found_is_refused(
    region_code: str, pattern: str, search_pattern: NumbersSearchPattern | None, wrong: list[str]
) -> None:
    searched: dict[str, Any] = {
        "region_code": region_code,
        "type": NumberType.LOCAL,
        "number_pattern": NumbersPattern(pattern=pattern, search_pattern=search_pattern),
    }
    assert fields(await refusal(lambda client: client.available_numbers.search(**searched))) == wrong
    assert fields(await refusal(lambda client: client.active_numbers.list_page(**searched))) == wrong
    request = RentAnyNumberRequest(**{**searched, "region_code": "US"})
    rent_any = await refusal(lambda client: client.available_numbers.rent_any(request))
    assert fields(rent_any) == wrong[-1:]


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"sms_configuration": SmsConfigurationRequest()}, ["smsConfiguration.servicePlanId"]),
        ({"sms_configuration": SmsConfigurationRequest(campaign_id="C1")}, ["smsConfiguration.servicePlanId"]),
        (
            {"sms_configuration": SmsConfigurationRequest(service_plan_id=" ", campaign_id="")},
            ["smsConfiguration.servicePlanId", "smsConfiguration.campaignId"],
        ),
        ({"voice_configuration": RtcVoiceConfiguration(app_id="")}, ["voiceConfiguration.appId"]),
        ({"voice_configuration": EstVoiceConfiguration(trunk_id=" ")}, ["voiceConfiguration.trunkId"]),
        ({"sms_configuration": SMS, "callback_url": ""}, ["callbackUrl"]),
    ],
)
async def test_an_empty_configuration_is_refused_when_renting(changed: dict[str, Any], wrong: list[str]) -> None:
    rent = await refusal(lambda client: client.available_numbers.rent(NUMBER, RentNumberRequest(**changed)))
    assert (fields(rent), rent.subject) == (wrong, NUMBER)
    any_number = RentAnyNumberRequest(region_code="US", type=NumberType.LOCAL, **changed)
    assert fields(await refusal(lambda client: client.available_numbers.rent_any(any_number))) == wrong


@pytest.mark.parametrize(
    ("capabilities", "wrong"),
    [
        ((NumberCapability.SMS,), ["voiceConfiguration"]),
        ((NumberCapability.VOICE,), ["smsConfiguration"]),
    ],
)
async def test_a_configuration_for_what_the_number_need_not_be_capable_of_is_refused(
    capabilities: tuple[NumberCapability, ...], wrong: list[str]
) -> None:
    request = RentAnyNumberRequest(
        region_code="US",
        type=NumberType.LOCAL,
        capabilities=capabilities,
        sms_configuration=SMS,
        voice_configuration=VOICE,
    )
    error = await refusal(lambda client: client.available_numbers.rent_any(request))
    assert fields(error) == wrong
    assert "is needless" in str(error)


@pytest.mark.parametrize(("region_code", "type_"), [("CA", NumberType.LOCAL), ("US", NumberType.TOLL_FREE)])
async def test_only_local_us_numbers_can_be_rented_unseen(region_code: str, type_: NumberType) -> None:
    request = RentAnyNumberRequest(region_code=region_code, type=type_, sms_configuration=SMS)
    error = await refusal(lambda client: client.available_numbers.rent_any(request))
    assert "only US LOCAL numbers" in str(error)


@pytest.mark.parametrize(
    ("request_", "wrong"),
    [
        (ActiveNumberRequest(), ["displayName/smsConfiguration/voiceConfiguration/callbackUrl"]),
        (ActiveNumberRequest(sms_configuration=SmsConfigurationRequest()), ["smsConfiguration"]),
        (
            ActiveNumberRequest(sms_configuration=SmsConfigurationRequest(service_plan_id="")),
            ["smsConfiguration.servicePlanId"],
        ),
        (
            ActiveNumberRequest(display_name=" ", voice_configuration=RtcVoiceConfiguration(app_id="")),
            ["displayName", "voiceConfiguration.appId"],
        ),
    ],
)
async def test_an_update_to_nothing_is_refused_because_it_would_fail_or_unlink(
    request_: ActiveNumberRequest, wrong: list[str]
) -> None:
    error = await refusal(lambda client: client.active_numbers.update(NUMBER, request_))
    assert (fields(error), error.subject) == (wrong, NUMBER)


async def test_an_unlink_of_nothing_and_an_empty_secret_are_refused_by_the_numbers_api_too() -> None:
    unlink = await refusal(lambda client: client.active_numbers.unlink(NUMBER, service_plan=False, campaign=False))
    secret = await refusal(lambda client: client.numbers_callback_configuration.update(SecretStr("")))
    assert (unlink.violations[0].field, secret.violations[0].field) == ("smsConfiguration", "hmacSecret")
    assert secret.operation == "numbers_callback_configuration.update"


def test_a_misspelt_field_and_two_kinds_of_voice_application_are_not_sent_along() -> None:
    with pytest.raises(ValidationError, match="campain_id"):
        SmsConfigurationRequest.model_validate({"service_plan_id": "plan", "campain_id": "C1"})
    with pytest.raises(ValidationError, match="voiceConfiguration"):
        RentNumberRequest.model_validate({"voiceConfiguration": {"appId": "app", "trunkId": "trunk"}})
