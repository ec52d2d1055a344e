"""Waiting for something outside to have come true."""

import asyncio
from collections.abc import Awaitable, Callable

from benchmarks.measure import BenchmarkFailed


async def until(condition: Callable[[], Awaitable[bool]], what: str, *, every: float, within: float) -> None:
    """Look every so many seconds. Raises BenchmarkFailed, naming what was waited for, after `within` seconds."""
    try:
        async with asyncio.timeout(within):
            while True:
                if await condition():
                    return
                await asyncio.sleep(every)
    except TimeoutError:
        raise BenchmarkFailed(f"{what}: not within {within:.0f} s") from None
