"""A TOML file whose keys are the fields of one model: read, checked, and every wrong key told with its line."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from starter.input.batch_keys import dotted, value_at
from starter.input.durations import over_the_defaults, pace_problems
from starter.input.key_lines import KeyLines, KeyPath
from starter.input.problems import InvalidInput, Problem, in_order, nearest

Keys = TypeVar("Keys", bound=BaseModel)
Contradictions = Callable[[Keys], Iterable[tuple[KeyPath, str]]]

NO_TEXTS: Mapping[str, str] = MappingProxyType({})

_EXPECTED = {
    "missing": "required: add it",
    "string_type": "text in quotes",
    "model_type": "a table",
    "int_type": "a whole number",
}


def read_keyed_file(
    path: Path, kind: type[Keys], contradictions: Contradictions[Keys], texts: Mapping[str, str] = NO_TEXTS
) -> Keys:
    """What a wish file says. `contradictions` tells keys that are right alone and wrong together; `texts` say by the
    name of a key what its value has to be.

    Raises InvalidInput with all problems.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        table = tomllib.loads(text)
    except OSError as error:
        raise _unreadable(path, f"a wish file that can be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _unreadable(path, "UTF-8 text: save the file as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(path, f"TOML: {error}") from None
    read, wrong = checked_keys(table, kind, contradictions, texts)
    if read is None:
        lines = KeyLines(text)
        problems = [_problem(path, lines, table, key, expected) for key, expected in wrong.items()]
        raise InvalidInput(in_order(problems, str(path)))
    return read


def checked_keys(
    table: Mapping[str, Any],
    kind: type[Keys],
    contradictions: Contradictions[Keys],
    texts: Mapping[str, str] = NO_TEXTS,
) -> tuple[Keys | None, dict[KeyPath, str]]:
    """The keys of a table, or None and for every wrong one what would be right."""
    wrong: dict[KeyPath, str] = {}
    if isinstance(pace := table.get("pace"), dict):
        wrong |= {("pace", *key): expected for key, expected in pace_problems(pace)}
        table = {**table, "pace": over_the_defaults(pace, kind.model_fields["pace"].default)}
    try:
        read = kind.model_validate(table)
    except ValidationError as error:
        wrong |= {found["loc"]: _expected(kind, found, texts) for found in error.errors(include_url=False)}
        return None, wrong
    wrong |= dict(contradictions(read))
    return (None if wrong else read), wrong


def _expected(kind: type[BaseModel], found: ErrorDetails, texts: Mapping[str, str]) -> str:
    names = [name for name in found["loc"] if isinstance(name, str)]
    if found["type"] == "extra_forbidden":
        meant = nearest(names[-1], kind.model_fields) if len(names) == 1 else None
        return f"there is no such key; did you mean {meant}?" if meant else "there is no such key: remove it"
    if found["type"] == "value_error":
        return str(found["ctx"]["error"])
    return _EXPECTED.get(found["type"]) or texts.get(names[-1], found["msg"])


def _unreadable(path: Path, expected: str) -> InvalidInput:
    return InvalidInput([Problem(file=str(path), expected=expected)])


def _problem(path: Path, lines: KeyLines, table: Mapping[str, Any], key: KeyPath, expected: str) -> Problem:
    found = value_at(table, key)
    value = "" if found is None or isinstance(found, dict) else str(found)
    return Problem(file=str(path), line=lines.of(key), column=dotted(key), value=value, expected=expected)
