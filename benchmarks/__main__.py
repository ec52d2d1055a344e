"""`python -m benchmarks`: run the measures, print the table, write benchmarks/results/latest.json."""

import asyncio
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.catalogue import CATALOGUE, MeasureFunction
from benchmarks.measure import Measure, failed
from benchmarks.results import LATEST, print_table, write_results
from benchmarks.scale import FULL, QUICK, Scale

_MEASURE_MINUTES = 20
"""No measure takes longer; one that hangs must not cost the others their rows."""


def main(
    quick: Annotated[bool, typer.Option("--quick", help="About ten minutes: nothing above 10,000 numbers.")] = False,
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
    chosen = {name: CATALOGUE[name] for name in only or CATALOGUE}
    # As Ctrl-C does: whatever ends the benchmark, the processes of its stack end first.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    measures = asyncio.run(run(chosen, scale, Console(stderr=True), write_results))
    print_table(measures, Console())
    Console(stderr=True).print(f"written to {LATEST}")


async def run(
    chosen: Mapping[str, MeasureFunction], scale: Scale, console: Console, keep: Callable[[Sequence[Measure]], None]
) -> list[Measure]:
    """The rows of these measures; one that fails is a row that says so. `keep` gets what there is after each."""
    measures: list[Measure] = []
    for name, measure in chosen.items():
        console.print(f"{name} ...")
        started = time.monotonic()
        try:
            async with asyncio.timeout(_MEASURE_MINUTES * 60):
                measures += await measure(scale)
        except Exception as error:  # whatever goes wrong with one measure, the others are still wanted
            measures.append(failed(name, error))
        keep(measures)
        console.print(f"{name}: {time.monotonic() - started:.0f} s")
    return measures


if __name__ == "__main__":
    typer.run(main)
