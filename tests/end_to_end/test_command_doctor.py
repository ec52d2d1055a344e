"""`onboard doctor` on a whole stack: all is well, a key is wrong, the worker is gone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.end_to_end.batches import FOREVER, numbers_of, write_batch
from tests.end_to_end.site import Site, running_site, until
from tests.starter.onboard_command import Ended

pytestmark = pytest.mark.end_to_end


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


async def test_a_stack_that_is_well_a_wrong_key_and_a_worker_that_is_gone_are_told_apart(
    tmp_path: Path, temporal_cli: str
) -> None:
    async with running_site(tmp_path) as site:
        path = write_batch(tmp_path, "patient", numbers_of(407, "0101"), verification="voice", voice_code=FOREVER)
        assert (await site.onboard("start", path)).code == 0

        async def is_found_well() -> bool:
            well = await site.onboard("doctor", "patient", "--output", "json")
            assert (well.code, problems(well)) == (0, [])
            return any(found["check"] == "batch" and "workflows run" in found["message"] for found in well.data)

        await until(is_found_well, "the batch is listed")
        missing = await site.onboard("doctor", "no-such-batch", "--output", "json")
        assert [(found["check"], found["next_step"]) for found in problems(missing)] == [("batch", "see: onboard list")]
        assert missing.code == 1

        wrong = await site.onboard("doctor", "--output", "json", ONBOARD_SINCH_KEY_SECRET="wrong")
        assert (wrong.code, [found["check"] for found in problems(wrong)]) == (4, ["sinch"])
        assert problems(wrong)[0]["next_step"].startswith("set ONBOARD_SINCH_KEY_ID and ONBOARD_SINCH_KEY_SECRET")

        await site.stack.components["worker"].kill()
        await restart_temporal(site)
        gone = await site.onboard("doctor")
        said = [line.strip() for line in gone.stdout.splitlines()]
        assert gone.code == 1
        for queue, role in (("onboarding", "workflows"), ("sinch-api", "sinch"), ("mail", "mail")):
            assert f"nobody works on {queue}" in gone.stdout
            assert f"-> start a worker: python worker.py --role {role}" in said
        assert gone.stderr.strip().endswith(", 4 problems")
