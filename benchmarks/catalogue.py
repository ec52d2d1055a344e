"""All measures by name, in the order in which they run and are shown."""

from collections.abc import Awaitable, Callable, Sequence

from benchmarks.measure import Measure
from benchmarks.measures import (
    batch_window,
    callbacks,
    command,
    comparisons,
    fair_sharing,
    invoices_path,
    simulator_ceiling,
    two_workers,
    voice_path,
    worker_memory,
)
from benchmarks.scale import Scale

MeasureFunction = Callable[[Scale], Awaitable[Sequence[Measure]]]
"""Runs at these sizes; its rows."""

CATALOGUE: dict[str, MeasureFunction] = {
    "invoices-path": invoices_path.measure,
    "voice-path": voice_path.measure,
    "comparisons": comparisons.measure,
    "callbacks": callbacks.measure,
    "worker-memory": worker_memory.measure,
    "start": command.measure_start,
    "help": command.measure_help,
    "batch-window": batch_window.measure,
    "fair-sharing": fair_sharing.measure,
    "two-workers": two_workers.measure,
    "simulator-ceiling": simulator_ceiling.measure,
}
