"""What the client refuses before it sends anything."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from sinch_numbers import (
    MAX_NUMBERS_PER_REQUEST,
    Address,
    AuthorizedPerson,
    BlanketLoaInfo,
    DirectLoaInfo,
    HostingOrderType,
    InvalidRequest,
    RegionCode,
    SinchNumbers,
    TextEnableNumbersRequest,
)
from tests.sinch_numbers.recorded_sinch import KEY, RecordedSinch
from tests.sinch_numbers.sinch_examples import QUALIFIED_NUMBER

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
        lambda client: client.hosting_orders.text_enable(VALID.model_copy(update={"numbers": (phone_number,)})),
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
    assert f"{count} are given" in str(added)
    assert f"{count} are given" in str(ordered)


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
