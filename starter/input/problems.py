"""What can be wrong with a batch before anything is sent: all of it, each with its place and what would be right."""

import difflib
from collections.abc import Iterable, Sequence

from onboarding.model import Model

_LONGEST_VALUE = 80


class Problem(Model):
    """One place in the input that is wrong, or that deserves a second look (a warning).

    `line` counts from 1 and is None where the place is missing altogether; `column` is a column of the numbers file
    or a key of the batch file with its tables (`loa.address.state`); `value` is what was found there, as text.
    """

    file: str
    line: int | None = None
    column: str = ""
    value: str = ""
    expected: str

    def __str__(self) -> str:
        """`numbers.csv, line 7, phone_number = '555': not a phone number; write E.164, ...`."""
        line = f", line {self.line}" if self.line is not None else ""
        column = f", {self.column}" if self.column else ""
        value = f" = {_shortened(self.value)!r}" if self.value else ""
        return f"{self.file}{line}{column}{value}: {self.expected}"


class InvalidInput(Exception):
    """Nothing was sent: the input has these problems, in the order of the files and their lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__("\n".join([f"{count} in the input, nothing was sent:", *map(str, self.problems)]))


def in_order(problems: Iterable[Problem], first_file: str) -> tuple[Problem, ...]:
    """`first_file` before the other, each from top to bottom; what is missing altogether comes first."""
    return tuple(sorted(problems, key=lambda problem: (problem.file != first_file, problem.line or 0)))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that somebody who wrote `word` most likely meant."""
    matches = difflib.get_close_matches(word.casefold(), tuple(known), n=1)
    return matches[0] if matches else None


def listed(values: Sequence[str], at_most: int = 5) -> str:
    """`a, b, c and 7 more`."""
    more = f" and {len(values) - at_most} more" if len(values) > at_most else ""
    return ", ".join(values[:at_most]) + more


def _shortened(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}..."
