"""The metrics of a worker process: what `watched` measures stands beside the SDK's own, and stops with the worker."""

from pathlib import Path

import httpx
from temporalio.client import Client

from scripts.ports import free_ports
from tests.end_to_end.site import until
from tests.worker.worker_process import settings, worker_process


async def metrics_at(address: str) -> str:
    try:
        async with httpx.AsyncClient() as http:
            return (await http.get(f"http://{address}/metrics")).text
    except httpx.HTTPError:
        return ""


async def test_a_worker_shows_what_waits_beside_the_sdks_own_metrics_and_stops_without_an_error(
    client: Client, tmp_path: Path
) -> None:
    metrics = f"127.0.0.1:{free_ports(1)[0]}"
    address = client.service_client.config.target_host
    told = settings(tmp_path, TEMPORAL_ADDRESS=address, ONBOARD_METRICS_ADDRESS=metrics)

    async def is_measured() -> bool:
        return "onboard_last_measured_timestamp_seconds" in await metrics_at(metrics)

    async with worker_process(told) as worker:
        await until(is_measured, "the worker has measured")
        shown = await metrics_at(metrics)
        code = await worker.stopped()

    for sample in (
        'onboard_workflows_waiting{on="operator"',
        "onboard_workflows_stuck{",
        "onboard_deadlines_passed{",
        'onboard_task_queue_pollers{kind="workflow",queue="onboarding"',
        'onboard_task_queue_backlog{kind="activity",queue="sinch-api"',
        "temporal_num_pollers{",
    ):
        assert sample in shown
    assert (code, "error" in worker.log.lower()) == (0, False)


async def test_a_worker_without_workflows_leaves_measuring_to_others(client: Client, tmp_path: Path) -> None:
    metrics = f"127.0.0.1:{free_ports(1)[0]}"
    address = client.service_client.config.target_host
    told = settings(tmp_path, TEMPORAL_ADDRESS=address, ONBOARD_METRICS_ADDRESS=metrics)

    async def takes_mails() -> bool:
        return 'task_queue="mail"' in await metrics_at(metrics)

    async with worker_process(told, "--role", "mail") as worker:
        await until(takes_mails, "the worker asks for mails")
        assert "onboard_" not in await metrics_at(metrics)
        assert await worker.stopped() == 0
