"""The topology of docker-compose.yml without containers: PostgreSQL, Temporal's schema tool, server and Web UI.

`running_installation` starts PostgreSQL with Temporal's databases in a temporary folder. The installation's `cli` is
an executable that behaves like the Temporal CLI, except that `temporal server start-dev` starts the real server on
databases of its own in that PostgreSQL. So whatever starts a dev server runs on this server instead when it is given
that executable, and each gets an empty server, as before. Needs Linux. docs/production-like.md tells the rest.
"""

from scripts.production_like.installation import Installation
from scripts.production_like.postgresql import PostgreSQL
from scripts.production_like.running import Running, running_installation

__all__ = ["Installation", "PostgreSQL", "Running", "running_installation"]
