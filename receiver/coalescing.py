"""Many events, few signals: events for one workflow are gathered while a signal is on its way or was just sent.

A signal costs the Temporal server the same whether it carries one event or 200, and hosting 500 numbers brings
2,000 events in bursts. The first event of a quiet workflow goes at once; the next signal follows a second after
it started, or as soon as 200 events wait, but never before the last one has come back.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import islice

from onboarding.callbacks import EVENTS_A_SIGNAL
from onboarding.observations import CallbackEvent
from receiver.outcomes import Outcome

GATHER_SECONDS = 1.0
ANSWER_SECONDS = 10.0
MOST_WAITING = 10_000

Send = Callable[[str, tuple[CallbackEvent, ...]], Awaitable[Outcome]]
"""Sends one signal: workflow id, events in the order they came."""


class Coalescer:
    """Delivers events by way of `send`, with at most one signal in flight per workflow.

    At most `most_waiting` events wait at a time, over all workflows.
    """

    def __init__(self, send: Send, *, most_waiting: int = MOST_WAITING) -> None:
        self._send = send
        self._most_waiting = most_waiting
        self._queues: dict[str, _Queue] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting = 0

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
        queue = self._queue(workflow_id)
        carried = queue.add(event)
        self._waiting += 1
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await carried
        except TimeoutError:
            return Outcome.UNAVAILABLE
        finally:
            queue.forget(carried)
            self._waiting -= 1

    async def close(self) -> None:
        """Stop. Events still waiting are given up; the requests that brought them must be over."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _queue(self, workflow_id: str) -> "_Queue":
        queue = self._queues.get(workflow_id)
        if queue is None:
            queue = self._queues[workflow_id] = _Queue()
            task = asyncio.create_task(self._work_off(workflow_id, queue))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return queue

    async def _work_off(self, workflow_id: str, queue: "_Queue") -> None:
        clock = asyncio.get_running_loop().time
        try:
            while queue.waiting:
                started = clock()
                await self._signal(workflow_id, queue.take())
                await queue.gather(until=started + GATHER_SECONDS)
        finally:
            del self._queues[workflow_id]

    async def _signal(self, workflow_id: str, batch: "_Batch") -> None:
        try:
            outcome = await self._send(workflow_id, tuple(batch.values()))
        except Exception as error:
            for carried in _unanswered(batch):
                carried.set_exception(error)
        else:
            for carried in _unanswered(batch):
                carried.set_result(outcome)


_Batch = dict[asyncio.Future[Outcome], CallbackEvent]


class _Queue:
    """Events of one workflow that wait for the next signal, oldest first, each with the future of its request."""

    def __init__(self) -> None:
        self.waiting: _Batch = {}
        self._full = asyncio.Event()

    def add(self, event: CallbackEvent) -> asyncio.Future[Outcome]:
        carried: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self.waiting[carried] = event
        self._note_fullness()
        return carried

    def forget(self, carried: asyncio.Future[Outcome]) -> None:
        self.waiting.pop(carried, None)
        self._note_fullness()

    def take(self) -> _Batch:
        batch = dict(islice(self.waiting.items(), EVENTS_A_SIGNAL))
        for carried in batch:
            del self.waiting[carried]
        self._note_fullness()
        return batch

    async def gather(self, *, until: float) -> None:
        """Wait until that time of the event loop's clock, or until a signal can be filled."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                await self._full.wait()

    def _note_fullness(self) -> None:
        if len(self.waiting) >= EVENTS_A_SIGNAL:
            self._full.set()
        else:
            self._full.clear()


def _unanswered(batch: _Batch) -> list[asyncio.Future[Outcome]]:
    return [carried for carried in batch if not carried.done()]
