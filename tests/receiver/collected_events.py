"""A workflow that collects what the receiver hands on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from onboarding.callbacks import CALLBACK_SIGNAL, CallbackEvents

TASK_QUEUE = "receiver-test"


@workflow.defn(name="CollectEvents")
class CollectEvents:
    """Waits for so many events and returns their ids and signals."""

    @workflow.init
    def __init__(self, expected: int) -> None:
        self.signals: list[list[str]] = []

    @workflow.run
    async def run(self, expected: int) -> list[list[str]]:
        await workflow.wait_condition(lambda: sum(map(len, self.signals)) >= expected)
        return self.signals

    @workflow.signal(name=CALLBACK_SIGNAL)
    def take(self, callback: CallbackEvents) -> None:
        self.signals.append([event.event_id for event in callback.events])


@asynccontextmanager
async def collecting(client: Client) -> AsyncIterator[None]:
    """A worker runs CollectEvents."""
    runner = UnsandboxedWorkflowRunner()
    async with Worker(client, task_queue=TASK_QUEUE, workflows=[CollectEvents], workflow_runner=runner):
        yield
