"""The topology of docker-compose.yml without containers: PostgreSQL, Temporal's schema tool, server and Web UI.

`running.running_installation` starts PostgreSQL with Temporal's databases in a temporary folder, and writes an
executable there that behaves like the Temporal CLI, except that `temporal server start-dev` starts the real server on
databases of its own in that PostgreSQL (`command`). So whatever starts a dev server runs on the real one when it is
given that executable, and finds it empty, as before. Needs Linux. docs/production-like.md tells the rest.
"""
