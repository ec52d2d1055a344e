"""`onboard legacy`: numbers of the legacy Number Administration API; arguments and options."""

from pathlib import Path
from typing import Annotated, Any

import typer

from onboarding.task_queues import DEFAULT_PROFILE
from starter.connecting import temporal_client
from starter.exits import Exit
from starter.output import Format, document
from starter.relinking import DryRunOption, IdOption, NumberOption, OutputOption, ProfileOption, WaitOption, YesOption
from starter.running import run

_legacy = typer.Typer(
    help="Rent numbers of the legacy Number Administration API, and give them to applications.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

WishFile = Annotated[Path | None, typer.Argument(metavar="WISH.toml", help="What is wanted; or say it all by options.")]
IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The id of a wish.")]
Application = Annotated[str | None, typer.Option(metavar="KEY", help="The key of the application.")]
Capability = Annotated[str | None, typer.Option(metavar="KIND", help="sms or voice; without it sms.")]
Organisation = Annotated[int | None, typer.Option(metavar="ID", help="Another organisation than the account's.")]
OptionalProfile = Annotated[str | None, typer.Option(metavar="NAME", help="Whose account: a profile's name.")]


def add_legacy_commands(app: typer.Typer) -> None:
    """Give the `onboard` command this group."""
    app.add_typer(_legacy, name="legacy")


@_legacy.command()
def shop(
    *,
    capability: Annotated[str | None, typer.Option(metavar="KIND", help="Only those for sms or voice.")] = None,
    country: Annotated[str | None, typer.Option(metavar="CODE", help="Only those of this country, e.g. US.")] = None,
    organisation: Organisation = None,
    profile: ProfileOption = DEFAULT_PROFILE,
    output: OutputOption = Format.TEXT,
) -> None:
    """List the groups of numbers that can be rented, with their prices."""

    async def work() -> None:
        from starter.legacy_views import show_shop  # noqa: PLC0415

        await show_shop(profile, organisation, capability, country, output)

    run(work)


@_legacy.command()
def rented(
    *, organisation: Organisation = None, profile: ProfileOption = DEFAULT_PROFILE, output: OutputOption = Format.TEXT
) -> None:
    """List the rented numbers, and which application has each."""

    async def work() -> None:
        from starter.legacy_views import show_rented  # noqa: PLC0415

        await show_rented(profile, organisation, output)

    run(work)


@_legacy.command()
def applications(
    application: Annotated[str, typer.Argument(metavar="APP", help="The key of an application.")],
    *,
    profile: ProfileOption = DEFAULT_PROFILE,
    output: OutputOption = Format.TEXT,
) -> None:
    """List the numbers of an application."""

    async def work() -> None:
        from starter.legacy_views import show_application  # noqa: PLC0415

        await show_application(profile, application, output)

    run(work)


@_legacy.command()
def buy(
    wish_file: WishFile = None,
    *,
    application: Application = None,
    capability: Capability = None,
    quantity: Annotated[int | None, typer.Option(metavar="COUNT", help="How many numbers.")] = None,
    country: Annotated[str | None, typer.Option(metavar="CODE", help="Of this country only, e.g. US.")] = None,
    area_code: Annotated[str | None, typer.Option(metavar="CODE", help="Of this area code only.")] = None,
    group: Annotated[int | None, typer.Option(metavar="ID", help="Of this group of the shop only.")] = None,
    limit: Annotated[str | None, typer.Option(metavar="AMOUNT", help="What all may cost together.")] = None,
    currency: Annotated[str | None, typer.Option(metavar="CODE", help="Of the limit; without it USD.")] = None,
    organisation: Organisation = None,
    id_: IdOption = None,
    profile: OptionalProfile = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    wait: WaitOption = False,
    output: OutputOption = Format.TEXT,
) -> None:
    """Rent numbers, which costs money, and give them to an application; the same wish again attaches to it."""
    options = {
        "id": id_,
        "application": application,
        "capability": capability,
        "quantity": quantity,
        "country": country,
        "area_code": area_code,
        "group": group,
        "spending_limit": limit,
        "currency": currency,
        "organisation": organisation,
        "profile": profile,
    }
    _carry_out("buy", wish_file, options, yes=yes, dry_run=dry_run, wait=wait, output=output)


@_legacy.command()
def assign(
    wish_file: WishFile = None,
    *,
    application: Application = None,
    capability: Capability = None,
    number: NumberOption = None,
    organisation: Organisation = None,
    id_: IdOption = None,
    profile: OptionalProfile = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    wait: WaitOption = False,
    output: OutputOption = Format.TEXT,
) -> None:
    """Give an application numbers that are rented already; those it has stay."""
    options = {
        "id": id_,
        "application": application,
        "capability": capability,
        "numbers": number,
        "organisation": organisation,
        "profile": profile,
    }
    _carry_out("assign", wish_file, options, yes=yes, dry_run=dry_run, wait=wait, output=output)


@_legacy.command()
def unassign(
    wish_file: WishFile = None,
    *,
    application: Application = None,
    number: NumberOption = None,
    organisation: Organisation = None,
    id_: IdOption = None,
    profile: OptionalProfile = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    wait: WaitOption = False,
    output: OutputOption = Format.TEXT,
) -> None:
    """Take numbers from an application; they stay rented."""
    options = {
        "id": id_,
        "application": application,
        "numbers": number,
        "organisation": organisation,
        "profile": profile,
    }
    _carry_out("unassign", wish_file, options, yes=yes, dry_run=dry_run, wait=wait, output=output)


@_legacy.command()
def status(wish: IdArgument, output: OutputOption = Format.TEXT) -> None:
    """Show where a wish stands, what it waits for, and what it has cost."""

    async def work() -> Exit:
        from starter.legacy_wishes import show_wish  # noqa: PLC0415
        from starter.settings import document_store  # noqa: PLC0415

        return await show_wish(await temporal_client(), document_store(), wish, output)

    run(work)


@_legacy.command()
def retry(wish: IdArgument, output: OutputOption = Format.TEXT) -> None:
    """Go on with a wish that waits for you, once what was wrong is put right."""
    from onboarding.contracts.operator import RETRY_UPDATE  # noqa: PLC0415

    _tell(wish, RETRY_UPDATE, output)


@_legacy.command()
def cancel(wish: IdArgument, output: OutputOption = Format.TEXT) -> None:
    """Rent nothing further for a wish; what is rented stays rented."""
    from onboarding.contracts.operator import CANCEL_UPDATE  # noqa: PLC0415

    _tell(wish, CANCEL_UPDATE, output)


def _carry_out(
    action: str, path: Path | None, options: dict[str, Any], *, yes: bool, dry_run: bool, wait: bool, output: Format
) -> None:
    async def work() -> Exit | None:
        from onboarding.legacy_wishes import LegacyAction  # noqa: PLC0415
        from starter.legacy_wishes import wish_command  # noqa: PLC0415

        return await wish_command(
            LegacyAction(action), path, options, dry_run=dry_run, yes=yes, wait=wait, format_=output
        )

    run(work)


def _tell(wish: str, update: str, output: Format) -> None:
    async def work() -> None:
        from starter.legacy_wishes import tell_wish  # noqa: PLC0415

        said = await tell_wish(await temporal_client(), wish, update)
        document(output, {"id": wish, "message": said}, said)

    run(work)
