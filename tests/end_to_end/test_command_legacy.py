"""`onboard legacy`: numbers are rented and given to an application by the command alone, once, whatever is lost."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.end_to_end.site import Site

pytestmark = pytest.mark.end_to_end

APPLICATION = "bb7b4e39-4227-4913-8c81-2db4abb54fb3"
OTHER_APPLICATION = "5e4f1a52-7f0c-4f1c-9a55-0a0d0b2f9c11"
_ORGANISATION = "legacy/organisations/8888123"
_WISH = """
id = "{id}"
application = "{application}"
quantity = 2
area_code = "404"
spending_limit = "3.00"
[pace]
poll_first = "1s"
poll_longest = "2s"
reservation = "6s"
"""
"""The simulated quarter of an hour that a reservation lasts takes six seconds."""


@pytest.fixture
async def control(site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """The control host of the simulator; the account has money again afterwards."""
    async with httpx.AsyncClient(base_url=f"{site.stack.endpoints.simulator_control}/_sim", timeout=30) as http:
        yield http
        (await http.post(_ORGANISATION, json={"credit": "1000", "accounting": True})).raise_for_status()


async def buy(site: Site, wish: str, application: str = APPLICATION, *arguments: str) -> Any:
    """Run `onboard legacy buy` on a wish file, to its end."""
    path = site.folder / f"{wish}.toml"
    path.write_text(_WISH.format(id=wish, application=application))
    return await site.onboard("legacy", "buy", path, "--yes", "--wait", "--output", "json", *arguments)


async def rented(site: Site) -> list[str]:
    """Every number that was ever rented, in order."""
    return [str(entry["subject"]) for entry in await site.world.ledger("legacy_number_rented")]


async def of(site: Site, application: str) -> set[str]:
    """The numbers of an application, as the command shows them."""
    shown = await site.onboard("legacy", "applications", application, "--output", "json")
    assert shown.code == 0, shown.stderr
    return {number["number"] for number in shown.data}


async def test_what_is_to_be_had_is_shown_and_nothing_bought_without_consent(site: Site) -> None:
    before = await rented(site)
    shop = await site.onboard("legacy", "shop", "--capability", "sms", "--country", "US", "--output", "json")
    assert {group["group_id"] for group in shop.data} == {75, 80}
    wish = ("--application", APPLICATION, "--quantity", "3", "--area-code", "404")
    dry = await site.onboard("legacy", "buy", *wish, "--limit", "5.00", "--dry-run")
    assert dry.code == 0, dry.stderr
    assert "3 numbers of group 80 at 1.5 USD" in dry.stdout
    unasked = await site.onboard("legacy", "buy", *wish, "--limit", "5.00")
    assert (unasked.code, unasked.stdout) == (2, "")
    assert "together 4.5, spending limit 5.00 USD" in unasked.stderr
    too_dear = await site.onboard("legacy", "buy", *wish, "--limit", "4.00", "--yes")
    assert (too_dear.code, too_dear.stdout) == (1, "")
    assert "2 of 3 numbers can be had for 4.00 USD; nothing was bought" in too_dear.stderr
    assert await rented(site) == before


async def test_numbers_are_rented_assigned_unassigned_and_assigned_elsewhere(site: Site) -> None:
    before = await rented(site)
    bought = await buy(site, "legacy-plain")
    assert (bought.code, bought.data["steps"]) == (0, {"DONE": 2}), bought.stderr
    numbers = (await rented(site))[len(before) :]
    assert [row["phone_number"] for row in bought.data["numbers"]] == numbers
    assert await of(site, APPLICATION) >= set(numbers)
    again = await buy(site, "legacy-plain")
    assert (again.code, again.data["steps"]) == (0, {"DONE": 2}), again.stderr
    assert len(await rented(site)) == len(before) + 2
    status = await site.onboard("legacy", "status", "legacy-plain")
    assert "spent: 3.0 of 3.00 USD" in status.stdout

    chosen = [f"--number={number}" for number in numbers]
    options = (*chosen, "--yes", "--wait", "--output", "json")
    taken = await site.onboard("legacy", "unassign", "--application", APPLICATION, *options)
    assert (taken.code, taken.data["steps"]) == (0, {"DONE": 2}), taken.stderr
    assert not await of(site, APPLICATION) & set(numbers)
    given = await site.onboard("legacy", "assign", "--application", OTHER_APPLICATION, *options)
    assert (given.code, given.data["steps"]) == (0, {"DONE": 2}), given.stderr
    assert await of(site, OTHER_APPLICATION) >= set(numbers)
    listed = await site.onboard("legacy", "rented", "--output", "json")
    assert {number["number"] for number in listed.data} >= set(numbers)


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        ("LegacyReserve", {"kind": "cut_after"}),
        ("LegacyCheckOut", {"kind": "cut_after"}),
        ("LegacyCheckOut", {"kind": "status_after_commit", "status": 503}),
        ("LegacySetApplicationNumbers", {"kind": "cut_after"}),
    ],
)
async def test_an_answer_that_is_lost_after_its_work_was_done_buys_nothing_twice(
    site: Site, operation: str, fault: dict[str, object]
) -> None:
    before = await rented(site)
    await site.world.add_fault(operation=operation, **fault)
    wish = f"lost-{operation}-{fault['kind']}"
    bought = await buy(site, wish)
    assert (bought.code, bought.data["steps"]) == (0, {"DONE": 2}), bought.stderr
    numbers = (await rented(site))[len(before) :]
    assert sorted(row["phone_number"] for row in bought.data["numbers"]) == sorted(numbers)
    assert len(numbers) == 2
    assert await of(site, APPLICATION) >= set(numbers)
    assigned = [entry["subject"] for entry in await site.world.ledger("legacy_number_assigned")]
    assert all(assigned.count(number) == 1 for number in numbers)


async def test_without_credit_the_wish_waits_and_goes_on_when_told(site: Site, control: httpx.AsyncClient) -> None:
    before = await rented(site)
    (await control.post(_ORGANISATION, json={"credit": "0"})).raise_for_status()
    stopped = await buy(site, "legacy-poor")
    assert (stopped.code, stopped.data["waiting_on"]) == (5, "operator"), stopped.stderr
    status = await site.onboard("legacy", "status", "legacy-poor", "--output", "json")
    assert status.data["waiting_for"]["code"] == "NOT_ENOUGH_CREDIT"
    (await control.post(_ORGANISATION, json={"credit": "3.00"})).raise_for_status()
    told = await site.onboard("legacy", "retry", "legacy-poor")
    assert (told.code, told.stdout) == (0, "legacy-poor goes on.\n")
    ended = await buy(site, "legacy-poor")
    assert (ended.code, ended.data["steps"]) == (0, {"DONE": 2}), ended.stderr
    assert len(await rented(site)) == len(before) + 2
    assert (await control.get(_ORGANISATION)).json()["credit"] == "0.00"
    refused = await site.onboard("legacy", "retry", "legacy-poor")
    assert (refused.code, refused.stderr) == (2, "legacy-poor is not running\n")


async def test_a_list_that_somebody_else_overwrites_is_merged_again(site: Site, control: httpx.AsyncClient) -> None:
    theirs = await buy(site, "legacy-theirs", OTHER_APPLICATION)
    assert theirs.code == 0, theirs.stderr
    others = await of(site, OTHER_APPLICATION)
    rival = {"numbers": [int(number) for number in others], "after_next_change": True}
    (await control.post(f"legacy/applications/{OTHER_APPLICATION}/numbers/sms", json=rival)).raise_for_status()
    ours = await buy(site, "legacy-ours", OTHER_APPLICATION)
    assert (ours.code, ours.data["steps"]) == (0, {"DONE": 2}), ours.stderr
    numbers = {row["phone_number"] for row in ours.data["numbers"]}
    assert await of(site, OTHER_APPLICATION) == others | numbers
    unassigned = [entry["subject"] for entry in await site.world.ledger("legacy_number_unassigned")]
    assert numbers <= set(unassigned), "somebody else has overwritten the list in between"
