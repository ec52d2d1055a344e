"""As much of an HTTP/1.1 answer as a sender of POSTs needs: its status, and whether another one can follow it.

RFC 9112. The sender has no use for bodies; one whose length is not told, or is large, is not waited for.
"""

import re
from typing import NamedTuple

_LONGEST_HEAD = 65_536
_HEAD_ENDS = b"\r\n\r\n"
_STATUS_LINE = re.compile(rb"HTTP/1\.([01]) ([1-5]\d\d)[ \r]")
_LAST = re.compile(rb"\r\n(?:transfer-encoding:|connection:[^\r]*\bclose\b)", re.IGNORECASE)
_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,5})[ \t]*\r\n", re.IGNORECASE)


class NotHttp(Exception):
    """What came is no answer."""


class Answer(NamedTuple):
    """An answer; after one that ``is_last`` the connection is of no more use."""

    status: int
    is_last: bool


def answer_in(received: bytes) -> Answer | None:
    """The answer that the bytes hold, behind any interim ones (1xx); None while it is incomplete.

    Raises NotHttp.
    """
    start = 0
    while True:
        end = received.find(_HEAD_ENDS, start)
        if end < 0:
            if len(received) > _LONGEST_HEAD:
                raise NotHttp
            return None
        status_line = _STATUS_LINE.match(received, start)
        if status_line is None:
            raise NotHttp
        status = int(status_line[2])
        if status >= 200:
            break
        start = end + len(_HEAD_ENDS)
    head = received[start : end + 2]
    length = _CONTENT_LENGTH.search(head)
    if length is None or status_line[1] == b"0" or _LAST.search(head):
        return Answer(status, is_last=True)
    missing = end + len(_HEAD_ENDS) + int(length[1]) - len(received)
    return None if missing > 0 else Answer(status, is_last=missing < 0)
