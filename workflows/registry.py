"""All workflows, and the sandbox they run in: the same for workers, replayers and tests."""

from collections.abc import Sequence
from pkgutil import iter_modules

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

import workflows
from workflows.assign_legacy_numbers import AssignLegacyNumbers
from workflows.change_active_numbers import ChangeActiveNumbers
from workflows.hosting_order import HostingOrder
from workflows.import_numbers import ImportNumbers
from workflows.onboard_batch import OnboardBatch
from workflows.onboard_group import OnboardGroup
from workflows.relink_numbers import RelinkNumbers
from workflows.remove_numbers import RemoveNumbers
from workflows.rent_legacy_numbers import RentLegacyNumbers
from workflows.rent_numbers import RentNumbers
from workflows.set_legacy_application import SetLegacyApplication
from workflows.verify_number import VerifyNumber

WORKFLOWS: Sequence[type] = (
    OnboardBatch,
    OnboardGroup,
    VerifyNumber,
    HostingOrder,
    ImportNumbers,
    RelinkNumbers,
    RemoveNumbers,
    RentNumbers,
    ChangeActiveNumbers,
    AssignLegacyNumbers,
    RentLegacyNumbers,
    SetLegacyApplication,
)


_PARTS = tuple(f"workflows.{part.name}" for part in iter_modules(workflows.__path__) if part.name.startswith("_"))
"""What workflows are made of. It keeps its state in objects of a run, none in a module."""


def workflow_runner() -> SandboxedWorkflowRunner:
    """The sandbox, which imports the module of a workflow anew for every run: some milliseconds, were it not for all
    that is shared with it."""
    return SandboxedWorkflowRunner(
        restrictions=SandboxRestrictions.default.with_passthrough_modules("onboarding", "phonenumbers", *_PARTS)
    )
