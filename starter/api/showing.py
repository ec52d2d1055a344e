"""Showing what Sinch answered: whole for programs, and by its most important fields for people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from starter.output import Format, document, rows


def show_rows(format_: Format, resources: Iterable[BaseModel], columns: Mapping[str, str]) -> None:
    """A table with these columns for people: the title, and the field by its dotted path."""
    records = [resource.model_dump(mode="json") for resource in resources]
    if format_ is Format.TEXT:
        flat = (dict(_flat(record)) for record in records)
        records = [{title: record.get(path) for title, path in columns.items()} for record in flat]
    rows(format_, records, tuple(columns))


def show_one(format_: Format, data: Mapping[str, Any]) -> None:
    """One resource: for people a line for each field that says something."""
    document(format_, data, "\n".join(_lines([(name, value) for name, value in _flat(data) if _says(value)])))


def _lines(fields: Sequence[tuple[str, Any]]) -> Iterator[str]:
    width = max((len(name) for name, _ in fields), default=0)
    return (f"{name:<{width}}  {value}" for name, value in fields)


def _flat(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _says(value: object) -> bool:
    return value not in (None, "", []) and not str(value).endswith("UNSPECIFIED")
