"""Reading a whole batch: batch file, numbers and invoices are all read before anything is said about them."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from onboarding.batch import Batch, NumberType
from onboarding.model import Model
from starter.input.batch_file import ReadBatchFile
from starter.input.batch_keys import BatchFile
from starter.input.loa_tables import PARTIES
from starter.input.numbers_file import NumbersFile, read_numbers
from starter.input.problems import InvalidInput, Problem, in_order, listed
from starter.input.proofs import Proofs
from starter.input.rented import NamedRented
from starter.input.row_terms import CAMPAIGN_REGION, row_problems
from starter.input.slices import PlannedPart, PlannedSlice, parts_of

MAIL_SIZE = 20_000_000
"""Bytes of invoices above which many mail servers refuse the mail that carries them."""


class BatchInput(Model):
    """A batch that may be started, and what deserves a second look before."""

    batch: Batch
    """Under the terms of the first part."""
    parts: tuple[PlannedPart, ...]
    invoice_sizes: dict[Path, int]
    """Bytes of every invoice."""
    rented: NamedRented | None = None
    warnings: tuple[Problem, ...] = ()

    @property
    def slices(self) -> tuple[PlannedSlice, ...]:
        """The slices of all parts."""
        return tuple(planned for part in self.parts for planned in part.slices)

    @property
    def numbers_total(self) -> int:
        """Numbers in all parts."""
        return sum(part.numbers_total for part in self.parts)

    def mail_size(self, planned: PlannedSlice) -> int:
        """Bytes of the invoices that one slice mails."""
        return sum(self.invoice_sizes[invoice] for invoice in planned.invoices)


def read_batch(batch_file: Path, numbers: str | None, standard_input: BinaryIO) -> BatchInput:
    """Read and check a batch. `numbers` goes before the path in the batch file; `-` is `standard_input`.

    A path in `numbers` is relative to the current directory, one in the batch file to that file.

    Raises InvalidInput with all problems of all files.
    """
    batch = ReadBatchFile(batch_file)
    read = _numbers(batch, numbers, standard_input)
    proofs = Proofs(batch, read)
    problems = [
        *batch.problems,
        *_numbers_missing(batch, numbers),
        *read.problems,
        *row_problems(batch, read),
        *proofs.problems(),
        *_rented_wrong(batch, read),
    ]
    if problems or batch.file is None:
        raise InvalidInput(in_order(problems, batch.name))
    parts = parts_of(read.rows, batch.file, proofs)
    made = BatchInput(
        batch=batch.file.batch(parts[0].terms), parts=parts, invoice_sizes=proofs.sizes, rented=_rented(batch.file)
    )
    warnings = [
        *_campaign_missing(batch, made),
        *_needless(batch, batch.file, made),
        *proofs.warnings(),
        *_mails_too_large(batch, made),
    ]
    return made.model_copy(update={"warnings": in_order(warnings, batch.name)})


def _numbers(batch: ReadBatchFile, given: str | None, standard_input: BinaryIO) -> NumbersFile:
    if given is not None:
        return read_numbers(given, Path(), standard_input)
    if batch.numbers is not None:
        return read_numbers(batch.numbers, batch.folder, standard_input)
    return NumbersFile("", Path(), [], {}, [])


def _numbers_missing(batch: ReadBatchFile, given: str | None) -> Iterator[Problem]:
    if given is None and batch.leaves_numbers_out:
        yield batch.problem(("numbers",), "the path of the numbers file, here or on the command line")


def _rented(file: BatchFile | None) -> NamedRented | None:
    if file is None or not file.rented:
        return None
    return NamedRented(named=file.rented, service_plan_id=file.service_plan_id, campaign_id=file.campaign_id)


def _rented_wrong(batch: ReadBatchFile, read: NumbersFile) -> Iterator[Problem]:
    rented = _rented(batch.file)
    for number, expected in rented.wrong({row.number for row in read.rows}) if rented else ():
        yield batch.problem(("rented",), expected, number)


def _campaign_missing(batch: ReadBatchFile, made: BatchInput) -> Iterator[Problem]:
    without = [part for part in made.parts if _takes_campaign(part) and part.terms.campaign_id is None]
    if without:
        numbers = [number for part in without for planned in part.slices for number in planned.numbers]
        which = f"; without: {listed(numbers)}" if len(numbers) < made.numbers_total else ""
        expected = f"a 10DLC campaign: US numbers need one before businesses may send SMS{which}"
        yield batch.problem(("campaign_id",), expected)


def _needless(batch: ReadBatchFile, file: BatchFile, made: BatchInput) -> Iterator[Problem]:
    """What the batch file says and no number takes: most likely a number or a column is not what was meant."""
    if file.campaign_id is not None and not any(map(_takes_campaign, made.parts)):
        yield batch.problem(("campaign_id",), "local numbers of the US, the only ones with a campaign; there are none")
    if file.nnid is not None and all(part.terms.number_type is NumberType.TOLL_FREE for part in made.parts):
        yield batch.problem(("nnid",), "local numbers, the only ones with an NNID; there are none")
    used = {part.loa_party for part in made.parts}
    for name in (name for name in file.loa_parties if name not in used):
        yield batch.problem((PARTIES, name), "numbers that name this LOA party in the column loa; there are none", name)


def _takes_campaign(part: PlannedPart) -> bool:
    return part.terms.number_type is NumberType.LOCAL and part.terms.region == CAMPAIGN_REGION


def _mails_too_large(batch: ReadBatchFile, made: BatchInput) -> Iterator[Problem]:
    if not made.batch.verification.mails_invoices:
        return
    large = [planned for planned in made.slices if made.mail_size(planned) > MAIL_SIZE]
    if large:
        groups = listed([str(planned.sequence) for planned in large])
        size = max(map(made.mail_size, large)) / 1e6
        expected = f"at most {MAIL_SIZE / 1e6:.0f} MB a mail, or mail servers may refuse it; larger: group {groups}"
        yield batch.problem(("invoices",), expected, f"{size:.1f} MB")
