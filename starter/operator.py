"""What an operator asks of a whole batch."""

from temporalio.client import Client

from onboarding.contracts.operator import CANCEL_UPDATE, OperatorAction
from onboarding.ids import batch_workflow_id
from starter.exits import Exit, Stop
from starter.updates import NotRunning, UpdateRefused, send_update


async def cancel_batch(client: Client, batch_id: str, by: str) -> str:
    """Start nothing new; orders at Sinch are followed to their end. Raises Stop when that is refused."""
    try:
        return await send_update(client, batch_workflow_id(batch_id), CANCEL_UPDATE, OperatorAction(by=by))
    except UpdateRefused as refused:
        raise Stop(str(refused)) from None
    except NotRunning:
        raise Stop(f"batch {batch_id!r} is not running; see: onboard list", Exit.USAGE) from None
