"""The product's sandbox for tests, each of which starts workers of its own.

A worker first imports every workflow into a sandbox that it throws away, to see that this can be done. That is
almost all that a worker's start costs, and the answer is the same every time; workflows run in sandboxes of their own.
"""

from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner
from temporalio.workflow import _Definition

from workflows.registry import workflow_runner

_prepared: set[type] = set()


class _PreparesOnce(SandboxedWorkflowRunner):
    def prepare_workflow(self, defn: _Definition) -> None:
        if defn.cls not in _prepared:
            super().prepare_workflow(defn)
            _prepared.add(defn.cls)


def prepared_workflow_runner() -> SandboxedWorkflowRunner:
    """`workflow_runner`, which tries the import of a workflow once a test process."""
    return _PreparesOnce(workflow_runner().restrictions)
