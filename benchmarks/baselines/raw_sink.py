"""A peer that costs next to nothing, to see what a load could bring: answers 200 to whatever looks like HTTP.

`python -m benchmarks.baselines.raw_sink PORT`.
"""

import asyncio
import sys

from benchmarks.http_load import sink


async def serve(port: int) -> None:
    """Answer until the process is ended."""
    async with sink(lambda _: None, port):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
