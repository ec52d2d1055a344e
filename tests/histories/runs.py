"""Reading the histories of a workflow that went on as new runs."""

from typing import Any

from temporalio.client import Client, WorkflowHandle, WorkflowHistory


async def histories_of_runs(client: Client, handle: WorkflowHandle[Any, Any]) -> list[WorkflowHistory]:
    """The histories of all runs, the first one first."""
    histories = [await handle.fetch_history()]
    while before := histories[0].events[0].workflow_execution_started_event_attributes.continued_execution_run_id:
        histories.insert(0, await client.get_workflow_handle(handle.id, run_id=before).fetch_history())
    return histories
