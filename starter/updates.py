"""Telling a running workflow something, and what it says to that."""

from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from onboarding.contracts.operator import ActionTaken
from onboarding.model import Model
from starter.exits import Exit, Stop
from starter.running import ANSWERED_WITHIN


class UpdateRefused(Exception):
    """The workflow says why it does not do it."""


class NotRunning(Exception):
    """There is no running workflow of this id."""


async def send_update(client: Client, workflow_id: str, update: str, argument: Model) -> str:
    """What the workflow did, in its words. Raises UpdateRefused and NotRunning."""
    try:
        taken: ActionTaken = await client.get_workflow_handle(workflow_id).execute_update(
            update, argument, result_type=ActionTaken, rpc_timeout=ANSWERED_WITHIN
        )
    except WorkflowUpdateFailedError as error:
        cause = error.cause
        raise UpdateRefused(cause.message if isinstance(cause, ApplicationError) else str(cause)) from None
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            raise NotRunning(workflow_id) from None
        raise
    return taken.message


async def instruct(client: Client, workflow_id: str, name: str, update: str, argument: Model) -> str:
    """What the workflow did, in its words. Raises Stop where it refuses, or where `name` is not running."""
    try:
        return await send_update(client, workflow_id, update, argument)
    except UpdateRefused as refused:
        raise Stop(str(refused)) from None
    except NotRunning:
        raise Stop(f"{name} is not running", Exit.USAGE) from None
