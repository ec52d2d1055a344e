"""Searching and renting numbers over real HTTP: one number for one place, whatever gets lost."""

from typing import Any

import pytest
from pydantic import SecretStr

from activities.available_numbers import AvailableNumbers
from activities.callback_address import CallbackAddress
from onboarding.active_numbers import ActiveLinks, ActiveNumberType, LinkStanding, VoiceKind, VoiceLink, standing
from onboarding.calls.active_numbers import NumberRented, NumbersToRent, NumberToRent, RentOutcome, SearchNumbers
from onboarding.errors import FailureType
from onboarding.renting import Capability, NumberSearch, PatternPosition
from sinch_numbers import SinchNumbers
from tests.activities.run_activity import WORKFLOW_ID, failed, is_final, is_retried, run
from tests.activities.simulated_sinch import SimulatedSinch, connect

RENT, RENT_ANY = "NumberService_RentNumber", "NumberService_RentAnyNumber"
SEARCH = NumberSearch(
    region="US",
    type=ActiveNumberType.LOCAL,
    capabilities=(Capability.SMS, Capability.VOICE),
    pattern="+1206",
    position=PatternPosition.START,
)
LINKS = ActiveLinks(service_plan_id="plan-1", campaign_id="C1", voice=VoiceLink(id="app-1"))
NUMBER = "+12065550100"
ADDRESS = CallbackAddress("https://callbacks.example.com", SecretStr("k" * 32))
LOST = [
    {"kind": "cut_after"},
    {"kind": "cut_before"},
    {"kind": "status_after_commit", "status": 500},
    {"kind": "status", "status": 503},
    {"kind": "timeout", "after_commit": True},
]


def activities(client: SinchNumbers, *, callbacks: bool = True) -> AvailableNumbers:
    return AvailableNumbers(client, ADDRESS if callbacks else None)


async def rent(
    client: SinchNumbers, *numbers: NumberToRent, callbacks: bool = True, links: ActiveLinks = LINKS, **search: Any
) -> tuple[NumberRented, ...]:
    request = NumbersToRent(numbers=numbers, search=SEARCH.model_copy(update=search), links=links)
    return (await run(activities(client, callbacks=callbacks).rent, request)).numbers


async def rented(sinch: SimulatedSinch) -> list[str]:
    return [entry["subject"] for entry in await sinch.ledger("number_rented")]


async def test_a_search_tells_numbers_with_their_prices(sinch: SimulatedSinch) -> None:
    found = await run(activities(sinch.client).search, SearchNumbers(search=SEARCH, size=3))
    assert [str(offer.price) for offer in found.offers] == ["0.50 + 1.00 USD"] * 3
    assert all(offer.phone_number.startswith("+1206") for offer in found.offers)
    assert found.any_is_safe


async def test_a_search_tells_which_numbers_need_documents(sinch: SimulatedSinch) -> None:
    search = NumberSearch(region="GB", type=ActiveNumberType.LOCAL)
    found = await run(activities(sinch.client).search, SearchNumbers(search=search, size=1))
    assert found.offers[0].needs_documents


async def test_without_a_callback_address_a_number_of_sinchs_choice_could_not_be_found_again(
    sinch: SimulatedSinch,
) -> None:
    found = await run(activities(sinch.client, callbacks=False).search, SearchNumbers(search=SEARCH, size=1))
    assert not found.any_is_safe


async def test_a_search_for_nonsense_is_refused_for_good(sinch: SimulatedSinch) -> None:
    search = SEARCH.model_copy(update={"region": "us"})
    failure = await failed(activities(sinch.client).search, SearchNumbers(search=search, size=1))
    assert is_final(failure, FailureType.INVALID_ARGUMENT)


async def test_a_number_is_rented_for_what_is_wanted_and_its_events_name_workflow_and_place(
    sinch: SimulatedSinch,
) -> None:
    (answer,) = await rent(sinch.client, NumberToRent(place=7, phone_number=NUMBER))
    assert answer.seen is not None
    assert (answer.place, answer.outcome, answer.seen.phone_number) == (7, RentOutcome.RENTED, NUMBER)
    assert {standing(answer.seen, LINKS, service) for service in LINKS.named} == {LinkStanding.UNDER_WAY}
    url = (await sinch.client.active_numbers.get(NUMBER)).callback_url
    assert url == f"{ADDRESS.of_workflow(WORKFLOW_ID)}?place=7"


@pytest.mark.parametrize("kind", VoiceKind)
async def test_calls_are_answered_by_an_app_a_trunk_or_the_fax_service(sinch: SimulatedSinch, kind: VoiceKind) -> None:
    links = ActiveLinks(voice=VoiceLink(kind=kind, id="voice-1"))
    await rent(sinch.client, NumberToRent(place=1, phone_number=NUMBER), links=links)
    scheduled = (await sinch.client.active_numbers.get(NUMBER)).voice_configuration.scheduled_voice_provisioning
    assert scheduled is not None
    assert (scheduled.type, [scheduled.app_id, scheduled.trunk_id, scheduled.service_id].count("voice-1")) == (kind, 1)


