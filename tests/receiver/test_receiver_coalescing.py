"""Which events travel in which signal, and what each request is told."""

import asyncio
from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from onboarding.callbacks import EVENTS_A_SIGNAL
from onboarding.observations import CallbackEvent
from receiver.coalescing import GATHER_SECONDS, MOST_SIGNALS, MOST_SILENCES, SILENCE_SECONDS, Coalescer
from receiver.outcomes import Outcome
from tests.receiver.advancing_clock import in_advancing_time, now

WORKFLOW = "HostingOrder:june:0001:1"


class Sent:
    """Records when which events were sent to whom; each signal takes `seconds` and ends as `outcomes` say."""

    def __init__(self, *, seconds: float = 0.0, outcomes: tuple[Outcome | Exception, ...] = ()) -> None:
        self.seconds = seconds
        self.outcomes = list(outcomes)
        self.times: list[float] = []
        self.batches: list[list[str]] = []
        self.in_flight: defaultdict[str, int] = defaultdict(int)
        self.most_in_flight = 0

    async def send(self, workflow_id: str, events: tuple[CallbackEvent, ...]) -> Outcome:
        self.times.append(now())
        self.batches.append([event.event_id for event in events])
        self.in_flight[workflow_id] += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight[workflow_id])
        await asyncio.sleep(self.seconds)
        self.in_flight[workflow_id] -= 1
        outcome = self.outcomes.pop(0) if self.outcomes else Outcome.TAKEN
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def event(name: object) -> CallbackEvent:
    return CallbackEvent(event_id=str(name))


async def deliver_all(coalescer: Coalescer, names: range, *, workflow_id: str = WORKFLOW) -> list[Outcome]:
    return await asyncio.gather(*(coalescer.deliver(workflow_id, event(name)) for name in names))


@in_advancing_time
async def test_the_first_event_of_a_quiet_workflow_goes_at_once() -> None:
    sent = Sent()
    assert await Coalescer(sent.send).deliver(WORKFLOW, event("a")) is Outcome.TAKEN
    assert (sent.times, sent.batches) == ([0.0], [["a"]])


@in_advancing_time
async def test_events_that_follow_each_other_closely_travel_together_for_a_second() -> None:
    sent = Sent()
    coalescer = Coalescer(sent.send)
    async with asyncio.TaskGroup() as requests:
        for moment in range(150):
            requests.create_task(coalescer.deliver(WORKFLOW, event(moment)))
            await asyncio.sleep(0.01)
    assert [name for batch in sent.batches for name in batch] == [str(name) for name in range(150)]
    assert sent.times[:2] == [0.0, pytest.approx(GATHER_SECONDS, abs=SILENCE_SECONDS)]
    assert len(sent.batches) == 3


@in_advancing_time
async def test_events_of_others_keep_a_workflow_gathering() -> None:
    sent = Sent()
    coalescer = Coalescer(sent.send)
    async with asyncio.TaskGroup() as requests:
        for moment in range(150):
            requests.create_task(coalescer.deliver(f"workflow {moment % 10}", event(moment)))
            await asyncio.sleep(0.01)
    assert len(sent.batches) == 10 * 3


@in_advancing_time
async def test_when_nobody_sends_any_more_what_waits_goes() -> None:
    sent = Sent()
    coalescer = Coalescer(sent.send)
    await deliver_all(coalescer, range(1))
    await deliver_all(coalescer, range(1, 9))
    assert sent.batches == [["0"], [str(name) for name in range(1, 9)]]
    assert sent.times[1] <= 2 * SILENCE_SECONDS


@in_advancing_time
async def test_signals_that_follow_each_other_in_silence_grow_rarer_until_the_workflow_is_quiet() -> None:
    sent = Sent()
    coalescer = Coalescer(sent.send)
    for name in range(20):
        await coalescer.deliver(WORKFLOW, event(name))
    distances = [later - earlier for earlier, later in pairwise(sent.times)]
    assert distances[:MOST_SILENCES] == sorted(distances[:MOST_SILENCES])
    assert all(distance >= (MOST_SILENCES - 0.5) * SILENCE_SECONDS for distance in distances[MOST_SILENCES:])
    assert distances[0] <= 2 * SILENCE_SECONDS
    assert distances[-1] == pytest.approx(MOST_SILENCES * SILENCE_SECONDS, abs=SILENCE_SECONDS)
    await asyncio.sleep(2 * GATHER_SECONDS)
    quiet_until = now()
    await deliver_all(coalescer, range(20, 21))
    await deliver_all(coalescer, range(21, 22))
    assert sent.times[-2] == quiet_until
    assert sent.times[-1] <= quiet_until + 2 * SILENCE_SECONDS


