"""The filters of the Numbers host: region, type, capabilities, pattern. Sinch API: availableNumbers, activeNumbers."""

import re
from collections.abc import Callable

from starlette.datastructures import QueryParams

from simulator.errors import FieldViolation, invalid
from simulator.number_ranges import Capability, NumberType
from simulator.queries import literals, matcher, number_pattern

_ANYWHERE = "CONTAINS"
_REGION = re.compile(r"[A-Z]{2}")


def region(code: str | None) -> str | None:
    """The region asked for, or None; raises ApiError 400 when the code is none of ISO 3166-1 alpha-2 by its form."""
    if code and not _REGION.fullmatch(code):
        raise invalid(FieldViolation("regionCode", f"'{code}' is not a region code such as US, GB or SE"))
    return code or None


def number_types(query: QueryParams, name: str = "type") -> frozenset[NumberType]:
    """The types asked for; an empty set is no filter. Raises ApiError 400 for an unknown one."""
    return literals(query, name, NumberType, NumberType.UNSPECIFIED)


def capabilities(query: QueryParams, *names: str) -> frozenset[Capability]:
    """What the numbers must be capable of, all of it; raises ApiError 400 for an unknown capability."""
    return frozenset[Capability]().union(*(literals(query, name, Capability) for name in names))


def pattern(query: QueryParams) -> Callable[[str], bool]:
    """The optional filter ``numberPattern``; raises ApiError 400 when it is malformed."""
    return number_pattern(query, _ANYWHERE)


def pattern_matcher(digits: str | None, where: str | None) -> Callable[[str], bool]:
    """The same from a body; raises ApiError 400 when it is malformed."""
    return matcher(digits or "", where or _ANYWHERE, _ANYWHERE)
