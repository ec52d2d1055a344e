"""An event loop whose clock jumps to the next timer instead of waiting for it."""

import asyncio
import functools
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

P = ParamSpec("P")


class _AdvancingSelector(selectors.SelectSelector):
    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("every task waits for something that no task and no timer will bring")
        self.now += max(timeout, 0)
        return super().select(0)


class _AdvancingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._clock = _AdvancingSelector()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now


def in_advancing_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run an async test on a clock of its own, which starts at 0; an hour of `asyncio.sleep` takes no time."""

    @functools.wraps(test)
    def run(*arguments: P.args, **named: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=_AdvancingLoop) as runner:
            runner.run(test(*arguments, **named))

    return run


def now() -> float:
    """Seconds since the test began."""
    return asyncio.get_running_loop().time()
