"""Cutting a batch into slices: numbers that are qualified, mailed about and ordered together."""

from pathlib import Path

from onboarding.batch import GROUP_SIZE
from onboarding.model import Model
from starter.input.numbers_file import NumberRow
from starter.input.proofs import Proofs


class PlannedSlice(Model):
    """At most 500 E.164 numbers in file order; `invoices` are those of the batch and of these numbers, each once."""

    sequence: int
    numbers: tuple[str, ...]
    invoices: tuple[Path, ...]


def slices_of(rows: list[NumberRow], proofs: Proofs) -> tuple[PlannedSlice, ...]:
    """Slices in file order, so that neighbours who share an invoice stay together."""
    return tuple(
        _slice(sequence, rows[start : start + GROUP_SIZE], proofs)
        for sequence, start in enumerate(range(0, len(rows), GROUP_SIZE), start=1)
    )


def _slice(sequence: int, rows: list[NumberRow], proofs: Proofs) -> PlannedSlice:
    own = [invoice for row in rows if (invoice := proofs.of_row(row)) is not None]
    return PlannedSlice(
        sequence=sequence,
        numbers=tuple(row.number for row in rows),
        invoices=tuple(dict.fromkeys([*proofs.of_batch, *own])),
    )
