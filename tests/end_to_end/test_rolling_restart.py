"""Workers and receiver are restarted one after the other, again and again: no work is lost and no error is logged."""

import asyncio
import re
import sys
from collections.abc import Iterable
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from scripts.ports import LOOPBACK, free_ports
from starter.stack.component import Component
from tests.end_to_end.batches import FOREVER, expected_ends, numbers_of, write_batch
from tests.end_to_end.once import assert_that_nothing_was_done_twice
from tests.end_to_end.site import Site, running_site
from tests.end_to_end.voice_operator import VoiceOperator

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(300)]

_NUMBERS = numbers_of(707, "0101", "0102", "0103", "1001", "4001", "4101", "5001", "6135", "7001")
_DAY_SECONDS = 1.5
_MANY_HOURS = 10_000
"""Codes are good for longer than it takes to enter them, however busy the machine is."""
_ROUNDS_AT_LEAST = 3
_LOOK_EVERY_SECONDS = 0.2
_IMPATIENT = '{ remind_every = "60s", deadline = "5s" }'
_ASKS_FOR_WORK = "temporal_num_pollers"
_NOBODY_LISTENED = "ConnectError"
_TROUBLE = re.compile(r"\[(warning|error|critical)|Traceback|Exception")


class Restarts:
    """Processes that are restarted by SIGTERM; `rounds` says how often all were."""

    def __init__(self, site: Site, http: httpx.AsyncClient) -> None:
        """Of both workers and the receiver."""
        self._site = site
        self._http = http
        second = {**site.stack.environment, "ONBOARD_METRICS_ADDRESS": f"{LOOPBACK}:{free_ports(1)[0]}"}
        self.second_worker = Component("worker-2", (sys.executable, "-m", "worker"), second, self.log_of("worker-2"))
        first = site.stack.environment
        self._health = {
            name: (f"http://{environment['ONBOARD_METRICS_ADDRESS']}/metrics", _ASKS_FOR_WORK)
            for name, environment in {"worker": first, "worker-2": second}.items()
        } | {"receiver": (f"{site.stack.endpoints.receiver}/readyz", "")}
        self.rounds = 0

    @property
    def names(self) -> Iterable[str]:
        """Those that are restarted."""
        return self._health.keys()

    def log_of(self, name: str) -> Path:
        return self._site.folder / "logs" / f"{name}.log"

    async def start_second_worker(self) -> None:
        await self.second_worker.start()
        await self._healthy(self.second_worker)

    async def round(self) -> None:
        """One after the other, each when the one before is healthy again."""
        components, world = self._site.stack.components, self._site.world
        await self._restart(components["worker"])
        # At this speed Sinch gives up repeating an event within a second: it begins no new ones while nobody listens.
        await world.callbacks(hold=True)
        await self._restart(components["receiver"])
        await world.callbacks()
        await self._restart(self.second_worker)
        self.rounds += 1

    async def _restart(self, component: Component) -> None:
        await component.stop()
        await component.start()
        await self._healthy(component)

    async def _healthy(self, component: Component) -> None:
        address, said = self._health[component.name]

        async def is_healthy() -> bool:
            try:
                answer = await self._http.get(address)
            except httpx.HTTPError:
                return False
            return answer.is_success and said in answer.text

        await component.ready(is_healthy)


async def test_a_rolling_restart_loses_no_work_and_logs_no_error(tmp_path: Path, temporal_cli: str) -> None:
    async with AsyncExitStack() as stack:
        site = await stack.enter_async_context(running_site(tmp_path, _DAY_SECONDS, voice_code_hours=_MANY_HOURS))
        restarts = Restarts(site, await stack.enter_async_context(httpx.AsyncClient()))
        stack.push_async_callback(restarts.second_worker.stop)
        await restarts.start_second_worker()
        started = await site.onboard(
            "start",
            write_batch(
                tmp_path, "rolling", _NUMBERS, voice_code=FOREVER, carrier=FOREVER, operator=_IMPATIENT, wave='"1s"'
            ),
        )
        assert started.code == 0, started.stderr
        operator = VoiceOperator(site, "rolling")

        carried_through = asyncio.create_task(carry_through_in_the_last_round(operator, restarts))
        while not carried_through.done():
            await restarts.round()
        await carried_through

        assert await site.ends_of("rolling") == expected_ends(_NUMBERS)
        await assert_that_nothing_was_done_twice(site, operator)
        failed = await site.world.ledger("callback_failed")
        assert {callback["details"]["status"] for callback in failed} <= {_NOBODY_LISTENED}

    assert restarts.rounds >= _ROUNDS_AT_LEAST
    for name in restarts.names:
        log = restarts.log_of(name).read_text()
        assert [line for line in log.splitlines() if _TROUBLE.search(line)] == []
        assert log.count(" stopped ") == restarts.rounds + 1


async def carry_through_in_the_last_round(operator: VoiceOperator, restarts: Restarts) -> None:
    """However fast or slow the machine, the batch cannot end before: a phone waits for somebody to answer it."""
    while restarts.rounds < _ROUNDS_AT_LEAST - 1:  # noqa: ASYNC110 - it takes seconds
        await asyncio.sleep(_LOOK_EVERY_SECONDS)
    await operator.carry_through(hours_a_round=0)
