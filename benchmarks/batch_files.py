"""Batches to measure with: numbers that all come to a good end, and waits so short that no timer of ours counts."""

import shutil
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path

from onboarding.batch import DEFAULT_WINDOW
from simulator.outcomes import ORDINARY, card_of

INVOICE = Path(__file__).parent.parent / "examples" / "invoice.pdf"
SERVICE_PLAN, CAMPAIGN = "07d6c2621f364b68856fe4938b7bb78f", "C3O8OGA"

_PATIENCE = '{ remind_every = "5d", deadline = "10d" }'
"""Longer than any run, so that nobody is reminded and nothing is given up."""

_FIRST_EXCHANGE, _LINES = 200, 10_000


def phone_numbers(size: int, *, after: int = 0) -> tuple[str, ...]:
    """That many different New York numbers with an ordinary outcome; `after` skips those of another batch."""
    return tuple(islice(_ordinary_numbers(), after, after + size))


def _ordinary_numbers() -> Iterator[str]:
    for position in count():
        exchange, line = divmod(position, _LINES)
        number = f"+1212{_FIRST_EXCHANGE + exchange}{line:04d}"
        if card_of(number) is ORDINARY:
            yield number


def write_batch(
    folder: Path,
    batch: str,
    numbers: Sequence[str],
    *,
    verification: str = "invoices",
    signer: str = "avery.jordan@example.com",
    poll_first: str = "2s",
    poll_longest: str = "8s",
    wave: str = "4s",
    window: int = DEFAULT_WINDOW,
) -> Path:
    """Batch file, numbers and invoice in `folder`; the path of the batch file.

    `poll_first` is long enough for the first read to find what Sinch has done in the meantime, and for callbacks to
    come before an order is read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{batch}.csv").write_text("\n".join(["phone_number", *numbers, ""]))
    shutil.copyfile(INVOICE, folder / f"{batch}.pdf")
    path = folder / f"{batch}.toml"
    path.write_text(f"""\
id = "{batch}"
customer = "Harbor Lane Dental Group"
service_plan_id = "{SERVICE_PLAN}"
campaign_id = "{CAMPAIGN}"
verification = "{verification}"
window = {window}
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
poll_first = "{poll_first}"
poll_longest = "{poll_longest}"
wave = "{wave}"
eligibility = {_PATIENCE}
invoice_review = {_PATIENCE}
voice_code = {_PATIENCE}
loa_signature = {_PATIENCE}
carrier = {_PATIENCE}
operator = {_PATIENCE}
call_pause = "1s"
reconcile = "60s"
""")
    return path
