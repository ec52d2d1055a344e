"""The connection to Temporal that a command works on."""

from typing import TYPE_CHECKING, Any

from starter.exits import Exit, Stop

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowExecution, WorkflowHandle


async def temporal_client() -> "Client":
    """A client of Temporal, by the settings of its own CLI. Raises Stop where it cannot be reached."""
    from temporal_connection import connect, described_target  # noqa: PLC0415

    try:
        return await connect()
    except RuntimeError as error:
        raise Stop(f"Temporal cannot be reached at {described_target()}: {error}", Exit.UNAVAILABLE) from None


async def described_or_none(handle: "WorkflowHandle[Any, Any]") -> "WorkflowExecution | None":
    """What the server knows of a workflow, or None where there is none of this id."""
    from temporalio.service import RPCError, RPCStatusCode  # noqa: PLC0415

    try:
        return await handle.describe()
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return None
        raise
