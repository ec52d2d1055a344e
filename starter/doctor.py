"""`onboard doctor`: what is stuck or set up wrong, and the command that repairs it."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from starter.exits import Exit, Stop
from starter.output import Format, counted, message, rows
from starter.running import run

if TYPE_CHECKING:
    from doctor.diagnosis import Diagnosis
    from doctor.examination import Readers

_COLUMNS = ("level", "check", "found")


def add_doctor_command(app: typer.Typer) -> None:
    """Give the command to `onboard`."""
    app.command()(doctor)


def doctor(
    batch: Annotated[
        str | None, typer.Argument(metavar="BATCH", help="Look only at the open work of a batch, import or relinking.")
    ] = None,
    *,
    output: Annotated[
        Format, typer.Option("--output", help="text for people, json or jsonl for programs.")
    ] = Format.TEXT,
) -> None:
    """Look for what is stuck or set up wrong, and say what to do; exit 0 when there is no problem."""

    async def work() -> Exit:
        from doctor.examination import examine  # noqa: PLC0415

        found = await examine(_checked(batch), _readers())
        _show(found, output)
        return exit_of(found)

    run(work)


def _checked(batch: str | None) -> str | None:
    """The id, which goes into a query. Raises Stop where it cannot be one."""
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415

    from onboarding.batch import BatchId  # noqa: PLC0415

    if batch is None:
        return None
    try:
        return TypeAdapter[str](BatchId).validate_python(batch)
    except ValidationError:
        raise Stop(f"{batch!r} cannot be a batch; see: onboard list", Exit.USAGE) from None


def _readers() -> "Readers":
    """The settings of every process that is set up here: a receiver only where there are to be callbacks."""
    from activities.settings import CallbackSettings  # noqa: PLC0415
    from processes.sinch_profiles import callback_profiles  # noqa: PLC0415
    from receiver.settings import ReceiverSettings  # noqa: PLC0415
    from worker import WorkerSettings  # noqa: PLC0415

    def read_receiver_settings() -> None:
        if CallbackSettings.read().callback_public_url:
            ReceiverSettings.read()
        callback_profiles()

    return {"worker": WorkerSettings.read, "receiver": read_receiver_settings}


def _show(found: "Sequence[Diagnosis]", output: Format) -> None:
    if output is not Format.TEXT:
        rows(output, (diagnosis.model_dump(mode="json") for diagnosis in found), ())
        return
    rows(output, map(_row, found), _COLUMNS)
    levels = Counter(diagnosis.level.value for diagnosis in found)
    message(f"{levels['ok']} ok, {counted(levels['warning'], 'warning')}, {counted(levels['problem'], 'problem')}")


def _row(diagnosis: "Diagnosis") -> dict[str, str]:
    found = f"{diagnosis.subject}: {diagnosis.message}"
    if diagnosis.next_step:
        found += f"\n-> {diagnosis.next_step}"
    return dict(zip(_COLUMNS, (diagnosis.level, diagnosis.check, found), strict=True))


def exit_of(found: "Sequence[Diagnosis]") -> Exit:
    """What is set up wrong comes first, because nothing else can be well before it is; then who does not answer."""
    from doctor.diagnosis import Cause, Level  # noqa: PLC0415

    causes = {diagnosis.cause for diagnosis in found if diagnosis.level is Level.PROBLEM}
    if Cause.CONFIGURATION in causes:
        return Exit.CONFIGURATION
    if Cause.UNAVAILABLE in causes:
        return Exit.UNAVAILABLE
    return Exit.ERROR if causes else Exit.DONE
