"""The compose file as data, for the tests beside it."""

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
COMPOSE_FILE = ROOT / "docker-compose.yml"


def services() -> dict[str, dict[str, Any]]:
    """Each service by its name, with what it merges from the shared parts."""
    found: dict[str, dict[str, Any]] = YAML(typ="safe").load(COMPOSE_FILE)["services"]
    return found


def runs_to_its_end(service: str) -> bool:
    """Whether the others wait for the service's end instead of its health."""
    conditions = {
        dependency[service]["condition"]
        for definition in services().values()
        if service in (dependency := definition.get("depends_on", {}))
    }
    return conditions == {"service_completed_successfully"}
