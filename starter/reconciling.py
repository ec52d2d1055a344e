"""`onboard reconcile`: is every number of a batch that is done still at Sinch what was asked for?"""

from typing import Annotated

import typer

from starter.connecting import temporal_client
from starter.exits import Exit
from starter.output import Format
from starter.running import run


def add_reconciling_command(app: typer.Typer) -> None:
    """Give the command to `onboard`."""
    app.command()(reconcile)


def reconcile(
    batch: Annotated[str, typer.Argument(metavar="BATCH", help="The id of a batch, running or ended.")],
    *,
    profile: Annotated[
        str | None, typer.Option(metavar="PROFILE", help="The Sinch project to look in; by default the batch's own.")
    ] = None,
    output: Annotated[
        Format, typer.Option("--output", help="text for people, json or jsonl for programs.")
    ] = Format.TEXT,
) -> None:
    """Compare the numbers that are done with what Sinch has now; exit 3 when some are not as asked."""

    async def work() -> Exit:
        from starter.drift import show_drift  # noqa: PLC0415
        from starter.settings import document_store  # noqa: PLC0415

        return await show_drift(await temporal_client(), document_store(), batch, profile, output)

    run(work)
