"""Workflow C, qualify numbers, by the command alone: addNumbers, invoices, review, voice challenge, VERIFIED."""

from pathlib import Path

import pytest

from tests.end_to_end.batches import FOREVER, numbers_of, write_batch
from tests.end_to_end.site import Site, until

pytestmark = pytest.mark.end_to_end

BATCH = "qualify"
ACCEPTED, REFUSED, SILENT, NOT_ELIGIBLE = numbers_of(480, "0101", "4101", "4105", "4001")
"""By invoice, by voice, never (which keeps the wave from leaving), and not at all."""


async def test_numbers_are_qualified_by_invoice_or_by_voice(site: Site, tmp_path: Path) -> None:
    listed = (ACCEPTED, REFUSED, SILENT, NOT_ELIGIBLE)
    path = write_batch(tmp_path, BATCH, listed, voice_code=FOREVER, invoice_review=FOREVER, wave='"1d"')
    assert (await site.onboard("start", path)).code == 0

    async def is_called() -> bool:
        await site.world.pass_hours(2)
        return bool(await site.world.codes_heard(REFUSED))

    await until(is_called, "a number that the review leaves is called")
    [heard] = await site.world.codes_heard(REFUSED)
    assert (await site.onboard("code", REFUSED, heard)).code == 0

    async def all_have_moved() -> bool:
        await site.world.pass_hours(1)
        return {number: stage for number, (stage, _) in (await site.ends_of(BATCH)).items()} == {
            ACCEPTED: "VERIFIED",
            REFUSED: "VERIFIED",
            SILENT: "NEEDS_VERIFICATION",
            NOT_ELIGIBLE: "FAILED",
        }

    await until(all_have_moved, "each number is where its review and its code have brought it")
    shown = await site.onboard("qualified", "list", "--state", "verified", "--pattern", "+1480555", "--output", "json")
    assert {number["phone_number"] for number in shown.data} == {ACCEPTED, REFUSED}
    refused = (await site.onboard("qualified", "show", NOT_ELIGIBLE, "--output", "json")).data
    assert refused["global_process_state"] == "GLOBAL_PROCESS_STATE_NOT_ELIGIBLE"

    mails = [mail for mail in await site.world.ledger("invoice_mail") if ACCEPTED in str(mail)]
    assert len(mails) == 1
    assert all(number in str(mails[0]) for number in listed)
    assert (await site.onboard("cancel", BATCH, "--yes")).code == 0
