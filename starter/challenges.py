"""Voice challenges from the operator's side: which are open, entering codes, calling again."""

import asyncio

from pydantic import ValidationError
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from onboarding.contracts import verification as contract
from onboarding.contracts.operator import STATUS_QUERY, OperatorAction
from onboarding.contracts.verification import SubmitCode, VerificationStatus
from onboarding.ids import verification_workflow_id
from starter.exits import Exit, Stop
from starter.running import ANSWERED_WITHIN
from starter.updates import NotRunning, UpdateRefused, send_update
from starter.watching import open_workflows

_LOOK_AGAIN_SECONDS = 0.3
_JUDGED_WITHIN_SECONDS = 60.0


async def open_challenges(client: Client, batch_id: str) -> list[VerificationStatus]:
    """Where each open challenge of a batch stands."""
    found = []
    for challenge in await open_workflows(client, batch_id, contract.WORKFLOW):
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
        return await send_update(client, verification_workflow_id(phone_number), name, argument)
    except UpdateRefused as refused:
        raise Stop(f"{phone_number}: {refused}") from None
    except NotRunning:
        raise Stop(f"no voice challenge is open for {phone_number}", Exit.USAGE) from None


def _handle(client: Client, phone_number: str) -> "WorkflowHandle[object, object]":
    return client.get_workflow_handle(verification_workflow_id(phone_number))
