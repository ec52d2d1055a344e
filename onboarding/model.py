"""The bases of every value that crosses a process border: tolerant of fields they do not know."""

from collections.abc import Mapping
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

_NAMES_SET: set[str] = set()
"""Stands in copies for pydantic's list of the fields that were given, which nobody here asks for."""


class Model(BaseModel):
    """Frozen value. Fields are only ever added, always with a default, so that old histories stay readable."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """The same value with some fields replaced, unchecked; see pydantic.

        pydantic's own copy takes four times as long and half a kilobyte more. A hundred thousand numbers are copied
        many times over, and kept for weeks.
        """
        if deep:
            return super().model_copy(update=update, deep=True)
        copied = object.__new__(type(self))
        object.__setattr__(copied, "__dict__", {**self.__dict__, **(update or {})})
        object.__setattr__(copied, "__pydantic_fields_set__", _NAMES_SET)
        object.__setattr__(copied, "__pydantic_extra__", None)
        object.__setattr__(copied, "__pydantic_private__", None)
        return copied


class SlottedModel:
    """A frozen dataclass with slots and keywords only: for values of which every number has one, for weeks.

    It takes a quarter of the memory of a `Model`. As the field of one it is checked, read and written like one.
    """

    __slots__: tuple[str, ...] = ()

    def model_copy(self, *, update: Mapping[str, Any]) -> Self:
        """The same value with some fields replaced, unchecked."""
        copied, put = object.__new__(type(self)), object.__setattr__
        for name in self.__slots__:
            put(copied, name, update[name] if name in update else getattr(self, name))
        return copied


class State(BaseModel):
    """What one workflow run knows and hands to the next run; the only models that change in place."""

    model_config = ConfigDict(extra="ignore")
