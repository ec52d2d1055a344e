"""The collector of a worker: away from what was there at the start, and rarely at work, but at work."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from processes.garbage_collection import collect_rarely


class Node:
    """Something that can point at itself."""

    def __init__(self) -> None:
        """A cycle."""
        self.itself = self


@pytest.fixture
def rarely_collecting() -> Iterator[None]:
    threshold = gc.get_threshold()
    collect_rarely()
    yield
    gc.set_threshold(*threshold)
    gc.unfreeze()


@pytest.mark.usefixtures("rarely_collecting")
def test_what_exists_at_the_start_is_left_alone() -> None:
    assert gc.get_freeze_count() > 1_000


@pytest.mark.usefixtures("rarely_collecting")
def test_garbage_waits_for_many_new_objects_and_is_then_collected() -> None:
    garbage = weakref.ref(Node())
    few = [[] for _ in range(5_000)]  # type: ignore[var-annotated]
    assert garbage() is not None
    many = [[] for _ in range(100_000)]  # type: ignore[var-annotated]
    assert garbage() is None
    assert (len(few), len(many)) == (5_000, 100_000)
