"""How the Temporal server and its Web UI are started: told by the environment variables of docker-compose.yml."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scripts.go_install import WEB_UI
from scripts.ports import LOOPBACK, free_ports
from scripts.production_like.installation import USER, Installation

_INTERNAL_PORTS = (
    "FRONTEND_HTTP_PORT",
    "FRONTEND_MEMBERSHIP_PORT",
    "HISTORY_GRPC_PORT",
    "HISTORY_MEMBERSHIP_PORT",
    "MATCHING_GRPC_PORT",
    "MATCHING_MEMBERSHIP_PORT",
    "WORKER_GRPC_PORT",
    "WORKER_MEMBERSHIP_PORT",
)


@dataclass(frozen=True)
class Server:
    """One server to start. `name` is that of its databases and of its folder in the installation's."""

    installation: Installation
    name: str
    port: int
    log_level: str = "warn"

    @property
    def address(self) -> str:
        """Where clients connect."""
        return f"{LOOPBACK}:{self.port}"

    @property
    def command(self) -> list[str]:
        """Runs the four services in one process."""
        configuration = str(Path(self.installation.temporal_server).parent)
        return [self.installation.temporal_server, "--root", "/", "--config", configuration, "--env", "docker", "start"]

    def environment(
        self, default_store: str, visibility_store: str, changed_defaults: Mapping[str, object] | None = None
    ) -> dict[str, str]:
        """What the server is told. Writes its dynamic configuration: `changed_defaults`, in docker-compose.yml none."""
        values = {name: [{"value": value}] for name, value in (changed_defaults or {}).items()}
        dynamic = self._folder / "dynamic-config.yaml"
        dynamic.write_text(json.dumps(values))
        return {
            "DB": "postgres12",
            "DB_PORT": str(self.installation.port),
            "VISIBILITY_DB_PORT": str(self.installation.port),
            "POSTGRES_SEEDS": LOOPBACK,
            "POSTGRES_USER": USER,
            "POSTGRES_PWD": self.installation.password,
            "DBNAME": default_store,
            "VISIBILITY_DBNAME": visibility_store,
            "BIND_ON_IP": LOOPBACK,
            "TEMPORAL_BROADCAST_ADDRESS": LOOPBACK,
            "NUM_HISTORY_SHARDS": "128",
            "DYNAMIC_CONFIG_FILE_PATH": str(dynamic),
            "LOG_LEVEL": self.log_level,
            "FRONTEND_GRPC_PORT": str(self.port),
            **self._internal_ports(),
        }

    def web_ui_command(self, port: int, codec_endpoint: str) -> list[str]:
        """Runs the Web UI as soon as the server is there, and ends with the process that starts it."""
        configuration = self._folder / "web-ui"
        configuration.mkdir(exist_ok=True)
        settings = {
            "temporalGrpcAddress": self.address,
            "host": LOOPBACK,
            "port": port,
            "enableUi": True,
            "defaultNamespace": "default",
            "codec": {"endpoint": codec_endpoint},
        }
        (configuration / "installed.yaml").write_text(json.dumps(settings))
        serve = [
            self.installation.beside_the_server(WEB_UI),
            *("--root", "/", "--config", str(configuration), "--env", "installed", "start"),
        ]
        health = [self.installation.temporal_cli, "operator", "cluster", "health", "--address", self.address]
        script = f"until {shlex.join(health)} >/dev/null 2>&1; do sleep 0.1; done; exec {shlex.join(serve)}"
        return ["setpriv", "--pdeathsig=KILL", "/bin/sh", "-c", script]

    @property
    def _folder(self) -> Path:
        folder = Path(self.installation.folder) / "servers" / self.name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _internal_ports(self) -> dict[str, str]:
        """A server that comes back must be found at its old addresses: its peers are in the database."""
        kept = self._folder / "ports.json"
        if not kept.exists():
            ports = map(str, free_ports(len(_INTERNAL_PORTS)))
            kept.write_text(json.dumps(dict(zip(_INTERNAL_PORTS, ports, strict=True))))
        found: dict[str, str] = json.loads(kept.read_text())
        return found
