"""Any process may die without warning: the batch goes on where it was, and nothing is done twice."""

from pathlib import Path

import httpx
import pytest

from tests.end_to_end.batches import expected_ends, write_batch
from tests.end_to_end.once import assert_that_nothing_was_done_twice
from tests.end_to_end.site import Site, running_site, until
from tests.end_to_end.voice_operator import VoiceOperator

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(300)]

_AFTER_A_LOST_ACTIVITY_SECONDS = 120
"""An activity that dies with its worker is begun again after half a minute, one that rings a phone a little later."""
_LONGER_THAN_THE_TEST_HOURS = 10_000
"""At this speed a code that is good for a day is too old before a busy machine has entered it."""
_DEMO_NUMBERS = Path(__file__).parents[2] / "examples" / "numbers.csv"


@pytest.mark.usefixtures("temporal_cli")
async def test_a_batch_survives_the_death_of_worker_temporal_and_receiver_and_does_nothing_twice(
    tmp_path: Path,
) -> None:
    numbers = tuple(_DEMO_NUMBERS.read_text().split()[1:])
    async with running_site(tmp_path, day_seconds=3, voice_code_hours=_LONGER_THAN_THE_TEST_HOURS) as site:
        operator = VoiceOperator(site, "survivor")
        patient = '{ remind_every = "60s", deadline = "60s" }'
        await site.onboard("start", write_batch(tmp_path, "survivor", numbers, voice_code=patient, carrier=patient))

        await until(lambda: is_under_review(site), "the invoices are under review")
        await kill_and_restart(site, "worker", f"http://{site.stack.environment['ONBOARD_METRICS_ADDRESS']}/metrics")

        await until_working(site, operator, "hosting_order")
        await kill_and_restart(site, "temporal", site.stack.endpoints.web_ui)
        await until(lambda: temporal_answers(site), "Temporal answers again")

        # At this speed Sinch gives up repeating an event within a second: it holds events while nobody listens.
        await site.world.callbacks(hold=True)
        await until(site.world.callbacks_held, "events are held")
        await kill_and_restart(site, "receiver", f"{site.stack.endpoints.receiver}/readyz")
        await site.world.callbacks()
        await operator.carry_through(hours_a_round=0)

        assert await site.ends_of("survivor") == expected_ends(numbers)
        await assert_that_nothing_was_done_twice(site, operator)


async def kill_and_restart(site: Site, name: str, address: str) -> None:
    component = site.stack.components[name]
    before = component.process_id
    await component.kill()
    assert not component.is_running
    await component.start()
    async with httpx.AsyncClient() as http:
        await component.ready(lambda: answers(http, address))
    assert component.process_id != before


async def answers(http: httpx.AsyncClient, address: str) -> bool:
    try:
        return (await http.get(address)).is_success
    except httpx.HTTPError:
        return False


async def temporal_answers(site: Site) -> bool:
    try:
        return await site.is_running("survivor")
    except Exception:
        return False


async def is_under_review(site: Site) -> bool:
    waiting = await site.client.count_workflows('OnboardingBatch="survivor" AND OnboardingWaitingOn="invoice-review"')
    return waiting.count == 1


async def until_working(site: Site, operator: VoiceOperator, kind: str) -> None:
    async def has_happened() -> bool:
        await operator.round()
        return bool(await site.world.ledger(kind))

    await until(has_happened, f"{kind} in the ledger", _AFTER_A_LOST_ACTIVITY_SECONDS)
