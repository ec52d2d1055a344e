"""Cancelling work through a list of numbers from the command line."""

import getpass

from onboarding.contracts.operator import CANCEL_UPDATE, OperatorAction
from starter.asking import confirm
from starter.connecting import temporal_client
from starter.exits import Stop
from starter.number_work import Kind
from starter.output import Format, document
from starter.updates import instruct


async def cancel_work(kind: Kind, work_id: str, question: str, *, yes: bool, format_: Format) -> None:
    """Begin no further number, once `question` has been answered. Raises Stop."""
    if not yes and not confirm(question):
        raise Stop("nothing was cancelled")
    client, action = await temporal_client(), OperatorAction(by=getpass.getuser())
    said = await instruct(client, kind.workflow_id(work_id), work_id, CANCEL_UPDATE, action)
    document(format_, {"id": work_id, "message": said}, said)
