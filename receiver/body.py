"""Reading a request's body without trusting its length or its sender's pace."""

import asyncio

from starlette.types import Receive, Scope

from receiver.outcomes import Outcome, Refused

MOST_BODY_BYTES = 64 * 1024
BODY_SECONDS = 10.0

BODY_IS_HERE = "receiver.body_is_here"
"""In the scope of a request whose body had come as a whole before anybody asked for it, as nearly all do."""


async def read_body(scope: Scope, receive: Receive, *, seconds: float) -> bytes:
    """The whole body, up to 64 KiB and within `seconds`.

    Of a larger body no more is kept than that. The server throws away what still comes, because a connection
    closed on a sender who is still busy takes the answer with it.

    Raises Refused: `too_large` as soon as the declared or the real length passes the cap, `too_slow` when the
    time is up or the sender hangs up first.
    """
    if int(dict(scope["headers"]).get(b"content-length", 0)) > MOST_BODY_BYTES:
        raise Refused(Outcome.TOO_LARGE)
    if BODY_IS_HERE in scope:  # a timer would cost as much as the signature
        return await _whole_body(receive)
    try:
        async with asyncio.timeout(seconds):
            return await _whole_body(receive)
    except TimeoutError:
        raise Refused(Outcome.TOO_SLOW) from None


async def _whole_body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(Outcome.TOO_SLOW)
        body += message["body"]
        if len(body) > MOST_BODY_BYTES:
            raise Refused(Outcome.TOO_LARGE)
        if not message["more_body"]:
            return bytes(body)
