"""How a workflow is changed while some are running, by the example of a challenge that looks before it calls."""

from temporalio import workflow

from onboarding.contracts import verification as contract
from onboarding.contracts.verification import VerificationRequest, VerificationResult
from workflows.verify_number import VerifyNumber

PATCH = "look-before-calling"


@workflow.defn(name=contract.WORKFLOW)
class LooksBeforeItCalls(VerifyNumber):
    """The change without more ado: running workflows do not survive it."""

    @workflow.init
    def __init__(self, request: VerificationRequest) -> None:
        """As it is."""
        super().__init__(request)

    @workflow.run
    async def run(self, request: VerificationRequest) -> VerificationResult:
        """As it is, after a look."""
        await self._look_what_happened()
        return await super().run(request)


@workflow.defn(name=contract.WORKFLOW)
class Patched(VerifyNumber):
    """The change as it is released: workflows that are past it go on as before."""

    @workflow.init
    def __init__(self, request: VerificationRequest) -> None:
        """As it is."""
        super().__init__(request)

    @workflow.run
    async def run(self, request: VerificationRequest) -> VerificationResult:
        """As it is, for new workflows after a look."""
        if workflow.patched(PATCH):
            await self._look_what_happened()
        return await super().run(request)


@workflow.defn(name=contract.WORKFLOW)
class PatchDeprecated(VerifyNumber):
    """A later release, when none is left that began before the patch."""

    @workflow.init
    def __init__(self, request: VerificationRequest) -> None:
        """As it is."""
        super().__init__(request)

    @workflow.run
    async def run(self, request: VerificationRequest) -> VerificationResult:
        """As it is, after a look."""
        workflow.deprecate_patch(PATCH)
        await self._look_what_happened()
        return await super().run(request)
