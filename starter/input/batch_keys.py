"""The keys of a batch file: which there are, and what is wrong with the values of a given file."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from onboarding.batch import Batch, Filled
from onboarding.phone_numbers import REGIONS
from onboarding.stages import Verification
from starter.input.addresses import address_problems
from starter.input.durations import over_the_defaults, pace_problems
from starter.input.key_lines import KeyPath
from starter.input.problems import nearest

_EXPECTED = {
    "string_type": "text in quotes",
    "string_too_short": "text that is not empty",
    "string_pattern_mismatch": "letters, digits, '.', '_' and '-', a letter or digit first, at most 64 in all",
    "enum": f"one of {', '.join(Verification)}",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "tuple_type": 'a list of paths, for example ["invoice.pdf"]',
}


class BatchFile(Batch):
    """What a batch file holds: the batch, and where its numbers and invoices are, as written."""

    numbers: Filled | None = None
    invoices: tuple[Filled, ...] = ()

    @property
    def batch(self) -> Batch:
        """The batch alone."""
        return Batch.model_validate({name: getattr(self, name) for name in Batch.model_fields})


def read_keys(table: Mapping[str, Any]) -> tuple[BatchFile | None, dict[KeyPath, str]]:
    """The batch file that `table` holds, or None; and for every wrong key what would be right."""
    unknown, meant = _unknown_keys(table)
    wrong = dict(_wrong_values(table)) | unknown
    try:
        file = BatchFile.model_validate(_completed(table))
    except ValidationError as error:
        for found in error.errors(include_url=False):
            if found["type"] != "missing" or found["loc"] not in meant:
                wrong[found["loc"]] = _expected(found)
        return None, wrong
    return file, wrong


def value_at(table: Any, path: KeyPath) -> Any:
    """What stands under a key, or None."""
    for key in path:
        try:
            table = table[key]
        except (KeyError, IndexError, TypeError):
            return None
    return table


def dotted(path: KeyPath) -> str:
    """`loa.address.state`; positions in a list are left out."""
    return ".".join(key for key in path if isinstance(key, str))


def _completed(table: Mapping[str, Any]) -> dict[str, Any]:
    pace = table.get("pace")
    return {**table, "pace": over_the_defaults(pace)} if isinstance(pace, dict) else dict(table)


def _wrong_values(table: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str]]:
    """What the models let pass and the process would stumble over."""
    if "region" in table and table["region"] not in REGIONS:
        yield ("region",), " or ".join(REGIONS)
    if isinstance(pace := table.get("pace"), dict):
        yield from ((("pace", *path), expected) for path, expected in pace_problems(pace))
    if isinstance(address := value_at(table, ("loa", "address")), dict):
        yield from ((("loa", "address", key), expected) for key, expected in address_problems(address))


def _unknown_keys(
    table: Mapping[str, Any], model: type[BaseModel] = BatchFile, above: KeyPath = ()
) -> tuple[dict[KeyPath, str], set[KeyPath]]:
    """The keys that `model` does not have, each with advice; and the keys that were meant by them."""
    unknown: dict[KeyPath, str] = {}
    meant: set[KeyPath] = set()
    for key, value in table.items():
        field = model.model_fields.get(key)
        if field is None:
            suggestion = nearest(key, model.model_fields)
            unknown[(*above, key)] = _advice(key, suggestion, above)
            if suggestion is not None:
                meant.add((*above, suggestion))
        elif isinstance(value, dict) and isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            inner_unknown, inner_meant = _unknown_keys(value, field.annotation, (*above, key))
            unknown |= inner_unknown
            meant |= inner_meant
    return unknown, meant


def _advice(key: str, suggestion: str | None, above: KeyPath) -> str:
    if suggestion is not None:
        return f"there is no such key; did you mean {suggestion}?"
    if key in BatchFile.model_fields:
        return f"no key of [{dotted(above)}]: move it above the first table"
    return "there is no such key: remove it"


def _expected(error: ErrorDetails) -> str:
    match error["type"]:
        case "missing":
            return _missing(error["loc"])
        case "model_type":
            return f"a table: [{dotted(error['loc'])}]"
        case "value_error":
            return str(error["ctx"]["error"]).removeprefix(f"{error['input']!r} is ")
        case kind:
            return _EXPECTED.get(kind, error["msg"])


def _missing(path: KeyPath) -> str:
    inner = _model_at(path)
    if inner is not None:
        needed = [name for name, field in inner.model_fields.items() if field.is_required()]
        return f"required: add the table [{dotted(path)}] with {', '.join(needed)}"
    where = f" to the table [{dotted(path[:-1])}]" if len(path) > 1 else ""
    return f'required: add {path[-1]} = "..."{where}'


def _model_at(path: KeyPath) -> type[BaseModel] | None:
    model: type[BaseModel] | None = BatchFile
    for key in path:
        annotation = model.model_fields[str(key)].annotation if model else None
        model = annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
    return model
