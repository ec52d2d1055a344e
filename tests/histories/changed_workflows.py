"""Workflows changed in ways that running ones would not survive: the replay tests have to notice them."""

from typing import Any

from temporalio import workflow
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from onboarding.contracts import verification as contract
from onboarding.contracts.verification import VerificationRequest, VerificationResult
from workflows.verify_number import VerifyNumber


@workflow.defn(name=contract.WORKFLOW)
class AsksBeforeItCalls(VerifyNumber):
    """The steps of `VerifyNumber` in another order."""

    @workflow.init
    def __init__(self, request: VerificationRequest) -> None:
        """As it is."""
        super().__init__(request)

    @workflow.run
    async def run(self, request: VerificationRequest) -> VerificationResult:
        """As it is."""
        return await super().run(request)

    async def _place_call(self) -> None:
        await self._look_what_happened()
        await super()._place_call()


class OneTimerMore(Interceptor):
    """Every workflow sets a timer before its first step."""

    def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:  # noqa: A002 - the SDK's name
        """The part that runs inside the workflow."""
        return _SleepsFirst


class _SleepsFirst(WorkflowInboundInterceptor):
    async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002 - the SDK's name
        await workflow.sleep(1)
        return await super().execute_workflow(input)
