"""One process of the stack: started, watched, stopped, and its last words where it fails."""

import asyncio
import sys
from pathlib import Path

import pytest

from starter.exits import Stop
from starter.stack.component import Component


def component(folder: Path, program: str) -> Component:
    command = [sys.executable, "-c", program]
    return Component("sleeper", command, {"GREETING": "good morning"}, folder / "sleeper.log")


async def never() -> bool:
    return False


async def test_it_runs_with_its_environment_until_it_is_stopped_and_can_run_again(tmp_path: Path) -> None:
    program = "import os, time; print(os.environ['GREETING'], flush=True); time.sleep(600)"
    sleeper, log = component(tmp_path, program), tmp_path / "sleeper.log"
    for runs in (1, 2):
        await sleeper.start()

        async def has_greeted(runs: int = runs) -> bool:
            return log.read_text().count("good morning") == runs

        await sleeper.ready(has_greeted)
        assert sleeper.process_id is not None
        await sleeper.stop()
        assert not sleeper.is_running
        assert sleeper.process_id is None


async def test_one_that_ends_before_it_is_ready_shows_its_last_words(tmp_path: Path) -> None:
    failing = component(tmp_path, "import sys; print('the disk is full'); sys.exit(7)")
    await failing.start()
    with pytest.raises(Stop) as stopped:
        await failing.ready(never)
    assert stopped.value.message.startswith("sleeper ended with 7:\nthe disk is full\n")
    assert str(tmp_path / "sleeper.log") in stopped.value.message


async def test_its_end_can_be_waited_for(tmp_path: Path) -> None:
    sleeper = component(tmp_path, "import time; time.sleep(600)")
    await sleeper.start()
    ended = asyncio.create_task(sleeper.ended())
    await sleeper.kill()
    await asyncio.wait_for(ended, 30)
    assert not sleeper.is_running


async def test_stopping_what_never_ran_does_nothing(tmp_path: Path) -> None:
    sleeper = component(tmp_path, "")
    await sleeper.stop()
    await sleeper.ended()
    assert not sleeper.is_running
