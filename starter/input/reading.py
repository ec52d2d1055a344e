"""Reading a whole batch: batch file, numbers and invoices are all read before anything is said about them."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from onboarding.batch import Batch
from onboarding.model import Model
from starter.input.batch_file import ReadBatchFile
from starter.input.numbers_file import NumbersFile, read_numbers
from starter.input.problems import InvalidInput, Problem, in_order, listed
from starter.input.proofs import Proofs
from starter.input.slices import PlannedSlice, slices_of

MAIL_SIZE = 20_000_000
"""Bytes of invoices above which many mail servers refuse the mail that carries them."""


class BatchInput(Model):
    """A batch that may be started, and what deserves a second look before."""

    batch: Batch
    slices: tuple[PlannedSlice, ...]
    invoice_sizes: dict[Path, int]
    """Bytes of every invoice."""
    warnings: tuple[Problem, ...] = ()

    @property
    def numbers_total(self) -> int:
        """Numbers in all slices."""
        return sum(len(planned.numbers) for planned in self.slices)

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
    problems = [*batch.problems, *_numbers_missing(batch, numbers), *read.problems, *proofs.problems()]
    if problems or batch.file is None:
        raise InvalidInput(in_order(problems, batch.name))
    made = BatchInput(batch=batch.file.batch, slices=slices_of(read.rows, proofs), invoice_sizes=proofs.sizes)
    warnings = [*_campaign_missing(batch, made), *proofs.warnings(), *_mails_too_large(batch, made)]
    return made.model_copy(update={"warnings": in_order(warnings, batch.name)})


def _numbers(batch: ReadBatchFile, given: str | None, standard_input: BinaryIO) -> NumbersFile:
    if given is not None:
        return read_numbers(given, Path(), batch.region, standard_input)
    if batch.numbers is not None:
        return read_numbers(batch.numbers, batch.folder, batch.region, standard_input)
    return NumbersFile("", Path(), [], {}, [])


def _numbers_missing(batch: ReadBatchFile, given: str | None) -> Iterator[Problem]:
    if given is None and batch.leaves_numbers_out:
        yield batch.problem(("numbers",), "the path of the numbers file, here or on the command line")


def _campaign_missing(batch: ReadBatchFile, made: BatchInput) -> Iterator[Problem]:
    if made.batch.region == "US" and made.batch.campaign_id is None:
        yield batch.problem(("campaign_id",), "a 10DLC campaign: US numbers need one before businesses may send SMS")


def _mails_too_large(batch: ReadBatchFile, made: BatchInput) -> Iterator[Problem]:
    if not made.batch.verification.mails_invoices:
        return
    large = [planned for planned in made.slices if made.mail_size(planned) > MAIL_SIZE]
    if large:
        groups = listed([str(planned.sequence) for planned in large])
        size = max(map(made.mail_size, large)) / 1e6
        expected = f"at most {MAIL_SIZE / 1e6:.0f} MB a mail, or mail servers may refuse it; larger: group {groups}"
        yield batch.problem(("invoices",), expected, f"{size:.1f} MB")
