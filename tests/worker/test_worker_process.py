"""The worker as a process: what it needs to start, and how it stops."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.testing import WorkflowEnvironment

from onboarding.search_attributes import TYPE_NAMES
from starter.stack.ports import free_ports

SECRET = "a-secret-that-must-not-show"


def _environment(tmp_path: Path, **changes: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("ONBOARD_", "TEMPORAL_"))}
    return {
        **inherited,
        "TEMPORAL_ADDRESS": f"127.0.0.1:{free_ports(1)[0]}",
        "ONBOARD_SINCH_PROJECT_ID": "project",
        "ONBOARD_SINCH_KEY_ID": "key",
        "ONBOARD_SINCH_KEY_SECRET": SECRET,
        "ONBOARD_SMTP_HOST": "127.0.0.1",
        "ONBOARD_MAIL_FROM": "onboarding@example.com",
        "ONBOARD_DOCUMENT_STORE": str(tmp_path / "documents"),
        **changes,
    }


def _run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "worker", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


async def _started(environment: dict[str, str], *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "worker", *arguments, env=environment, stderr=asyncio.subprocess.PIPE
    )


async def _line(process: asyncio.subprocess.Process, *texts: str) -> str:
    """The first line of its log that holds all texts."""
    assert process.stderr is not None
    async with asyncio.timeout(60):
        async for raw in process.stderr:
            line = raw.decode()
            if all(text in line for text in texts):
                return line
    raise AssertionError(f"the log never said {texts}")


def test_a_missing_setting_is_named_and_no_secret_is_shown(tmp_path: Path) -> None:
    environment = _environment(tmp_path)
    del environment["ONBOARD_SINCH_KEY_ID"]

    ended = _run(environment)

    assert ended.returncode == 4
    assert "ONBOARD_SINCH_KEY_ID" in ended.stderr
    assert SECRET not in ended.stderr


def test_a_role_needs_only_its_own_settings(tmp_path: Path) -> None:
    environment = _environment(tmp_path)
    for name in ("ONBOARD_SINCH_KEY_ID", "ONBOARD_SINCH_KEY_SECRET"):
        del environment[name]

    assert "ONBOARD_SINCH_KEY_ID" in _run(environment, "--role", "sinch").stderr
    assert "ONBOARD_SMTP_HOST" in _run({**environment, "ONBOARD_SMTP_HOST": ""}, "--role", "mail").stderr


def test_callbacks_without_a_token_key_are_refused(tmp_path: Path) -> None:
    ended = _run(_environment(tmp_path, ONBOARD_CALLBACK_PUBLIC_URL="https://callbacks.example.com"))

    assert ended.returncode == 4
    assert "ONBOARD_CALLBACK_TOKEN_KEY" in ended.stderr


def test_an_unknown_role_is_a_usage_error(tmp_path: Path) -> None:
    ended = _run(_environment(tmp_path), "--role", "cook")

    assert ended.returncode == 2
    assert "cook" in ended.stderr


async def test_a_worker_waits_for_temporal_and_stops_when_told(tmp_path: Path) -> None:
    process = await _started(_environment(tmp_path))

    await _line(process, "temporal cannot be reached yet")
    process.send_signal(signal.SIGTERM)

    assert await asyncio.wait_for(process.wait(), 30) == 0


async def test_a_worker_registers_the_search_attributes_works_and_stops_without_an_error(
    tmp_path: Path, temporal_cli: str
) -> None:
    async with await WorkflowEnvironment.start_local(dev_server_existing_path=temporal_cli) as server:
        address = server.client.service_client.config.target_host
        process = await _started(_environment(tmp_path, TEMPORAL_ADDRESS=address))
        working = await _line(process, "working")
        known = await server.client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace="default")
        )
        process.send_signal(signal.SIGTERM)
        rest = (await process.communicate())[1].decode()

    assert all(role in working for role in ("workflows", "sinch", "mail"))
    assert set(TYPE_NAMES) <= set(known.custom_attributes)
    assert process.returncode == 0
    assert "stopped" in rest
    assert "error" not in rest.lower()
