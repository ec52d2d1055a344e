"""Searching the numbers to rent: what is on offer, what it costs, and what keeps numbers back."""

import pytest

from simulator import SimulatorSettings
from simulator.active_number_outcomes import ORDINARY, card_of
from tests.simulator.driver import PROJECT
from tests.simulator.numbers_driver import driving_numbers, missing, refused


async def test_a_search_tells_numbers_with_their_prices() -> None:
    async with driving_numbers() as sinch:
        pattern = {"numberPattern.pattern": "+1208", "numberPattern.searchPattern": "START"}
        found = await sinch.search(**pattern, size=3, capabilities="SMS,VOICE")
        assert len({number["phoneNumber"] for number in found}) == 3
        assert all(number.pop("phoneNumber").startswith("+1208") for number in found)
        assert found[0] == {
            "regionCode": "US",
            "type": "LOCAL",
            "capability": ["SMS", "VOICE"],
            "setupPrice": {"currencyCode": "USD", "amount": "0.50"},
            "monthlyPrice": {"currencyCode": "USD", "amount": "1.00"},
            "paymentIntervalMonths": 1,
            "supportingDocumentationRequired": False,
        }


async def test_a_pattern_may_stand_at_the_start_at_the_end_or_anywhere() -> None:
    async with driving_numbers() as sinch:
        for where, pattern in (("END", "0134"), ("CONTAINS", "55501"), ("START", "+12085551")):
            found = await sinch.search(**{"numberPattern.pattern": pattern, "numberPattern.searchPattern": where})
            numbers = [number["phoneNumber"] for number in found]
            assert numbers
            if where == "END":
                assert all(number.endswith(pattern) for number in numbers)
            elif where == "START":
                assert all(number.startswith(pattern) for number in numbers)
            else:
                assert all(pattern in number for number in numbers)
        without_plus = {"numberPattern.pattern": "1208", "numberPattern.searchPattern": "START"}
        assert await sinch.search(**without_plus) == []


async def test_a_number_must_have_every_capability_asked_for() -> None:
    async with driving_numbers() as sinch:
        voice_only = {"numberPattern.pattern": "+1212555", "numberPattern.searchPattern": "START"}
        assert len(await sinch.search(**voice_only, capabilities="VOICE")) == 20
        assert await sinch.search(**voice_only, capabilities="SMS") == []
        query = {"regionCode": "US", "type": "LOCAL", "capabilities": ["SMS", "VOICE"]}
        found = (await sinch.api.get(f"{PROJECT}/availableNumbers", params=query)).json()["availableNumbers"]
        assert found
        assert all(number["capability"] == ["SMS", "VOICE"] for number in found)


async def test_the_same_seed_offers_the_same_numbers_in_the_same_order() -> None:
    offers = []
    for seed in (7, 7, 8):
        async with driving_numbers(SimulatorSettings(seed=seed)) as sinch:
            offers.append(await sinch.search(size=30))
    assert offers[0] == offers[1] != offers[2]


async def test_numbers_with_a_card_are_found_by_asking_for_them_only() -> None:
    async with driving_numbers() as sinch:
        found = await sinch.search(size=1000)
        assert {card_of(number["phoneNumber"]) for number in found} == {ORDINARY}
        asked = await sinch.search(**{"numberPattern.pattern": "7005", "numberPattern.searchPattern": "END"})
        assert "+12085557005" in {number["phoneNumber"] for number in asked}


async def test_a_search_has_one_page_of_at_most_a_thousand_numbers() -> None:
    async with driving_numbers() as sinch:
        assert len(await sinch.search()) == 20
        assert len(await sinch.search(size=5000)) == 1000
        assert await sinch.search(regionCode="FR") == []
        assert await sinch.search(type="TOLL_FREE", regionCode="SE") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"regionCode": ""}, "regionCode"),
        ({"regionCode": "usa"}, "regionCode"),
        ({"type": ""}, "type"),
        ({"type": "LANDLINE"}, "type"),
        ({"type": "NUMBER_TYPE_UNSPECIFIED"}, "type"),
        ({"type": "LOCAL,MOBILE"}, "type"),
        ({"capabilities": "FAX"}, "capabilities"),
        ({"size": "-1"}, "size"),
        ({"numberPattern.searchPattern": "CONTAIN"}, "numberPattern.searchPattern"),
        ({"numberPattern.pattern": " 1206"}, "numberPattern.pattern"),
    ],
)
async def test_a_malformed_search_is_refused_by_the_parameter_at_fault(query: dict[str, str], field: str) -> None:
    async with driving_numbers() as sinch:
        asked = {"regionCode": "US", "type": "LOCAL"} | query
        refused(await sinch.api.get(f"{PROJECT}/availableNumbers", params=asked), field)


async def test_one_number_can_be_checked() -> None:
    async with driving_numbers() as sinch:
        (offer,) = await sinch.search(size=1)
        number = offer["phoneNumber"]
        assert await sinch.get(f"/availableNumbers/{number}") == offer
        await sinch.rented(number)
        for gone in (number, "+12025550134", "+1208555013", "nonsense"):
            missing(await sinch.api.get(f"{PROJECT}/availableNumbers/{gone}"), gone)


async def test_regions_are_told_with_their_types() -> None:
    async with driving_numbers() as sinch:
        regions = (await sinch.get("/availableRegions"))["availableRegions"]
        assert {region["regionCode"] for region in regions} == {"US", "CA", "GB", "SE"}
        assert {"regionCode": "US", "regionName": "United States", "types": ["LOCAL", "TOLL_FREE"]} in regions
        mobile = (await sinch.get("/availableRegions", types="MOBILE"))["availableRegions"]
        assert [region["regionCode"] for region in mobile] == ["GB", "SE"]


async def test_a_limit_leaves_so_many_numbers_of_a_pattern_to_be_had() -> None:
    async with driving_numbers() as sinch:
        limit = {"pattern": "+1208", "search_pattern": "START", "available": 3}
        assert await sinch.tell("inventory", limit) == {"limits": [limit]}
        pattern = {"numberPattern.pattern": "+1208", "numberPattern.searchPattern": "START"}
        left = [number["phoneNumber"] for number in await sinch.search(**pattern)]
        assert len(left) == 3
        await sinch.rented(left[0])
        assert [number["phoneNumber"] for number in await sinch.search(**pattern)] == left[1:]
        assert await sinch.look("inventory") == {"limits": [limit | {"available": 2}]}
        kept_back = "+12085559998"
        missing(await sinch.rent(kept_back), kept_back)
        assert len(await sinch.search()) == 20
        await sinch.control.delete("/_sim/inventory")
        assert len(await sinch.search(**pattern)) == 20


async def test_a_limit_without_a_pattern_is_one_of_all_numbers() -> None:
    async with driving_numbers() as sinch:
        await sinch.tell("inventory", {"available": 0})
        assert await sinch.search() == []
        answer = await sinch.control.post("/_sim/inventory", json={"available": 1, "pattern": "x"})
        assert answer.status_code == 400
