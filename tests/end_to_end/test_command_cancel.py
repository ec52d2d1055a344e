"""`onboard cancel`: nothing new is started, what is at Sinch is followed to its end."""

from pathlib import Path

import pytest

from starter.challenges import open_challenges
from tests.end_to_end.batches import FOREVER, numbers_of, write_batch
from tests.end_to_end.site import Site, until

pytestmark = pytest.mark.end_to_end


async def test_cancel_ends_what_is_not_ordered_and_follows_what_is(site: Site, tmp_path: Path) -> None:
    ordered, called = numbers = numbers_of(214, "0101", "4105")
    path = write_batch(tmp_path, "cancelled", numbers, verification="voice", voice_code=FOREVER, wave='"1s"')
    await site.onboard("start", path)

    async def both_are_called() -> bool:
        await site.world.pass_hours(2)
        return sum(c.calls_placed for c in await open_challenges(site.client, "cancelled")) == 2

    await until(both_are_called, "both phones are called")
    assert (await site.onboard("code", ordered, (await site.world.codes_heard(ordered))[0])).code == 0

    async def is_ordered() -> bool:
        return any(ordered in order["details"]["numbers"] for order in await site.world.ledger("hosting_order"))

    await until(is_ordered, "the verified number is ordered")
    unasked = await site.onboard("cancel", "cancelled")
    assert (unasked.code, unasked.stdout) == (2, "")
    assert "--yes" in unasked.stderr
    cancelled = await site.onboard("cancel", "cancelled", "--yes", "--output", "json")
    assert cancelled.code == 0
    assert cancelled.data["message"].startswith("Batch cancelled starts nothing new")
    again = await site.onboard("cancel", "cancelled", "--yes")
    assert (again.code, again.stdout) == (1, "")
    assert "cancelled already" in again.stderr

    async def is_through() -> bool:
        await site.world.pass_hours(6)
        return not await site.is_running("cancelled")

    await until(is_through, "the order is through")
    assert await site.ends_of("cancelled") == {ordered: ("DONE", None), called: ("CANCELLED", "CANCELLED_BY_OPERATOR")}
    assert (await site.onboard("status", "cancelled", "--output", "json")).data["state"] == "CANCELLED"
    late = await site.onboard("cancel", "cancelled", "--yes")
    assert late.code == 2
    assert "batch 'cancelled' is not running; see: onboard list" in late.stderr
