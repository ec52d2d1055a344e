"""Workflow D, text-enable numbers, by the command alone: the three kinds of LOA, local and toll-free, in one batch."""

from pathlib import Path

import pytest

from tests.end_to_end.batches import numbers_of, write_batch
from tests.end_to_end.site import Site, until

pytestmark = pytest.mark.end_to_end

BATCH = "text-enable"
PLAN, CAMPAIGN = "plan-of-workflow-d", "CWFD001"
DIRECT, RESOLD, STANDING = numbers_of(575, "0101", "0102", "0103")
TOLL_FREE, RESOLD_TOLL_FREE = numbers_of(833, "0101", "0102")
CANADIAN = "+14165550101"

_FURTHER_PARTIES = """
[loa_parties.shop]
business_name = "Corner Shop Ltd."
current_voice_carrier = "Lakeshore Telecom"

[loa_parties.shop.authorised_person]
first_name = "Noor"
last_name = "Tremblay"
email = "noor.tremblay@example.com"

[loa_parties.shop.address]
building_number = "80"
street = "Queens Quay West"
city = "Toronto"
state = "ON"
postal_code = "M5J 2N8"
country = "CA"

[loa_parties.standing]
type = "blanket"
"""
_ROWS = f"""\
phone_number,loa
{DIRECT},
{RESOLD},shop
{STANDING},standing
{TOLL_FREE},
{RESOLD_TOLL_FREE},shop
{CANADIAN},shop
"""
_SIGNERS = {"avery.jordan@example.com", "noor.tremblay@example.com"}


def write_mixed_batch(folder: Path) -> Path:
    """A batch whose rows choose their LOA party; region and number type follow from each number."""
    numbers = (DIRECT, RESOLD, STANDING, TOLL_FREE, RESOLD_TOLL_FREE, CANADIAN)
    path = write_batch(folder, BATCH, numbers, eligible_is_enough=True)
    text = path.read_text().replace("07d6c2621f364b68856fe4938b7bb78f", PLAN).replace("C3O8OGA", CAMPAIGN)
    path.write_text(text.replace("[pace]", f"{_FURTHER_PARTIES}\n[pace]"))
    (folder / f"{BATCH}.csv").write_text(_ROWS)
    return path


async def test_a_mixed_batch_is_ordered_part_by_part(site: Site, tmp_path: Path) -> None:
    path = write_mixed_batch(tmp_path)
    dry = await site.onboard("start", path, "--dry-run")
    assert dry.code == 0, dry.stderr
    assert all(signer in dry.stdout for signer in _SIGNERS), "the signers are shown before anything is sent"
    assert (await site.onboard("start", path)).code == 0

    async def has_ended() -> bool:
        await site.world.pass_hours(6)
        return not await site.is_running(BATCH)

    await until(has_ended, "the batch ends")
    assert set((await site.ends_of(BATCH)).values()) == {("DONE", None)}

    ordered = [entry["details"] for entry in await site.world.ledger("hosting_order")]
    orders = [order for order in ordered if str(order["display_name"]).startswith(f"{BATCH} ")]
    assert sorted((order["type"], *order["numbers"]) for order in orders) == sorted(
        ("TYPE_TEXT_ENABLE", number) for number in (DIRECT, RESOLD, STANDING, TOLL_FREE, RESOLD_TOLL_FREE, CANADIAN)
    )
    number_of = {order["hosting_order_id"]: order["numbers"][0] for order in orders}
    mails = [entry for entry in await site.world.ledger("loa_mail") if entry["subject"] in number_of]
    assert {number_of[mail["subject"]]: mail["details"]["to"] for mail in mails} == {
        DIRECT: "avery.jordan@example.com",
        RESOLD: "noor.tremblay@example.com",
        TOLL_FREE: "avery.jordan@example.com",
        RESOLD_TOLL_FREE: "noor.tremblay@example.com",
        CANADIAN: "noor.tremblay@example.com",
    }, "a blanket LOA is mailed to nobody"


async def test_the_signer_is_confirmed_before_anything_is_sent(site: Site, tmp_path: Path) -> None:
    path = write_mixed_batch(tmp_path)
    text = path.read_text().replace("noor.tremblay@example.com", "noor.tremblay")
    path.write_text(text.replace(f'id = "{BATCH}"', 'id = "no-signer"'))
    refused = await site.onboard("start", path)
    assert refused.code == 2
    assert "loa_parties.shop.authorised_person.email" in refused.stderr
    assert (await site.onboard("status", "no-signer")).code != 0
