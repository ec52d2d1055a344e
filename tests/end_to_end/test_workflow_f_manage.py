"""Workflow F, manage numbers, by the command alone: list, rename, relink and remove imported and qualified ones."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from onboarding.ids import import_workflow_id
from tests.end_to_end.batches import FOREVER, SELDOM, numbers_of, write_batch
from tests.end_to_end.import_files import write_import
from tests.end_to_end.site import Site, until

pytestmark = pytest.mark.end_to_end

FIRST, SECOND = numbers_of(918, "0101", "0102")
CALLED, IN_ORDER = numbers_of(918, "0201", "0202")
PLAN, OTHER_PLAN = "plan-of-workflow-f", "other-plan-of-workflow-f"


async def hours_until(site: Site, condition: Callable[[], Awaitable[object]], what: str) -> None:
    """Let the simulated hours go by until the condition holds."""

    async def holds() -> object:
        await site.world.pass_hours(2)
        return await condition()

    await until(holds, what)


@pytest.fixture(scope="module")
async def imported(shared_site: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two numbers on a plan of their own."""
    path = write_import(tmp_path_factory.mktemp("managed"), "managed", [FIRST, SECOND])
    path.write_text(path.read_text().replace("07d6c2621f364b68856fe4938b7bb78f", PLAN))
    assert (await shared_site.onboard("import", path)).code == 0

    async def is_through() -> bool:
        return await shared_site.waits_for(import_workflow_id("managed")) is None

    await hours_until(shared_site, is_through, "the import is through")


@pytest.mark.usefixtures("imported")
async def test_imported_numbers_are_listed_renamed_relinked_and_removed(site: Site) -> None:
    listed = await site.onboard("imported", "list", "--service-plan", PLAN, "--output", "json")
    assert {number["phone_number"] for number in listed.data} == {FIRST, SECOND}
    assert (await site.onboard("imported", "rename", FIRST, "Reception")).code == 0
    assert (await site.onboard("imported", "show", FIRST, "--output", "json")).data["display_name"] == "Reception"

    to = ("--service-plan", OTHER_PLAN)
    relinked = await site.through("relink", "--number", FIRST, *to, "--id", "manage", "--yes", "--wait")
    assert relinked.code == 0, relinked.stderr
    shown = (await site.onboard("imported", "show", FIRST, "--output", "json")).data
    assert (shown["sms_configuration"]["service_plan_id"], shown["display_name"]) == (OTHER_PLAN, "Reception")

    removed = await site.onboard("remove", "--number", SECOND, "--imported", "--yes", "--wait")
    assert removed.code == 0, removed.stderr
    gone = await site.onboard("imported", "show", SECOND)
    assert (gone.code, gone.stdout) == (1, "")
    assert SECOND in gone.stderr


async def test_qualified_numbers_are_called_listed_and_removed_but_not_while_hosted(site: Site, tmp_path: Path) -> None:
    path = write_batch(
        tmp_path, "managed-review", (CALLED, IN_ORDER), verification="voice", voice_code=FOREVER, wave='"1s"',
        signer="never@example.com", loa_signature=FOREVER, carrier=FOREVER, poll_longest=SELDOM,
    )  # fmt: skip
    assert (await site.onboard("start", path)).code == 0

    async def are_called() -> bool:
        return all([await site.world.codes_heard(number) for number in (CALLED, IN_ORDER)])

    await hours_until(site, are_called, "both phones are called")
    early = await site.onboard("qualified", "show", IN_ORDER, "--output", "json")
    assert early.data["global_process_state"] == "GLOBAL_PROCESS_STATE_VERIFICATION_PENDING"
    heard = (await site.world.codes_heard(IN_ORDER))[-1]
    assert (await site.onboard("code", IN_ORDER, heard)).code == 0

    async def is_ordered() -> bool:
        listed = await site.onboard("qualified", "list", "--state", "hosting-in-progress", "--output", "json")
        return IN_ORDER in [number["phone_number"] for number in listed.data]

    await until(is_ordered, "the verified number is in a hosting order")
    refused = await site.onboard("qualified", "remove", IN_ORDER, "--yes")
    assert refused.code == 1
    assert "wait for the end of its hosting order" in refused.stdout + refused.stderr
    assert (await site.onboard("qualified", "show", IN_ORDER)).code == 0

    skipped = await site.onboard("skip", "managed-review", "--number", CALLED)
    assert skipped.code == 0, skipped.stderr
    assert (await site.onboard("qualified", "remove", CALLED, "--yes")).code == 0
    assert (await site.onboard("qualified", "show", CALLED)).code == 1
    assert (await site.onboard("cancel", "managed-review", "--yes")).code == 0
