"""`onboard retry` and `onboard skip`: numbers that failed, or wait for an operator."""

import getpass
from typing import Annotated

import typer

from starter.connecting import temporal_client
from starter.exits import Exit
from starter.output import Format
from starter.running import run

BatchArgument = Annotated[str, typer.Argument(metavar="BATCH", help="The id of a batch.")]
NumberOption = Annotated[list[str] | None, typer.Option("--number", metavar="NUMBER", help="Only this; repeatable.")]
ReasonOption = Annotated[
    list[str] | None, typer.Option("--reason", metavar="CODE", help="Only what failed for this reason; repeatable.")
]
OutputOption = Annotated[Format, typer.Option("--output", help="text for people, json or jsonl for programs.")]


def add_repair_commands(app: typer.Typer) -> None:
    """Give the `onboard` command these subcommands."""
    app.command()(retry)
    app.command()(skip)


def retry(
    batch: BatchArgument,
    *,
    number: NumberOption = None,
    reason: ReasonOption = None,
    output: OutputOption = Format.TEXT,
) -> None:
    """Try again what failed or waits for you: where it is, or in a follow-up batch once the batch has ended."""

    async def work() -> Exit:
        from starter.failed_numbers import Choice  # noqa: PLC0415
        from starter.retrying import retry_batch  # noqa: PLC0415
        from starter.settings import document_store  # noqa: PLC0415

        choice = Choice.of(number, reason)
        return await retry_batch(await temporal_client(), document_store(), batch, choice, getpass.getuser(), output)

    run(work)


def skip(
    batch: BatchArgument,
    *,
    number: NumberOption = None,
    reason: ReasonOption = None,
    output: OutputOption = Format.TEXT,
) -> None:
    """Take numbers out of a running batch; name them, or the reason that they wait for."""

    async def work() -> Exit:
        from starter.failed_numbers import Choice  # noqa: PLC0415
        from starter.skipping import skip_numbers  # noqa: PLC0415

        return await skip_numbers(await temporal_client(), batch, Choice.of(number, reason), getpass.getuser(), output)

    run(work)
