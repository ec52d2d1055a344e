"""The signature of one request, as a pure function of what is sent.

Sinch API: request signing (legacy Number Administration API).
"""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

CONTENT_TYPE = "application/json"
"""Signed and sent with every request, also with those that have no body."""


def timestamp(moment: datetime) -> str:
    """An aware time as the header `X-Timestamp` carries it, e.g. `2015-06-20T11:43:10.944Z`."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def content_md5(body: bytes) -> str:
    """MD5 over exactly the bytes that are sent, in base64; empty when there is no body."""
    return base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode() if body else ""


def signature(secret: bytes, method: str, body: bytes, signed_at: str, resource: str) -> str:
    """HMAC-SHA256 in base64 over method, body, content type, time and resource.

    secret: the secret of the instance, decoded from base64.
    signed_at: the value of the header `X-Timestamp`.
    resource: the path, without host and query, with or without a leading slash: both are signed as they stand.
    """
    lines = (method, content_md5(body), CONTENT_TYPE, f"x-timestamp:{signed_at}", resource)
    return base64.b64encode(hmac.digest(secret, "\n".join(lines).encode(), "sha256")).decode()
