"""Refuses requests whose end a proxy in front of us might see somewhere else.

What a proxy takes for the rest of a body and we take for the next request would come from the proxy's address and
with whatever `X-Forwarded-For` its sender likes: it would pass the allow-list (RFC 9112, section 6.3).
"""

from collections.abc import Iterable


class AmbiguousRequest(Exception):
    """The request is to be answered with 400, and nothing that follows it on its connection may be read."""


def refuse_ambiguous(http_version: str, headers: Iterable[tuple[bytes, bytes]], *, upgrades: bool) -> None:
    """Look at a request's headers, whose names are in lower case. Raises AmbiguousRequest.

    The parser (httptools) refuses a second length or coding and one beside the other already. It takes no body of a
    request that `upgrades` the connection to another protocol, and takes any list of codings that ends in `chunked`.
    """
    if upgrades:
        raise AmbiguousRequest("another protocol")
    hosts = 0
    for name, value in headers:
        if name == b"host":
            hosts += 1
        elif name == b"transfer-encoding" and (value.lower() != b"chunked" or http_version == "1.0"):
            raise AmbiguousRequest("transfer coding")
    if hosts > 1 or (not hosts and http_version != "1.0"):
        raise AmbiguousRequest("host")
