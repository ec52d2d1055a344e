"""How many connections the system lets this process have: each is an open file."""

import math
import resource

_FILES_OF_OUR_OWN = 64
"""What is open beside connections: Temporal, secrets, logs, the event loop."""


def connections_allowed(wanted: int) -> int:
    """Raise the process's limit of open files as far as needed and possible; then the connections that fit, at most
    `wanted`.

    Without that, a server out of files takes no connection at all, not even to turn it away.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = int(min(wanted + _FILES_OF_OUR_OWN, _count(hard)))
    if _count(soft) < files:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return files - _FILES_OF_OUR_OWN


def _count(limit: int) -> float:
    return math.inf if limit == resource.RLIM_INFINITY else limit
