"""A short chaos run of a certain seed: a batch comes through kills of every kind, faults and unreliable callbacks."""

from pathlib import Path

import pytest

from tests.chaos.numbers import WITHOUT_DEADLINES
from tests.chaos.run import Plan, run
from tests.chaos.schedule import Victim
from tests.chaos.table import table

pytestmark = [pytest.mark.end_to_end, pytest.mark.timeout(400)]

PLAN = Plan(
    seed=20,
    kills=8,
    numbers_a_batch=48,
    cards=WITHOUT_DEADLINES,
    batches_at_a_time=1,
    day_seconds=2,
    batch_seconds=240,
    pace={
        "wave": '"2s"',
        "eligibility": '{ remind_every = "60s", deadline = "150s" }',
        "invoice_review": '{ remind_every = "60s", deadline = "15s" }',
        "voice_code": '{ remind_every = "60s", deadline = "150s" }',
        "loa_signature": '{ remind_every = "60s", deadline = "150s" }',
        "carrier": '{ remind_every = "60s", deadline = "150s" }',
        "operator": '{ remind_every = "60s", deadline = "5s" }',
    },
)


@pytest.mark.usefixtures("temporal_cli")
async def test_a_batch_comes_through_kills_faults_and_unreliable_callbacks_with_every_promise_kept(
    tmp_path: Path,
) -> None:
    outcome = await run(PLAN, tmp_path)
    assert outcome.promises_kept, table(outcome)
    assert outcome.numbers == outcome.ends_as_demanded == PLAN.numbers_a_batch
    assert outcome.kills.keys() == set(Victim)
    assert min(outcome.kills.values()) >= 1
    assert min(outcome.events.values()) >= 1
