"""Wish files, and what the simulated Sinch has seen of a wish."""

from collections.abc import Sequence
from pathlib import Path

from tests.end_to_end.site import Site

RENT, RENT_ANY = "NumberService_RentNumber", "NumberService_RentAnyNumber"
PLAN, CAMPAIGN, APP = "plan-of-rented", "CRENTED", "app-of-rented"

FOR_SMS_AND_VOICE = f"""
[links]
service_plan_id = "{PLAN}"
campaign_id = "{CAMPAIGN}"
voice = {{ id = "{APP}" }}
"""


def write_wish(
    folder: Path, name: str, pattern: str, *keys: str, quantity: int, links: str = "", poll_longest: str = "2s"
) -> Path:
    """A wish for local US numbers that begin with a pattern; `keys` are further lines at its top."""
    path = folder / f"{name}.toml"
    top = [
        f'id = "{name}"',
        'customer = "Example Inc"',
        f"quantity = {quantity}",
        'spending_limit = { amount = "100", currency = "USD" }',
        *keys,
    ]
    path.write_text(
        "\n".join(top)
        + f"""
[search]
region = "US"
type = "LOCAL"
capabilities = ["SMS", "VOICE"]
pattern = "{pattern}"
position = "START"
{links}
[contact]
name = "Ann Lee"
email = "ann.lee@example.com"
company = "Example Inc"
[pace]
poll_first = "1s"
poll_longest = "{poll_longest}"
carrier = {{ remind_every = "1d", deadline = "30d" }}
"""
    )
    return path


async def ledger_of(site: Site, kind: str, pattern: str) -> Sequence[str]:
    """The numbers that begin with a pattern, in the order in which something of this kind happened to them."""
    return [entry["subject"] for entry in await site.world.ledger(kind) if entry["subject"].startswith(pattern)]
