"""Where results go: a JSON file, written whole or not at all, and a table for people."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.measure import Measure

LATEST = Path(__file__).parent / "results" / "latest.json"


def write_results(measures: Sequence[Measure], path: Path = LATEST) -> None:
    """Replace the file: `{"measures": [{name, value, unit, target, ok, note}]}`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.unfinished")
    rows = [measure.model_dump(mode="json") for measure in measures]
    unfinished.write_text(json.dumps({"measures": rows}, indent=1) + "\n")
    unfinished.replace(path)


def print_table(measures: Sequence[Measure], console: Console) -> None:
    """One line a measure, its note below the name."""
    table = Table(show_lines=True)
    table.add_column("measure", ratio=1)
    for column in ("value", "unit", "target", ""):
        table.add_column(column, justify="right" if column == "value" else "left", no_wrap=column != "unit")
    for row in measures:
        name = f"{row.name}\n[dim]{row.note}[/dim]" if row.note else row.name
        table.add_row(name, shown(row.value), row.unit, row.target or "", _verdict(row))
    console.print(table)
    if not all(row.ok for row in measures):
        console.print("What stands in the way of missed targets, and what was tried: docs/performance.md")


def shown(value: float | None) -> str:
    """Three digits that count, and no more: 0.0312, 1.52, 48.1, 12,345."""
    if value is None:
        return "failed"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _verdict(row: Measure) -> str:
    if not row.ok:
        return "[red]no[/red]"
    return "[green]yes[/green]" if row.target else ""
