"""Temporal's database goes away in the middle of a batch and comes back: nothing is lost and nothing is done twice."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.production_like.postgresql import PostgreSQL
from tests.end_to_end.batches import expected_ends, numbers_of, write_batch
from tests.end_to_end.once import assert_that_nothing_was_done_twice
from tests.end_to_end.site import Site, running_site, until
from tests.end_to_end.voice_operator import VoiceOperator

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(400)]

NUMBERS = numbers_of(218, "0101", "0102", "4001", "4101", "5001", "6135", "7001", "8001")
BATCH = "database-away"
PATIENT = '{ remind_every = "60s", deadline = "60s" }'


@pytest.mark.parametrize("goes_away", [PostgreSQL.stop, PostgreSQL.kill], ids=["shut down", "killed"])
async def test_a_batch_survives_the_absence_of_the_database_and_does_nothing_twice(
    postgresql_of_its_own: PostgreSQL, goes_away: Callable[[PostgreSQL], None], tmp_path: Path
) -> None:
    async with running_site(tmp_path) as site:
        operator = VoiceOperator(site, BATCH)
        await site.onboard("start", write_batch(tmp_path, BATCH, NUMBERS, voice_code=PATIENT, carrier=PATIENT))
        await events_are_held(site, operator)

        goes_away(postgresql_of_its_own)
        await site.world.callbacks()
        refused = await refused_events(site)
        said = await site.onboard("status", BATCH)
        assert (said.code, said.stdout) == (8, "")

        postgresql_of_its_own.start()
        await until(lambda: temporal_answers(site), "Temporal answers again")
        await site.world.pass_hours(2)
        delivered = {entry["details"]["event_id"] for entry in await site.world.ledger("callback_delivered")}
        assert refused <= delivered
        await operator.carry_through()

        assert await site.ends_of(BATCH) == expected_ends(NUMBERS)
        await assert_that_nothing_was_done_twice(site, operator)


async def events_are_held(site: Site, operator: VoiceOperator) -> None:
    """Carry the batch on to its hosting orders, until Sinch has events of them that it has not sent yet."""

    async def has_news() -> bool:
        await operator.round()
        ordered = bool(await site.world.ledger("hosting_order"))
        await site.world.callbacks(hold=ordered)
        await site.world.pass_hours(1)
        return bool(await site.world.callbacks_held())

    await until(has_news, "Sinch holds events of the batch")


async def refused_events(site: Site) -> set[str]:
    """The events that Sinch sends meanwhile: the receiver answers each of them with 503."""
    refused: set[str] = set()

    async def all_are_tried() -> bool:
        entries = await site.world.ledger("callback_failed")
        refused.update(entry["details"]["event_id"] for entry in entries)
        return bool(entries) and not await site.world.callbacks_held()

    await until(all_are_tried, "the events are refused")
    statuses = {entry["details"]["status"] for entry in await site.world.ledger("callback_failed")}
    assert statuses == {503}
    return refused


async def temporal_answers(site: Site) -> bool:
    try:
        return await site.is_running(BATCH)
    except Exception:
        return False
