"""Which invoices prove the ownership of which numbers: named, readable, and listing what relies on them."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from starter.input.batch_file import ReadBatchFile
from starter.input.invoices import Invoice, NotAnInvoice, read_invoice
from starter.input.numbers_file import INVOICE, NumberRow, NumbersFile
from starter.input.problems import Problem, listed


class Proofs:
    """All invoices that a batch file and its numbers file name, each read once."""

    def __init__(self, batch: ReadBatchFile, numbers: NumbersFile) -> None:
        self._batch = batch
        self._numbers = numbers
        self.of_batch = tuple(dict.fromkeys(_located(batch.folder, written) for written in batch.invoices))
        self._of_rows = {written: _located(numbers.folder, written) for written in numbers.invoice_lines if written}
        self._read: dict[Path, Invoice] = {}
        self._unfit: dict[Path, str] = {}
        for path in dict.fromkeys([*self.of_batch, *self._of_rows.values()]):
            try:
                self._read[path] = read_invoice(path)
            except NotAnInvoice as error:
                self._unfit[path] = str(error)

    @property
    def sizes(self) -> dict[Path, int]:
        """Bytes of every invoice."""
        return {path: invoice.size for path, invoice in self._read.items()}

    def of_row(self, row: NumberRow) -> Path | None:
        """The row's own invoice."""
        return self._of_rows.get(row.invoice)

    def problems(self) -> Iterator[Problem]:
        """Invoices that cannot be sent, and numbers that go to the review without one."""
        for written in self._batch.invoices:
            unfit = self._unfit.get(_located(self._batch.folder, written))
            if unfit is not None:
                yield self._batch.problem(("invoices",), unfit, written)
        for written, path in self._of_rows.items():
            if path in self._unfit:
                lines = self._numbers.invoice_lines[written]
                more = f" (named in {len(lines)} rows)" if len(lines) > 1 else ""
                yield self._row_problem(lines[0], written, self._unfit[path] + more)
        yield from self._missing()

    def _missing(self) -> Iterator[Problem]:
        verification, without = self._batch.verification, self._numbers.invoice_lines.get("", [])
        if verification is None or not verification.mails_invoices or not self._batch.leaves_invoices_out:
            return
        needed = f"as verification is {verification}, which mails invoices"
        if without and not self._of_rows:
            yield self._batch.problem(("invoices",), f"at least one PDF, here or in the numbers file, {needed}")
            return
        for line in without:
            yield self._row_problem(line, "", f"a PDF, here or for all numbers in the batch file, {needed}")

    def warnings(self) -> Iterator[Problem]:
        """Invoices whose text does not show a number that relies on them."""
        verification = self._batch.verification
        if verification is None or not verification.mails_invoices:
            return
        common = [self._read[path] for path in self.of_batch]
        shown = _mentioned(common, (row.number for row in self._numbers.rows))
        rows_of: dict[str, list[NumberRow]] = {}
        for row in self._numbers.rows:
            if row.number not in shown:
                rows_of.setdefault(row.invoice, []).append(row)
        for written, rows in rows_of.items():
            own = [self._read[self._of_rows[written]]] if written else []
            found = _mentioned(own, (row.number for row in rows))
            missing = [row for row in rows if row.number not in found]
            if missing:
                yield self._not_listed(written, missing, [*own, *common])

    def _not_listed(self, written: str, rows: list[NumberRow], invoices: list[Invoice]) -> Problem:
        blank = [invoice.path.name for invoice in invoices if not invoice.digits]
        unreadable = f"; no digits can be read in {listed(blank)}, look yourself" if blank else ""
        numbers = listed([row.number for row in rows])
        expected = f"invoices that list each number, or Sinch will not review it; not found: {numbers}{unreadable}"
        if written:
            return self._row_problem(rows[0].line, written, expected)
        return self._batch.problem(("invoices",), expected, listed([invoice.path.name for invoice in invoices]))

    def _row_problem(self, line: int, written: str, expected: str) -> Problem:
        return Problem(file=self._numbers.name, line=line, column=INVOICE, value=written, expected=expected)


def _located(folder: Path, written: str) -> Path:
    return Path(os.path.abspath(folder / written))


def _mentioned(invoices: Iterable[Invoice], numbers: Iterable[str]) -> set[str]:
    wanted = list(numbers)
    return {number for invoice in invoices for number in invoice.mentioned(wanted)}