async def test_a_number_rented_for_nothing_has_no_configuration(sinch: SimulatedSinch) -> None:
    (answer,) = await rent(sinch.client, NumberToRent(place=1, phone_number=NUMBER), links=ActiveLinks())
    assert answer.outcome is RentOutcome.RENTED


@pytest.mark.parametrize("fault", LOST, ids=lambda fault: fault["kind"])
@pytest.mark.parametrize("number", [NUMBER, ""], ids=["this", "any"])
async def test_a_place_gets_one_number_though_the_answer_is_lost(
    sinch: SimulatedSinch, fault: dict[str, Any], number: str
) -> None:
    await sinch.fail(RENT if number else RENT_ANY, **fault)
    item = NumberToRent(place=1, phone_number=number)
    async with connect(sinch.endpoints, timeout=1) as client:
        request = NumbersToRent(numbers=(item,), search=SEARCH, links=LINKS)
        failure = await failed(activities(client).rent, request)
        assert failure.type in (FailureType.OUTCOME_UNKNOWN, FailureType.UNAVAILABLE)
    (answer,) = await rent(sinch.client, item.model_copy(update={"look_first": True}))
    assert answer.seen is not None
    assert await rented(sinch) == [answer.seen.phone_number]


async def test_a_number_that_may_still_be_rented_by_a_request_under_way_is_only_looked_for(
    sinch: SimulatedSinch,
) -> None:
    item = NumberToRent(place=1, look_first=True, look_only=True)
    (answer,) = await rent(sinch.client, item)
    assert (answer.outcome, await rented(sinch)) == (RentOutcome.NOT_FOUND, [])
    await rent(sinch.client, NumberToRent(place=1))
    (answer,) = await rent(sinch.client, item)
    assert answer.seen is not None
    assert await rented(sinch) == [answer.seen.phone_number]


async def test_where_one_answer_is_lost_the_others_count(sinch: SimulatedSinch) -> None:
    await sinch.fail(RENT, "cut_after")
    items = [NumberToRent(place=place, phone_number=f"+1206555010{place}") for place in (1, 2, 3)]
    answers = await rent(sinch.client, *items)
    assert sorted(answer.outcome for answer in answers) == ["NO_ANSWER", "RENTED", "RENTED"]
    assert len(await rented(sinch)) == 3


async def test_a_number_that_another_workflow_has_rented_is_gone(sinch: SimulatedSinch) -> None:
    (first,) = await rent(sinch.client, NumberToRent(place=1, phone_number=NUMBER))
    (second,) = await rent(sinch.client, NumberToRent(place=2, phone_number=NUMBER, look_first=True))
    assert (first.outcome, second.outcome) == (RentOutcome.RENTED, RentOutcome.GONE)


async def test_a_number_that_is_gone_when_it_is_rented_is_told(sinch: SimulatedSinch) -> None:
    (answer,) = await rent(sinch.client, NumberToRent(place=1, phone_number="+12065559001"))
    assert answer.outcome is RentOutcome.GONE


async def test_a_repeated_rent_whose_first_came_through_is_known_by_its_refusal(sinch: SimulatedSinch) -> None:
    """The first request was still under way when it was looked for, so the second one finds the number taken."""
    await rent(sinch.client, NumberToRent(place=1, phone_number=NUMBER))
    (answer,) = await rent(sinch.client, NumberToRent(place=1, phone_number=NUMBER))
    assert answer.outcome is RentOutcome.RENTED
    assert await rented(sinch) == [NUMBER]


async def test_without_callbacks_a_number_whose_answer_was_lost_is_found_by_itself(sinch: SimulatedSinch) -> None:
    await sinch.fail(RENT, "cut_after")
    item = NumberToRent(place=1, phone_number=NUMBER)
    request = NumbersToRent(numbers=(item,), search=SEARCH, links=LINKS)
    assert is_retried(
        await failed(activities(sinch.client, callbacks=False).rent, request), FailureType.OUTCOME_UNKNOWN
    )
    (answer,) = await rent(sinch.client, item.model_copy(update={"look_first": True}), callbacks=False)
    assert (answer.outcome, await rented(sinch)) == (RentOutcome.RENTED, [NUMBER])


async def test_a_refusal_is_told_in_sinchs_words(sinch: SimulatedSinch) -> None:
    voice_only = NumberToRent(place=1, phone_number="+12125550100")
    (answer,) = await rent(sinch.client, voice_only)
    assert answer.outcome is RentOutcome.REFUSED
    assert "not capable of SMS" in answer.message
