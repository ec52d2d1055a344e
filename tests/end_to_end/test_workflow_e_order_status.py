"""Workflow E, the status of hosting orders, by the command alone: list by the four filters, order, report, numbers."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.batches import numbers_of, write_batch
from tests.end_to_end.site import Site, until

pytestmark = pytest.mark.end_to_end

BATCH = "order-status"
PLAN, CAMPAIGN = "plan-of-workflow-e", "CWFE001"
GOOD, NO_OSR, NO_CAMPAIGN = numbers_of(505, "0101", "5001", "7008")


@pytest.fixture(scope="module")
async def ended_batch(shared_site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A batch whose one order is COMPLETED with a good number and two failed ones."""
    path = _batch_with_its_own_plan(tmp_path_factory.mktemp("orders"))
    assert (await shared_site.onboard("start", path)).code == 0

    async def has_ended() -> bool:
        await shared_site.world.pass_hours(6)
        return not await shared_site.is_running(BATCH)

    await until(has_ended, "the batch ends")
    return BATCH


def _batch_with_its_own_plan(folder: Path) -> Path:
    path = write_batch(folder, BATCH, (GOOD, NO_OSR, NO_CAMPAIGN), eligible_is_enough=True)
    text = path.read_text().replace("07d6c2621f364b68856fe4938b7bb78f", PLAN).replace("C3O8OGA", CAMPAIGN)
    path.write_text(text)
    return path


async def listed(site: Site, *filters: str) -> Sequence[Any]:
    """What `onboard orders list` finds for the plan with these filters."""
    ended = await site.onboard("orders", "list", "--service-plan", PLAN, *filters, "--output", "json")
    assert ended.code == 0, ended.stderr
    orders: Sequence[Any] = ended.data
    return orders


async def test_orders_are_found_by_state_type_plan_and_campaign(site: Site, ended_batch: str) -> None:
    [order] = await listed(
        site, "--campaign", CAMPAIGN, "--state", "completed", "--type", "text-enable", "--order-by", "created-time"
    )
    assert order["display_name"] == f"{ended_batch} 0001/1"
    assert await listed(site, "--campaign", CAMPAIGN) == [order]
    assert await listed(site, "--campaign", CAMPAIGN, "--state", "in-progress") == []
    assert await listed(site, "--campaign", CAMPAIGN, "--type", "import") == []
    assert await listed(site) == [], "without a campaign, those without one"


async def test_an_order_shows_its_report_and_its_numbers(site: Site, ended_batch: str) -> None:
    [order] = await listed(site, "--campaign", CAMPAIGN)
    order_id = order["hosting_order_id"]
    shown = (await site.onboard("orders", "show", order_id, "--output", "json")).data
    assert (shown["state"], shown["report"]["total"], shown["report"]["osr_updated"]) == ("COMPLETED", 3, 2)
    numbers = (await site.onboard("orders", "numbers", order_id, "--output", "json")).data
    assert {number["phone_number"] for number in numbers} == {GOOD, NO_OSR, NO_CAMPAIGN}
    failed = (await site.onboard("orders", "numbers", order_id, "--osr", "failed", "--output", "json")).data
    assert [number["phone_number"] for number in failed] == [NO_OSR]
    unlinked = (await site.onboard("orders", "numbers", order_id, "--campaign", "failed", "--output", "json")).data
    assert NO_CAMPAIGN in [number["phone_number"] for number in unlinked]
    assert GOOD not in [number["phone_number"] for number in unlinked]


async def test_an_unknown_order_is_a_sentence_and_an_exit_code(site: Site, ended_batch: str) -> None:
    ended = await site.onboard("orders", "show", "01ARZ3NDEKTSV4RRFFQ69G5FAV")
    assert (ended.code, ended.stdout) == (1, "")
    assert "01ARZ3NDEKTSV4RRFFQ69G5FAV" in ended.stderr
