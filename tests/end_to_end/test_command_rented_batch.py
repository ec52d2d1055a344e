"""A batch that links rented numbers when it ends: one status, one report and one comparison for both kinds."""

import pytest

from onboarding.ids import active_change_workflow_id
from tests.end_to_end.batches import numbers_of, write_batch
from tests.end_to_end.site import Site, until
from tests.end_to_end.wishes import ledger_of, write_wish

pytestmark = pytest.mark.end_to_end

PLAN, CAMPAIGN = "07d6c2621f364b68856fe4938b7bb78f", "C3O8OGA"
PATTERN = "+16175552"
OWN = numbers_of(646, "0111")
ENDLESS = "+16175559104"
"""Its link to a service plan never comes to an end."""
OTHER_LINKS = '[links]\nservice_plan_id = "plan-of-rented"\n'


async def test_a_batch_ends_by_linking_rented_numbers_to_its_plan_and_campaign(site: Site) -> None:
    wish = write_wish(site.folder, "for-the-batch", PATTERN, quantity=2, links=OTHER_LINKS)
    assert (await site.through("rent", wish, "--yes", "--wait")).code == 0
    rented = sorted(await ledger_of(site, "number_rented", PATTERN))
    path = write_batch(site.folder, "with-rented", OWN, eligible_is_enough=True)
    text = path.read_text()
    path.write_text(f'rented = ["for-the-batch", "{rented[0]}"]\n{text}')
    dry = await site.onboard("start", path, "--dry-run")
    assert "Rented numbers: 1 number, those of wish for-the-batch" in dry.stdout, dry.stderr
    started = await site.onboard("start", path)
    assert started.code == 0, started.stderr
    assert (await site.onboard("start", path)).stdout.startswith("batch with-rented was started before")
    waiting = (await site.onboard("status", "with-rented", "--output", "json")).data
    assert (waiting["numbers_total"], waiting["stages"]["PENDING"]) == (3, 2)

    async def is_through() -> bool:
        await site.world.pass_hours(6)
        return not await site.is_running("with-rented")

    await until(is_through, "the batch is through")
    ended = (await site.onboard("status", "with-rented", "--output", "json")).data
    assert (ended["stages"], ended["numbers_done"]) == ({"DONE": 3}, 3)
    reported = (await site.onboard("report", "with-rented", "--output", "jsonl")).lines
    assert [row["phone_number"] for row in reported] == [*OWN, *rented]
    shown = (await site.onboard("active", "show", rented[1], "--output", "json")).data["sms_configuration"]
    assert (shown["service_plan_id"], shown["campaign_id"]) == (PLAN, CAMPAIGN)
    as_asked = await site.onboard("reconcile", "with-rented")
    assert (as_asked.code, as_asked.stdout) == (0, "all 3 numbers are as asked\n"), as_asked.stderr

    changed = ("active", "update", rented[0], "--service-plan", "plan-of-somebody", "--yes", "--id", "drift")
    assert (await site.onboard(*changed)).code == 0

    async def is_changed() -> bool:
        await site.world.pass_hours(3)
        return await site.waits_for(active_change_workflow_id("drift")) is None

    await until(is_changed, "the number is linked elsewhere")
    assert "COMPLETED" in (await site.onboard("active", "status", "drift")).stdout
    drifted = await site.onboard("reconcile", "with-rented", "--output", "json")
    assert drifted.code == 3, drifted.stderr
    assert [(row["phone_number"], row["finding"]) for row in drifted.data] == [(rented[0], "SERVICE_PLAN_DIFFERS")]


async def test_a_batch_does_not_start_before_it_is_known_which_numbers_are_rented(site: Site) -> None:
    endless = write_wish(site.folder, "endless", ENDLESS, quantity=1, links=OTHER_LINKS, poll_longest="1m")
    assert (await site.onboard("rent", endless, "--yes")).code == 0
    batch = write_batch(site.folder, "too-early", numbers_of(646, "0112"))
    text = batch.read_text()
    for wish, code, said in (
        ("no-such-wish", 2, "there is no wish 'no-such-wish'"),
        ("endless", 1, "wish endless is still renting: start the batch once it is through"),
    ):
        batch.write_text(f'rented = ["{wish}"]\n{text}')
        refused = await site.onboard("start", batch)
        assert (refused.code, refused.stdout) == (code, "")
        assert said in refused.stderr
    unknown = await site.onboard("status", "too-early")
    assert "there is no batch 'too-early'" in unknown.stderr


async def test_a_rented_number_that_nobody_has_fails_and_is_not_retried_in_a_follow_up(site: Site) -> None:
    numberless = numbers_of(646, "0113")
    path = write_batch(site.folder, "nobody-rents", numberless, eligible_is_enough=True)
    path.write_text(f'rented = ["+16175559876"]\n{path.read_text()}')
    assert (await site.onboard("start", path)).code == 0

    async def is_through() -> bool:
        await site.world.pass_hours(6)
        return not await site.is_running("nobody-rents")

    await until(is_through, "the batch is through")
    ends = await site.ends_of("nobody-rents")
    assert ends == {numberless[0]: ("DONE", None), "+16175559876": ("FAILED", "NOT_ACTIVE")}
    retried = await site.onboard("retry", "nobody-rents")
    assert (retried.code, retried.stdout) == (2, ""), retried.stdout
    assert "no number of batch 'nobody-rents' is to be tried again" in retried.stderr
