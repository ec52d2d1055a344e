"""The connection to Temporal that a command works on."""

from typing import TYPE_CHECKING

from starter.exits import Exit, Stop

if TYPE_CHECKING:
    from temporalio.client import Client


async def temporal_client() -> "Client":
    """A client of Temporal, by the settings of its own CLI. Raises Stop where it cannot be reached."""
    from temporal_connection import connect, described_target  # noqa: PLC0415

    try:
        return await connect()
    except RuntimeError as error:
        raise Stop(f"Temporal cannot be reached at {described_target()}: {error}", Exit.UNAVAILABLE) from None
