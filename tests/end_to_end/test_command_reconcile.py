"""`onboard reconcile`: silence while Sinch has what was asked, a row a finding once it has not."""

import httpx
import pytest

from onboarding.ids import import_workflow_id
from tests.end_to_end.batches import numbers_of, write_batch
from tests.end_to_end.site import Site, until

pytestmark = pytest.mark.end_to_end

BATCH = "reconciled"
NUMBERS = numbers_of(646, "0101", "0102", "0103", "4001")
"""The last one is not eligible: nothing is compared for it."""
UNLINKED, DELETED, UNTOUCHED = NUMBERS[:3]


@pytest.fixture(scope="module")
async def finished_batch(shared_site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A batch that is through: three numbers done, one failed."""
    site = shared_site
    path = write_batch(tmp_path_factory.mktemp(BATCH), BATCH, NUMBERS, eligible_is_enough=True)
    started = await site.onboard("start", path)
    assert started.code == 0, started.stderr

    async def is_through() -> bool:
        await site.world.pass_hours(6)
        return not await site.is_running(BATCH)

    await until(is_through, "the batch is through")
    return BATCH


async def test_numbers_are_as_asked_until_somebody_changes_them_at_sinch(site: Site, finished_batch: str) -> None:
    before = await site.onboard("reconcile", finished_batch)
    assert (before.code, before.stdout, before.stderr) == (0, "all 3 numbers are as asked\n", "")
    assert (await site.onboard("reconcile", finished_batch, "--output", "json")).data == []

    await _change_at_sinch(site)
    changed = await site.onboard("reconcile", finished_batch, "--output", "json")
    assert (changed.code, changed.stderr) == (3, "2 of 3 numbers not as asked\n")
    assert [(row["phone_number"], row["finding"]) for row in changed.data] == [
        (UNLINKED, "SERVICE_PLAN_NOT_LINKED"),
        (UNLINKED, "CAMPAIGN_NOT_LINKED"),
        (DELETED, "NOT_IMPORTED"),
    ]
    assert all(row["hosting_order_id"] and row["explanation"].startswith("Asked for ") for row in changed.data)
    assert (await site.onboard("reconcile", finished_batch, "--output", "jsonl")).lines == changed.data

    text = await site.onboard("reconcile", finished_batch)
    assert text.code == 3
    assert DELETED in text.stdout
    assert UNTOUCHED not in text.stdout


async def _change_at_sinch(site: Site) -> None:
    settings = site.stack.environment
    key = (settings["ONBOARD_SINCH_KEY_ID"], settings["ONBOARD_SINCH_KEY_SECRET"])
    base = (
        f"{settings['ONBOARD_SINCH_IMPORTED_URL']}/v1/projects/{settings['ONBOARD_SINCH_PROJECT_ID']}/importedNumbers"
    )
    async with httpx.AsyncClient(auth=key) as api:
        unlinked = {"smsConfiguration": {"servicePlanId": "", "campaignId": ""}}
        (await api.patch(f"{base}/{UNLINKED}", json=unlinked)).raise_for_status()
        (await api.delete(f"{base}/{DELETED}")).raise_for_status()
    await site.world.pass_hours(3)


async def test_an_import_is_compared_like_a_batch(site: Site) -> None:
    (number,) = numbers_of(646, "0104")
    links = ("--service-plan", "07d6c2621f364b68856fe4938b7bb78f", "--campaign", "C3O8OGA")
    started = await site.onboard(
        "import", "--number", number, *links, "--contact", "robin.park@example.com", "--output", "json"
    )
    assert started.code == 0, started.stderr
    name = started.data["batch"]

    async def is_imported() -> bool:
        await site.world.pass_hours(6)
        return await site.waits_for(import_workflow_id(name)) is None

    await until(is_imported, "the number is imported")
    (row,) = (await site.onboard("numbers", name, "--output", "json")).data
    assert row["stage"] == "DONE"
    reconciled = await site.onboard("reconcile", name)
    assert (reconciled.code, reconciled.stdout) == (0, "the number is as asked\n")


async def test_a_running_batch_is_compared_as_far_as_it_is_done(site: Site, waiting_batch: str) -> None:
    nothing_yet = await site.onboard("reconcile", waiting_batch)
    assert nothing_yet.code == 0
    assert "has no number that is done" in nothing_yet.stdout


async def test_what_cannot_be_compared_is_told_by_exit_code(site: Site, finished_batch: str) -> None:
    unknown = await site.onboard("reconcile", "nobody")
    assert (unknown.code, unknown.stdout) == (2, "")
    assert "there is no batch 'nobody'" in unknown.stderr
    no_profile = await site.onboard("reconcile", finished_batch, "--profile", "nobody")
    assert no_profile.code == 4
    assert "nobody" in no_profile.stderr
    wrong_key = await site.onboard("reconcile", finished_batch, ONBOARD_SINCH_KEY_SECRET="wrong")
    assert wrong_key.code == 4
    await site.world.add_fault(operation="*", kind="status", status=503, times=None)
    assert (await site.onboard("reconcile", finished_batch)).code == 8
