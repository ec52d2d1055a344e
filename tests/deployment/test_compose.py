"""What docker-compose.yml promises, checked without Docker."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deployment.compose_file import COMPOSE_FILE, ROOT, runs_to_its_end, services

SERVICES = services()
SECRETS = re.compile(r"(SECRET|PASSWORD|PWD|TOKEN_KEY|ACCESS_KEY|KEY_ID)(?!.*_FILE$)")


def test_the_file_follows_the_compose_specification() -> None:
    checker = Path(sys.executable).with_name("check-jsonschema")
    done = subprocess.run(
        [checker, "--builtin-schema", "vendor.compose-spec", COMPOSE_FILE], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_that_stays_up_has_a_health_check(name: str) -> None:
    assert runs_to_its_end(name) or "test" in SERVICES[name]["healthcheck"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_started_again_when_it_fails(name: str) -> None:
    expected = "on-failure:5" if runs_to_its_end(name) else "unless-stopped"
    assert SERVICES[name]["restart"] == expected


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned_by_a_tag_that_names_a_version(name: str) -> None:
    assert re.fullmatch(r"[a-z/-]+:\d+\.\d+\S*", SERVICES[name]["image"])


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_waits_for_what_it_depends_on_to_be_ready(name: str) -> None:
    for dependency, wait in SERVICES[name].get("depends_on", {}).items():
        ready = "service_completed_successfully" if runs_to_its_end(dependency) else "service_healthy"
        assert wait["condition"] == ready


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_has_a_default_value(name: str) -> None:
    secrets = {k: v for k, v in SERVICES[name].get("environment", {}).items() if SECRETS.search(k)}
    for variable, value in secrets.items():
        assert value is None or re.fullmatch(r"\$\{[A-Z_]+:\?[^}]+\}", value), f"{name}: {variable}"


@pytest.mark.parametrize("name", SERVICES)
def test_only_the_receiver_listens_on_more_than_the_loopback_address(name: str) -> None:
    published = SERVICES[name].get("ports", [])
    if name == "receiver":
        assert published == ["8080:8080"]
    else:
        assert all(port.startswith("127.0.0.1:") for port in published)


def test_the_receiver_reads_the_callback_secrets_that_the_command_writes_in_the_worker_s_container() -> None:
    worker, receiver = SERVICES["worker"], SERVICES["receiver"]
    variable = "ONBOARD_SINCH_CALLBACK_SECRETS_FILE"
    assert worker["environment"][variable] == receiver["environment"][variable]
    [folder] = re.findall(r":-(/.+)/[^/]+\}$", worker["environment"][variable])
    assert f"callback-secrets:{folder}" in worker["volumes"]
    assert f"callback-secrets:{folder}:ro" in receiver["volumes"]
    assert folder in (ROOT / "Dockerfile").read_text()
