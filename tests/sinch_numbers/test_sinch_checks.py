"""What the client refuses before it sends anything."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from sinch_numbers import (
    MAX_NUMBERS_PER_IMPORT,
    MAX_NUMBERS_PER_REQUEST,
    Address,
    AuthorizedPerson,
    BlanketLoaInfo,
    CreateImportedNumberRequest,
    DirectLoaInfo,
    HostingOrderType,
    ImportNumbersRequest,
    InvalidRequest,
    RegionCode,
    ResellerLoaInfo,
    SinchNumbers,
    SmsConfigurationToSend,
    TextEnableNumbersRequest,
    TextEnableTollFreeNumbersRequest,
)
from tests.sinch_numbers.recorded_sinch import KEY, RecordedSinch
from tests.sinch_numbers.sinch_examples import HOSTING_ORDER, QUALIFIED_NUMBER

VALID = TextEnableNumbersRequest(
    region_code=RegionCode.CA,
    numbers=("+12025550134",),
    service_plan_id="plan",
    display_name="batch 0001/1",
    blanket_loa_info=BlanketLoaInfo(),
)
LETTER = DirectLoaInfo(
    authorised_person=AuthorizedPerson(first_name="John", last_name="Doe", email="john@example.com"),
    address=Address(building_number="1", street="Main St", city="NYC", state="NY", postal_code="01002", country="US"),
    current_voice_carrier="Verizon",
)
RESELLER = ResellerLoaInfo(
    business_name="Acme, Inc.",
    authorised_person=LETTER.authorised_person,
    address=LETTER.address,
    current_voice_carrier="TMO",
)
TOLL_FREE = TextEnableTollFreeNumbersRequest(
    region_code=RegionCode.US, numbers=("+18335870229",), service_plan_id="plan", direct_loa_info=LETTER
)
IMPORT = ImportNumbersRequest(region_code=RegionCode.US, numbers=("+12025550134",), service_plan_id="plan")
SINGLE = CreateImportedNumberRequest(
    phone_number="+12025550134",
    region_code=RegionCode.US,
    sms_configuration=SmsConfigurationToSend(service_plan_id="plan"),
)


async def refusal(call: Callable[[SinchNumbers], Awaitable[Any]]) -> InvalidRequest:
    sinch = RecordedSinch({})
    async with sinch.client() as client:
        with pytest.raises(InvalidRequest) as caught:
            await call(client)
    assert sinch.requests == []
    return caught.value


@pytest.mark.parametrize(
    "phone_number",
    [
        "",
        "12025550134",
        "+0202555013",
        "+1202555013x",
        "+123456",
        "+1234567890123456",
        "+1 2025550134",
        "+1\N{FULLWIDTH DIGIT TWO}025550134",
    ],
)
async def test_a_number_that_is_not_e164_is_refused_everywhere(phone_number: str) -> None:
    calls: list[Callable[[SinchNumbers], Awaitable[Any]]] = [
        lambda client: client.qualified_numbers.get(phone_number),
        lambda client: client.qualified_numbers.send_voice_challenge(phone_number),
        lambda client: client.qualified_numbers.verify_voice_challenge(phone_number, "1234"),
        lambda client: client.qualified_numbers.add_numbers(["+12025550134", phone_number]),
        lambda client: client.hosting_orders.get_number("01arz", phone_number),
        lambda client: client.qualified_numbers.delete(phone_number),
        lambda client: client.hosting_orders.text_enable(VALID.model_copy(update={"numbers": (phone_number,)})),
        lambda client: client.hosting_orders.text_enable_toll_free(
            TOLL_FREE.model_copy(update={"numbers": (phone_number,)})
        ),
        lambda client: client.hosting_orders.import_numbers(IMPORT.model_copy(update={"numbers": (phone_number,)})),
        lambda client: client.imported_numbers.import_number(SINGLE.model_copy(update={"phone_number": phone_number})),
        lambda client: client.imported_numbers.get(phone_number),
        lambda client: client.imported_numbers.rename(phone_number, "name"),
        lambda client: client.imported_numbers.unlink(phone_number),
        lambda client: client.imported_numbers.link(phone_number, service_plan_id="plan"),
        lambda client: client.imported_numbers.delete(phone_number),
    ]
    for call in calls:
        error = await refusal(call)
        assert len(error.violations) == 1
        assert repr(phone_number) in str(error)


@pytest.mark.parametrize("count", [0, MAX_NUMBERS_PER_REQUEST + 1])
async def test_none_and_more_than_500_numbers_are_refused(count: int) -> None:
    numbers = tuple(f"+1202{n:07}" for n in range(count))
    added = await refusal(lambda client: client.qualified_numbers.add_numbers(numbers))
    ordered = await refusal(
        lambda client: client.qualified_numbers.text_enable(VALID.model_copy(update={"numbers": numbers}))
    )
    toll_free = await refusal(
        lambda client: client.hosting_orders.text_enable_toll_free(TOLL_FREE.model_copy(update={"numbers": numbers}))
    )
    assert f"{count} are given" in str(added)
    assert f"{count} are given" in str(ordered)
    assert f"{count} are given" in str(toll_free)


@pytest.mark.parametrize("count", [0, MAX_NUMBERS_PER_IMPORT + 1])
async def test_none_and_more_than_5_numbers_are_not_imported_by_one_order(count: int) -> None:
    numbers = tuple(f"+1202{n:07}" for n in range(count))
    error = await refusal(
        lambda client: client.hosting_orders.import_numbers(IMPORT.model_copy(update={"numbers": numbers}))
    )
    assert f"1 to 5 numbers are allowed, {count} are given" in str(error)


@pytest.mark.parametrize("count", [1, MAX_NUMBERS_PER_IMPORT])
async def test_1_and_5_numbers_are_imported_by_one_order(count: int) -> None:
    sinch = RecordedSinch(HOSTING_ORDER)
    numbers = tuple(f"+1202{n:07}" for n in range(count))
    async with sinch.client() as client:
        await client.hosting_orders.import_numbers(IMPORT.model_copy(update={"numbers": numbers}))
    assert len(sinch.bodies[0]["numbers"]) == count


@pytest.mark.parametrize("count", [1, MAX_NUMBERS_PER_REQUEST])
async def test_1_and_500_numbers_are_sent(count: int) -> None:
    sinch = RecordedSinch({"qualifiedNumbers": [QUALIFIED_NUMBER]})
    async with sinch.client() as client:
        await client.qualified_numbers.add_numbers([f"+1202{n:07}" for n in range(count)])
    assert len(sinch.bodies[0]["phoneNumbers"]) == count


@pytest.mark.parametrize(
    "letters", [{"blanket_loa_info": None}, {"direct_loa_info": LETTER}], ids=["no letter", "two letters"]
)
async def test_exactly_one_letter_of_authorization_is_required(letters: dict[str, Any]) -> None:
    error = await refusal(lambda client: client.hosting_orders.text_enable(VALID.model_copy(update=letters)))
    assert [violation.field for violation in error.violations] == ["directLoaInfo/resellerLoaInfo/blanketLoaInfo"]


@pytest.mark.parametrize("letters", [{"direct_loa_info": None}, {"reseller_loa_info": RESELLER}])
async def test_exactly_one_letter_of_authorization_is_required_for_toll_free_numbers(letters: dict[str, Any]) -> None:
    request = TOLL_FREE.model_copy(update=letters)
    error = await refusal(lambda client: client.hosting_orders.text_enable_toll_free(request))
    qualified = await refusal(lambda client: client.qualified_numbers.text_enable_toll_free(request))
    assert [violation.field for violation in error.violations] == ["directLoaInfo/resellerLoaInfo"]
    assert qualified.violations == error.violations


def test_toll_free_numbers_have_no_blanket_letter_and_no_campaign() -> None:
    for extra in ({"blanket_loa_info": BlanketLoaInfo()}, {"campaign_id": "C3O8OGA"}):
        with pytest.raises(ValidationError, match=next(iter(extra))):
            TextEnableTollFreeNumbersRequest.model_validate({**TOLL_FREE.model_dump(), **extra})


async def test_one_error_names_everything_that_is_wrong_with_an_import() -> None:
    request = SINGLE.model_copy(
        update={
            "phone_number": "2025550134",
            "sms_configuration": SmsConfigurationToSend(service_plan_id="", campaign_id=" ", migrate_to_sinch_tmo=True),
        }
    )
    error = await refusal(lambda client: client.imported_numbers.import_number(request))
    assert [violation.field for violation in error.violations] == [
        "phoneNumber",
        "smsConfiguration.servicePlanId",
        "smsConfiguration.campaignId",
        "smsConfiguration.migrateToSinchTmo",
    ]
    assert (error.operation, error.subject) == ("imported_numbers.import_number", "2025550134")


@pytest.mark.parametrize(
    ("ids", "field"),
    [
        ({}, "servicePlanId/campaignId"),
        ({"service_plan_id": ""}, "servicePlanId"),
        ({"service_plan_id": "plan", "campaign_id": " "}, "campaignId"),
    ],
)
async def test_a_link_to_nothing_is_refused_because_it_would_unlink(ids: dict[str, str], field: str) -> None:
    error = await refusal(lambda client: client.imported_numbers.link("+12025550134", **ids))
    assert [violation.field for violation in error.violations] == [field]


async def test_an_unlink_of_nothing_and_a_blank_name_are_refused() -> None:
    unlink = await refusal(
        lambda client: client.imported_numbers.unlink("+12025550134", service_plan=False, campaign=False)
    )
    rename = await refusal(lambda client: client.imported_numbers.rename("+12025550134", " "))
    assert unlink.violations[0].field == "smsConfiguration"
    assert rename.violations[0].field == "displayName"


async def test_one_error_names_everything_that_is_wrong_with_an_order() -> None:
    letter = LETTER.model_copy(
        update={
            "authorised_person": LETTER.authorised_person.model_copy(update={"email": ""}),
            "address": LETTER.address.model_copy(update={"postal_code": " "}),
            "current_voice_carrier": "",
        }
    )
    request = VALID.model_copy(
        update={
            "numbers": ("2025550134",),
            "service_plan_id": "",
            "direct_loa_info": letter,
        }
    )
    error = await refusal(lambda client: client.hosting_orders.text_enable(request))
    assert [violation.field for violation in error.violations] == [
        "numbers",
        "servicePlanId",
        "directLoaInfo.authorisedPerson.email",
        "directLoaInfo.address.postalCode",
        "directLoaInfo.currentVoiceCarrier",
        "directLoaInfo/resellerLoaInfo/blanketLoaInfo",
    ]
    assert (error.operation, error.subject) == ("hosting_orders.text_enable", "batch 0001/1")


async def test_many_bad_numbers_do_not_make_an_endless_message() -> None:
    error = await refusal(lambda client: client.qualified_numbers.add_numbers(["x"] * 500))
    assert len(error.violations) == 500
    assert str(error).count("is not E.164") == 5
    assert "and 495 more" in str(error)


@pytest.mark.parametrize("hosting_order_id", ["", ".", ".."])
async def test_an_order_id_that_would_address_something_else_is_refused(hosting_order_id: str) -> None:
    await refusal(lambda client: client.hosting_orders.get(hosting_order_id))
    await refusal(lambda client: client.hosting_orders.report(hosting_order_id))
    await refusal(lambda client: client.hosting_orders.list_numbers_page(hosting_order_id))


async def test_a_search_over_no_states_is_refused_because_it_would_find_nothing() -> None:
    listed = await refusal(lambda client: client.qualified_numbers.list_page())
    assert listed.violations[0].field == "states"
    error = await refusal(
        lambda client: client.hosting_orders.find_by_display_name(
            "x", states=[], type=HostingOrderType.TEXT_ENABLE, service_plan_id="plan", campaign_id=None
        )
    )
    assert error.violations[0].field == "states"


async def test_an_empty_code_and_an_empty_callback_secret_are_refused() -> None:
    code = await refusal(lambda client: client.qualified_numbers.verify_voice_challenge("+12025550134", " "))
    secret = await refusal(lambda client: client.callback_configuration.update(SecretStr("")))
    assert code.violations[0].field == "code"
    assert secret.violations[0].field == "hmacSecret"


def test_a_project_id_is_required() -> None:
    with pytest.raises(InvalidRequest, match="projectId"):
        SinchNumbers("", KEY)


def test_a_misspelt_field_of_an_order_is_not_sent_along() -> None:
    with pytest.raises(ValidationError, match="campain_id"):
        TextEnableNumbersRequest.model_validate({**VALID.model_dump(), "campain_id": "C3O8OGA"})
