"""How large the runs are: full, quick (about ten minutes), or cut off at a size."""

from typing import Self

from onboarding.model import Model


class Scale(Model):
    """Sizes in numbers unless said otherwise."""

    batches: tuple[int, ...]
    """Batches from start to report, in ascending order."""
    compared: int
    """The batch that plain calls without Temporal are compared with."""
    obvious_design: int
    voice: int
    callbacks: int
    """Callbacks sent to the receiver."""
    waiting: int
    rows: tuple[int, ...]
    """Rows of the CSV files that are started, in ascending order."""
    windows: tuple[int, ...]
    """Batches of stub groups."""
    large_batch: int
    """The batch beside which a small one must not starve."""
    two_workers: int

    def cut_off(self, largest: int) -> Self:
        """The same runs with nothing above `largest`."""

        def cut(sizes: tuple[int, ...]) -> tuple[int, ...]:
            return tuple(dict.fromkeys(min(size, largest) for size in sizes))

        return type(self).model_validate(
            {name: cut(size) if isinstance(size, tuple) else min(size, largest) for name, size in self}
        )


FULL = Scale(
    batches=(100, 500, 1_000, 10_000, 100_000),
    compared=10_000,
    obvious_design=500,
    voice=200,
    callbacks=40_000,
    waiting=100_000,
    rows=(10_000, 100_000),
    windows=(100_000, 1_000_000),
    large_batch=100_000,
    two_workers=20_000,
)
QUICK = Scale(
    batches=(100, 500, 1_000, 10_000),
    compared=10_000,
    obvious_design=200,
    voice=200,
    callbacks=10_000,
    waiting=10_000,
    rows=(10_000, 100_000),
    windows=(100_000,),
    large_batch=10_000,
    two_workers=5_000,
)
