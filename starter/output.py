"""Data on stdout in the form that was asked for, messages on stderr.

Rich is imported where there is something to show to people.
"""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table


class Format(StrEnum):
    """`text` for people, `json` for one document, `jsonl` for one JSON object a line."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


def message(text: str) -> None:
    """A line for people."""
    from rich.console import Console  # noqa: PLC0415

    Console(stderr=True, soft_wrap=True, highlight=False).print(text, markup=False)


def document(format_: Format, data: Mapping[str, Any], text: str) -> None:
    """One thing: its `text` for people, its `data` for programs."""
    if format_ is Format.TEXT:
        from rich.console import Console  # noqa: PLC0415

        Console(soft_wrap=True, highlight=False).print(text, markup=False)
    else:
        _json(data, indent=1 if format_ is Format.JSON else None)


def rows(format_: Format, records: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """Many alike things: a table, a JSON list, or a JSON object a line."""
    if format_ is Format.JSONL:
        for record in records:
            _json(record, indent=None)
    elif format_ is Format.JSON:
        _json(list(records), indent=1)
    else:
        _print_table(table(records, columns))


def table(records: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> "Table":
    """A plain table; empty cells for what is None."""
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    shown = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        shown.add_column(column, overflow="fold")
    for record in records:
        cells = ("" if record.get(column) is None else str(record[column]) for column in columns)
        shown.add_row(*map(Text, cells))
    return shown


def _print_table(shown: "Table") -> None:
    """A terminal folds what is too wide for it; a file or a pipe gets one line a row."""
    from rich.console import Console  # noqa: PLC0415

    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = max(console.measure(shown, options=console.options.update(max_width=sys.maxsize)).maximum, 1)
    console.print(shown)


def counted(count: int, thing: str) -> str:
    """`1 number`, `2 numbers`."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _json(data: object, indent: int | None) -> None:
    sys.stdout.write(json.dumps(data, indent=indent, default=str) + "\n")
    sys.stdout.flush()
