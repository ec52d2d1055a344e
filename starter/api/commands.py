"""`onboard orders`, `onboard qualified`, `onboard imported`, `onboard callbacks`: their arguments and options."""

from typing import Annotated

import typer

from onboarding.task_queues import DEFAULT_PROFILE
from processes.sinch_apis import SinchApi
from starter.exits import Exit
from starter.output import Format
from starter.running import run

_orders = typer.Typer(help="Look at hosting orders at Sinch.", no_args_is_help=True, rich_markup_mode=None)
_qualified = typer.Typer(
    help="Look at qualified numbers at Sinch, or remove some.", no_args_is_help=True, rich_markup_mode=None
)
_imported = typer.Typer(
    help="Look at imported numbers at Sinch, or rename one.", no_args_is_help=True, rich_markup_mode=None
)
_callbacks = typer.Typer(
    help="Show or replace the secret Sinch signs callbacks with.", no_args_is_help=True, rich_markup_mode=None
)

Profile = Annotated[str, typer.Option(metavar="NAME", help="Whose Sinch project: a profile's name.")]
Output = Annotated[Format, typer.Option("--output", help="text for people, json or jsonl for programs.")]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="A phone number, in any usual spelling.")]
OrderId = Annotated[str, typer.Argument(metavar="ORDER", help="The id of a hosting order.")]
ServicePlan = Annotated[str, typer.Option("--service-plan", metavar="ID", help="Only those of this service plan.")]
OptionalServicePlan = Annotated[
    str | None, typer.Option("--service-plan", metavar="ID", help="Only those of this service plan.")
]
Campaign = Annotated[
    str, typer.Option("--campaign", metavar="ID", help="Only those of this campaign; without it, those without one.")
]
OptionalCampaign = Annotated[str | None, typer.Option("--campaign", metavar="ID", help="Only those of this campaign.")]
OrderBy = Annotated[
    str | None, typer.Option("--order-by", metavar="TIME", help="created-time or updated-time: the oldest first.")
]
States = Annotated[list[str] | None, typer.Option("--state", metavar="STATE", help="Repeatable; without it, all.")]
StepState = Annotated[str | None, typer.Option(metavar="STATE", help="waiting, in-progress, done or failed.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Api = Annotated[
    SinchApi, typer.Option(help="Which API's secret: numbers is that of rented numbers, imported of all others.")
]


def add_api_commands(app: typer.Typer) -> None:
    """Give the `onboard` command these subcommands."""
    for name, group in {
        "orders": _orders, "qualified": _qualified, "imported": _imported, "callbacks": _callbacks,
    }.items():  # fmt: skip
        app.add_typer(group, name=name)


@_orders.command("list")
def list_orders(
    service_plan: ServicePlan,
    *,
    campaign: Campaign = "",
    state: States = None,
    type_: Annotated[
        list[str] | None, typer.Option("--type", metavar="TYPE", help="text-enable or import; without it, both.")
    ] = None,
    order_by: OrderBy = None,
    profile: Profile = DEFAULT_PROFILE,
    output: Output = Format.TEXT,
) -> None:
    """List hosting orders. Sinch wants a service plan; STATE: draft, submitted, waiting-for-loa-signature, ..."""

    async def work() -> None:
        from starter.api import orders  # noqa: PLC0415

        await orders.show_list(profile, state, type_, service_plan, campaign, order_by, output)

    run(work)


@_orders.command("show")
def show_order(order: OrderId, *, profile: Profile = DEFAULT_PROFILE, output: Output = Format.TEXT) -> None:
    """Show a hosting order with its progress report."""

    async def work() -> None:
        from starter.api import orders  # noqa: PLC0415

        await orders.show(profile, order, output)

    run(work)


@_orders.command("numbers")
def show_order_numbers(
    order: OrderId,
    *,
    osr: StepState = None,
    platform: StepState = None,
    campaign: StepState = None,
    profile: Profile = DEFAULT_PROFILE,
    output: Output = Format.TEXT,
) -> None:
    """List the numbers of a hosting order with the state of each step; options keep those in one state."""

    async def work() -> None:
        from starter.api import orders  # noqa: PLC0415

        await orders.show_numbers(profile, order, osr, platform, campaign, output)

    run(work)


@_qualified.command("list")
def list_qualified(
    *,
    state: States = None,
    pattern: Annotated[str | None, typer.Option(help="Digits in the number; with + from its beginning.")] = None,
    order_by: OrderBy = None,
    profile: Profile = DEFAULT_PROFILE,
    output: Output = Format.TEXT,
) -> None:
    """List qualified numbers. STATE: eligible-check-pending, eligible, verification-pending, verified, ..."""

    async def work() -> None:
        from starter.api import qualified  # noqa: PLC0415

        await qualified.show_list(profile, state, pattern, order_by, output)

    run(work)


@_qualified.command("show")
def show_qualified(number: Number, *, profile: Profile = DEFAULT_PROFILE, output: Output = Format.TEXT) -> None:
    """Show where a number stands in its qualification."""

    async def work() -> None:
        from starter.api import qualified  # noqa: PLC0415

        await qualified.show(profile, number, output)

    run(work)


@_qualified.command("remove")
def remove_qualified(
    numbers: Annotated[list[str], typer.Argument(metavar="NUMBER...", help="Phone numbers, in any usual spelling.")],
    *,
    yes: Yes = False,
    profile: Profile = DEFAULT_PROFILE,
    output: Output = Format.TEXT,
) -> None:
    """Take numbers out of qualification; one that is being hosted stays."""

    async def work() -> Exit:
        from starter.api import qualified  # noqa: PLC0415

        return await qualified.remove(profile, numbers, yes, output)

    run(work)


@_imported.command("list")
def list_imported(
    *,
    service_plan: OptionalServicePlan = None,
    campaign: OptionalCampaign = None,
    region: Annotated[str | None, typer.Option(metavar="REGION", help="US or CA.")] = None,
    pattern: Annotated[str | None, typer.Option(help="Digits in the number; with + from its beginning.")] = None,
    order_by: OrderBy = None,
    profile: Profile = DEFAULT_PROFILE,
    output: Output = Format.TEXT,
) -> None:
    """List imported numbers with what they are linked to."""

    async def work() -> None:
        from starter.api import imported  # noqa: PLC0415

        await imported.show_list(profile, service_plan, campaign, region, pattern, order_by, output)

    run(work)


@_imported.command("show")
def show_imported(number: Number, *, profile: Profile = DEFAULT_PROFILE, output: Output = Format.TEXT) -> None:
    """Show an imported number with its progress at the SMS platform, the campaign and the carriers."""

    async def work() -> None:
        from starter.api import imported  # noqa: PLC0415

        await imported.show(profile, number, output)

    run(work)


@_imported.command("rename")
def rename_imported(
    number: Number,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its new display name.")],
    *,
    profile: Profile = DEFAULT_PROFILE,
    output: Output = Format.TEXT,
) -> None:
    """Give an imported number another display name."""

    async def work() -> None:
        from starter.api import imported  # noqa: PLC0415

        await imported.rename(profile, number, name, output)

    run(work)


@_callbacks.command("show")
def show_callbacks(
    *, api: Api = SinchApi.IMPORTED, profile: Profile = DEFAULT_PROFILE, output: Output = Format.TEXT
) -> None:
    """Show whether Sinch has a callback secret, and whether the receiver knows it; not the secret."""

    async def work() -> None:
        from starter.api import callbacks  # noqa: PLC0415

        await callbacks.show(profile, api, output)

    run(work)


@_callbacks.command("set-secret")
def set_callback_secret(
    *,
    print_: Annotated[bool, typer.Option("--print", help="Print the new secret.")] = False,
    yes: Yes = False,
    api: Api = SinchApi.IMPORTED,
    profile: Profile = DEFAULT_PROFILE,
    output: Output = Format.TEXT,
) -> None:
    """Have a new callback secret made, for the receiver first and then for Sinch; the old one stays valid."""

    async def work() -> None:
        from starter.api import callbacks  # noqa: PLC0415

        await callbacks.set_secret(profile, api, print_, yes, output)

    run(work)