@in_advancing_time
async def test_a_sender_with_eight_connections_is_not_held_up_and_fills_its_signals() -> None:
    sent = Sent(seconds=0.005)
    coalescer = Coalescer(sent.send)

    async def connection(first: int) -> None:
        for name in range(first, first + 25):
            await coalescer.deliver(WORKFLOW, event(name))

    await asyncio.gather(*(connection(first) for first in range(0, 200, 25)))
    assert now() <= 25 * (MOST_SILENCES + 2) * SILENCE_SECONDS
    assert len(sent.batches) <= 26


@pytest.mark.parametrize("seconds", [0.5, 5.0])
def test_an_order_s_two_thousand_events_take_about_ten_signals(seconds: float) -> None:
    check_signals_of_an_order(seconds)


@in_advancing_time
async def check_signals_of_an_order(seconds: float) -> None:
    sent = Sent(seconds=0.005)
    coalescer = Coalescer(sent.send)
    async with asyncio.TaskGroup() as requests:
        for name in range(2000):
            requests.create_task(coalescer.deliver(WORKFLOW, event(name)))
            await asyncio.sleep(seconds / 2000)
    assert len(sent.batches) <= 12


@in_advancing_time
async def test_a_full_signal_does_not_wait_for_the_second_to_end() -> None:
    sent = Sent()
    coalescer = Coalescer(sent.send)
    await coalescer.deliver(WORKFLOW, event("first"))
    await deliver_all(coalescer, range(EVENTS_A_SIGNAL))
    assert [len(batch) for batch in sent.batches] == [1, EVENTS_A_SIGNAL]
    assert sent.times == [0.0, 0.0]


@in_advancing_time
async def test_a_flood_leaves_in_full_signals_in_the_order_it_came() -> None:
    sent = Sent()
    flood = range(2 * EVENTS_A_SIGNAL + 50)
    await deliver_all(Coalescer(sent.send), flood)
    assert [len(batch) for batch in sent.batches] == [EVENTS_A_SIGNAL, EVENTS_A_SIGNAL, 50]
    assert [name for batch in sent.batches for name in batch] == [str(name) for name in flood]


@in_advancing_time
async def test_events_that_come_while_a_signal_is_on_its_way_form_the_next_one() -> None:
    sent = Sent(seconds=3.0)
    coalescer = Coalescer(sent.send)
    first = asyncio.create_task(coalescer.deliver(WORKFLOW, event("first")))
    await asyncio.sleep(2.0)
    await deliver_all(coalescer, range(EVENTS_A_SIGNAL))
    await first
    assert [len(batch) for batch in sent.batches] == [1, EVENTS_A_SIGNAL]
    assert sent.times == pytest.approx([0.0, 3.0])
    assert sent.most_in_flight == 1


@in_advancing_time
async def test_the_time_a_signal_takes_counts_towards_the_second() -> None:
    sent = Sent(seconds=3.0)
    coalescer = Coalescer(sent.send)
    first = asyncio.create_task(coalescer.deliver(WORKFLOW, event("first")))
    await asyncio.sleep(0.5)
    await coalescer.deliver(WORKFLOW, event("second"))
    await first
    assert sent.times == [0.0, pytest.approx(3.0, abs=2 * SILENCE_SECONDS)]


@in_advancing_time
async def test_workflows_do_not_wait_for_each_other() -> None:
    sent = Sent(seconds=3.0)
    coalescer = Coalescer(sent.send)
    await asyncio.gather(*(coalescer.deliver(f"OnboardGroup:june:{n:04}", event(n)) for n in range(20)))
    assert sent.times == [0.0] * 20
    assert sorted(sent.batches) == sorted([str(n)] for n in range(20))


@in_advancing_time
async def test_no_more_signals_are_on_their_way_at_once_than_temporal_is_asked_to_take() -> None:
    sent = Sent(seconds=1.0)
    coalescer = Coalescer(sent.send)
    workflow_ids = [f"OnboardGroup:june:{number:04}" for number in range(MOST_SIGNALS + 1)]
    first = [asyncio.create_task(coalescer.deliver(workflow_id, event("first"))) for workflow_id in workflow_ids]
    await asyncio.sleep(0.5)
    second = asyncio.create_task(coalescer.deliver(workflow_ids[-1], event("second")))
    assert set(await asyncio.gather(*first, second)) == {Outcome.TAKEN}
    assert sent.times == [0.0] * MOST_SIGNALS + [1.0]
    assert sent.batches[-1] == ["first", "second"], "what comes while a signal waits for its turn travels with it"


@in_advancing_time
async def test_what_has_waited_in_vain_for_its_turn_is_not_sent_later() -> None:
    sent = Sent(seconds=60.0)
    coalescer = Coalescer(sent.send)
    told = await asyncio.gather(*(coalescer.deliver(f"workflow {n}", event(n)) for n in range(MOST_SIGNALS + 1)))
    assert told == [Outcome.UNAVAILABLE] * (MOST_SIGNALS + 1)
    await asyncio.sleep(100.0)
    assert len(sent.batches) == MOST_SIGNALS


