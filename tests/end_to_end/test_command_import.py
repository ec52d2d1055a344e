"""`onboard import`: one number, or many by orders of five; consent to a migration; shown where batches are shown."""

import asyncio
from pathlib import Path

import pytest

from onboarding.ids import import_workflow_id
from tests.end_to_end.batches import ends, numbers_of
from tests.end_to_end.import_files import write_import
from tests.end_to_end.site import Site, until

pytestmark = pytest.mark.end_to_end

PLAN, CAMPAIGN = "07d6c2621f364b68856fe4938b7bb78f", "C3O8OGA"
SINGLE = ("--service-plan", PLAN, "--campaign", CAMPAIGN, "--contact", "robin.park@example.com")


async def test_one_number_is_imported_without_a_file(site: Site) -> None:
    (number,) = numbers_of(415, "0101")
    ended = await site.through("import", "--number", number, *SINGLE, "--wait", "--output", "json")
    assert ended.code == 0, ended.stderr
    assert (ended.lines[-1]["state"], ended.lines[-1]["stages"]) == ("COMPLETED", {"DONE": 1})
    (entry,) = [entry for entry in await site.world.ledger("imported_number") if entry["subject"] == number]
    assert entry["details"]["service_plan_id"] == PLAN
    again = await site.onboard("import", "--number", number, *SINGLE, "--output", "json")
    assert (again.code, again.data["attached"]) == (0, True)


async def test_many_numbers_are_imported_and_one_is_migrated_after_consent(site: Site, tmp_path: Path) -> None:
    ordinary = tuple(f"0{200 + position}" for position in range(10))
    good = numbers_of(415, *ordinary)
    refused, expired = numbers_of(415, "6135", "7008")
    path = write_import(tmp_path, "many", [*good, refused, expired])
    started = await site.onboard("import", path, "--output", "json")
    assert started.code == 0, started.stderr
    assert started.data["workflow_id"] == "ImportNumbers:many"

    async def waits_for_consent() -> bool:
        await site.world.pass_hours(6)
        if await site.waits_for(import_workflow_id("many")) != "operator":
            return False
        view = (await site.onboard("status", "many", "--output", "json")).data
        return {wait["waiting_on"]: wait["numbers"] for wait in view["waiting"]} == {"operator": 1}

    await until(waits_for_consent, "the number that T-Mobile refuses waits for consent")
    text = (await site.onboard("status", "many")).stdout
    assert "Import many of Harbor Lane Dental Group: RUNNING, 12 numbers\n" in text
    shown = ends((await site.onboard("numbers", "many", "--output", "json")).data)
    assert shown[refused] == ("PROVISIONING", "T_MOBILE_MIGRATION_REQUIRED")
    assert shown[expired] == ("FAILED", "CAMPAIGN_EXPIRED")

    unasked = await site.onboard("consent", "many", "--number", refused)
    assert (unasked.code, unasked.stdout) == (2, "")
    wrong = await site.onboard("consent", "many", "--number", expired, "--yes")
    assert (wrong.code, wrong.stdout) == (1, "")
    assert "do not wait for a consent" in wrong.stderr
    given = await site.onboard("consent", "many", "--number", refused, "--yes")
    assert given.code == 0, given.stderr
    assert "1 numbers are removed and ordered anew" in given.stdout

    async def is_through() -> bool:
        await site.world.pass_hours(6)
        return await site.waits_for(import_workflow_id("many")) is None

    await until(is_through, "the import is through")
    assert (await site.onboard("status", "many", "--output", "json")).data["state"] == "COMPLETED"
    report = await site.onboard("report", "many", "--output", "json")
    assert report.code == 3
    expected = dict.fromkeys((*good, refused), ("DONE", None)) | {expired: ("FAILED", "CAMPAIGN_EXPIRED")}
    assert ends(report.data["numbers"]) == expected
    orders = [o for o in await site.world.ledger("hosting_order") if o["details"]["display_name"].startswith("many ")]
    assert sorted(len(order["details"]["numbers"]) for order in orders) == [1, 2, 5, 5]
    assert "many" in [row["batch"] for row in (await site.onboard("list", "--output", "json")).data]


