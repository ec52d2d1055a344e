"""Changes that running workflows would not survive, made to any workflow: the replay tests have to notice each."""

import asyncio
from typing import Any

from temporalio import workflow
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    StartActivityInput,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)


class OneTimerMore(WorkflowInboundInterceptor):
    """Every run sets a timer before its first step."""

    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002 - the SDK's name
        await workflow.sleep(1)
        return await super().execute_workflow(input)


class OneTimerLess(WorkflowInboundInterceptor):
    """The first timer of every run is not set."""

    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002 - the SDK's name
        loop = asyncio.get_running_loop()
        sets_timers = loop.call_later

        def sets_none(_: float, callback: Any, *arguments: Any, **__: Any) -> asyncio.Handle:
            setattr(loop, "call_later", sets_timers)  # noqa: B010 - no assignment to a method
            return asyncio.Handle(callback, arguments, loop)

        setattr(loop, "call_later", sets_none)  # noqa: B010 - no assignment to a method
        return await super().execute_workflow(input)


class OneActivityMore(WorkflowInboundInterceptor):
    """The first activity of every run is called twice."""

    def init(self, outbound: WorkflowOutboundInterceptor) -> None:
        super().init(_CallsTwice(outbound))


def activities_swapped(first: str, second: str) -> type[WorkflowInboundInterceptor]:
    """Where the first activity was called there comes the second, and the other way round."""

    class Calls(WorkflowOutboundInterceptor):
        def start_activity(self, input: StartActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002
            input.activity = {first: second, second: first}.get(input.activity, input.activity)
            return super().start_activity(input)

    class Swapped(WorkflowInboundInterceptor):
        def init(self, outbound: WorkflowOutboundInterceptor) -> None:
            super().init(Calls(outbound))

    return Swapped


class _CallsTwice(WorkflowOutboundInterceptor):
    _first = True

    def start_activity(self, input: StartActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002
        if self._first:
            self._first = False
            super().start_activity(input)
        return super().start_activity(input)


class Changed(Interceptor):
    """All workflows with that change; for the interceptors of a replayer."""

    def __init__(self, change: type[WorkflowInboundInterceptor]) -> None:
        """One of the changes above."""
        self._change = change

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:  # noqa: A002
        """The part that runs inside the workflow."""
        return self._change
