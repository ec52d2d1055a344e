"""Voice challenges from the operator's side: which are open, entering codes, calling again."""

import asyncio

from pydantic import ValidationError
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from onboarding.contracts import verification as contract
from onboarding.contracts.operator import STATUS_QUERY, ActionTaken, OperatorAction
from onboarding.contracts.verification import SubmitCode, VerificationStatus
from onboarding.ids import verification_workflow_id
from starter.exits import Exit, Stop
from starter.running import ANSWERED_WITHIN
from starter.watching import open_workflows

_LOOK_AGAIN_SECONDS = 0.3
_JUDGED_WITHIN_SECONDS = 60.0


async def open_challenges(client: Client, batch_id: str) -> list[VerificationStatus]:
    """Where each open challenge of a batch stands."""
    lists = await open_workflows(client, batch_id)
    found = []
    for challenge in lists.challenges:
        try:
            found.append(await challenge_status(client, challenge.workflow_id.partition(":")[2]))
        except Stop:
            continue
    return [status for status in found if status.outcome is None]


async def challenge_status(client: Client, phone_number: str) -> VerificationStatus:
    """Where one challenge stands. Raises Stop when there is none for the number."""
    try:
        status: VerificationStatus = await _handle(client, phone_number).query(
            STATUS_QUERY, result_type=VerificationStatus, rpc_timeout=ANSWERED_WITHIN
        )
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            raise Stop(f"no voice challenge is open for {phone_number}", Exit.USAGE) from None
        raise
    return status


async def submit_code(client: Client, phone_number: str, code: str) -> VerificationStatus:
    """Enter a code and wait until Sinch has judged it. Raises Stop when the challenge does not take it."""
    submitted = _submitted(code)
    before = await challenge_status(client, phone_number)
    await _update(client, phone_number, contract.SUBMIT_CODE_UPDATE, submitted)
    deadline = asyncio.get_running_loop().time() + _JUDGED_WITHIN_SECONDS
    while asyncio.get_running_loop().time() < deadline:
        status = await challenge_status(client, phone_number)
        if status.outcome is not None or status.codes_judged > before.codes_judged:
            return status
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    raise Stop(f"the code for {phone_number} is not judged yet; see: onboard numbers", Exit.STILL_WAITING)


def _submitted(code: str) -> SubmitCode:
    try:
        return SubmitCode(code=code)
    except ValidationError:
        raise Stop("a code has 3 to 10 digits and nothing else", Exit.USAGE) from None


async def call_again(client: Client, phone_number: str) -> str:
    """Ring the phone once more. Raises Stop when that is refused, with the reason."""
    return await _update(client, phone_number, contract.CALL_AGAIN_UPDATE, OperatorAction())


async def _update(client: Client, phone_number: str, name: str, argument: SubmitCode | OperatorAction) -> str:
    try:
        taken: ActionTaken = await _handle(client, phone_number).execute_update(
            name, argument, result_type=ActionTaken, rpc_timeout=ANSWERED_WITHIN
        )
    except WorkflowUpdateFailedError as error:
        cause = error.cause
        said = cause.message if isinstance(cause, ApplicationError) else str(cause)
        raise Stop(f"{phone_number}: {said}") from None
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            raise Stop(f"no voice challenge is open for {phone_number}", Exit.USAGE) from None
        raise
    return taken.message


def _handle(client: Client, phone_number: str) -> "WorkflowHandle[object, object]":
    return client.get_workflow_handle(verification_workflow_id(phone_number))
