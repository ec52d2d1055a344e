"""`python -m benchmarks`: run the measures, print the table, write benchmarks/results/latest.json."""

import asyncio
import signal
import time
from collections.abc import Callable, Sequence
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.catalogue import CATALOGUE
from benchmarks.measure import BenchmarkFailed, Measure, failed
from benchmarks.measure_process import measured
from benchmarks.results import LATEST, print_table, write_results
from benchmarks.scale import FULL, QUICK, Scale
from starter.exits import Exit

_FULL_MINUTES, _QUICK_MINUTES = 40.0, 10.0
"""What all measures together may take; those that come too late are rows that say so."""


def main(
    quick: Annotated[bool, typer.Option("--quick", help="Ten minutes: nothing above 10,000 numbers.")] = False,
    only: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(CATALOGUE)}; repeatable.")] = None,
    largest: Annotated[int, typer.Option(help="Cut every size off at so many numbers; 0 cuts nothing off.")] = 0,
) -> None:
    """Measure what batches cost on this machine."""
    unknown = [name for name in only or () if name not in CATALOGUE]
    if unknown:
        raise typer.BadParameter(f"{unknown[0]!r} is no measure; take {', '.join(CATALOGUE)}", param_hint="--only")
    scale = QUICK if quick else FULL
    if largest:
        scale = scale.cut_off(largest)
    measures: list[Measure] = []

    def keep(rows: Sequence[Measure]) -> None:
        measures.extend(rows)
        write_results(measures)

    minutes = _QUICK_MINUTES if quick else _FULL_MINUTES
    through = asyncio.run(run(only or list(CATALOGUE), scale, minutes * 60, Console(stderr=True), keep))
    print_table(measures, Console())
    Console(stderr=True).print(f"written to {LATEST}")
    if not through:
        raise typer.Exit(Exit.INTERRUPTED)


async def run(
    names: Sequence[str], scale: Scale, within: float, console: Console, keep: Callable[[Sequence[Measure]], None]
) -> bool:
    """Run these measures one after the other in so many seconds, False where SIGTERM or Ctrl-C ended them.

    `keep` gets the rows of each when it is over; one that fails is a row that says why.
    """
    running = asyncio.create_task(_one_after_the_other(names, scale, within, console, keep))
    for ending in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(ending, running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        return False
    return True


async def _one_after_the_other(
    names: Sequence[str], scale: Scale, within: float, console: Console, keep: Callable[[Sequence[Measure]], None]
) -> None:
    deadline = time.monotonic() + within
    for name in names:
        started = time.monotonic()
        left = min(CATALOGUE[name].minutes * 60, deadline - started)
        if left <= 0:
            keep([failed(name, BenchmarkFailed(f"the {within:.0f} s for all measures were over"))])
            continue
        console.print(f"{name} ...")
        await measured(name, scale, left, keep)
        console.print(f"{name}: {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    typer.run(main)
