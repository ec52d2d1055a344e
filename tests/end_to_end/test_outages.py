"""Every way in and out of the product fails for a while, or for good: batches end as they should all the same."""

from pathlib import Path

import pytest

from tests.end_to_end.batches import End, expected_ends, numbers_of, write_batch
from tests.end_to_end.site import Site, until
from tests.end_to_end.voice_operator import VoiceOperator

pytestmark = pytest.mark.end_to_end

_PROVISIONING_CARDS = ("0101", "5001", "5101", "6135", "7001", "7005", "8001")
_READS_OF_ORDERS = (
    "HostingOrderService_GetHostingOrder",
    "GetHostingOrderReport",
    "HostingOrderService_ListHostingOrderNumbers",
    "HostingOrderService_GetHostingOrderNumber",
)


async def orders_with(site: Site, number: str) -> int:
    return sum(number in order["details"]["numbers"] for order in await site.world.ledger("hosting_order"))


async def test_sinch_and_the_mail_server_may_be_away_for_a_while(site: Site, tmp_path: Path) -> None:
    numbers = numbers_of(206, "0101", "4001", "4101", "5001", "6135", "7001")
    world, operator = site.world, VoiceOperator(site, "away")
    await world.mail_server("refuse")
    await world.add_fault(operation="TextEnableNumbers", kind="cut_after")
    await site.onboard("start", write_batch(tmp_path, "away", numbers))

    async def is_qualifying() -> bool:
        return bool(await world.side_effects_on(numbers))

    await until(is_qualifying, "the numbers are put up for qualification")
    await world.pass_hours(6)
    await world.mail_server("up")

    async def is_mailed() -> bool:
        return any(numbers[0] in mail["details"]["numbers"] for mail in await world.ledger("invoice_mail"))

    await until(is_mailed, "the invoices are mailed")
    await world.add_fault(kind="cut_before", times=None)
    cut_before = await world.requests_ended("cut")

    async def was_cut_off() -> bool:
        return await world.requests_ended("cut") >= cut_before + 3

    await until(was_cut_off, "requests have been cut")
    await world.pass_hours(24)
    await world.remove_faults()
    await world.add_fault(operation="TextEnableNumbers", kind="cut_after")
    await operator.carry_through()

    assert await site.ends_of("away") == expected_ends(numbers)
    mails = [mail for mail in await world.ledger("invoice_mail") if numbers[0] in mail["details"]["numbers"]]
    assert len({mail["subject"] for mail in mails}) == 1
    assert await orders_with(site, numbers[0]) == 1


async def test_without_any_callback_polls_bring_every_number_to_its_end(site: Site, tmp_path: Path) -> None:
    numbers = numbers_of(303, *_PROVISIONING_CARDS)
    await site.world.callbacks(drop=1)
    await site.onboard("start", write_batch(tmp_path, "no-callbacks", numbers, eligible_is_enough=True))
    await VoiceOperator(site, "no-callbacks").carry_through()

    assert await site.ends_of("no-callbacks") == expected_ends(numbers)
    assert not [entry for entry in await site.world.ledger("callback_delivered") if entry["subject"] in numbers]


async def test_without_any_poll_callbacks_bring_every_number_to_its_end(site: Site, tmp_path: Path) -> None:
    numbers = numbers_of(404, *_PROVISIONING_CARDS)
    for operation in _READS_OF_ORDERS:
        await site.world.add_fault(operation=operation, status=500, times=None)
    await site.world.callbacks(hold=True)
    await site.onboard("start", write_batch(tmp_path, "no-polls", numbers, eligible_is_enough=True))

    async def is_all_over_at_sinch() -> bool:
        await site.world.pass_hours(6)
        over = {entry["subject"] for entry in await site.world.ledger("hosting_process")}
        return over.issuperset(numbers)

    await until(is_all_over_at_sinch, "Sinch is through with the numbers")
    await site.world.callbacks()
    await VoiceOperator(site, "no-polls").carry_through()

    by_record_only: dict[str, End] = dict.fromkeys(numbers_of(404, "6135"), ("FAILED", "NUMBER_PROVISIONING_FAILED"))
    assert await site.ends_of("no-polls") == expected_ends(numbers) | by_record_only
