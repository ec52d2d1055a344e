"""A folder with a valid batch, which tests spoil where they want."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from starter.input import BatchInput, InvalidInput, Problem, read_batch
from tests.starter.input.invoice_pdf import pdf_showing

NUMBERS = ("+12025550134", "+12025550135", "+12025550136")
BATCH_FILE = """\
id = "spring-2026"
customer = "Harbor Lane Dental Group"
region = "US"
service_plan_id = "07d6c2621f364b68856fe4938b7bb78f"
campaign_id = "C3O8OGA"
verification = "invoices-then-voice"
eligible_is_enough = false
numbers = "numbers.csv"
invoices = ["invoice.pdf"]

[contact]
name = "Robin Park"
email = "robin.park@example.com"
company = "Harbor Lane Dental Group"

[loa]
current_voice_carrier = "Prairie Bell"

[loa.authorised_person]
first_name = "Avery"
last_name = "Jordan"
email = "avery.jordan@example.com"

[loa.address]
building_number = "1200"
street = "Harbor Lane"
city = "San Francisco"
state = "CA"
postal_code = "94111"
country = "US"

[pace]
wave = "12h"
carrier = { deadline = "9bd" }
"""

_PARTIES = """
[loa_parties.toronto]
business_name = "Harbor Lane Toronto"
current_voice_carrier = "Lakeshore Telecom"
authorised_person = { first_name = "Noor", last_name = "Tremblay", email = "noor.tremblay@example.com" }

[loa_parties.toronto.address]
building_number = "80"
street = "Queens Quay West"
city = "Toronto"
state = "ON"
postal_code = "M5J 2N8"
country = "CA"

[loa_parties.standing]
type = "blanket"
"""


class Found(NamedTuple):
    """A problem or warning, with the file by its name alone."""

    file: str
    line: int | None
    column: str
    value: str
    expected: str


class BatchFolder:
    """`batch.toml`, `numbers.csv` and `invoice.pdf`; `batch` is the text that `batch.toml` will have."""

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self.batch = BATCH_FILE
        self.numbers(*NUMBERS)
        self.invoice("invoice.pdf", *NUMBERS)

    def change(self, written: str, instead: str) -> None:
        """Replace one passage of the batch file, which has to be in it once."""
        assert self.batch.count(written) == 1, f"{written!r} is in the batch file {self.batch.count(written)} times"
        self.batch = self.batch.replace(written, instead)

    def numbers(self, *lines: str) -> None:
        """Write the numbers file."""
        (self.path / "numbers.csv").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    def invoice(self, name: str, *numbers: str) -> Path:
        """Write an invoice that shows `numbers`."""
        return self.file(name, pdf_showing(["Invoice", *numbers]))

    def file(self, name: str, content: bytes) -> Path:
        """Write any file."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    def read(self, numbers: str | None = None, standard_input: bytes = b"") -> BatchInput:
        """Read the batch as the command does."""
        batch_file = self.path / "batch.toml"
        batch_file.write_text(self.batch, encoding="utf-8")
        return read_batch(batch_file, numbers, io.BytesIO(standard_input))

    def problems(self, numbers: str | None = None, standard_input: bytes = b"") -> list[Found]:
        """What is wrong with the batch; at least something has to be."""
        with pytest.raises(InvalidInput) as caught:
            self.read(numbers, standard_input)
        return _found(caught.value.problems)

    def warnings(self) -> list[Found]:
        """What is doubtful in a batch that may be started."""
        return _found(self.read().warnings)

    def numbers_read(self, numbers: str | None = None, standard_input: bytes = b"") -> list[str]:
        """All numbers of the batch, in order."""
        return [number for planned in self.read(numbers, standard_input).slices for number in planned.numbers]


def mixed_folder(path: Path) -> BatchFolder:
    """A batch that leaves the region to its numbers and has two LOA parties beside the unnamed one."""
    folder = BatchFolder(path)
    folder.change('region = "US"\n', "")
    folder.change('"invoices-then-voice"', '"voice"')
    folder.batch += _PARTIES
    return folder


def _found(problems: Sequence[Problem]) -> list[Found]:
    return [Found(Path(found.file).name, found.line, found.column, found.value, found.expected) for found in problems]
