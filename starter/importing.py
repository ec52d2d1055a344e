"""`onboard import`, `consent`, `import-retry`, `import-skip`, `import-cancel`."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onboarding.task_queues import DEFAULT_PROFILE
from starter.connecting import temporal_client
from starter.exits import Exit, Stop
from starter.output import Format, document
from starter.running import run

if TYPE_CHECKING:
    from temporalio.client import Client

    from starter.input_imports import ImportInput

ImportArgument = Annotated[str, typer.Argument(metavar="IMPORT", help="The id of an import.")]
NumberOption = Annotated[list[str] | None, typer.Option("--number", metavar="NUMBER", help="One number; repeatable.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
OutputOption = Annotated[Format, typer.Option("--output", help="text for people, json or jsonl for programs.")]


def add_importing_commands(app: typer.Typer) -> None:
    """Give the `onboard` command these subcommands."""
    app.command("import")(import_numbers)
    app.command("consent")(consent)
    app.command("import-retry")(import_retry)
    app.command("import-skip")(import_skip)
    app.command("import-cancel")(import_cancel)


def import_numbers(
    import_file: Annotated[
        Path | None, typer.Argument(metavar="IMPORT.toml", help="What to import, for whom; or see --number.")
    ] = None,
    numbers: Annotated[str | None, typer.Argument(metavar="NUMBERS", help="CSV or one a line; - is stdin.")] = None,
    *,
    number: Annotated[str | None, typer.Option(metavar="NUMBER", help="Import one number, without a file.")] = None,
    service_plan: Annotated[str | None, typer.Option(metavar="ID", help="With --number: its service plan.")] = None,
    campaign: Annotated[str | None, typer.Option(metavar="ID", help="With --number: its 10DLC campaign.")] = None,
    contact: Annotated[
        str | None, typer.Option(metavar="EMAIL", help="With --number: who is told when something has to be decided.")
    ] = None,
    customer: Annotated[str | None, typer.Option(metavar="NAME", help="With --number: whose it is.")] = None,
    profile: Annotated[
        str, typer.Option(metavar="NAME", help="With --number: whose Sinch project, a profile's name.")
    ] = DEFAULT_PROFILE,
    id_: Annotated[str | None, typer.Option("--id", metavar="ID", help="With --number: a name for it.")] = None,
    migrate: Annotated[
        bool, typer.Option("--migrate", help="With --number: consent to migrate it where T-Mobile answers 60135.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be sent, send nothing.")] = False,
    yes: YesOption = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the end; exit 3 when numbers failed.")] = False,
    output: OutputOption = Format.TEXT,
) -> None:
    """Import numbers that carry their NNID already; the same import again attaches to it."""

    async def work() -> Exit | None:
        from starter.imports import import_command, show_plan  # noqa: PLC0415
        from starter.input_imports import single_import  # noqa: PLC0415
        from starter.settings import document_store  # noqa: PLC0415

        if (number is None) is (import_file is None):
            raise Stop("name an import file, or one number with --number", Exit.USAGE)
        if number is not None:
            given = single_import(
                number,
                id_=id_,
                service_plan=service_plan,
                campaign=campaign,
                contact=contact,
                profile=profile,
                customer=customer,
                migrate=migrate,
            )
        else:
            given = _of_file(import_file, numbers)
        if dry_run:
            show_plan(given, output)
            return None
        return await import_command(await temporal_client(), document_store(), given, yes, wait, output)

    run(work)


def _of_file(import_file: Path | None, numbers: str | None) -> "ImportInput":
    from starter.input import InvalidInput  # noqa: PLC0415
    from starter.input_imports import read_import  # noqa: PLC0415

    try:
        return read_import(import_file or Path(), numbers, sys.stdin.buffer)
    except InvalidInput as error:
        raise Stop(str(error), Exit.USAGE) from None


def consent(
    import_: ImportArgument,
    *,
    number: NumberOption = None,
    decline: Annotated[bool, typer.Option("--decline", help="Do not migrate them: they fail.")] = False,
    yes: YesOption = False,
    output: OutputOption = Format.TEXT,
) -> None:
    """Consent to migrate numbers that T-Mobile refuses with 60135; without --number, all of the import."""
    chosen = tuple(number or ())
    whose = ", ".join(chosen) or f"all numbers of {import_} that T-Mobile refuses"
    question = f"Decline to migrate {whose}?" if decline else f"Migrate {whose} from their aggregator to Sinch?"

    async def decide(client: "Client") -> str:
        from starter.imports import consent  # noqa: PLC0415

        return await consent(client, import_, chosen, granted=not decline)

    _carry_out(import_, question, yes, output, decide)


def import_retry(
    import_: ImportArgument, *, number: NumberOption = None, yes: YesOption = False, output: OutputOption = Format.TEXT
) -> None:
    """Try failed numbers again while the import is running: link what is imported, import the others."""
    chosen = tuple(number or ())

    async def decide(client: "Client") -> str:
        from starter.imports import retry  # noqa: PLC0415

        return await retry(client, import_, chosen)

    _carry_out(import_, f"Try {', '.join(chosen) or 'all failed numbers'} again?", yes, output, decide)


def import_skip(
    import_: ImportArgument,
    *,
    number: Annotated[list[str], typer.Option("--number", metavar="NUMBER", help="One number; repeatable.")],
    yes: YesOption = False,
    output: OutputOption = Format.TEXT,
) -> None:
    """Take numbers out of an import; Sinch goes on with those that are there."""

    async def decide(client: "Client") -> str:
        from starter.imports import skip  # noqa: PLC0415

        return await skip(client, import_, tuple(number))

    _carry_out(import_, f"Skip {', '.join(number)}?", yes, output, decide)


def import_cancel(import_: ImportArgument, *, yes: YesOption = False, output: OutputOption = Format.TEXT) -> None:
    """Import nothing more; what is at Sinch is followed to its end."""

    async def decide(client: "Client") -> str:
        from starter.imports import cancel  # noqa: PLC0415

        return await cancel(client, import_)

    _carry_out(import_, f"Cancel import {import_}?", yes, output, decide)


def _carry_out(
    import_: str, question: str, yes: bool, output: Format, decide: Callable[["Client"], Awaitable[str]]
) -> None:
    async def work() -> None:
        from starter.asking import confirm  # noqa: PLC0415

        if not yes and not confirm(question):
            raise Stop("nothing was changed")
        said = await decide(await temporal_client())
        document(output, {"batch": import_, "message": said}, said)

    run(work)
