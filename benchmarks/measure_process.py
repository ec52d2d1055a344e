"""Running a measure as a process of its own, within a time: it ends with all that it started, however it ends."""

import asyncio
import sys
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.descendants import MARK, kill_marked
from benchmarks.measure import BenchmarkFailed, Measure, failed
from benchmarks.scale import Scale
from benchmarks.site import environment

_LINES_SHOWN = 8


def measure_command(name: str, rows: Path) -> Sequence[str]:
    """The process that writes the rows of this measure."""
    return [sys.executable, "-m", "benchmarks.one_measure", name, str(rows)]


async def measured(
    name: str,
    scale: Scale,
    within: float,
    keep: Callable[[Sequence[Measure]], None],
    command: Callable[[str, Path], Sequence[str]] = measure_command,
) -> None:
    """Hand over all rows that the measure wrote in so many seconds, and one that says so where it did not end well.

    They are handed over, and no process and no file is left, whether it ends, takes too long or we are cancelled.
    """
    mark = uuid.uuid4().hex
    with TemporaryDirectory(prefix="onboard-bench-", ignore_cleanup_errors=True) as folder:
        rows = Path(folder) / "rows"
        rows.touch()
        with environment({MARK: mark, "TMPDIR": folder}):
            process = await asyncio.create_subprocess_exec(
                *command(name, rows),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
        problems: list[Measure] = []
        try:
            async with asyncio.timeout(within):
                _, said = await process.communicate(scale.model_dump_json().encode())
            if process.returncode:
                last = " / ".join(said.decode(errors="replace").splitlines()[-_LINES_SHOWN:])
                problems.append(failed(name, BenchmarkFailed(f"its process ended with {process.returncode}: {last}")))
        except TimeoutError:
            problems.append(failed(name, BenchmarkFailed(f"not through within {within:.0f} s")))
        except asyncio.CancelledError:
            problems.append(failed(name, BenchmarkFailed("stopped before it was through")))
            raise
        finally:
            kill_marked(mark)
            keep([*(Measure.model_validate_json(line) for line in rows.read_text().splitlines()), *problems])
