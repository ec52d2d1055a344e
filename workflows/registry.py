"""All workflows, and the sandbox they run in: the same for workers, replayers and tests."""

from collections.abc import Sequence

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from workflows.hosting_order import HostingOrder
from workflows.import_numbers import ImportNumbers
from workflows.onboard_batch import OnboardBatch
from workflows.onboard_group import OnboardGroup
from workflows.relink_numbers import RelinkNumbers
from workflows.remove_numbers import RemoveNumbers
from workflows.verify_number import VerifyNumber

WORKFLOWS: Sequence[type] = (
    OnboardBatch,
    OnboardGroup,
    VerifyNumber,
    HostingOrder,
    ImportNumbers,
    RelinkNumbers,
    RemoveNumbers,
)


def workflow_runner() -> SandboxedWorkflowRunner:
    """The sandbox; the domain and its phone number tables are shared, everything else is imported anew."""
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules("onboarding", "phonenumbers")
    )
