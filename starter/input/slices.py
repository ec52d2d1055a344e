"""Cutting a batch: into parts, whose numbers can share an order, and those into slices, which travel together."""

from collections.abc import Sequence
from pathlib import Path

from onboarding.batch import GROUP_SIZE, Terms
from onboarding.model import Model
from starter.input.batch_keys import BatchFile
from starter.input.numbers_file import NumberRow
from starter.input.proofs import Proofs
from starter.input.row_terms import RowTerms, terms_of


class PlannedSlice(Model):
    """At most 500 E.164 numbers in file order; `invoices` are those of the batch and of these numbers, each once."""

    sequence: int
    numbers: tuple[str, ...]
    invoices: tuple[Path, ...]


class PlannedPart(Model):
    """All numbers under the same terms. `loa_party` is the name of the party in `terms`; empty = `[loa]`."""

    terms: Terms
    loa_party: str
    slices: tuple[PlannedSlice, ...]

    @property
    def numbers_total(self) -> int:
        """Numbers in all slices."""
        return sum(len(planned.numbers) for planned in self.slices)


def parts_of(rows: Sequence[NumberRow], file: BatchFile, proofs: Proofs) -> tuple[PlannedPart, ...]:
    """Parts by their first row, slices inside a part in file order, so that neighbours with one invoice stay together.

    Every row has to be without problems.
    """
    rows_of: dict[RowTerms, list[NumberRow]] = {}
    for row in rows:
        rows_of.setdefault(terms_of(row, file), []).append(row)
    parts: list[PlannedPart] = []
    sequence = 1
    for row_terms, own_rows in rows_of.items():
        slices = _slices(own_rows, sequence, proofs)
        parts.append(PlannedPart(terms=row_terms.terms(file), loa_party=row_terms.loa, slices=slices))
        sequence += len(slices)
    return tuple(parts)


def _slices(rows: list[NumberRow], first_sequence: int, proofs: Proofs) -> tuple[PlannedSlice, ...]:
    return tuple(
        _slice(sequence, rows[start : start + GROUP_SIZE], proofs)
        for sequence, start in enumerate(range(0, len(rows), GROUP_SIZE), start=first_sequence)
    )


def _slice(sequence: int, rows: list[NumberRow], proofs: Proofs) -> PlannedSlice:
    own = [invoice for row in rows if (invoice := proofs.of_row(row)) is not None]
    return PlannedSlice(
        sequence=sequence,
        numbers=tuple(row.number for row in rows),
        invoices=tuple(dict.fromkeys([*proofs.of_batch, *own])),
    )