@in_advancing_time
async def test_each_request_is_told_how_the_signal_ended_that_carried_its_event() -> None:
    sent = Sent(outcomes=(Outcome.UNAVAILABLE, Outcome.STALE, Outcome.TAKEN))
    coalescer = Coalescer(sent.send)
    told = [await deliver_all(coalescer, range(count)) for count in (3, 4, 5)]
    assert told == [[Outcome.UNAVAILABLE] * 3, [Outcome.STALE] * 4, [Outcome.TAKEN] * 5]


@in_advancing_time
async def test_a_signal_that_breaks_reaches_every_request_it_carried_and_no_other() -> None:
    sent = Sent(outcomes=(ZeroDivisionError("broken"),))
    coalescer = Coalescer(sent.send)
    carried = [asyncio.create_task(coalescer.deliver(WORKFLOW, event(name))) for name in range(3)]
    results = await asyncio.gather(*carried, return_exceptions=True)
    assert [type(result) for result in results] == [ZeroDivisionError] * 3
    assert await coalescer.deliver(WORKFLOW, event("next")) is Outcome.TAKEN


@in_advancing_time
async def test_no_more_events_wait_than_allowed_over_all_workflows() -> None:
    sent = Sent(seconds=3.0)
    coalescer = Coalescer(sent.send, most_waiting=4)
    waiting = [asyncio.create_task(coalescer.deliver(f"workflow {n % 2}", event(n))) for n in range(4)]
    await asyncio.sleep(0.1)
    assert coalescer.waiting == 4
    assert await coalescer.deliver("workflow 3", event("too much")) is Outcome.UNAVAILABLE
    assert await asyncio.gather(*waiting) == [Outcome.TAKEN] * 4
    assert await coalescer.deliver("workflow 3", event("later")) is Outcome.TAKEN
    assert coalescer.waiting == 0


@in_advancing_time
async def test_an_idle_workflow_leaves_nothing_behind() -> None:
    coalescer = Coalescer(Sent().send)
    await asyncio.gather(*(deliver_all(coalescer, range(3), workflow_id=f"workflow {n}") for n in range(50)))
    assert coalescer.workflows == 50
    await asyncio.sleep(2 * GATHER_SECONDS)
    assert coalescer.workflows == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}


@in_advancing_time
async def test_a_request_whose_signal_hangs_is_answered_and_its_event_is_not_sent_later() -> None:
    sent = Sent(seconds=60.0)
    coalescer = Coalescer(sent.send)
    hanging = asyncio.create_task(coalescer.deliver(WORKFLOW, event("hanging")))
    await asyncio.sleep(1.0)
    behind = asyncio.create_task(coalescer.deliver(WORKFLOW, event("behind")))
    assert [await hanging, await behind] == [Outcome.UNAVAILABLE] * 2
    assert now() < 60.0
    assert coalescer.waiting == 0
    await asyncio.sleep(100.0)
    assert sent.batches == [["hanging"]]


@in_advancing_time
async def test_closing_ends_what_still_runs() -> None:
    coalescer = Coalescer(Sent().send)
    await coalescer.deliver(WORKFLOW, event("a"))
    await coalescer.close()
    assert coalescer.workflows == 0
    assert asyncio.all_tasks() == {asyncio.current_task()}


@given(
    pauses=st.lists(st.sampled_from([0.0, 0.001, 0.1, 0.7, 1.0, 2.5]), min_size=1, max_size=600),
    seconds=st.sampled_from([0.0, 0.3, 1.5]),
)
@hypothesis_settings(max_examples=40, deadline=None, database=None)
def test_whatever_the_pace_every_event_travels_once_in_order_and_signals_are_few(
    pauses: list[float], seconds: float
) -> None:
    check_pace(pauses, seconds)


@in_advancing_time
async def check_pace(pauses: list[float], seconds: float) -> None:
    sent = Sent(seconds=seconds)
    coalescer = Coalescer(sent.send)
    arrivals = []
    async with asyncio.TaskGroup() as requests:
        for name, pause in enumerate(pauses):
            arrivals.append(now())
            requests.create_task(coalescer.deliver(WORKFLOW, event(name)))
            await asyncio.sleep(pause)
    assert [name for batch in sent.batches for name in batch] == [str(name) for name in range(len(pauses))]
    assert sent.most_in_flight == 1
    assert max(len(batch) for batch in sent.batches) <= EVENTS_A_SIGNAL
    for (earlier, later), batch in zip(pairwise(sent.times), sent.batches[1:], strict=True):
        is_silent = not any(later - SILENCE_SECONDS + 1e-6 < arrival <= later - 1e-6 for arrival in arrivals)
        pause = SILENCE_SECONDS if is_silent else GATHER_SECONDS
        assert later >= earlier + pause - 1e-6 or len(batch) == EVENTS_A_SIGNAL
