"""The batch file: a TOML file with everything the numbers of one batch have in common."""

import re
import tomllib
from pathlib import Path
from typing import Any

from onboarding.phone_numbers import REGIONS
from onboarding.stages import Verification
from starter.input.batch_keys import BatchFile, dotted, read_keys, value_at
from starter.input.key_lines import KeyLines, KeyPath
from starter.input.loa_tables import is_blanket, loa_tables
from starter.input.problems import Problem

_ERROR_LINE = re.compile(r"\(at line (\d+), column \d+\)")


class ReadBatchFile:
    """A batch file that was read, right or wrong; what can be told of a wrong one serves to check the rest."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self.folder = path.parent
        self._table: dict[str, Any] = {}
        self.is_toml = False
        self._lines = KeyLines("")
        self.file: BatchFile | None = None
        self.problems: list[Problem] = []
        try:
            self._parse(path.read_bytes().decode("utf-8-sig"))
        except OSError as error:
            self._not_read(f"a batch file that can be read: {error.strerror}", value=str(path))
        except UnicodeDecodeError:
            self._not_read("UTF-8 text: save the file as UTF-8")

    def _parse(self, text: str) -> None:
        try:
            self._table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            line = _ERROR_LINE.search(str(error))
            number = int(line[1]) if line else None
            value = text.split("\n")[number - 1].strip() if number else ""
            self._not_read(f"TOML: {_ERROR_LINE.sub('', str(error)).strip()}", line=number, value=value)
            return
        self.is_toml = True
        self._lines = KeyLines(text)
        self.file, wrong = read_keys(self._table)
        self.problems = [self.problem(path, expected) for path, expected in wrong.items()]

    def _not_read(self, expected: str, *, line: int | None = None, value: str = "") -> None:
        self.problems = [Problem(file=self.name, line=line, value=value, expected=expected)]

    def problem(self, path: KeyPath, expected: str, value: str | None = None) -> Problem:
        """A problem with one key; without `value` it shows what the file says there."""
        found = value_at(self._table, path) if value is None else value
        return Problem(
            file=self.name,
            line=self._lines.of(path),
            column=dotted(path),
            value=_shown(found),
            expected=expected,
        )

    @property
    def region(self) -> str | None:
        """The region of rows that name none; None where the file leaves it to the number, or does not tell."""
        region = self._table.get("region")
        return region if region in REGIONS else None

    @property
    def loa_parties(self) -> dict[str, bool] | None:
        """Name of each LOA party (`loa_tables.UNNAMED` for `[loa]`) -> whether it is a blanket LOA.

        None where the file has none, right or wrong: then it is the file that is to be mended, not the rows.
        """
        parties = {name: is_blanket(written) for name, (_, written) in loa_tables(self._table).items()}
        return parties or None

    @property
    def verification(self) -> Verification | None:
        """How ownership is proven; None where the file does not tell."""
        written = self._table.get("verification", BatchFile.model_fields["verification"].default)
        return Verification(written) if self.is_toml and written in list(Verification) else None

    @property
    def numbers(self) -> str | None:
        """The numbers file, as written."""
        written = self._table.get("numbers")
        return written if isinstance(written, str) and written.strip() else None

    @property
    def leaves_numbers_out(self) -> bool:
        """True where no numbers file is named, rightly or wrongly."""
        return self.is_toml and "numbers" not in self._table

    @property
    def leaves_invoices_out(self) -> bool:
        """True where no invoices are named, rightly or wrongly."""
        return self.is_toml and not self._table.get("invoices")

    @property
    def invoices(self) -> tuple[str, ...]:
        """The invoices, as written."""
        written = self._table.get("invoices")
        paths = written if isinstance(written, list) else []
        return tuple(path for path in paths if isinstance(path, str) and path.strip())


def _shown(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case _:
            return str(value)
