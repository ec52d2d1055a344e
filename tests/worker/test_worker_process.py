"""The worker as a process: what it needs to start, and how it stops."""

from pathlib import Path

from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest

from onboarding.search_attributes import TYPE_NAMES
from tests.temporal_server import temporal_server
from tests.worker.worker_process import SECRET, ended_worker, settings, worker_process


def test_a_missing_setting_is_named_and_no_secret_is_shown(tmp_path: Path) -> None:
    told = settings(tmp_path)
    del told["ONBOARD_SINCH_KEY_ID"]

    ended = ended_worker(told)

    assert ended.returncode == 4
    assert "ONBOARD_SINCH_KEY_ID" in ended.stderr
    assert SECRET not in ended.stderr


def test_a_role_needs_only_its_own_settings(tmp_path: Path) -> None:
    told = settings(tmp_path)
    for name in ("ONBOARD_SINCH_KEY_ID", "ONBOARD_SINCH_KEY_SECRET"):
        del told[name]

    assert "ONBOARD_SINCH_KEY_ID" in ended_worker(told, "--role", "sinch").stderr
    assert "ONBOARD_SMTP_HOST" in ended_worker({**told, "ONBOARD_SMTP_HOST": ""}, "--role", "mail").stderr


def test_callbacks_without_a_token_key_are_refused(tmp_path: Path) -> None:
    ended = ended_worker(settings(tmp_path, ONBOARD_CALLBACK_PUBLIC_URL="https://callbacks.example.com"))

    assert ended.returncode == 4
    assert "ONBOARD_CALLBACK_TOKEN_KEY" in ended.stderr


def test_an_unknown_role_is_a_usage_error(tmp_path: Path) -> None:
    ended = ended_worker(settings(tmp_path), "--role", "cook")

    assert ended.returncode == 2
    assert "cook" in ended.stderr


async def test_a_worker_waits_for_temporal_and_stops_when_told(tmp_path: Path) -> None:
    async with worker_process(settings(tmp_path)) as worker:
        await worker.says("temporal cannot be reached yet")
        assert await worker.stopped() == 0


async def test_a_worker_registers_the_search_attributes_works_and_stops_without_an_error(
    tmp_path: Path, temporal_cli: str
) -> None:
    async with temporal_server(temporal_cli, registered=False) as server:
        address = server.client.service_client.config.target_host
        async with worker_process(settings(tmp_path, TEMPORAL_ADDRESS=address)) as worker:
            working = await worker.says("working")
            known = await server.client.operator_service.list_search_attributes(
                ListSearchAttributesRequest(namespace="default")
            )
            code = await worker.stopped()

    assert all(role in working for role in ("workflows", "sinch", "mail"))
    assert set(TYPE_NAMES) <= set(known.custom_attributes)
    assert code == 0
    assert "stopped" in worker.log
    assert "error" not in worker.log.lower()
