"""`onboard rent`, `rent-status`, `rent-cancel`."""

from pathlib import Path
from typing import Annotated

import typer

from starter.api.rented_commands import Wait
from starter.connecting import temporal_client
from starter.exits import Exit
from starter.output import Format
from starter.relinking import OutputOption, YesOption
from starter.running import run

WishArgument = Annotated[str, typer.Argument(metavar="ID", help="The id of a wish.")]


def add_renting_commands(app: typer.Typer) -> None:
    """Give the `onboard` command these subcommands."""
    app.command()(rent)
    app.command("rent-status")(rent_status)
    app.command("rent-cancel")(rent_cancel)


def rent(
    wish_file: Annotated[Path, typer.Argument(metavar="RENT.toml", help="Which numbers, and what they may cost.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would cost, rent nothing.")] = False,
    yes: YesOption = False,
    wait: Wait = False,
    output: OutputOption = Format.TEXT,
) -> None:
    """Rent numbers from Sinch and link them for SMS and voice; the same wish again attaches to it."""

    async def work() -> Exit | None:
        from starter.rents import rent_command  # noqa: PLC0415

        return await rent_command(wish_file, dry_run=dry_run, yes=yes, wait=wait, format_=output)

    run(work)


def rent_status(wish: WishArgument, output: OutputOption = Format.TEXT) -> None:
    """Show where a wish stands, and what it has cost."""

    async def work() -> Exit:
        from starter.rents import show_rent  # noqa: PLC0415
        from starter.settings import document_store  # noqa: PLC0415

        return await show_rent(await temporal_client(), document_store(), wish, output)

    run(work)


def rent_cancel(wish: WishArgument, *, yes: YesOption = False, output: OutputOption = Format.TEXT) -> None:
    """Rent no further number of a wish; one that is all or nothing gives back what it has."""

    async def work() -> None:
        from starter.cancelling import cancel_work  # noqa: PLC0415
        from starter.number_work import RENTING  # noqa: PLC0415

        await cancel_work(RENTING, wish, f"Cancel wish {wish}?", yes=yes, format_=output)

    run(work)
