"""The least a receiver of callbacks can do: read the body, answer 200.

`python -m benchmarks.baselines.bare_receiver PORT`. uvicorn as it comes, without access log.
"""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from scripts.ports import LOOPBACK


async def read(request: Request) -> Response:
    """Read the body and forget it."""
    await request.body()
    return PlainTextResponse("taken")


async def ready(_: Request) -> Response:
    """Whether it serves."""
    return PlainTextResponse("ready")


if __name__ == "__main__":
    application = Starlette(routes=[Route("/callbacks/{token}", read, methods=["POST"]), Route("/readyz", ready)])
    uvicorn.run(application, host=LOOPBACK, port=int(sys.argv[1]), access_log=False, log_level="warning")
