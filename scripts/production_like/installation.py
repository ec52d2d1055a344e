"""What every process of one production-like server must know: where programs and files are, how to log in."""

import json
import os
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from scripts.steps import StepFailed

USER = "temporal"


@dataclass(frozen=True)
class Installation:
    """One PostgreSQL and what runs on it. `folder` holds everything that is written; paths are absolute."""

    folder: str
    postgresql_programs: str
    temporal_server: str
    temporal_cli: str
    port: int
    password: str

    @property
    def cli(self) -> Path:
        """The executable to use in place of the Temporal CLI."""
        return Path(self.folder) / "temporal"

    def save(self) -> None:
        """Write it where `load` finds it; only we may read it."""
        path = Path(self.folder) / "installation.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(self)))

    @classmethod
    def load(cls, folder: str) -> Self:
        """What `save` wrote."""
        return cls(**json.loads((Path(folder) / "installation.json").read_text()))

    def program(self, name: str) -> str:
        """A program of PostgreSQL."""
        return str(Path(self.postgresql_programs) / name)

    def beside_the_server(self, name: str) -> str:
        """A file that came with the Temporal server."""
        return str(Path(self.temporal_server).parent / name)

    def sql(self, database: str, *statements: str) -> str:
        """Run statements, each in a transaction of its own; what they return, without decoration.

        Raises:
            StepFailed: PostgreSQL cannot be reached or refuses a statement.
        """
        commands = [argument for statement in statements for argument in ("--command", statement)]
        address = f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"
        return run(
            [self.program("psql"), "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", *commands, address],
            {"PGPASSWORD": self.password, "PGCONNECT_TIMEOUT": "10"},
        )


def run(command: list[str], environment: dict[str, str]) -> str:
    """Run a short command, our own environment added to, and return what it prints.

    Raises:
        StepFailed: it failed; the message holds what it said.
    """
    ended = subprocess.run(
        command,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode != 0:
        raise StepFailed(f"{' '.join(command[:6])}: exit status {ended.returncode}: {ended.stderr or ended.stdout}")
    return ended.stdout.strip()
