"""`onboard remove`, `remove-status`, `remove-cancel`."""

from typing import Annotated

import typer

from onboarding.task_queues import DEFAULT_PROFILE
from starter.connecting import temporal_client
from starter.exits import Exit, Stop
from starter.output import Format, document
from starter.relinking import (
    DryRunOption,
    IdOption,
    NumberOption,
    NumbersArgument,
    OutputOption,
    ProfileOption,
    YesOption,
)
from starter.running import run

RemovalArgument = Annotated[str, typer.Argument(metavar="ID", help="The id that `onboard remove` told.")]


def add_removing_commands(app: typer.Typer) -> None:
    """Give the `onboard` command these subcommands."""
    app.command()(remove)
    app.command("remove-status")(remove_status)
    app.command("remove-cancel")(remove_cancel)


def remove(
    numbers: NumbersArgument = None,
    *,
    number: NumberOption = None,
    imported: Annotated[bool, typer.Option("--imported", help="Out of the imported numbers.")] = False,
    qualified: Annotated[bool, typer.Option("--qualified", help="Out of the qualified numbers.")] = False,
    id_: IdOption = None,
    profile: ProfileOption = DEFAULT_PROFILE,
    yes: YesOption = False,
    dry_run: DryRunOption = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the end; exit 3 when numbers failed.")] = False,
    output: OutputOption = Format.TEXT,
) -> None:
    """Take numbers out of the Sinch project; imported ones can send no SMS any more."""

    async def work() -> Exit | None:
        from onboarding.calls.imported_numbers import Registers  # noqa: PLC0415
        from onboarding.contracts.remove_numbers import RemoveRequest  # noqa: PLC0415
        from starter.asking import confirm  # noqa: PLC0415
        from starter.chosen_numbers import chosen_numbers  # noqa: PLC0415
        from starter.number_work import REMOVAL, id_of, start_work, store_list, wait_for  # noqa: PLC0415
        from starter.output import counted  # noqa: PLC0415
        from starter.settings import document_store  # noqa: PLC0415

        if not imported and not qualified:
            raise Stop("say out of what: --imported, --qualified or both", Exit.USAGE)
        registers = Registers(imported=imported, qualified=qualified)
        chosen = await chosen_numbers(numbers, number or [], profile)
        lists = " and ".join(name for name, is_meant in (("imported", imported), ("qualified", qualified)) if is_meant)
        question = f"Remove {counted(len(chosen), 'number')} from the {lists} numbers of profile {profile}"
        if dry_run:
            data = {"numbers": chosen, "registers": registers.model_dump()}
            document(output, data, "\n".join([f"{question}:", *chosen]))
            return None
        if not yes and not confirm(f"{question}? This cannot be undone."):
            raise Stop("nothing was removed")
        work_id = id_of(REMOVAL, id_, chosen, profile, registers)
        client, store = await temporal_client(), document_store()
        stored = await store_list(store, work_id, chosen)
        request = RemoveRequest(
            id=work_id, registers=registers, numbers=stored, numbers_total=len(chosen), profile=profile
        )
        await start_work(client, REMOVAL, request, output, waits=wait)
        return await wait_for(client, store, REMOVAL, work_id, output) if wait else None

    run(work)


def remove_status(removal: RemovalArgument, output: OutputOption = Format.TEXT) -> None:
    """Show where a removal stands."""

    async def work() -> Exit:
        from starter.number_work import REMOVAL, exit_of, view, view_text  # noqa: PLC0415
        from starter.settings import document_store  # noqa: PLC0415

        found = await view(await temporal_client(), document_store(), REMOVAL, removal)
        document(output, found.model_dump(mode="json"), view_text(found))
        return exit_of(found)

    run(work)


def remove_cancel(removal: RemovalArgument, *, yes: YesOption = False, output: OutputOption = Format.TEXT) -> None:
    """Remove no further number; those that Sinch was asked for stay removed."""

    async def work() -> None:
        from starter.cancelling import cancel_work  # noqa: PLC0415
        from starter.number_work import REMOVAL  # noqa: PLC0415

        question = f"Cancel {removal}? Numbers that are removed already stay removed."
        await cancel_work(REMOVAL, removal, question, yes=yes, format_=output)

    run(work)
