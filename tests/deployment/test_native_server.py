"""The server that `make test-postgresql` starts is set up as docker-compose.yml sets up its own."""

import re
from pathlib import Path

from ruamel.yaml import YAML

from scripts.production_like.installation import USER, Installation
from scripts.production_like.running import RETENTION
from scripts.production_like.server import Server
from tests.deployment.compose_file import COMPOSE_FILE, services

PLACES_AND_SECRETS = {"BIND_ON_IP", "DB_PORT", "DYNAMIC_CONFIG_FILE_PATH", "POSTGRES_PWD", "POSTGRES_SEEDS"}


def test_it_is_told_what_the_container_is_told_but_for_places_and_secrets(tmp_path: Path) -> None:
    composed = services()["temporal"]["environment"]
    told = told_to_a_server(tmp_path)
    assert composed.keys() <= told.keys()
    assert {name: told[name] for name in composed.keys() - PLACES_AND_SECRETS} == {
        name: composed[name] for name in composed.keys() - PLACES_AND_SECRETS
    }
    assert services()["postgresql"]["environment"]["POSTGRES_USER"] == USER


def test_its_dynamic_configuration_is_that_of_the_container(tmp_path: Path) -> None:
    yaml = YAML(typ="safe")
    composed = yaml.load(COMPOSE_FILE)["configs"]["temporal-dynamic-config"]["content"]
    native = Path(told_to_a_server(tmp_path)["DYNAMIC_CONFIG_FILE_PATH"])
    assert yaml.load(native) == yaml.load(composed)


def test_its_namespace_keeps_closed_workflows_as_long() -> None:
    [command] = services()["temporal-namespace"]["command"]
    assert f"--retention {RETENTION}\n" in command


def test_postgresql_takes_every_connection_that_temporal_may_open() -> None:
    services_of_temporal, default_store, visibility, held_back = 4, 20, 10, 3
    [allowed] = re.findall(r"max_connections=(\d+)", " ".join(services()["postgresql"]["command"]))
    assert int(allowed) >= services_of_temporal * (default_store + visibility) + held_back


def told_to_a_server(folder: Path) -> dict[str, str]:
    installation = Installation(
        str(folder), "/nowhere", "/nowhere/temporal-server", "/nowhere/temporal", 5432, "secret"
    )
    return Server(installation, "first", 7233).environment("temporal", "temporal_visibility")
