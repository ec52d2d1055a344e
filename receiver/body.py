"""Reading a request's body without trusting its length or its sender's pace."""

import asyncio

from starlette.requests import ClientDisconnect, Request

from receiver.outcomes import Outcome, Refused

MOST_BODY_BYTES = 64 * 1024
BODY_SECONDS = 10.0


async def read_body(request: Request, *, seconds: float) -> bytes:
    """The whole body, up to 64 KiB and within `seconds`.

    Of a larger body no more is kept than that. The server throws away what still comes, because a connection
    closed on a sender who is still busy takes the answer with it.

    Raises Refused: `too_large` as soon as the declared or the real length passes the cap, `too_slow` when the
    time is up or the sender hangs up first.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > MOST_BODY_BYTES:
        raise Refused(Outcome.TOO_LARGE)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_BODY_BYTES:
                    raise Refused(Outcome.TOO_LARGE)
    except (TimeoutError, ClientDisconnect):
        raise Refused(Outcome.TOO_SLOW) from None
    return bytes(body)
