"""Workflow B, import up to five numbers by a hosting order, by the command alone: order, COMPLETED, each number.

One of them is still with another aggregator at T-Mobile (60135); consent to its migration was given beforehand.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from onboarding.ids import import_workflow_id
from tests.end_to_end.batches import ends, numbers_of
from tests.end_to_end.import_files import write_import
from tests.end_to_end.site import Site, until

pytestmark = pytest.mark.end_to_end

IMPORT, PLAN = "bulk-import", "plan-of-workflow-b"
GOOD, MOVED = numbers_of(907, "0101", "0102", "0103", "0104"), numbers_of(907, "6135")


async def links_of(site: Site, order: Mapping[str, str]) -> Mapping[str, str]:
    """Number -> state of its campaign link, as `onboard orders numbers` shows it."""
    numbers = (await site.onboard("orders", "numbers", order["hosting_order_id"], "--output", "json")).data
    return {number["phone_number"]: number["campaign_provisioning"]["state"] for number in numbers}


async def test_five_numbers_are_imported_by_one_order(site: Site, tmp_path: Path) -> None:
    path = write_import(tmp_path, IMPORT, [*GOOD, *MOVED], "migrate_to_sinch_tmo = true")
    path.write_text(path.read_text().replace("07d6c2621f364b68856fe4938b7bb78f", PLAN))
    assert (await site.onboard("import", path, "--yes")).code == 0

    async def has_ended() -> bool:
        await site.world.pass_hours(6)
        return await site.waits_for(import_workflow_id(IMPORT)) is None

    await until(has_ended, "the import is through")
    assert (await site.onboard("status", IMPORT, "--output", "json")).data["state"] == "COMPLETED"
    filters = ("--service-plan", PLAN, "--campaign", "C3O8OGA", "--type", "import", "--state", "completed")
    listed = await site.onboard("orders", "list", *filters, "--order-by", "created-time", "--output", "json")
    first, migration = listed.data
    assert await links_of(site, first) == {**dict.fromkeys(GOOD, "DONE"), **dict.fromkeys(MOVED, "FAILED")}
    assert await links_of(site, migration) == dict.fromkeys(MOVED, "DONE")
    report = await site.onboard("report", IMPORT, "--output", "json")
    assert (report.code, set(ends(report.data["numbers"]).values())) == (0, {("DONE", None)})
