"""`onboard relink-cancel` and `remove-cancel`: what is begun comes to its end, the rest stays as it was."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from onboarding.calls.imported_numbers import CHANGES_A_CALL
from onboarding.ids import relinking_workflow_id, removal_workflow_id
from tests.end_to_end.batches import numbers_of
from tests.end_to_end.import_files import write_import
from tests.end_to_end.site import Site, until

pytestmark = pytest.mark.end_to_end

UNLINKED_AT_FIRST = 10
LATE_SECONDS = 8


async def imported(site: Site, folder: Path, name: str, numbers: Sequence[str]) -> None:
    path = write_import(folder, name, numbers)
    ended = await site.through("import", path, "--wait", "--output", "json", hours_a_look=12)
    assert ended.code == 0, ended.stderr


async def of_numbers(site: Site, kind: str, numbers: Sequence[str]) -> list[str]:
    """The numbers that a side effect of this kind befell, each as often as that was."""
    return [entry["subject"] for entry in await site.world.ledger(kind) if entry["subject"] in numbers]


async def through(site: Site, workflow_id: str) -> None:
    async def is_through() -> bool:
        await site.world.pass_hours(6)
        return await site.waits_for(workflow_id) is None

    await until(is_through, f"{workflow_id} is through")


async def test_a_cancelled_relinking_unlinks_no_further_number(site: Site, tmp_path: Path) -> None:
    numbers = numbers_of(315, *(f"0{101 + place}" for place in range(UNLINKED_AT_FIRST + 2)))
    await imported(site, tmp_path, "to-relink", numbers)
    to = ("--service-plan", "plan-of-after", "--campaign", "CAFTER", "--id", "half-moved")
    started = await site.onboard("relink", "-", *to, "--yes", given="\n".join(numbers))
    assert started.code == 0, started.stderr

    async def are_being_unlinked() -> bool:
        return len(await of_numbers(site, "imported_number_updated", numbers)) == UNLINKED_AT_FIRST

    await until(are_being_unlinked, "the first numbers are being unlinked")
    unasked = await site.onboard("relink-cancel", "half-moved")
    assert (unasked.code, unasked.stdout) == (2, "")
    cancelled = await site.onboard("relink-cancel", "half-moved", "--yes", "--output", "json")
    assert (cancelled.code, cancelled.data["id"]) == (0, "half-moved"), cancelled.stderr
    assert cancelled.data["message"].endswith("Under way and followed to their end: 10.")
    again = await site.onboard("relink-cancel", "half-moved", "--yes")
    assert (again.code, again.stderr) == (1, "half-moved is over or cancelled already.\n")
    shown = await site.onboard("relink-status", "half-moved")
    assert f"{numbers[-1]} CANCELLED: The work was cancelled before it had begun" in shown.stdout

    await through(site, relinking_workflow_id("half-moved"))
    ended = await site.onboard("relink-status", "half-moved", "--output", "json")
    assert (ended.code, ended.data["steps"]) == (0, {"DONE": 10, "CANCELLED": 2})
    touched = await of_numbers(site, "imported_number_updated", numbers)
    assert sorted(touched) == sorted(numbers[:UNLINKED_AT_FIRST] * 2), "unlinked once and linked once"


async def test_a_cancelled_removal_removes_no_further_number(site: Site, tmp_path: Path) -> None:
    asked_for = numbers_of(316, *(f"0{101 + place}" for place in range(CHANGES_A_CALL)))
    (left_alone,) = numbers_of(316, "0900")
    await imported(site, tmp_path, "to-remove", (asked_for[0], left_alone))
    await site.world.add_fault(operation="ImportNumberService_DeleteImportedNumber", kind="late", seconds=LATE_SECONDS)
    chosen = "\n".join((*asked_for, left_alone))
    started = await site.onboard("remove", "-", "--imported", "--id", "half-gone", "--yes", given=chosen)
    assert started.code == 0, started.stderr
    await until(lambda: of_numbers(site, "imported_number_deleted", asked_for), "the first numbers are asked for")
    unasked = await site.onboard("remove-cancel", "half-gone")
    assert (unasked.code, unasked.stdout) == (2, "")
    cancelled = await site.onboard("remove-cancel", "half-gone", "--yes", "--output", "json")
    assert (cancelled.code, cancelled.data["id"]) == (0, "half-gone"), cancelled.stderr
    assert cancelled.data["message"].endswith(f"Asked for and followed to their end: {CHANGES_A_CALL}.")

    await through(site, removal_workflow_id("half-gone"))
    ended = await site.onboard("remove-status", "half-gone", "--output", "json")
    assert (ended.code, ended.data["steps"]) == (0, {"DONE": 1, "SKIPPED": CHANGES_A_CALL - 1, "CANCELLED": 1})
    assert (await site.onboard("imported", "show", left_alone)).code == 0
    over = await site.onboard("remove-cancel", "half-gone", "--yes")
    assert (over.code, over.stderr) == (2, "half-gone is not running\n")
