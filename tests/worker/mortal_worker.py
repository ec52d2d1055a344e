"""A worker process that an activity kills, and the workflow that calls that activity.

`python -m tests.worker.mortal_worker ADDRESS` works until it is killed.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.heartbeats import Heartbeats
from onboarding.calls.call import PERSISTENT, Call
from onboarding.model import Model
from temporal_connection import data_converter
from workflows._calling import call

ACTIVITIES, WORKFLOWS = "mortal-activities", "mortal-workflows"
MISSED_AFTER = timedelta(seconds=3)
_LONGER_SECONDS = 8


class Nothing(Model):
    """No request."""


class Attempt(Model):
    """Which attempt it was that came to an end."""

    attempt: int


def _called(name: str) -> Call[Nothing, Attempt]:
    return Call(name, Attempt, ACTIVITIES, timedelta(hours=1), PERSISTENT, MISSED_AFTER)


DIE, TAKE_LONG = _called("die"), _called("take_long")


@activity.defn(name=DIE.name)
async def die(request: Nothing) -> Attempt:
    """Take the whole process along at the first attempt."""
    if activity.info().attempt == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return Attempt(attempt=activity.info().attempt)


@activity.defn(name=TAKE_LONG.name)
async def take_long(request: Nothing) -> Attempt:
    """Take longer than an activity may be silent, without a thought of heartbeats."""
    await asyncio.sleep(_LONGER_SECONDS)
    return Attempt(attempt=activity.info().attempt)


@workflow.defn
class CallsOne:
    """Calls one of the two."""

    @workflow.run
    async def run(self, name: str) -> Attempt:
        """The attempt that came to an end."""
        return await call(_called(name), Nothing(), name)


def activity_worker(client: Client) -> Worker:
    """Works on activities as the product's workers do."""
    activities: list[Callable[..., object]] = [die, take_long]
    return Worker(client, task_queue=ACTIVITIES, activities=activities, interceptors=[Heartbeats()])


def workflow_worker(client: Client) -> Worker:
    """Works on the workflow."""
    return Worker(client, task_queue=WORKFLOWS, workflows=[CallsOne], workflow_runner=UnsandboxedWorkflowRunner())


async def _work(address: str) -> None:
    await activity_worker(await Client.connect(address, data_converter=data_converter())).run()


if __name__ == "__main__":
    asyncio.run(_work(sys.argv[1]))
