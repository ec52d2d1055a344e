"""`onboard relink`, `relink-status`, `link-back`, `relink-retry`, `relink-skip`, `relink-cancel`."""

from typing import TYPE_CHECKING, Annotated

import typer

from onboarding.task_queues import DEFAULT_PROFILE
from starter.connecting import temporal_client
from starter.exits import Exit, Stop
from starter.output import Format, document
from starter.running import run

if TYPE_CHECKING:
    from onboarding.batch import Contact

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="The id that `onboard relink` told.")]
NumbersArgument = Annotated[
    str | None, typer.Argument(metavar="NUMBERS", help="A CSV file or one number a line; - is stdin.")
]
NumberOption = Annotated[list[str] | None, typer.Option("--number", metavar="NUMBER", help="One number; repeatable.")]
IdOption = Annotated[
    str | None, typer.Option("--id", metavar="ID", help="A name for it; by default made of the request.")
]
ProfileOption = Annotated[str, typer.Option(metavar="NAME", help="Whose Sinch project: a profile's name.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show what would be done, do nothing.")]
WaitOption = Annotated[
    bool, typer.Option("--wait", help="Wait for the end; exit 3 when numbers failed, 5 when you have to decide.")
]
OutputOption = Annotated[Format, typer.Option("--output", help="text for people, json or jsonl for programs.")]


def add_relinking_commands(app: typer.Typer) -> None:
    """Give the `onboard` command these subcommands."""
    app.command()(relink)
    app.command("relink-status")(relink_status)
    app.command("link-back")(link_back)
    app.command("relink-retry")(relink_retry)
    app.command("relink-skip")(relink_skip)
    app.command("relink-cancel")(relink_cancel)


def relink(
    numbers: NumbersArgument = None,
    *,
    number: NumberOption = None,
    from_service_plan: Annotated[
        str | None, typer.Option(metavar="ID", help="All numbers that are linked to this service plan.")
    ] = None,
    from_campaign: Annotated[
        str | None, typer.Option(metavar="ID", help="All numbers that are linked to this campaign.")
    ] = None,
    service_plan: Annotated[str | None, typer.Option(metavar="ID", help="The new service plan.")] = None,
    campaign: Annotated[str | None, typer.Option(metavar="ID", help="The new campaign.")] = None,
    id_: IdOption = None,
    profile: ProfileOption = DEFAULT_PROFILE,
    contact: Annotated[str | None, typer.Option(metavar="EMAIL", help="Who is told by mail when numbers fail.")] = None,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    wait: WaitOption = False,
    output: OutputOption = Format.TEXT,
) -> None:
    """Link imported numbers to another service plan or campaign; each is without SMS for a while in between."""

    async def work() -> Exit | None:
        from onboarding.contracts.relink_numbers import RelinkRequest  # noqa: PLC0415
        from onboarding.imported_links import Links  # noqa: PLC0415
        from starter.asking import confirm  # noqa: PLC0415
        from starter.chosen_numbers import chosen_numbers  # noqa: PLC0415
        from starter.number_work import RELINKING, id_of, start_work, store_list, wait_for  # noqa: PLC0415
        from starter.output import counted  # noqa: PLC0415
        from starter.settings import document_store  # noqa: PLC0415

        wanted = Links(service_plan_id=service_plan or None, campaign_id=campaign or None)
        if not wanted.named:
            raise Stop("say to what: --service-plan, --campaign or both", Exit.USAGE)
        told = _contact(contact)
        chosen = await chosen_numbers(
            numbers, number or [], profile, service_plan_id=from_service_plan, campaign_id=from_campaign
        )
        question = f"Relink {counted(len(chosen), 'number')} to {wanted}"
        if dry_run:
            document(output, {"numbers": chosen, "wanted": wanted.model_dump()}, "\n".join([f"{question}:", *chosen]))
            return None
        if not yes and not confirm(f"{question}? Each is without SMS from its unlinking to its linking."):
            raise Stop("nothing was changed")
        work_id, client, store = (
            id_of(RELINKING, id_, chosen, profile, wanted),
            await temporal_client(),
            document_store(),
        )
        stored = await store_list(store, work_id, chosen)
        request = RelinkRequest(
            id=work_id, wanted=wanted, numbers=stored, numbers_total=len(chosen), profile=profile, contact=told
        )
        await start_work(client, RELINKING, request, output, waits=wait)
        return await wait_for(client, store, RELINKING, work_id, output) if wait else None

    run(work)


def _contact(email: str | None) -> "Contact | None":
    from pydantic import ValidationError  # noqa: PLC0415

    from onboarding.batch import Contact  # noqa: PLC0415

    try:
        return Contact(name=email, email=email, company=email) if email else None
    except ValidationError:
        raise Stop(
            f"--contact {email}: write an e-mail address, for example jane.doe@example.com", Exit.USAGE
        ) from None


def relink_status(relinking: IdArgument, output: OutputOption = Format.TEXT) -> None:
    """Show where a relinking stands, and what its failed numbers are linked to."""

    async def work() -> Exit:
        from starter.number_work import RELINKING, exit_of, view, view_text  # noqa: PLC0415
        from starter.settings import document_store  # noqa: PLC0415

        found = await view(await temporal_client(), document_store(), RELINKING, relinking)
        document(output, found.model_dump(mode="json"), view_text(found))
        return exit_of(found)

    run(work)


def link_back(relinking: IdArgument, *, number: NumberOption = None, output: OutputOption = Format.TEXT) -> None:
    """Link failed numbers to what they were linked to before; without --number, all that wait for a decision."""
    from onboarding.contracts.relink_numbers import LINK_BACK_UPDATE  # noqa: PLC0415

    _decide(relinking, LINK_BACK_UPDATE, number or [], output)


def relink_retry(relinking: IdArgument, *, number: NumberOption = None, output: OutputOption = Format.TEXT) -> None:
    """Try failed numbers again; without --number, all that wait for a decision."""
    from onboarding.contracts.operator import RETRY_UPDATE  # noqa: PLC0415

    _decide(relinking, RETRY_UPDATE, number or [], output)


def relink_skip(relinking: IdArgument, *, number: NumberOption = None, output: OutputOption = Format.TEXT) -> None:
    """Leave failed numbers as they are; without --number, all that wait for a decision."""
    from onboarding.contracts.operator import SKIP_UPDATE  # noqa: PLC0415

    _decide(relinking, SKIP_UPDATE, number or [], output)


def relink_cancel(relinking: IdArgument, *, yes: YesOption = False, output: OutputOption = Format.TEXT) -> None:
    """Unlink no further number; those that are unlinked already are linked again or wait for a decision."""

    async def work() -> None:
        from starter.cancelling import cancel_work  # noqa: PLC0415
        from starter.number_work import RELINKING  # noqa: PLC0415

        question = f"Cancel {relinking}? Numbers that are unlinked already are followed to their end."
        await cancel_work(RELINKING, relinking, question, yes=yes, format_=output)

    run(work)


def _decide(relinking: str, update: str, given: list[str], output: Format) -> None:
    async def work() -> None:
        from starter.api.project import phone_number  # noqa: PLC0415
        from starter.number_work import decide  # noqa: PLC0415

        said = await decide(await temporal_client(), relinking, update, [phone_number(text) for text in given])
        document(output, {"id": relinking, "message": said}, said)

    run(work)
