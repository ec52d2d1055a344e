"""All measures by name, in the order in which they run and are shown."""

from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

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


class Entry(NamedTuple):
    """A measure and the minutes after which it is ended."""

    rows: Callable[[Scale], AsyncIterator[Measure]]
    """Runs at these sizes; its rows, each as soon as it is known."""
    minutes: float


CATALOGUE: dict[str, Entry] = {
    "invoices-path": Entry(invoices_path.measure, 12),
    "voice-path": Entry(voice_path.measure, 4),
    "comparisons": Entry(comparisons.measure, 5),
    "callbacks": Entry(callbacks.measure, 3),
    "worker-memory": Entry(worker_memory.measure, 6),
    "start": Entry(command.measure_start, 3),
    "help": Entry(command.measure_help, 1),
    "batch-window": Entry(batch_window.measure, 8),
    "fair-sharing": Entry(fair_sharing.measure, 5),
    "two-workers": Entry(two_workers.measure, 4),
    "simulator-ceiling": Entry(simulator_ceiling.measure, 2),
}
