"""One measure as a process: `python -m benchmarks.one_measure NAME ROWS`, with the sizes as JSON on standard input.

Every row goes to the file ROWS, a line of JSON each, as soon as it is known: whatever ends the process, what was
measured until then is kept.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from benchmarks.catalogue import CATALOGUE
from benchmarks.measure import Measure, failed
from benchmarks.scale import Scale


async def write_rows(name: str, measures: AsyncIterator[Measure], rows: Path) -> None:
    """One line a row; a failure is a row too."""
    with rows.open("a") as lines:
        try:
            async for row in measures:
                lines.write(f"{row.model_dump_json()}\n")
                lines.flush()
        except Exception as error:  # whatever goes wrong with a measure, its row is wanted
            lines.write(f"{failed(name, error).model_dump_json()}\n")


if __name__ == "__main__":
    measure, file = sys.argv[1:]
    scale = Scale.model_validate_json(sys.stdin.read())
    asyncio.run(write_rows(measure, CATALOGUE[measure].rows(scale), Path(file)))
