"""`onboard available`, `onboard regions`, `onboard active`: their arguments and options."""

from pathlib import Path
from typing import Annotated

import typer

from onboarding.task_queues import DEFAULT_PROFILE
from starter.exits import Exit
from starter.output import Format
from starter.relinking import IdOption, OutputOption, ProfileOption, YesOption
from starter.running import run

_available = typer.Typer(help="Look for numbers that can be rented.", no_args_is_help=True, rich_markup_mode=None)
_active = typer.Typer(
    help="Look at numbers that are rented, rename them, link them to something else, or release them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="A phone number, in any usual spelling.")]
Numbers = Annotated[list[str] | None, typer.Argument(metavar="NUMBERS", help="Phone numbers, one or several.")]
File = Annotated[Path | None, typer.Option("--file", metavar="FILE", help="One number a line.")]
Region = Annotated[str, typer.Option(metavar="REGION", help="Two letters, such as US; onboard regions lists them.")]
NumberType = Annotated[str, typer.Option("--type", metavar="TYPE", help="local, mobile or toll-free.")]
Pattern = Annotated[str | None, typer.Option(help="Digits in the number; with + from its beginning.")]
Change = Annotated[str, typer.Argument(metavar="ID", help="The id that update or release told.")]
Wait = Annotated[bool, typer.Option("--wait", help="Wait for the end; exit 3 when numbers failed.")]


def add_rented_commands(app: typer.Typer) -> None:
    """Give the `onboard` command these subcommands."""
    app.add_typer(_available, name="available")
    app.add_typer(_active, name="active")
    app.command()(regions)


def regions(
    *,
    type_: Annotated[
        list[str] | None, typer.Option("--type", metavar="TYPE", help="Repeatable; without it, of any.")
    ] = None,
    profile: ProfileOption = DEFAULT_PROFILE,
    output: OutputOption = Format.TEXT,
) -> None:
    """List the regions in which numbers can be rented. TYPE: local, mobile or toll-free."""

    async def work() -> None:
        from starter.api import available  # noqa: PLC0415

        await available.show_regions(profile, type_ or [], output)

    run(work)


@_available.command("search")
def search_available(
    *,
    region: Region = "US",
    type_: NumberType = "local",
    pattern: Pattern = None,
    at_end: Annotated[bool, typer.Option("--at-end", help="The pattern is at the end of the number.")] = False,
    capability: Annotated[
        list[str] | None, typer.Option(metavar="WORD", help="sms or voice; repeatable: a number has all of them.")
    ] = None,
    size: Annotated[int, typer.Option(min=1, max=100, help="How many to show; there is no second page.")] = 20,
    profile: ProfileOption = DEFAULT_PROFILE,
    output: OutputOption = Format.TEXT,
) -> None:
    """Search numbers that can be rented, with their prices."""

    async def work() -> None:
        from starter.api import available  # noqa: PLC0415

        await available.search(profile, region, type_, pattern, at_end, capability or [], size, output)

    run(work)


@_available.command("check")
def check_available(
    number: Number, *, profile: ProfileOption = DEFAULT_PROFILE, output: OutputOption = Format.TEXT
) -> None:
    """Show whether one number can be rented, and at what price."""

    async def work() -> None:
        from starter.api import available  # noqa: PLC0415

        await available.check(profile, number, output)

    run(work)


@_active.command("list")
def list_active(
    *,
    region: Region = "US",
    type_: NumberType = "local",
    pattern: Pattern = None,
    profile: ProfileOption = DEFAULT_PROFILE,
    output: OutputOption = Format.TEXT,
) -> None:
    """List the rented numbers of one region and type, which Sinch wants named."""

    async def work() -> None:
        from starter.api import active  # noqa: PLC0415

        await active.show_list(profile, region, type_, pattern, output)

    run(work)


@_active.command("show")
def show_active(
    number: Number, *, profile: ProfileOption = DEFAULT_PROFILE, output: OutputOption = Format.TEXT
) -> None:
    """Show what a rented number is linked to, and what it costs."""

    async def work() -> None:
        from starter.api import active  # noqa: PLC0415

        await active.show(profile, number, output)

    run(work)


@_active.command("rename")
def rename_active(
    number: Number,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its new display name.")],
    *,
    profile: ProfileOption = DEFAULT_PROFILE,
    output: OutputOption = Format.TEXT,
) -> None:
    """Give a rented number another display name."""

    async def work() -> None:
        from starter.api import active  # noqa: PLC0415

        await active.rename(profile, number, name, output)

    run(work)


@_active.command("update")
def update_active(
    numbers: Numbers = None,
    *,
    file: File = None,
    service_plan: Annotated[str | None, typer.Option(metavar="ID", help="The new service plan.")] = None,
    campaign: Annotated[str | None, typer.Option(metavar="ID", help="The new campaign.")] = None,
    app: Annotated[str | None, typer.Option(metavar="ID", help="An app of the Voice API answers calls.")] = None,
    trunk: Annotated[str | None, typer.Option(metavar="ID", help="An Elastic SIP Trunk answers calls.")] = None,
    fax: Annotated[str | None, typer.Option(metavar="ID", help="The Fax service answers calls.")] = None,
    id_: IdOption = None,
    profile: ProfileOption = DEFAULT_PROFILE,
    yes: YesOption = False,
    wait: Wait = False,
    output: OutputOption = Format.TEXT,
) -> None:
    """Link rented numbers to another service plan, campaign or voice service; they are unlinked first."""

    async def work() -> Exit | None:
        from onboarding.calls.active_numbers import Relink  # noqa: PLC0415
        from starter.active_changes import change, links_of, numbers_of  # noqa: PLC0415

        what = Relink(links=links_of(service_plan, campaign, app, trunk, fax))
        chosen = numbers_of(numbers or [], file)
        return await change(chosen, what, profile=profile, id_=id_, yes=yes, wait=wait, format_=output)

    run(work)


@_active.command("release")
def release_active(
    numbers: Numbers = None,
    *,
    file: File = None,
    id_: IdOption = None,
    profile: ProfileOption = DEFAULT_PROFILE,
    yes: YesOption = False,
    wait: Wait = False,
    output: OutputOption = Format.TEXT,
) -> None:
    """Give rented numbers back; they stay active until the end of the time that is paid for."""

    async def work() -> Exit | None:
        from onboarding.calls.active_numbers import Release  # noqa: PLC0415
        from starter.active_changes import change, numbers_of  # noqa: PLC0415

        chosen = numbers_of(numbers or [], file)
        return await change(chosen, Release(), profile=profile, id_=id_, yes=yes, wait=wait, format_=output)

    run(work)


@_active.command("status")
def active_status(
    change: Change,
    output: OutputOption = Format.TEXT,
) -> None:
    """Show where an update or a release stands."""

    async def work() -> Exit:
        from starter.active_changes import show_change  # noqa: PLC0415

        return await show_change(change, output)

    run(work)


@_active.command("cancel")
def cancel_active(change: Change, *, yes: YesOption = False, output: OutputOption = Format.TEXT) -> None:
    """Leave alone the numbers that an update or a release has not begun; `active status` tells which."""

    async def work() -> None:
        from starter.active_changes import cancel_change  # noqa: PLC0415

        await cancel_change(change, yes=yes, format_=output)

    run(work)
