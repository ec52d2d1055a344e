"""A stand-in for Temporal that records signals and answers as it is told."""

import asyncio
from collections import defaultdict

from onboarding.observations import CallbackEvent
from receiver.outcomes import Outcome

Events = tuple[CallbackEvent, ...]


class RecordedSignals:
    """Takes every signal; `answers` holds other outcomes by workflow id;
    while `released` is not set, all signals hang. `arrived` is set by
    the first signal."""

    def __init__(self) -> None:
        self.signals: defaultdict[str, list[Events]] = defaultdict(list)
        self.answers: dict[str, Outcome] = {}
        self.reachable = True
        self.arrived = asyncio.Event()
        self.released = asyncio.Event()
        self.released.set()

    async def send(self, workflow_id: str, events: Events) -> Outcome:
        self.signals[workflow_id].append(events)
        self.arrived.set()
        await self.released.wait()
        return self.answers.get(workflow_id, Outcome.TAKEN)

    async def is_reachable(self) -> bool:
        return self.reachable

    def events(self, workflow_id: str) -> list[CallbackEvent]:
        """All events of a workflow in the order they came."""
        return [event for signal in self.signals[workflow_id] for event in signal]
