"""Workflows that do what the sandbox is there to notice; in a module of their own, for the sandbox loads it anew."""

from datetime import UTC, datetime

from temporalio import workflow

from onboarding.contracts import verification as contract
from onboarding.contracts.verification import VerificationRequest, VerificationResult
from tests.workflows.sinch_side import RIGHT_CODE
from workflows.verify_number import VerifyNumber


@workflow.defn(name=contract.WORKFLOW)
class ImportsWhatItWants(VerifyNumber):
    """Loads modules that nobody allowed, one of them while it runs."""

    @workflow.init
    def __init__(self, request: VerificationRequest) -> None:
        """As it is."""
        super().__init__(request)

    @workflow.run
    async def run(self, request: VerificationRequest) -> VerificationResult:
        """As it is, after one more import."""
        import processes  # noqa: F401, PLC0415 - the carelessness the tests are about

        assert RIGHT_CODE
        return await super().run(request)


@workflow.defn(name=contract.WORKFLOW)
class LooksAtTheClock(VerifyNumber):
    """Asks the machine for the time."""

    @workflow.init
    def __init__(self, request: VerificationRequest) -> None:
        """As it is."""
        super().__init__(request)

    @workflow.run
    async def run(self, request: VerificationRequest) -> VerificationResult:
        """As it is, after a look at the clock."""
        workflow.logger.debug("it is %s", datetime.now(UTC))
        return await super().run(request)
