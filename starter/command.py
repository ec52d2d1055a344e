"""The `onboard` command: start batches, watch them, enter voice codes, cancel, read reports, run the local stack.

What a subcommand needs is imported when it runs, so that `--help` stays quick.
"""

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from onboarding.stages import Stage
from starter.api.commands import add_api_commands
from starter.api.rented_commands import add_rented_commands
from starter.connecting import temporal_client
from starter.doctor import add_doctor_command
from starter.exits import Exit, Stop
from starter.importing import add_importing_commands
from starter.legacy import add_legacy_commands
from starter.output import Format, document, message, rows
from starter.payload_keys import add_payload_key_commands
from starter.reconciling import add_reconciling_command
from starter.relinking import add_relinking_commands
from starter.removing import add_removing_commands
from starter.renting import add_renting_commands
from starter.repairs import add_repair_commands
from starter.running import leave, run

app = typer.Typer(
    help="Onboard business voice numbers for SMS with Sinch: durable, resumable, every number ends with a reason.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
add_api_commands(app)
add_importing_commands(app)
add_relinking_commands(app)
add_removing_commands(app)
add_repair_commands(app)
add_renting_commands(app)
add_rented_commands(app)
add_legacy_commands(app)
add_reconciling_command(app)
add_doctor_command(app)
add_payload_key_commands(app)

BatchArgument = Annotated[str, typer.Argument(metavar="BATCH", help="The id of a batch.")]
OutputOption = Annotated[Format, typer.Option("--output", help="text for people, json or jsonl for programs.")]

_WATCH_SECONDS = 2.0
_NUMBER_COLUMNS = ("phone_number", "stage", "reason", "hosting_order_id", "since")


@app.command()
def start(
    batch_file: Annotated[Path, typer.Argument(metavar="BATCH.toml", help="What to onboard, for whom, how.")],
    numbers: Annotated[str | None, typer.Argument(metavar="NUMBERS", help="CSV or one a line; - is stdin.")] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be sent, send nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before starting.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the end; exit 3 when numbers failed.")] = False,
    timeout: Annotated[str, typer.Option(help="With --wait: give up waiting after this, e.g. 45m or 3d.")] = "",
    output: OutputOption = Format.TEXT,
) -> None:
    """Check a batch and start it; the same batch again attaches to it."""

    async def work() -> Exit | None:
        from starter.starting import start_command  # noqa: PLC0415

        return await start_command(batch_file, numbers, dry_run, yes, wait, timeout, output)

    run(work)


@app.command()
def status(
    batch: Annotated[str | None, typer.Argument(metavar="BATCH", help="Without it: all batches.")] = None,
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Go on until the batch is through.")] = False,
    output: OutputOption = Format.TEXT,
) -> None:
    """Show where a batch stands and who is waited on."""

    async def work() -> Exit | None:
        from starter.statuses import show_batches, show_status, watch_status  # noqa: PLC0415

        client = await temporal_client()
        if batch is None:
            await show_batches(client, output)
        elif watch:
            return await watch_status(client, batch, output, _WATCH_SECONDS)
        else:
            await show_status(client, batch, output)
        return None

    run(work)


@app.command("list")
def list_batches(output: OutputOption = Format.TEXT) -> None:
    """List all batches."""

    async def work() -> None:
        from starter.statuses import show_batches  # noqa: PLC0415

        await show_batches(await temporal_client(), output)

    run(work)


def _stage(name: str) -> Stage:
    try:
        return Stage(name.upper())
    except ValueError:
        raise typer.BadParameter(f"{name!r} is none of {', '.join(Stage)}") from None


@app.command()
def numbers(
    batch: BatchArgument,
    *,
    stage: Annotated[
        Stage | None, typer.Option(parser=_stage, metavar="STAGE", help="Only numbers in this stage, e.g. FAILED.")
    ] = None,
    output: OutputOption = Format.TEXT,
) -> None:
    """List a batch's numbers with stage, reason and hosting order."""

    async def work() -> None:
        from starter.number_rows import number_rows  # noqa: PLC0415
        from starter.settings import document_store  # noqa: PLC0415

        found = await number_rows(await temporal_client(), document_store(), batch)
        chosen = [row.model_dump() for row in found if stage is None or row.stage == stage]
        rows(output, chosen, _NUMBER_COLUMNS)

    run(work)


@app.command()
def verify(batch: BatchArgument) -> None:
    """Go through the open voice challenges: type in each code, call again, or skip to the next."""

    async def work() -> Exit | None:
        from starter.guided import guide  # noqa: PLC0415

        return await guide(await temporal_client(), batch, sys.stdin)

    run(work)


@app.command()
def code(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="The number that was called.")],
    code: Annotated[str, typer.Argument(metavar="CODE", help="The digits that were heard, leading zeros too.")],
    output: OutputOption = Format.TEXT,
) -> None:
    """Enter the code somebody heard on the phone."""

    async def work() -> Exit | None:
        from starter.guided import enter_code  # noqa: PLC0415

        return await enter_code(await temporal_client(), number, code, output)

    run(work)


