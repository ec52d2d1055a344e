"""Values of every model of the domain, made from the types of its fields."""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import MISSING
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter

import onboarding
from onboarding.batch import BatchId, EmailAddress, Filled, Moment, ProfileName, Window
from onboarding.calls.call import Call
from onboarding.contracts.verification import VoiceCode
from onboarding.model import Model, SlottedModel, State
from onboarding.spans import Span

MODULES = [
    importlib.import_module(found.name)
    for found in pkgutil.walk_packages(onboarding.__path__, f"{onboarding.__name__}.")
]

_SHORT_TEXT = st.text(max_size=5)
_VALUES: dict[Any, st.SearchStrategy[Any]] = {
    NoneType: st.none(),
    bool: st.booleans(),
    int: st.integers(-(2**31), 2**31),
    float: st.floats(allow_nan=False, allow_infinity=False),
    str: _SHORT_TEXT,
    Decimal: st.decimals(-(10**6), 10**6, places=2),
    datetime: st.datetimes(timezones=st.just(UTC)),
    Span: st.sampled_from(["45s", "1.5h", "7d", "3bd"]).map(Span),
    BatchId: st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,5}", fullmatch=True),
    Moment: st.datetimes(timezones=st.just(UTC)),
    ProfileName: st.from_regex(r"[a-z0-9][a-z0-9-]{0,5}", fullmatch=True),
    EmailAddress: st.sampled_from(["jane.doe@example.com", "j@example.co.uk"]),
    Filled: st.text(st.characters(exclude_categories=["C", "Z"]), max_size=5).map(lambda text: f"x {text}y"),
    Window: st.integers(1, 200),
    VoiceCode: st.from_regex(r"[0-9]{3,10}", fullmatch=True),
}
_CONTAINERS: dict[Any, Callable[..., st.SearchStrategy[Any]]] = {
    tuple: lambda item, _: st.lists(values(item), max_size=2).map(tuple),
    list: lambda item: st.lists(values(item), max_size=2),
    dict: lambda key, value: st.dictionaries(values(key), values(value), max_size=2),
    Annotated: lambda annotated, *_: values(annotated),
    Union: lambda *members: st.one_of(*map(values, members)),
    UnionType: lambda *members: st.one_of(*map(values, members)),
    Literal: lambda *literals: st.sampled_from(literals),
}


def values(annotation: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type. Raises KeyError for a type that no model has had so far."""
    if annotation in _VALUES:
        return _VALUES[annotation]
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return st.sampled_from(annotation)
    if _is_model(annotation):
        return instances(annotation)
    return _CONTAINERS[get_origin(annotation)](*get_args(annotation))


@cache
def instances(model: type) -> st.SearchStrategy[Any]:
    """Instances of a model; fields that have a default are sometimes left out."""
    hints = get_type_hints(model, include_extras=True)
    needed = fields_of(model)
    fields = {name: values(hints[name]) for name in needed}
    required = {name: fields.pop(name) for name, is_needed in needed.items() if is_needed}
    return st.fixed_dictionaries(required, optional=fields).map(TypeAdapter(model).validate_python)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel | SlottedModel)


def fields_of(model: Any) -> Mapping[str, bool]:
    """The fields of a model by name, and whether one has to be given."""
    if issubclass(model, SlottedModel):
        return {name: field.default is MISSING for name, field in vars(model)["__dataclass_fields__"].items()}
    return {name: field.is_required() for name, field in model.model_fields.items()}


def all_models() -> list[type]:
    """Every model of the domain, in the order of their names."""
    bases = (Model, State, SlottedModel)
    found = {value for module in MODULES for value in vars(module).values() if isinstance(value, type)}
    models = [value for value in found if issubclass(value, bases) and value not in bases]
    return sorted(models, key=lambda model: f"{model.__module__}.{model.__name__}")


def all_calls() -> dict[str, Call[Any, Any]]:
    """Every activity call, by the name of its constant."""
    found = ((name, value) for module in MODULES for name, value in vars(module).items())
    return {name: value for name, value in found if isinstance(value, Call)}
