"""The simulator as a process: it says where it listens, and ends when told to."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

CONTROL = "simulator_control"


def test_the_process_announces_its_endpoints_serves_and_ends_cleanly(tmp_path: Path) -> None:
    endpoints_file = tmp_path / "endpoints.json"
    with _process("--day", "60", "--seed", "3", "--endpoints", str(endpoints_file)) as process:
        assert process.stdout is not None
        endpoints = json.loads(process.stdout.readline())
        assert set(endpoints) == {"sinch_imported", "sinch_numbers", "sinch_oauth", "sinch_legacy", "smtp", CONTROL}
        assert json.loads(endpoints_file.read_text()) == endpoints
        assert list(tmp_path.iterdir()) == [endpoints_file]
        with httpx.Client() as client:
            assert client.get(f"{endpoints[CONTROL]}/healthz").json() == {"status": "ok"}
            clock = client.get(f"{endpoints[CONTROL]}/_sim/clock").json()
            assert clock["seconds_per_day"] == 60
            token = client.post(
                endpoints["sinch_oauth"],
                auth=("local-key-id", "a secret of this test"),
                data={"grant_type": "client_credentials"},
            )
            assert token.status_code == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=30) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_a_port_that_is_taken_is_told_in_one_line() -> None:
    with _process() as first:
        assert first.stdout is not None
        port = json.loads(first.stdout.readline())[CONTROL].rpartition(":")[2]
        with _process("--control-port", port) as second:
            output, complaint = second.communicate(timeout=30)
            assert (second.returncode, output) == (1, "")
            assert complaint.count("\n") == 1
            assert f"the port {port}" in complaint


def test_the_process_serves_further_projects_whose_secrets_stand_in_the_environment() -> None:
    with _process("--project", "own", "--project", "acme:acme-key:ACME_SECRET") as process:
        assert process.stdout is not None
        endpoints = json.loads(process.stdout.readline())
        keys = {"own": ("local-key-id", "a secret of this test"), "acme": ("acme-key", "another secret of this test")}
        with httpx.Client(base_url=endpoints["sinch_imported"]) as client:
            for project, key in keys.items():
                answer = client.get(f"/v1/projects/{project}/callbackConfiguration", auth=key)
                assert answer.json() == {"projectId": project, "hmacSecret": ""}


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ("acme:acme-key:NOWHERE", "the environment variable NOWHERE is not set"),
        ("acme:acme-key", "neither ID nor ID:KEY_ID:SECRET_ENVIRONMENT_VARIABLE"),
        (":acme-key:ACME_SECRET", "project_id"),
        ("local/:acme-key:ACME_SECRET", "project_id"),
        ("acme:acme-key:ACME_SECRET", "given twice"),
    ],
)
def test_a_project_that_cannot_be_is_told_at_the_start(value: str, complaint: str) -> None:
    with _process("--project", "acme", "--project", value) as process:
        output, complaints = process.communicate(timeout=30)
    assert (process.returncode, output) == (2, "")
    assert complaint in complaints
    assert "Traceback" not in complaints


@contextmanager
def _process(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "simulator", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={"SIMULATOR_KEY_SECRET": "a secret of this test", "ACME_SECRET": "another secret of this test"},
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(
    ("option", "told"),
    [("--voice-code-hours", "voice_code_validity"), ("--callback-pauses-hours", "callback_retry_pauses")],
)
def test_times_of_no_length_are_told_at_the_start(option: str, told: str) -> None:
    with _process(option, "0") as process:
        output, complaints = process.communicate(timeout=30)
    assert (process.returncode, output) == (2, "")
    assert told in complaints
