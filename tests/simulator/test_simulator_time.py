"""Virtual time: it flows by itself at the speed it is given, jumps when told to, and repeats itself for a seed."""

import asyncio
from datetime import datetime

import pytest

from simulator import SimulatorSettings, running
from simulator.clock import VirtualClock
from tests.simulator.driver import Driver, driving

NUMBERS = [f"+1202555{last:04d}" for last in range(1000, 1010)]


async def test_actions_run_in_the_order_of_their_times_and_see_their_own_time() -> None:
    clock = VirtualClock()
    start = clock.now()
    seen: list[tuple[str, float]] = []

    def note(name: str) -> None:
        seen.append((name, clock.now()))
        if name == "first":
            clock.after(5, note, "between")

    clock.at(start + 20, note, "last")
    clock.at(start + 10, note, "first")
    clock.at(start + 4000, note, "beyond")
    await clock.advance(3600)
    assert seen == [("first", start + 10), ("between", start + 15), ("last", start + 20)]
    assert 3600 <= clock.now() - start < 4000


async def test_what_is_due_runs_by_itself_when_a_day_is_short() -> None:
    clock = VirtualClock(seconds_per_day=0.01)
    happened = asyncio.Event()
    flow = asyncio.create_task(clock.run())
    await asyncio.sleep(0)
    clock.after(3600, happened.set)
    await asyncio.wait_for(happened.wait(), timeout=20)
    flow.cancel()


async def test_a_failing_action_does_not_stop_time() -> None:
    clock = VirtualClock(seconds_per_day=0.01)
    happened = asyncio.Event()

    def fail() -> None:
        raise RuntimeError("this action fails on purpose")

    clock.after(60, fail)
    clock.after(120, happened.set)
    flow = asyncio.create_task(clock.run())
    await asyncio.wait_for(happened.wait(), timeout=20)
    flow.cancel()


async def test_the_clock_is_told_and_advanced_over_the_control_port() -> None:
    async with driving() as sinch:
        before = await sinch.look("clock")
        assert before["seconds_per_day"] == 86400
        after = await sinch.tell("clock", {"advance_seconds": 7200})
        passed = datetime.fromisoformat(after["now"]) - datetime.fromisoformat(before["now"])
        assert 7200 <= passed.total_seconds() < 7300
        assert (await sinch.control.post("/_sim/clock", json={"advance_seconds": -1})).status_code == 400


async def test_the_clock_of_a_simulator_in_process_can_be_advanced_too() -> None:
    async with running() as simulator:
        before = simulator.clock.now()
        await simulator.clock.advance(3600)
        assert simulator.clock.now() - before >= 3600


async def test_the_same_seed_gives_the_same_spans_and_another_seed_others() -> None:
    async def spans(seed: int) -> list[float]:
        async with driving(SimulatorSettings(seed=seed)) as sinch:
            return await _review_spans(sinch)

    first, again, other = await spans(7), await spans(7), await spans(8)
    assert first == pytest.approx(again, abs=0.01)
    assert first != pytest.approx(other, abs=0.01)
    assert all(24 <= span <= 72 for span in first)


async def test_the_ledger_can_be_read_from_an_entry_on() -> None:
    async with driving() as sinch:
        await sinch.add(*NUMBERS)
        entries = (await sinch.look("ledger"))["entries"]
        assert [entry["sequence"] for entry in entries] == list(range(1, 11))
        assert entries[3].items() >= {"kind": "qualified_number_added", "subject": NUMBERS[3]}.items()
        assert (await sinch.look("ledger", since=8))["entries"] == entries[8:]
        assert (await sinch.look("ledger", kind="review"))["entries"] == []
        assert (await sinch.look("ledger", kind="qualified_number_added", since=9))["entries"] == entries[9:]
        assert (await sinch.control.get("/_sim/ledger?since=x")).status_code == 400


async def _review_spans(sinch: Driver) -> list[float]:
    """How many hours the review of each number took."""
    await sinch.add(*NUMBERS)
    await sinch.advance(hours=6)
    await sinch.mail_invoices(NUMBERS)
    (mail,) = await sinch.ledger("invoice_mail")
    await sinch.advance(hours=72.1)
    reviews = {entry["subject"]: entry["time"] for entry in await sinch.ledger("review")}
    start = datetime.fromisoformat(mail["time"])
    return [(datetime.fromisoformat(reviews[number]) - start).total_seconds() / 3600 for number in NUMBERS]
