"""`onboard reconcile`: is every number of a batch or wish that is done still at Sinch what was asked for?"""

from typing import Annotated

import typer

from starter.connecting import temporal_client
from starter.exits import Exit, Stop
from starter.output import Format
from starter.running import run


def add_reconciling_command(app: typer.Typer) -> None:
    """Give the command to `onboard`."""
    app.command()(reconcile)


def reconcile(
    batch: Annotated[
        str | None, typer.Argument(metavar="BATCH", help="The id of a batch, running or ended; or see --rent.")
    ] = None,
    *,
    rent: Annotated[
        str | None, typer.Option(metavar="ID", help="The numbers that a wish has rented, by the wish's id.")
    ] = None,
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
        from starter.rent_drift import show_rent_drift  # noqa: PLC0415
        from starter.settings import document_store  # noqa: PLC0415

        if rent is not None and batch is None:
            return await show_rent_drift(await temporal_client(), rent, profile, output)
        if batch is None or rent is not None:
            raise Stop("name a batch, or a wish with --rent", Exit.USAGE)
        return await show_drift(await temporal_client(), document_store(), batch, profile, output)

    run(work)
