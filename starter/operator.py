"""What an operator asks of a whole batch."""

from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from onboarding.contracts.operator import CANCEL_UPDATE, ActionTaken, OperatorAction
from onboarding.ids import batch_workflow_id
from starter.exits import Exit, Stop
from starter.running import ANSWERED_WITHIN


async def cancel_batch(client: Client, batch_id: str, by: str) -> str:
    """Start nothing new; orders at Sinch are followed to their end. Raises Stop when that is refused."""
    handle = client.get_workflow_handle(batch_workflow_id(batch_id))
    try:
        taken: ActionTaken = await handle.execute_update(
            CANCEL_UPDATE, OperatorAction(by=by), result_type=ActionTaken, rpc_timeout=ANSWERED_WITHIN
        )
    except WorkflowUpdateFailedError as error:
        cause = error.cause
        raise Stop(cause.message if isinstance(cause, ApplicationError) else str(cause)) from None
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            raise Stop(f"batch {batch_id!r} is not running; see: onboard list", Exit.USAGE) from None
        raise
    return taken.message
