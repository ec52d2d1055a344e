"""The LOA tables of a batch file: `[loa]` for numbers that name no LOA party, `[loa_parties.<name>]` for the others."""

from collections.abc import Iterator, Mapping
from typing import Any

from onboarding.batch import BlanketLoa, LoaParty
from starter.input.addresses import address_problems
from starter.input.key_lines import KeyPath

DEFAULT, PARTIES = "loa", "loa_parties"
UNNAMED = ""
"""The LOA party that rows get when they name none."""

_TYPE_EXPECTED = (
    '"blanket", or no such key: an LOA that is signed is a reseller LOA with business_name and a direct one without it'
)


def is_loa(path: KeyPath) -> bool:
    """Whether the key at `path` holds an LOA."""
    return path == (DEFAULT,) or (len(path) == 2 and path[0] == PARTIES)


def loa_tables(table: Mapping[str, Any]) -> dict[str, tuple[KeyPath, Any]]:
    """Name of the LOA party -> where in the batch file it stands, and what is written there."""
    parties = table.get(PARTIES)
    named = parties if isinstance(parties, dict) else {}
    unnamed = {UNNAMED: ((DEFAULT,), table[DEFAULT])} if DEFAULT in table else {}
    return unnamed | {name: ((PARTIES, name), written) for name, written in named.items()}


def is_blanket(written: Any) -> bool:
    """Whether a table is a blanket LOA."""
    return isinstance(written, dict) and written.get("type") == "blanket"


def loa_model(written: Any) -> type[LoaParty | BlanketLoa]:
    """What a table has to hold."""
    return BlanketLoa if is_blanket(written) else LoaParty


def loa_problems(table: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """(key, what would be right) of what the models let pass."""
    for path, written in loa_tables(table).values():
        if not isinstance(written, dict):
            continue
        if "type" in written and not is_blanket(written):
            yield (*path, "type"), _TYPE_EXPECTED
        if is_blanket(written):
            needless = (key for key in written if key in LoaParty.model_fields)
            yield from (((*path, key), "no key of a blanket LOA: remove it, or the key type") for key in needless)
        elif isinstance(address := written.get("address"), dict):
            yield from (((*path, "address", key), expected) for key, expected in address_problems(address))


def without_kind(location: KeyPath) -> KeyPath:
    """Where pydantic found an error, as a path in the file: it names the kind of the LOA in between."""
    if location[0] == DEFAULT:
        return (DEFAULT, *location[2:])
    if location[0] == PARTIES:
        return (*location[:2], *location[3:])
    return location
