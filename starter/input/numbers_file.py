"""The numbers file: a CSV file with a header, or one number a line; read line by line, so that size does not matter."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from onboarding.phone_numbers import HostableNumber, NotAPhoneNumber, read_number
from starter.input.problems import Problem, nearest

STANDARD_INPUT = "-"
PHONE_NUMBER = "phone_number"
INVOICE = "invoice"
REGION, SERVICE_PLAN, CAMPAIGN, NNID, LOA = "region", "service_plan_id", "campaign_id", "nnid", "loa"
COLUMNS = (PHONE_NUMBER, INVOICE, REGION, SERVICE_PLAN, CAMPAIGN, NNID, LOA)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class NumberRow:
    """One number in E.164, the line it stands on, and what the row says of its own, as written (empty = nothing)."""

    line: int
    number: str
    own_region: str | None
    """Told by the number itself; None for a toll-free number."""
    invoice: str = ""
    region: str = ""
    service_plan_id: str = ""
    campaign_id: str = ""
    nnid: str = ""
    loa: str = ""


@dataclass(frozen=True, slots=True)
class NumbersFile:
    """The rows whose number is right, in file order, and what is wrong with the others."""

    name: str
    folder: Path
    """What the paths in the column `invoice` are relative to."""
    rows: list[NumberRow]
    invoice_lines: dict[str, list[int]]
    """Invoice as written -> lines that name it; under the empty text the lines without one."""
    problems: list[Problem]


def read_numbers(path: str, folder: Path, standard_input: BinaryIO) -> NumbersFile:
    """Read the numbers at `path` (relative to `folder`), or standard input where it is `-`.

    Invoices named on standard input are relative to the current directory.
    """
    if path == STANDARD_INPUT:
        reader = _Reader("standard input")
        reader.read(standard_input)
        return reader.result(Path.cwd())
    file = folder / path
    reader = _Reader(str(file))
    try:
        with file.open("rb") as lines:
            reader.read(lines)
    except OSError as error:
        reader.problem(None, "", path, f"a numbers file that can be read: {error.strerror}")
    return reader.result(file.parent)


@dataclass(slots=True)
class _Reader:
    name: str
    rows: list[NumberRow] = field(default_factory=list)
    invoice_lines: dict[str, list[int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _columns: tuple[str, ...] = ()
    _first_lines: dict[str, int] = field(default_factory=dict)

    def read(self, lines: Iterable[bytes]) -> None:
        """Header and rows. Without a phone_number column there is nothing more to read."""
        for line, cells in self._cells(lines):
            if not self._columns:
                self._columns = (PHONE_NUMBER,)
                if _is_header(cells):
                    self._columns = self._header(line, cells)
                    if PHONE_NUMBER not in self._columns:
                        return
                    continue
            self._row(line, cells)
        if not self._first_lines and not self.problems:
            self.problem(None, PHONE_NUMBER, "", "at least one number")

    def result(self, folder: Path) -> NumbersFile:
        """What was read."""
        return NumbersFile(self.name, folder, self.rows, self.invoice_lines, self.problems)

    def problem(self, line: int | None, column: str, value: str, expected: str) -> None:
        """Note what is wrong."""
        self.problems.append(Problem(file=self.name, line=line, column=column, value=value, expected=expected))

    def _cells(self, lines: Iterable[bytes]) -> Iterator[tuple[int, list[str]]]:
        """The cells of every line that is neither blank nor a comment.

        Each line is parsed by itself: a stray quotation mark then spoils one row, not the rest of the file.
        """
        for number, line in enumerate(lines, start=1):
            if number == 1 and line.startswith(_UTF_16):
                self.problem(1, "", "", "UTF-8 text: save the file as UTF-8 (this one is UTF-16)")
                return
            try:
                text = line.removeprefix(_BYTE_ORDER_MARK if number == 1 else b"").decode().strip()
                if text and not text.startswith("#"):
                    yield number, [cell.strip() for cell in next(csv.reader([text], strict=True))]
            except UnicodeDecodeError:
                self.problem(number, "", line.decode(errors="replace").strip(), "UTF-8 text: save the file as UTF-8")
            except csv.Error as error:
                self.problem(number, "", text, f"columns separated by commas, quotation marks in pairs: {error}")

    def _header(self, line: int, cells: list[str]) -> tuple[str, ...]:
        columns: list[str] = []
        known = f"the columns are {', '.join(COLUMNS)}, separated by commas"
        for cell in cells:
            name = cell.casefold()
            meant = name if name in COLUMNS else _meant(name)
            if meant is None:
                self.problem(line, cell, cell, known)
            elif meant != name:
                self.problem(line, cell, cell, f"{known}; did you mean {meant}?")
            elif name in columns:
                self.problem(line, cell, cell, "each column once")
            columns.append(meant or cell)
        if PHONE_NUMBER not in columns and set(columns) <= set(COLUMNS):
            self.problem(line, PHONE_NUMBER, "", f"a column {PHONE_NUMBER} beside {' and '.join(columns)}")
        return tuple(columns)

    def _row(self, line: int, cells: list[str]) -> None:
        if len(cells) > len(self._columns):
            more = f"; for more begin with the line {PHONE_NUMBER},{INVOICE}" if len(self._columns) == 1 else ""
            count = "one number" if len(self._columns) == 1 else f"{len(self._columns)} columns as in the header"
            self.problem(line, "", ",".join(cells), f"{count}{more}")
            return
        row = dict(zip(self._columns, cells, strict=False))
        self.invoice_lines.setdefault(row.get(INVOICE, ""), []).append(line)
        written = row.pop(PHONE_NUMBER, "")
        try:
            number = read_number(written)
        except NotAPhoneNumber as error:
            self.problem(line, PHONE_NUMBER, written, str(error))
            return
        first = self._first_lines.setdefault(number.e164, line)
        if first != line:
            expected = f"each number once: {number.e164} stands on line {first} already"
            self.problem(line, PHONE_NUMBER, written, expected)
        else:
            self._take(line, number, row)

    def _take(self, line: int, number: HostableNumber, row: dict[str, str]) -> None:
        cells = {column: cell for column, cell in row.items() if column in COLUMNS}
        for column, cell in cells.items():
            if not cell.isprintable():
                self.problem(line, column, cell, "text without characters that cannot be printed")
        self.rows.append(NumberRow(line, number.e164, number.region, **cells))


def _meant(name: str) -> str | None:
    """The column that was misspelled; other separators than the comma are no misspelling."""
    return None if ";" in name or "\t" in name else nearest(name, COLUMNS)


def _is_header(cells: Iterable[str]) -> bool:
    """A first line without any digit names columns."""
    return not any(character.isdigit() for cell in cells for character in cell)
