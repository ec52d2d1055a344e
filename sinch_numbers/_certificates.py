"""Whom the clients trust: the authorities that httpx knows, read once a process.

Reading them takes 30 milliseconds, and httpx reads them anew for each client.
"""

import ssl
from functools import cache

import httpx


@cache
def trusted_authorities() -> ssl.SSLContext:
    """The context of httpx's own choice, for every client of this process."""
    return httpx.create_ssl_context()
