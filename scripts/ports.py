"""Free ports on the loopback address."""

import secrets
import socket
from contextlib import ExitStack

LOOPBACK = "127.0.0.1"

_RANGE = range(20_000, 32_000)
"""Below the ports that systems give to outgoing connections: one of those would take a free port before we do."""


def free_ports(count: int) -> list[int]:
    """Different ports nobody uses at the moment."""
    with ExitStack() as held:
        return [_bound(held.enter_context(socket.socket())) for _ in range(count)]


def _bound(probe: socket.socket) -> int:
    while True:
        port = secrets.choice(_RANGE)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            continue
        return port
