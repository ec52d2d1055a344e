"""The receiver as a process: start, stop, exit codes."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from pydantic import SecretStr

from processes.callback_secrets import write_callback_secrets
from tests.receiver.served_receiver import SECRET, TOKEN_KEY, event_body, path_for, signed

ROOT = Path(__file__).parents[2]
SETTINGS = {
    "ONBOARD_CALLBACK_TOKEN_KEY": TOKEN_KEY,
    "ONBOARD_CALLBACK_SECRETS": SECRET,
    "ONBOARD_RECEIVER_PORT": "0",
    "ONBOARD_LOG_FORMAT": "json",
    "TEMPORAL_ADDRESS": "127.0.0.1:1",
}


def start(settings: Mapping[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "receiver"],
        cwd=ROOT,
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(settings: Mapping[str, str] = SETTINGS) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """A receiver process and its URL."""
    with start(settings) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().split()[-1]
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_starts_before_temporal_and_stops_with_exit_code_0(number: signal.Signals) -> None:
    with running() as (process, url):
        body = event_body()
        answer = httpx.post(url + path_for("HostingOrder:june:0001:1"), content=body, headers=signed(body))
        assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
        assert httpx.get(f"{url}/readyz").status_code == 503
        assert httpx.get(f"{url}/healthz").status_code == 200
        process.send_signal(number)
        output, log = process.communicate(timeout=30)
    assert process.returncode == 0
    assert output == ""
    assert "Temporal did not take a signal" in log
    assert "2345612345" not in log


def test_it_finishes_requests_in_flight_and_takes_no_new_ones() -> None:
    with running() as (process, url):
        address = (str(urlsplit(url).hostname), int(urlsplit(url).port or 0))
        body = event_body()
        with socket.create_connection(address, timeout=30) as connection:
            connection.sendall(head(body))
            assert connection.recv(1000).startswith(b"HTTP/1.1 100 ")
            process.terminate()
            wait_until_refused(address)
            connection.sendall(body)
            assert connection.recv(1000).startswith(b"HTTP/1.1 503 ")
        process.communicate(timeout=30)
    assert process.returncode == 0


def test_it_does_not_run_without_a_secret() -> None:
    with start(SETTINGS | {"ONBOARD_CALLBACK_SECRETS": ""}) as process:
        output, message = process.communicate(timeout=30)
    assert (process.returncode, output) == (4, "")
    assert "ONBOARD_CALLBACK_SECRETS" in message
    assert "Traceback" not in message


def test_it_serves_several_projects_and_takes_new_secrets_while_it_runs(tmp_path: Path) -> None:
    profiles = tmp_path / "profiles.toml"
    profiles.write_text('[retail]\nproject_id = "retail-project"\ncallback_secrets_file = "retail-secrets"\n')
    (tmp_path / "retail-secrets").write_text("known-to-retail\n")
    settings = SETTINGS | {"ONBOARD_SINCH_PROFILES": str(profiles), "ONBOARD_SINCH_PROJECT_ID": "default-project"}
    with running(settings | {"ONBOARD_SINCH_CALLBACK_SECRETS_FILE": str(tmp_path / "secrets")}) as (process, url):

        def answer(project: str, secret: str) -> tuple[int, str]:
            body = event_body(projectId=project)
            path = path_for("HostingOrder:june:0001:1")
            answered = httpx.post(url + path, content=body, headers=signed(body, secret=secret))
            return answered.status_code, answered.text

        genuine = (503, "unavailable")  # for there is no Temporal
        assert answer("default-project", SECRET) == answer("retail-project", "known-to-retail") == genuine
        assert answer("retail-project", SECRET) == (401, "bad_signature")
        assert answer("third-project", SECRET) == (401, "unknown_project")
        write_callback_secrets(tmp_path / "secrets", [SecretStr("a-new-secret")])
        assert answer("default-project", "a-new-secret") == answer("default-project", SECRET) == genuine
        process.terminate()
        _, log = process.communicate(timeout=30)
    assert "callback secrets read again" in log
    assert not any(secret in log for secret in (SECRET, "known-to-retail", "a-new-secret"))


def test_a_port_that_is_taken_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with start(SETTINGS | {"ONBOARD_RECEIVER_PORT": port}) as process:
            output, message = process.communicate(timeout=30)
    assert (process.returncode, output) == (1, "")
    assert port in message
    assert "Traceback" not in message


def head(body: bytes) -> bytes:
    signature = signed(body)["X-Sinch-Signature"]
    return (
        f"POST {path_for('HostingOrder:june:0001:1')} HTTP/1.1\r\nHost: receiver\r\nX-Sinch-Signature: {signature}\r\n"
        f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
    ).encode()


def wait_until_refused(address: tuple[str, int]) -> None:
    while True:
        try:
            socket.create_connection(address, timeout=30).close()
        except ConnectionRefusedError:
            return
