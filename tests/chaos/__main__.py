"""`python -m tests.chaos --seed N --kills N`: batches of 200 numbers through kills and faults, then a table.

Exit code 0 when every promise was kept, else 1. Logs stay in `var/chaos`.
"""

import asyncio
import os
import random
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from tests.chaos.numbers import ALL_CARDS
from tests.chaos.run import Plan, run
from tests.chaos.table import table

_FOLDER = Path("var/chaos").absolute()
_PACE = {
    "poll_longest": '"3s"',
    "wave": '"5s"',
    "eligibility": '{ remind_every = "60s", deadline = "300s" }',
    "invoice_review": '{ remind_every = "60s", deadline = "60s" }',
    "voice_code": '{ remind_every = "60s", deadline = "180s" }',
    "loa_signature": '{ remind_every = "60s", deadline = "300s" }',
    "carrier": '{ remind_every = "60s", deadline = "180s" }',
    "operator": '{ remind_every = "60s", deadline = "20s" }',
}


def main(
    seed: Annotated[int | None, typer.Option(help="The same seed kills and fails in the same way.")] = None,
    kills: Annotated[int, typer.Option(min=1, help="How many kills.")] = 100,
    numbers: Annotated[int, typer.Option(min=1, help="How many numbers a batch has.")] = 200,
) -> None:
    """Batches come through kills and faults, and a checker proves it."""
    seed = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    replay = f"make chaos SEED={seed} KILLS={kills} NUMBERS={numbers}"
    typer.echo(f"chaos: replay with {replay}")
    shutil.rmtree(_FOLDER, ignore_errors=True)
    _FOLDER.mkdir(parents=True)
    plan = Plan(
        seed=seed,
        kills=kills,
        numbers_a_batch=numbers,
        cards=ALL_CARDS,
        batches_at_a_time=2,
        day_seconds=4,
        batch_seconds=900,
        pace=_PACE,
    )
    outcome = asyncio.run(run(plan, _FOLDER))
    typer.echo(table(outcome))
    typer.echo(f"chaos: {'every promise was kept' if outcome.promises_kept else 'FAILED'}; replay with {replay}")
    sys.stdout.flush()
    # The Temporal SDK's threads can crash the interpreter while it finalizes; everything is done by now.
    os._exit(0 if outcome.promises_kept else 1)


if __name__ == "__main__":
    typer.run(main)
