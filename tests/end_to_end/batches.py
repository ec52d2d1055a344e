"""Batch files for tests: short waits, numbers of their own, and how every number should end."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from simulator.outcomes import card_of
from tests.starter.input.invoice_pdf import pdf_showing

End = tuple[str, str | None]

_PACE = {
    "poll_first": '"1s"',
    "poll_longest": '"2s"',
    "wave": '"3s"',
    "eligibility": '{ remind_every = "60s", deadline = "120s" }',
    "invoice_review": '{ remind_every = "60s", deadline = "15s" }',
    "voice_code": '{ remind_every = "60s", deadline = "15s" }',
    "loa_signature": '{ remind_every = "60s", deadline = "120s" }',
    "carrier": '{ remind_every = "60s", deadline = "20s" }',
    "operator": '{ remind_every = "60s", deadline = "15s" }',
    "link_again": '"2s"',
    "call_pause": '"1s"',
    "reconcile": '"60s"',
}
FOREVER = '{ remind_every = "1d", deadline = "30d" }'
"""Patience that no test outlasts."""
SELDOM = '"1m"'
"""How often a batch that outlives its test asks Sinch in the end: some that go on asking keep a whole stack busy."""


def numbers_of(area_code: int, *cards: str) -> tuple[str, ...]:
    """One number a card (the last four digits), all in one area code, so that no two tests share a number."""
    return tuple(f"+1{area_code}555{card}" for card in cards)


def expected_ends(numbers: Iterable[str]) -> dict[str, End]:
    """Number -> stage and reason, as the simulator's table of outcome cards has them."""
    return {number: (card_of(number).stage, card_of(number).reason) for number in numbers}


def ends(rows: Iterable[Mapping[str, str | None]]) -> dict[str, End]:
    """Number -> stage and reason, as `onboard numbers` or a report has them."""
    return {str(row["phone_number"]): (str(row["stage"]), row["reason"]) for row in rows}


def write_batch(
    folder: Path,
    batch: str,
    numbers: Iterable[str],
    *,
    verification: str = "invoices-then-voice",
    eligible_is_enough: bool = False,
    signer: str = "avery.jordan@example.com",
    **pace: str,
) -> Path:
    """Write batch file, numbers and invoice into `folder`; `pace` replaces waits, as TOML. The batch file's path."""
    listed = list(numbers)
    (folder / f"{batch}.csv").write_text("\n".join(["phone_number", *listed, ""]))
    (folder / f"{batch}.pdf").write_bytes(pdf_showing(["Invoice", *listed]))
    waits = "\n".join(f"{name} = {value}" for name, value in {**_PACE, **pace}.items())
    path = folder / f"{batch}.toml"
    path.write_text(f"""\
id = "{batch}"
customer = "Harbor Lane Dental Group"
service_plan_id = "07d6c2621f364b68856fe4938b7bb78f"
campaign_id = "C3O8OGA"
verification = "{verification}"
eligible_is_enough = {str(eligible_is_enough).lower()}
numbers = "{batch}.csv"
invoices = ["{batch}.pdf"]

[contact]
name = "Robin Park"
email = "robin.park@example.com"
company = "Harbor Lane Dental Group"

[loa]
current_voice_carrier = "Prairie Bell"

[loa.authorised_person]
first_name = "Avery"
last_name = "Jordan"
email = "{signer}"

[loa.address]
building_number = "1200"
street = "Harbor Lane"
city = "San Francisco"
state = "CA"
postal_code = "94111"
country = "US"

[pace]
{waits}
""")
    return path
