"""`onboard payload-keys`: the keys that payloads in Temporal are encrypted with.

A new key is added behind the one in use, given to every machine, and only then used: no process ever meets a payload
whose key it does not have.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from starter.exits import Exit, Stop
from starter.output import Format, document, rows
from starter.running import run

if TYPE_CHECKING:
    from collections.abc import Callable

_commands = typer.Typer(
    help="Show, add or change the keys that payloads are encrypted with.", no_args_is_help=True, rich_markup_mode=None
)

Output = Annotated[Format, typer.Option("--output", help="text for people, json or jsonl for programs.")]


def add_payload_key_commands(app: typer.Typer) -> None:
    """Give the `onboard` command this subcommand."""
    app.add_typer(_commands, name="payload-keys")


@_commands.command("show")
def show(output: Output = Format.TEXT) -> None:
    """List the ids of the keys, the one that encrypts first; never the keys."""

    async def work() -> None:
        from temporal_connection import read_payload_keys  # noqa: PLC0415

        keys = read_payload_keys(_file())
        uses = ("encrypts and decrypts", *("decrypts" for _ in keys[1:]))
        listed = [{"key_id": key.key_id, "use": use} for key, use in zip(keys, uses, strict=True)]
        rows(output, listed, ("key_id", "use"))

    run(work)


@_commands.command("add")
def add(output: Output = Format.TEXT) -> None:
    """Make a key that decrypts only, until it is used; the very first key encrypts at once. Prints its id."""

    async def work() -> None:
        from temporal_connection import add_payload_key, new_payload_key  # noqa: PLC0415

        file, key = _file(), new_payload_key()
        _written(file, lambda: add_payload_key(file, key))
        document(output, {"key_id": key.key_id, "payload_keys_file": str(file)}, key.key_id)

    run(work)


@_commands.command("use")
def use(
    key_id: Annotated[str, typer.Argument(metavar="KEY-ID", help="The id of a key in the file.")],
    output: Output = Format.TEXT,
) -> None:
    """Encrypt with this key from now on; all machines must have it already."""

    async def work() -> None:
        from temporal_connection import use_payload_key  # noqa: PLC0415

        file = _file()
        _written(file, lambda: use_payload_key(file, key_id))
        document(output, {"key_id": key_id, "payload_keys_file": str(file)}, f"{key_id} encrypts from now on.")

    run(work)


def _file() -> Path:
    from temporal_connection import PayloadSettings  # noqa: PLC0415

    file = PayloadSettings.read().payload_keys_file
    if file is None:
        raise Stop(
            "ONBOARD_PAYLOAD_KEYS_FILE is not set: payloads are not encrypted. Set it to the file with the keys, for "
            "this command and for every process of the product",
            Exit.CONFIGURATION,
        )
    return file


def _written(file: Path, write: "Callable[[], None]") -> None:
    try:
        write()
    except OSError as error:
        raise Stop(f"{file} cannot be written: {error.strerror}. Nothing was changed", Exit.CONFIGURATION) from None
