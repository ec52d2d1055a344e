"""`onboard doctor` on a whole stack: all is well, a key is wrong, the worker is gone, and what commands say then."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest

from tests.end_to_end.batches import FOREVER, numbers_of, write_batch
from tests.end_to_end.site import Site, running_site, until
from tests.starter.onboard_command import Ended

pytestmark = pytest.mark.end_to_end

BATCH = "patient"


@pytest.fixture(scope="module")
async def site(tmp_path_factory: pytest.TempPathFactory, temporal_cli: str) -> AsyncIterator[Site]:
    """A stack of our own with a batch that goes on, since we end its worker."""
    async with running_site(tmp_path_factory.mktemp("doctor")) as site:
        numbers = numbers_of(407, "0101")
        path = write_batch(site.folder, BATCH, numbers, verification="voice", voice_code=FOREVER)
        assert (await site.onboard("start", path)).code == 0
        yield site


@pytest.fixture(scope="module")
async def workerless(site: Site) -> Site:
    """The stack without a worker, from now on."""
    await site.stack.components["worker"].kill()
    return site


def problems(ended: Ended) -> list[Mapping[str, Any]]:
    return [found for found in ended.data if found["level"] == "problem"]


async def restart_temporal(site: Site) -> None:
    """A server that was just started has not yet heard of workers that are gone."""
    temporal = site.stack.components["temporal"]
    await temporal.kill()
    await temporal.start()
    async with httpx.AsyncClient() as http:

        async def answers() -> bool:
            try:
                return (await http.get(site.stack.endpoints.web_ui)).is_success
            except httpx.HTTPError:
                return False

        await temporal.ready(answers)


async def test_a_stack_that_is_well_and_a_wrong_key_are_told_apart(site: Site) -> None:
    async def is_found_well() -> bool:
        well = await site.onboard("doctor", BATCH, "--output", "json")
        assert (well.code, problems(well)) == (0, [])
        return any(found["check"] == "batch" and "workflows run" in found["message"] for found in well.data)

    await until(is_found_well, "the batch is listed")
    missing = await site.onboard("doctor", "no-such-batch", "--output", "json")
    assert [(found["check"], found["next_step"]) for found in problems(missing)] == [("batch", "see: onboard list")]
    assert missing.code == 1

    wrong = await site.onboard("doctor", "--output", "json", ONBOARD_SINCH_KEY_SECRET="wrong")
    assert (wrong.code, [found["check"] for found in problems(wrong)]) == (4, ["sinch"])
    assert problems(wrong)[0]["next_step"].startswith("set ONBOARD_SINCH_KEY_ID and ONBOARD_SINCH_KEY_SECRET")


async def test_without_a_worker_the_command_does_not_hang_but_says_what_to_start(workerless: Site) -> None:
    status, cancel = workerless.onboard("status", BATCH), workerless.onboard("cancel", BATCH, "--yes")
    for ended in await asyncio.gather(status, cancel):
        assert (ended.code, ended.stdout) == (8, "")
        assert "is a worker running? Start one with: python worker.py" in ended.stderr


async def test_a_worker_that_is_gone_is_named_with_the_queues_nobody_works_on(workerless: Site) -> None:
    await restart_temporal(workerless)
    gone = await workerless.onboard("doctor")
    said = [line.strip() for line in gone.stdout.splitlines()]
    assert gone.code == 1
    for queue, role in (("onboarding", "workflows"), ("sinch-api", "sinch"), ("mail", "mail")):
        assert f"nobody works on {queue}" in gone.stdout
        assert f"-> start a worker: python worker.py --role {role}" in said
    assert gone.stderr.strip().endswith(", 4 problems")
