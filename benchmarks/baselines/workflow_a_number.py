"""The obvious design: one workflow a number, one activity a call. As a process it is the worker of that design.

`python -m benchmarks.baselines.workflow_a_number FILE`, where FILE holds `Obvious` as JSON.
"""

import asyncio
import signal
import sys
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

with workflow.unsafe.imports_passed_through():
    from benchmarks.baselines.sinch_calls import SinchCalls, sinch_calls
    from benchmarks.sinch import SinchKey, SinchPorts
    from onboarding.model import Model
    from temporal_connection import data_converter

TASK_QUEUE = "obvious-design"
_POLL = timedelta(seconds=2)
"""As `poll_first` of the batches that the product runs here."""
_ACTIVITY = timedelta(minutes=1)


class Obvious(Model):
    """What the worker has to know."""

    temporal: str
    ports: SinchPorts
    key: SinchKey
    callback_url: str


class NumberActivities:
    """A call to Sinch each."""

    def __init__(self, sinch: SinchCalls, callback_url: str) -> None:
        self._sinch = sinch
        self._callback_url = callback_url

    @activity.defn
    async def qualify(self, number: str) -> None:
        """Put it up for qualification."""
        await self._sinch.qualify([number])

    @activity.defn
    async def mail_invoice(self, number: str) -> None:
        """One mail for it."""
        await self._sinch.mail_invoice([number])

    @activity.defn
    async def is_verified(self, number: str) -> bool:
        """Read it."""
        return await self._sinch.state(number) == "VERIFIED"

    @activity.defn
    async def order(self, number: str) -> str:
        """An order for it alone."""
        return await self._sinch.order([number], self._callback_url)

    @activity.defn
    async def is_completed(self, order_id: str) -> bool:
        """Read order and report."""
        return await self._sinch.is_completed(order_id)


@workflow.defn
class NumberWorkflow:
    """One number from qualification to the end of its order."""

    @workflow.run
    async def run(self, number: str) -> None:
        """Call after call, polling where Sinch takes its time."""
        await self._call("qualify", number)
        await self._call("mail_invoice", number)
        while not await self._call("is_verified", number):
            await workflow.sleep(_POLL)
        order_id = await self._call("order", number)
        while not await self._call("is_completed", order_id):
            await workflow.sleep(_POLL)

    async def _call(self, name: str, argument: object) -> object:
        return await workflow.execute_activity(name, argument, start_to_close_timeout=_ACTIVITY)


async def main(given: Obvious) -> None:
    """Work until told to end."""
    told_to_end = asyncio.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(ending, told_to_end.set)
    client = await Client.connect(given.temporal, data_converter=data_converter())
    async with AsyncExitStack() as stack:
        sinch = await stack.enter_async_context(sinch_calls(given.ports, given.key))
        calls = NumberActivities(sinch, given.callback_url)
        await stack.enter_async_context(
            Worker(
                client,
                task_queue=TASK_QUEUE,
                workflows=[NumberWorkflow],
                activities=[calls.qualify, calls.mail_invoice, calls.is_verified, calls.order, calls.is_completed],
                workflow_runner=UnsandboxedWorkflowRunner(),
            )
        )
        await told_to_end.wait()


if __name__ == "__main__":
    asyncio.run(main(Obvious.model_validate_json(Path(sys.argv[1]).read_text())))
