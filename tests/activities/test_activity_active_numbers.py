"""Reading, linking and releasing active numbers over real HTTP: each step is asked for once, whatever gets lost."""

from typing import Any

import pytest

from activities.active_numbers import ActiveNumbers
from activities.number_by_number import AT_ONCE
from onboarding.active_numbers import ActiveLinks, ActiveNumberSeen, ActiveNumberType, VoiceKind, VoiceLink
from onboarding.calls.active_numbers import (
    ActiveNumberChanged,
    ActiveNumbersChange,
    ChangeActiveNumbers,
    ChangeOutcome,
    NumberToChange,
    ReadActiveNumbers,
    Release,
    Relink,
)
from sinch_numbers import RentNumberRequest, RtcVoiceConfiguration, SinchNumbers, SmsConfigurationRequest
from tests.activities.run_activity import failed, run
from tests.activities.simulated_sinch import SimulatedSinch, connect
from tests.activities.test_activity_available_numbers import ADDRESS, LOST

GET, LIST = "NumberService_GetActiveNumber", "NumberService_ListActiveNumbers"
UPDATE, RELEASE = "NumberService_UpdateActiveNumber", "NumberService_ReleaseNumber"
NUMBER = "+12065550100"
NEW = Relink(
    links=ActiveLinks(service_plan_id="plan-2", campaign_id="C2", voice=VoiceLink(kind=VoiceKind.EST, id="trunk-2"))
)


@pytest.fixture
async def active(sinch: SimulatedSinch) -> SimulatedSinch:
    """A number that is rented and linked."""
    await rent(sinch, NUMBER)
    return sinch


async def rent(sinch: SimulatedSinch, *phone_numbers: str) -> None:
    request = RentNumberRequest(
        sms_configuration=SmsConfigurationRequest(service_plan_id="plan-1", campaign_id="C1"),
        voice_configuration=RtcVoiceConfiguration(app_id="app-1"),
    )
    for number in phone_numbers:
        await sinch.client.available_numbers.rent(number, request)
    await sinch.advance(hours=24)


async def change(
    client: SinchNumbers, what: ActiveNumbersChange, *numbers: str, asked: bool = False
) -> tuple[ActiveNumberChanged, ...]:
    items = tuple(NumberToChange(phone_number=number, asked=asked) for number in numbers or (NUMBER,))
    request = ChangeActiveNumbers(numbers=items, change=what)
    return (await run(ActiveNumbers(client, ADDRESS).change, request)).numbers


async def read(sinch: SimulatedSinch, *phone_numbers: str) -> tuple[ActiveNumberSeen, ...]:
    request = ReadActiveNumbers(phone_numbers=phone_numbers, region="US", type=ActiveNumberType.LOCAL)
    return (await run(ActiveNumbers(sinch.client, None).read, request)).numbers


async def test_a_few_numbers_are_read_one_by_one_and_many_by_list(active: SimulatedSinch) -> None:
    many = [f"+1206555020{last}" for last in range(7)]
    await rent(active, *many)
    few = await read(active, NUMBER, "+12065550999")
    assert [(number.is_active, number.service_plan_id) for number in few] == [(True, "plan-1"), (False, "")]
    singly = await active.requests(GET)
    seen = await read(active, *many, "+12065550999")
    assert [number.is_active for number in seen] == [True] * 7 + [False]
    assert seen[0].voice == VoiceLink(id="app-1")
    assert (await active.requests(GET), await active.requests(LIST)) == (singly, 1)


async def test_many_numbers_of_any_kind_are_looked_up_by_the_lists_that_the_first_ones_tell(
    active: SimulatedSinch,
) -> None:
    american, canadian = ([f"{exchange}0{last}" for last in range(200, 230)] for exchange in ("+1206555", "+1416555"))
    await rent(active, *american)
    for number in canadian:
        await active.client.available_numbers.rent(number, RentNumberRequest())
    singly = await active.requests(GET)
    request = ReadActiveNumbers(phone_numbers=(*american, *canadian, "+12065550999"))
    found = (await run(ActiveNumbers(active.client, None).read, request)).numbers
    assert [number.is_active for number in found] == [True] * 60 + [False]
    assert [number.service_plan_id for number in found[:60]] == ["plan-1"] * 30 + [""] * 30
    assert await active.requests(GET) - singly <= 2 * AT_ONCE + 1
    assert await active.requests(LIST) == 2