async def test_every_kind_of_failure_ends_with_its_reason_by_order_and_alone(site: Site, tmp_path: Path) -> None:
    cards = {
        "0601": ("DONE", None),
        "5101": ("FAILED", "SMS_PROVISIONING_FAILED"),
        "6001": ("FAILED", "CARRIER_DEADLINE_PASSED"),
        "6002": ("DONE", None),
        "6135": ("FAILED", "T_MOBILE_MIGRATION_REQUIRED"),
        "7001": ("FAILED", "CAMPAIGN_NOT_AVAILABLE"),
        "7015": ("FAILED", "INVALID_NNID"),
        "8001": ("FAILED", "HOSTING_FAILED"),
    }
    imports = {"by-order": (628, "numbers_per_order = 5"), "alone": (629, "numbers_per_order = 1")}
    for name, (area, per_order) in imports.items():
        path = write_import(tmp_path, name, numbers_of(area, *cards), per_order, carrier_deadline="45s")
        assert (await site.onboard("import", path)).code == 0

    async def are_through() -> bool:
        await site.world.pass_hours(24)
        await asyncio.sleep(0.5)
        waits = [await site.waits_for(import_workflow_id(name)) for name in imports]
        for name, who in zip(imports, waits, strict=True):
            if who == "operator":
                await site.onboard("consent", name, "--decline", "--yes")
        return waits == [None, None]

    await until(are_through, "both imports are through")
    for name, (area, _) in imports.items():
        assert (await site.onboard("status", name, "--output", "json")).data["state"] == "COMPLETED"
        expected = dict(zip(numbers_of(area, *cards), cards.values(), strict=True))
        assert ends((await site.onboard("report", name, "--output", "json")).data["numbers"]) == expected


async def test_bad_input_is_listed_with_its_lines_and_nothing_is_sent(site: Site, tmp_path: Path) -> None:
    numbers = numbers_of(415, "0301")
    path = write_import(
        tmp_path, "bad", [*numbers, "+1415555"], "numbers_per_order = 0", 'nnid = "104029"', "migrate_to_sinch = true"
    )
    ended = await site.onboard("import", path, "--yes")
    assert (ended.code, ended.stdout) == (2, "")
    summary, *problems = ended.stderr.splitlines()
    assert summary == "4 problems in the input, nothing was sent:"
    assert [problem.partition(", ")[2].partition(":")[0] for problem in problems] == [
        "line 6, numbers_per_order = '0'",
        "line 7, nnid = '104029'",
        "line 8, migrate_to_sinch = 'true'",
        "line 2, phone_number = '+1415555'",
    ]
    assert await site.world.side_effects_on(numbers) == []


async def test_a_dry_run_sends_nothing_and_a_name_is_only_given_once(site: Site, tmp_path: Path) -> None:
    numbers = numbers_of(415, "0401", "0402")
    path = write_import(tmp_path, "dry", numbers, "migrate_to_sinch_tmo = true")
    text = await site.onboard("import", path, "--dry-run", TEMPORAL_ADDRESS="127.0.0.1:1")
    assert text.code == 0, text.stderr
    assert "Dry run of import dry for Harbor Lane Dental Group: nothing is sent." in text.stdout
    assert "given beforehand" in text.stdout
    assert await site.world.side_effects_on(numbers) == []
    neither = await site.onboard("import")
    assert (neither.code, neither.stdout) == (2, "")


async def test_another_import_of_the_same_name_is_refused(site: Site, tmp_path: Path) -> None:
    numbers = numbers_of(415, "0501", "0502")
    assert (await site.onboard("import", write_import(tmp_path, "twice-imported", numbers))).code == 0
    changed = write_import(tmp_path, "twice-imported", numbers, "migrate_to_sinch_tmo = true")
    refused = await site.onboard("import", changed)
    assert (refused.code, refused.stdout) == (2, "")
    assert "migrate_to_sinch_tmo: was False, now True" in refused.stderr
    cancelled = await site.onboard("import-cancel", "twice-imported", "--yes")
    assert cancelled.code == 0, cancelled.stderr