@app.command()
def cancel(
    batch: BatchArgument,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    output: OutputOption = Format.TEXT,
) -> None:
    """Start nothing new of a batch; hosting orders that are at Sinch are followed to their end."""

    async def work() -> None:
        from starter.asking import confirm  # noqa: PLC0415
        from starter.operator import cancel_batch  # noqa: PLC0415

        if not yes and not confirm(f"Cancel batch {batch}?"):
            raise Stop("nothing was cancelled")
        said = await cancel_batch(await temporal_client(), batch, getpass.getuser())
        document(output, {"batch": batch, "message": said}, said)

    run(work)


@app.command()
def report(
    batch: BatchArgument,
    *,
    csv: Annotated[bool, typer.Option("--csv", help="The report as CSV.")] = False,
    output: OutputOption = Format.TEXT,
) -> None:
    """Show the final report of a batch: one row a number."""

    async def work() -> Exit | None:
        from starter.reports import show_report  # noqa: PLC0415
        from starter.settings import document_store  # noqa: PLC0415

        return await show_report(document_store(), batch, output, csv)

    run(work)


@app.command()
def dev(
    folder: Annotated[Path, typer.Option(help="Where state, logs and endpoints.json are kept.")] = Path("var/dev"),
    day: Annotated[float, typer.Option(help="Real seconds of a simulated business day.")] = 60.0,
    port: Annotated[list[str] | None, typer.Option(help="NAME=PORT of a part; ports are free ones else.")] = None,
) -> None:
    """Run the whole stack in the foreground: Temporal with Web UI, simulated Sinch, receiver, worker."""

    async def work() -> None:
        from starter.dev import run_dev  # noqa: PLC0415

        await run_dev(folder, day, port or [])

    run(work)


@app.command()
def demo(
    folder: Annotated[Path, typer.Option(help="Where state, logs and the report are kept.")] = Path("var/demo"),
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Leave the stack up afterwards.")] = False,
) -> None:
    """Watch 25 numbers go through the whole stack, with the operator's part played."""

    async def work() -> None:
        from starter.demo import run_demo  # noqa: PLC0415

        await run_demo(folder, keep=keep)

    run(work)


def main() -> None:
    """Entry point of `onboard`."""
    try:
        app(standalone_mode=False)
    except typer.Exit as ended:
        leave(Exit(ended.exit_code))
    except typer.Abort:
        leave(Exit.INTERRUPTED)
    except Exception as error:
        if not hasattr(error, "format_message"):
            raise
        context = getattr(error, "ctx", None)
        message(f"{error.format_message()}\nsee: {context.command_path if context else 'onboard'} --help")
        leave(Exit.USAGE)
    leave(Exit.DONE)
