"""Many events, few signals: events for one workflow are gathered while it can be worth it.

A signal costs the Temporal server the same whether it carries one event or 500, and hosting 500 numbers brings
2,000 events in bursts. A sender waits for the answer to one event before it sends the next on that connection,
though: once nobody sends anything, gathering on only holds the senders up.

The first event of a quiet workflow goes at once, unless 64 signals are on their way already. Whatever follows goes
when the last signal has come back and

- 500 events wait, or
- a second has passed since the last signal was sent, or
- no event has come for anybody in the last 50 ms, and since the workflow's last signal 50 ms have passed for each
  signal it has had since it was quiet, 200 ms at most.
"""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import islice, takewhile

from onboarding.callbacks import EVENTS_A_SIGNAL
from onboarding.observations import CallbackEvent
from receiver.outcomes import Outcome

GATHER_SECONDS = 1.0
SILENCE_SECONDS = 0.05
"""Longer than a busy receiver needs to come back to its connections: what it has not read yet is no silence."""
MOST_SILENCES = 4
ANSWER_SECONDS = 10.0
MOST_WAITING = 10_000
MOST_SIGNALS = 64
"""On their way at once, over all workflows: a busy Temporal answers more of them in time when fewer are asked of it,
and events that wait for their turn travel together."""

Send = Callable[[str, tuple[CallbackEvent, ...]], Awaitable[Outcome]]
"""Sends one signal: workflow id, events in the order they came."""


class Coalescer:
    """Delivers events by way of `send`, with at most one signal in flight per workflow.

    At most `most_waiting` events wait at a time, over all workflows. One look at all workflows every 50 ms finds
    what is due: a timer for each event would cost more than the event.
    """

    def __init__(self, send: Send, *, most_waiting: int = MOST_WAITING) -> None:
        self._send = send
        self._most_waiting = most_waiting
        self._queues: dict[str, _Queue] = {}
        self._signals: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(MOST_SIGNALS)
        self._look: asyncio.TimerHandle | None = None
        self._waiting = 0
        self._last_arrival = 0.0

    @property
    def waiting(self) -> int:
        """Events whose signal has not come back yet."""
        return self._waiting

    @property
    def workflows(self) -> int:
        """Workflows with an event in the last second or still waiting; all others have left nothing behind."""
        return len(self._queues)

    async def deliver(self, workflow_id: str, event: CallbackEvent) -> Outcome:
        """The outcome of the signal that carried the event.

        `unavailable` when too many events wait, or when no signal came back within ten seconds: the event may
        then still arrive, and does no harm when Sinch sends it again. Raises what `send` raises.
        """
        if self._waiting >= self._most_waiting:
            return Outcome.UNAVAILABLE
        self._last_arrival = asyncio.get_running_loop().time()
        queue = self._queues.get(workflow_id)
        if queue is None:
            queue = self._queues[workflow_id] = _Queue()
        carried = queue.add(event, self._last_arrival)
        if queue.is_due_at_once():
            self._signal(workflow_id, queue)
        if self._look is None:
            self._look_later()
        self._waiting += 1
        try:
            return await carried
        finally:
            queue.waiting.pop(carried, None)
            self._waiting -= 1

    async def close(self) -> None:
        """Stop. Events still waiting are given up; the requests that brought them must be over."""
        if self._look is not None:
            self._look.cancel()
        self._queues.clear()
        for signal in self._signals:
            signal.cancel()
        await asyncio.gather(*self._signals, return_exceptions=True)

    def _look_later(self) -> None:
        self._look = asyncio.get_running_loop().call_later(SILENCE_SECONDS, self._look_at_all)

    def _look_at_all(self) -> None:
        now = asyncio.get_running_loop().time()
        is_silent = now >= self._last_arrival + SILENCE_SECONDS
        for workflow_id, queue in list(self._queues.items()):
            queue.give_up(came_before=now - ANSWER_SECONDS)
            if queue.is_due(now, is_silent=is_silent):
                self._signal(workflow_id, queue)
            elif queue.is_quiet(now):
                del self._queues[workflow_id]
        self._look = None
        if self._queues:
            self._look_later()

    def _signal(self, workflow_id: str, queue: "_Queue") -> None:
        queue.begin(asyncio.get_running_loop().time())
        signal = asyncio.create_task(self._carry(workflow_id, queue))
        self._signals.add(signal)
        signal.add_done_callback(self._signals.discard)

    async def _carry(self, workflow_id: str, queue: "_Queue") -> None:
        try:
            async with self._turns:
                events = queue.take()
                outcome = await self._send(workflow_id, events) if events else Outcome.UNAVAILABLE
        except Exception as error:
            for carried in queue.land():
                carried.set_exception(error)
        else:
            for carried in queue.land():
                carried.set_result(outcome)
        if queue.is_due_at_once():
            self._signal(workflow_id, queue)


_Carried = asyncio.Future[Outcome]
_Batch = dict[_Carried, tuple[CallbackEvent, float]]
"""Events in the order they came, each with the time it came, by the future that its request waits for."""


class _Queue:
    """Events of one workflow: those in its signal that is on its way, and those for the next one."""

    def __init__(self) -> None:
        self.waiting: _Batch = {}
        self.in_flight: _Batch = {}
        self._is_sending = False
        self._signals = 0
        self._sent_at = 0.0

    def add(self, event: CallbackEvent, now: float) -> _Carried:
        carried: _Carried = asyncio.get_running_loop().create_future()
        self.waiting[carried] = event, now
        return carried

    def is_due_at_once(self) -> bool:
        """Whether the next signal is the first one or full."""
        return not self._is_sending and (not self._signals or len(self.waiting) >= EVENTS_A_SIGNAL)

    def is_due(self, now: float, *, is_silent: bool) -> bool:
        if self._is_sending or not self.waiting:
            return False
        pause = min(self._signals, MOST_SILENCES) * SILENCE_SECONDS if is_silent else GATHER_SECONDS
        return now >= self._sent_at + pause

    def is_quiet(self, now: float) -> bool:
        return not self._is_sending and not self.waiting and now >= self._sent_at + GATHER_SECONDS

    def begin(self, now: float) -> None:
        """A signal is about to be sent."""
        self._is_sending = True
        self._signals += 1
        self._sent_at = now

    def take(self) -> tuple[CallbackEvent, ...]:
        """The events for that signal."""
        self.in_flight = dict(islice(self.waiting.items(), EVENTS_A_SIGNAL))
        for carried in self.in_flight:
            del self.waiting[carried]
        return tuple(event for event, _ in self.in_flight.values())

    def land(self) -> list[_Carried]:
        """The signal has come back: the requests that still wait for it."""
        landed, self.in_flight, self._is_sending = self.in_flight, {}, False
        return [carried for carried in landed if not carried.done()]

    def give_up(self, *, came_before: float) -> None:
        """Answer the events that have waited too long; what has not been sent of them never will be."""
        for batch in (self.in_flight, self.waiting):
            for carried in _came_before(came_before, batch):
                del batch[carried]
                if not carried.done():
                    carried.set_result(Outcome.UNAVAILABLE)


def _came_before(moment: float, batch: _Batch) -> list[_Carried]:
    """The oldest events, which stand first; hardly ever there are any."""
    if not batch or next(iter(batch.values()))[1] > moment:
        return []
    return list(takewhile(lambda carried: batch[carried][1] <= moment, batch))