async def test_many_numbers_are_changed_after_one_list_instead_of_a_read_for_each(active: SimulatedSinch) -> None:
    many = [f"+12065550{last}" for last in range(200, 240)]
    await rent(active, *many)
    singly = await active.requests(GET)
    answers = await change(active.client, Release(), *many)
    assert {answer.outcome for answer in answers} == {ChangeOutcome.DONE}
    assert await active.requests(RELEASE) == len(many)
    assert await active.requests(GET) - singly <= AT_ONCE
    assert await active.requests(LIST) == 1


async def test_where_the_list_fails_each_number_is_read_by_itself(active: SimulatedSinch) -> None:
    many = [f"+12065550{last}" for last in range(200, 220)]
    await rent(active, *many)
    await active.fail(LIST, kind="status", status=400)
    answers = await change(active.client, Release(), *many)
    assert {answer.outcome for answer in answers} == {ChangeOutcome.DONE}


async def test_a_number_is_unlinked_then_linked_and_then_through(active: SimulatedSinch) -> None:
    outcomes = []
    for _ in range(5):
        (answer,) = await change(active.client, NEW)
        outcomes.append(answer.outcome)
        await active.advance(hours=0 if answer.outcome is ChangeOutcome.UNLINKING and len(outcomes) == 1 else 24)
    unlinking, waiting, linking, done, still_done = outcomes
    assert (unlinking, waiting, linking) == (ChangeOutcome.UNLINKING, ChangeOutcome.WAITING, ChangeOutcome.LINKING)
    assert done is still_done is ChangeOutcome.DONE
    (seen,) = await read(active, NUMBER)
    assert (seen.service_plan_id, seen.campaign_id, seen.voice) == ("plan-2", "C2", NEW.links.voice)
    assert await active.requests(UPDATE) == 2


@pytest.mark.parametrize("fault", LOST, ids=lambda fault: fault["kind"])
async def test_a_step_whose_answer_was_lost_is_repeated_only_where_it_took_no_effect(
    active: SimulatedSinch, fault: dict[str, Any]
) -> None:
    await active.fail(UPDATE, **fault)
    request = ChangeActiveNumbers(numbers=(NumberToChange(phone_number=NUMBER),), change=NEW)
    async with connect(active.endpoints, timeout=1) as client:
        await failed(ActiveNumbers(client, ADDRESS).change, request)
        (answer,) = await change(client, NEW)
    assert answer.outcome in (ChangeOutcome.UNLINKING, ChangeOutcome.WAITING)
    assert len(await active.ledger("number_updated")) == 1


async def test_a_link_that_fails_is_told_with_its_code_once_it_was_asked_for(sinch: SimulatedSinch) -> None:
    full = "+12065557002"
    await rent(sinch, full)
    wanted = Relink(links=ActiveLinks(campaign_id="C1"))
    (again,) = await change(sinch.client, wanted, full)
    assert again.outcome is ChangeOutcome.LINKING, "a failure of before is tried again"
    await sinch.advance(hours=24)
    (answer,) = await change(sinch.client, wanted, full, asked=True)
    assert answer.outcome is ChangeOutcome.LINK_FAILED
    assert answer.failure is not None
    assert answer.failure.reason_code == "EXCEEDED_10DLC_LIMIT"


async def test_a_number_is_released_once(active: SimulatedSinch) -> None:
    for _ in range(2):
        (answer,) = await change(active.client, Release())
        assert answer.outcome is ChangeOutcome.DONE
    assert await active.requests(RELEASE) == 1
    (seen,) = await read(active, NUMBER)
    assert seen.released_until is not None


async def test_a_number_that_is_not_rented_is_told(sinch: SimulatedSinch) -> None:
    (answer,) = await change(sinch.client, Release(), "+12065550999")
    assert answer.outcome is ChangeOutcome.NOT_ACTIVE


async def test_what_sinch_refuses_holds_up_no_other_number(active: SimulatedSinch) -> None:
    canadian = "+14165550100"
    await active.client.available_numbers.rent(canadian, RentNumberRequest())
    wanted = Relink(links=ActiveLinks(service_plan_id="plan-1", campaign_id="C1"))
    refused, good = await change(active.client, wanted, canadian, NUMBER)
    assert (refused.outcome, good.outcome) == (ChangeOutcome.REFUSED, ChangeOutcome.DONE)
    assert "no number of the United States" in refused.message
