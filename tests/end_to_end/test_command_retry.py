"""`onboard retry` and `onboard skip`: only what failed or waits is touched, in its batch or in a follow-up."""

from pathlib import Path

import pytest

from tests.end_to_end.batches import FOREVER, numbers_of, write_batch
from tests.end_to_end.site import Site, until

pytestmark = pytest.mark.end_to_end

_WAITS_FOR_OPERATOR = 'OnboardingBatch="{}" AND OnboardingWaitingOn="operator"'


async def until_the_operators_turn(site: Site, batch: str) -> None:
    """An order of the batch waits for a decision about failed links."""

    async def waits() -> bool:
        await site.world.pass_hours(6)
        return (await site.client.count_workflows(_WAITS_FOR_OPERATOR.format(batch))).count == 1

    await until(waits, f"an order of {batch} waits for the operator")


async def until_through(site: Site, batch: str) -> None:
    """The batch has ended."""

    async def is_through() -> bool:
        await site.world.pass_hours(6)
        return not await site.is_running(batch)

    await until(is_through, f"{batch} is through")


async def test_retry_and_skip_take_the_numbers_of_their_reason_and_no_others(site: Site, tmp_path: Path) -> None:
    done, no_balance, full = numbers = numbers_of(308, "0101", "7012", "7002")
    path = write_batch(tmp_path, "repaired", numbers, eligible_is_enough=True, operator=FOREVER)
    await site.onboard("start", path)
    await until_the_operators_turn(site, "repaired")

    async def both_wait() -> bool:
        rows = (await site.onboard("numbers", "repaired", "--output", "json")).data
        reasons = {row["phone_number"]: row["reason"] for row in rows}
        return (reasons[no_balance], reasons[full]) == ("INSUFFICIENT_BALANCE", "EXCEEDED_10DLC_LIMIT")

    await until(both_wait, "both links have failed")
    nothing = await site.onboard("retry", "repaired", "--reason", "CAMPAIGN_EXPIRED")
    assert (nothing.code, nothing.stdout) == (2, "")
    assert (await site.onboard("skip", "repaired")).code == 2
    retried = await site.onboard("retry", "repaired", "--reason", "INSUFFICIENT_BALANCE", "--output", "json")
    assert (retried.code, retried.data["retried"], retried.data["follow_up"]) == (0, 1, None)
    skipped = await site.onboard("skip", "repaired", "--number", full, "--output", "json")
    assert (skipped.code, skipped.data["skipped"]) == (0, 1)
    await until_through(site, "repaired")
    assert await site.ends_of("repaired") == {
        done: ("DONE", None),
        no_balance: ("DONE", None),
        full: ("SKIPPED", "SKIPPED_BY_OPERATOR"),
    }
    updated = [entry["subject"] for entry in await site.world.ledger("imported_number_updated")]
    assert [number for number in updated if number in numbers] == [no_balance]


async def test_a_batch_that_has_ended_goes_on_as_a_follow_up_with_what_failed(site: Site, tmp_path: Path) -> None:
    done, expired, unfit = numbers = numbers_of(308, "0102", "7006", "4001")
    path = write_batch(
        tmp_path, "ended", numbers, eligible_is_enough=True, operator='{ remind_every = "9s", deadline = "1s" }'
    )
    await site.onboard("start", path)
    await until_through(site, "ended")
    assert (await site.ends_of("ended"))[expired] == ("FAILED", "MNO_SHARING_ERROR")
    followed = await site.onboard("retry", "ended", "--reason", "MNO_SHARING_ERROR")
    assert followed.code == 0, followed.stderr
    assert "follow-up batch ended.2 is started with 1 number" in followed.stdout
    await until_through(site, "ended.2")
    assert await site.ends_of("ended.2") == {expired: ("DONE", None)}
    again = await site.onboard("retry", "ended", "--output", "json")
    assert (again.data["follow_up"], again.data["follow_up_numbers"]) == ("ended.3", 1)
    await until_through(site, "ended.3")
    assert await site.ends_of("ended.3") == {unfit: ("FAILED", "NOT_ELIGIBLE")}
    orders = [order["details"]["numbers"] for order in await site.world.ledger("hosting_order")]
    assert sum(done in order for order in orders) == 1
