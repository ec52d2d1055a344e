"""The keys of a batch file: which there are, and what is wrong with the values of a given file."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails

from onboarding.batch import DEFAULT_WINDOW, Batch, BatchId, Contact, Filled, Loa, Moment, ProfileName, Terms, Window
from onboarding.model import Model
from onboarding.pace import Pace
from onboarding.phone_numbers import REGIONS
from onboarding.stages import Verification
from onboarding.task_queues import DEFAULT_PROFILE
from starter.input.durations import over_the_defaults, pace_problems
from starter.input.key_lines import KeyPath
from starter.input.loa_tables import DEFAULT, PARTIES, is_loa, loa_model, loa_problems, without_kind
from starter.input.problems import nearest
from starter.input.rented import NumberOrWish

_NAMES = {
    "id": "letters, digits, '.', '_' and '-', a letter or digit first, at most 64 in all",
    "profile": "lower-case letters, digits and '-', a letter or digit first, at most 32 in all",
}
_MOMENT = "a moment with its time zone, for example 2027-03-01T06:00:00Z"
_EXPECTED = {
    "string_type": "text in quotes",
    "string_too_short": "text that is not empty",
    "dict_type": "tables: [loa_parties.<name>]",
    "enum": f"one of {', '.join(Verification)}",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
}
_LISTS = {
    "invoices": 'a list of paths, for example ["invoice.pdf"]',
    "rented": 'a list of numbers and ids of wishes, for example ["+12065550100"]',
}


class BatchFile(Model):
    """The keys of a batch file. What a row of the numbers file says goes before what stands here for all."""

    id: BatchId
    customer: Filled
    profile: ProfileName = DEFAULT_PROFILE
    region: str | None = None
    service_plan_id: Filled
    campaign_id: Filled | None = None
    nnid: Filled | None = None
    verification: Verification = Verification.INVOICES_THEN_VOICE
    eligible_is_enough: bool = False
    window: Window = DEFAULT_WINDOW
    scheduled_osr_update_time: Moment | None = None
    numbers: Filled | None = None
    invoices: tuple[Filled, ...] = ()
    rented: tuple[NumberOrWish, ...] = ()
    contact: Contact
    loa: Loa | None = None
    loa_parties: dict[Filled, Loa] = Field(default_factory=dict)
    pace: Pace = Pace()

    def batch(self, terms: Terms) -> Batch:
        """The batch of numbers that share these terms."""
        of_file = {name: getattr(self, name) for name in Batch.model_fields if name not in Terms.model_fields}
        return Batch.model_validate({**dict(terms), **of_file})


def read_keys(table: Mapping[str, Any]) -> tuple[BatchFile | None, dict[KeyPath, str]]:
    """The batch file that `table` holds, or None; and for every wrong key what would be right."""
    unknown, meant = _unknown_keys(table, table)
    wrong = unknown | dict(_wrong_values(table, meant))
    try:
        file = BatchFile.model_validate(_completed(table))
    except ValidationError as error:
        for found in error.errors(include_url=False):
            path = without_kind(found["loc"])
            if found["type"] != "missing" or path not in meant:
                wrong[path] = _expected(path, found, table)
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


def _wrong_values(table: Mapping[str, Any], meant: set[KeyPath]) -> Iterator[tuple[KeyPath, str]]:
    """What the models let pass and the process would stumble over."""
    if "region" in table and table["region"] not in REGIONS:
        yield ("region",), " or ".join(REGIONS)
    if isinstance(pace := table.get("pace"), dict):
        yield from ((("pace", *path), expected) for path, expected in pace_problems(pace))
    if not {DEFAULT, PARTIES} & table.keys() and (DEFAULT,) not in meant:
        yield (DEFAULT,), _missing((DEFAULT,), table)
    yield from loa_problems(table)


def _unknown_keys(
    inside: Mapping[str, Any], table: Mapping[str, Any], above: KeyPath = ()
) -> tuple[dict[KeyPath, str], set[KeyPath]]:
    """The keys in the table at `above` that there are not, each with advice; and the keys that were meant by them."""
    unknown: dict[KeyPath, str] = {}
    meant: set[KeyPath] = set()
    model = _model_at(above, table)
    for key, value in inside.items():
        path = (*above, key)
        if model is not None and key not in model.model_fields:
            suggestion = nearest(key, model.model_fields)
            unknown[path] = _advice(key, suggestion, above)
            if suggestion is not None:
                meant.add((*above, suggestion))
        elif isinstance(value, dict) and (path == (PARTIES,) or _model_at(path, table) is not None):
            inner_unknown, inner_meant = _unknown_keys(value, table, path)
            unknown |= inner_unknown
            meant |= inner_meant
    return unknown, meant


def _advice(key: str, suggestion: str | None, above: KeyPath) -> str:
    if suggestion is not None:
        return f"there is no such key; did you mean {suggestion}?"
    if key in BatchFile.model_fields:
        return f"no key of [{dotted(above)}]: move it above the first table"
    return "there is no such key: remove it"


def _expected(path: KeyPath, error: ErrorDetails, table: Mapping[str, Any]) -> str:
    match error["type"]:
        case "missing":
            return _missing(path, table)
        case "tuple_type":
            return _LISTS[dotted(path)]
        case "model_type":
            return f"a table: [{dotted(path)}]"
        case "string_pattern_mismatch":
            return _NAMES[dotted(path)]
        case "value_error":
            return str(error["ctx"]["error"]).removeprefix(f"{error['input']!r} is ")
        case kind:
            return _EXPECTED.get(kind, error["msg"])


def _missing(path: KeyPath, table: Mapping[str, Any]) -> str:
    inner = _model_at(path, table)
    if inner is not None:
        needed = [name for name, field in inner.model_fields.items() if field.is_required()]
        return f"required: add the table [{dotted(path)}] with {', '.join(needed)}"
    where = f" to the table [{dotted(path[:-1])}]" if len(path) > 1 else ""
    return f'required: add {path[-1]} = "..."{where}'


def _model_at(path: KeyPath, table: Mapping[str, Any]) -> type[BaseModel] | None:
    """What the table at `path` has to hold; None for values, and for the table of all LOA parties."""
    if not path:
        return BatchFile
    if is_loa(path):
        return loa_model(value_at(table, path))
    above = _model_at(path[:-1], table)
    field = above.model_fields.get(str(path[-1])) if above else None
    return field.annotation if field and _is_model(field.annotation) else None


def _is_model(annotation: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
