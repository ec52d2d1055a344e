"""Temporal's databases: made once as docker-compose.yml makes them, then copied for every server that starts."""

from pathlib import Path

from scripts.cache import locked
from scripts.go_install import SQL_TOOL
from scripts.production_like.installation import USER, Installation, run

DEFAULT_STORE = "temporal"
VISIBILITY_STORE = "temporal_visibility"


def create(installation: Installation) -> None:
    """Make both databases and bring their schemas up to the server's version.

    Raises:
        StepFailed: the schema tool fails.
    """
    environment = {
        "SQL_PLUGIN": "postgres12",
        "SQL_HOST": "127.0.0.1",
        "SQL_PORT": str(installation.port),
        "SQL_USER": USER,
        "SQL_PASSWORD": installation.password,
    }
    tool = installation.beside_the_server(SQL_TOOL)
    for database, schema in ((DEFAULT_STORE, "temporal"), (VISIBILITY_STORE, "visibility")):
        run([tool, "--db", database, "create"], environment)
        run([tool, "--db", database, "setup-schema", "-v", "0.0"], environment)
        run([tool, "--db", database, "update-schema", "--schema-name", f"postgresql/v12/{schema}"], environment)


def copy(installation: Installation, name: str) -> tuple[str, str]:
    """Give a server databases of its own, unless it has them from an earlier start; default store and visibility.

    Raises:
        StepFailed: PostgreSQL cannot be reached or refuses.
    """
    copies = f"{DEFAULT_STORE}_{name}", f"{VISIBILITY_STORE}_{name}"
    with locked(Path(installation.folder), "copying the databases"):
        existing = installation.sql("postgres", "SELECT datname FROM pg_database").split()
        for original, made in zip((DEFAULT_STORE, VISIBILITY_STORE), copies, strict=True):
            if made not in existing:
                installation.sql("postgres", f"CREATE DATABASE {made} TEMPLATE {original}")
                # The server looks its schema version up by the name of the database.
                installation.sql(made, f"UPDATE schema_version SET db_name = '{made}'")  # noqa: S608
    return copies
