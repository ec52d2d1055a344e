"""The Numbers host as a host: access, unknown paths, faults, projects, and what its documentation says."""

from pathlib import Path

import httpx
from pydantic import SecretStr

from simulator import ProjectSettings, SimulatorSettings
from simulator.active_number_outcomes import CARDS, markdown_table
from simulator.number_ranges import RANGES
from simulator.numbers_host import numbers_host
from simulator.world import World
from tests.simulator.driver import PROJECT
from tests.simulator.numbers_driver import driving_numbers, missing, refused

NUMBER = "+12085550134"
OPERATIONS = 11
DOCUMENT = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text()
ACME = ProjectSettings(project_id="acme", key_id="acme-key", key_secret=SecretStr("acme-secret"))


async def test_every_operation_of_the_numbers_api_is_served() -> None:
    assert len(numbers_host(World(SimulatorSettings())).routes) == OPERATIONS


async def test_the_numbers_host_is_open_to_keys_and_tokens_of_its_project_only() -> None:
    async with driving_numbers() as sinch:
        url = f"{sinch.endpoints.sinch_numbers}{PROJECT}/activeNumbers"
        async with httpx.AsyncClient() as stranger:
            refusal = await stranger.get(url, auth=("local-key-id", "wrong"))
            assert refusal.json()["error"]["code"] == refusal.status_code == 401
            assert (await stranger.get(url, auth=("local-key-id", "local-key-secret"))).status_code == 200
        assert (await sinch.api.get("/v1/projects/another/activeNumbers")).status_code == 403
        await sinch.tell("tokens/expire")
        assert "expired" in (await sinch.api.get(url)).headers["WWW-Authenticate"]


async def test_what_is_no_operation_is_told_in_the_nested_envelope() -> None:
    async with driving_numbers() as sinch:
        unknown = await sinch.api.get(f"{PROJECT}/importedNumbers")
        assert unknown.json()["error"]["code"] == unknown.status_code == 404
        wrong_method = await sinch.delete(f"/activeNumbers/{NUMBER}")
        assert wrong_method.status_code == 405
        assert wrong_method.headers["Allow"] == "GET, HEAD, PATCH"


async def test_a_fault_strikes_an_operation_of_the_numbers_host() -> None:
    async with driving_numbers() as sinch:
        operation = "NumberService_ListAvailableNumbers"
        await sinch.tell("faults", {"operation": operation, "status": 429, "retry_after": 3})
        query = {"regionCode": "US", "type": "LOCAL"}
        answer = await sinch.api.get(f"{PROJECT}/availableNumbers", params=query)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3")
        assert await sinch.search()
        assert (await sinch.look("requests"))[operation] == {"429": 1, "200": 1}


async def test_projects_rent_from_one_inventory_and_have_their_own_numbers() -> None:
    async with driving_numbers(SimulatorSettings(further_projects=(ACME,))) as sinch:
        await sinch.rented(NUMBER)
        url = f"{sinch.endpoints.sinch_numbers}/v1/projects/acme"
        async with httpx.AsyncClient(base_url=url, auth=("acme-key", "acme-secret")) as acme:
            missing(await acme.get(f"/activeNumbers/{NUMBER}"), NUMBER)
            missing(await acme.post(f"/availableNumbers/{NUMBER}:rent", json={}), NUMBER)


async def test_a_callback_secret_can_be_checked() -> None:
    async with driving_numbers(SimulatorSettings(hmac_secret_is_checked=True)) as sinch:
        refused(await sinch.patch("/callbackConfiguration", {"hmacSecret": "short"}), "hmacSecret")


async def test_the_control_api_serves_the_cards_of_active_numbers() -> None:
    async with driving_numbers() as sinch:
        served = (await sinch.look("outcomes"))["active_number_cards"]
        assert [card["digits"] for card in served] == [card.digits for card in CARDS]


def test_the_documented_cards_of_active_numbers_are_the_cards() -> None:
    assert f"\n\n{markdown_table()}\n" in DOCUMENT


def test_every_range_of_numbers_to_rent_is_documented() -> None:
    assert [of_prefix.prefix for of_prefix in RANGES if f"\n| {of_prefix.prefix} | " not in DOCUMENT] == []
