"""docs/simulator.md says what the simulator does: the cards, the control API, the source of each behaviour."""

import re
from pathlib import Path

from starlette.routing import Route

from simulator.control_host import control_host
from simulator.imported_host import imported_host
from simulator.outcomes import CARDS, FAILURE_CODES, LINKED_AGAIN_BY_ITSELF, markdown_table
from simulator.settings import SimulatorSettings
from simulator.world import World
from tests.simulator.driver import driving

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "simulator.md").read_text()
OPERATIONS = 23
SETTINGS_WITH_AN_OPTION = {
    "project_id", "key_id", "key_secret", "seconds_per_day", "seed",
    "imported_port", "numbers_port", "oauth_port", "legacy_port", "control_port", "smtp_port",
}  # fmt: skip
SOURCES = {"documented", "inferred", "invented"}


def test_the_documented_cards_are_the_cards() -> None:
    assert f"\n\n{markdown_table()}\n" in DOCUMENT


async def test_the_control_api_serves_the_cards() -> None:
    async with driving() as sinch:
        served = (await sinch.look("outcomes"))["cards"]
        assert len(served) == len(CARDS)
        assert served[0] == {
            "digits": None,
            "name": "ordinary",
            "what_happens": "every step succeeds",
            "stage": "DONE",
            "reason": None,
            "second_try": None,
        }
        by_digits = {card["digits"]: card["reason"] for card in served}
        lasting = [None if code in LINKED_AGAIN_BY_ITSELF else code for code in FAILURE_CODES]
        assert [by_digits[f"70{position:02d}"] for position in range(1, 16)] == lasting


def test_every_behaviour_is_tagged_with_its_source() -> None:
    section = DOCUMENT.split("## Behaviour")[1]
    rows = re.findall(r"^\| (.+) \| (.+) \|$", section, flags=re.MULTILINE)[2:]
    assert len(rows) > 40
    assert {source for _, source in rows} == SOURCES


async def test_every_operation_of_the_api_is_served() -> None:
    routes = imported_host(World(SimulatorSettings())).routes
    assert len(routes) == OPERATIONS


def test_every_setting_is_documented() -> None:
    settings = set(SimulatorSettings.model_fields) - SETTINGS_WITH_AN_OPTION
    assert [name for name in sorted(settings) if f"`{name}`" not in DOCUMENT] == []


def test_every_kind_of_the_ledger_is_documented() -> None:
    sources = "\n".join(source.read_text() for source in (ROOT / "simulator").glob("*.py"))
    written = r"(?:write|_record_ended|_note)\(\s*(?:link, |number, )?\"([a-z_]+)\""
    kinds = set(re.findall(written, sources))
    assert len(kinds) > 20
    assert [kind for kind in sorted(kinds) if f"`{kind}`" not in DOCUMENT] == []


async def test_every_request_of_the_control_api_is_documented() -> None:
    routes = control_host(World(SimulatorSettings())).routes
    requests = {
        f"{method} {route.path}"
        for route in routes
        if isinstance(route, Route) and route.methods
        for method in route.methods - {"HEAD"}
    }
    assert len(requests) == len(routes)
    assert [request for request in sorted(requests) if f"`{request}" not in DOCUMENT] == []
