"""What a request asks of a list or lists itself: filters and their values, and how many numbers it may name.

Sinch API: list operations. Filters with several values may be repeated or comma-joined; an ``..._UNSPECIFIED`` value
means no filter (both ours, the documentation says neither).
"""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TypeVar

from starlette.datastructures import QueryParams

from simulator.errors import FieldViolation, invalid

Value = TypeVar("Value", bound=StrEnum)

_PATTERN = re.compile(r"\+?[0-9]*")


def demand(query: QueryParams, *names: str, may_be_empty: str = "") -> None:
    """Raise ApiError 400 naming every mandatory filter that is absent, or empty when it may not be."""
    missing = [name for name in names if name not in query or (not query[name].strip() and name != may_be_empty)]
    if missing:
        raise invalid(*(FieldViolation(name, "this filter is mandatory") for name in missing))


def literals(query: QueryParams, name: str, kind: type[Value], unspecified: Value | None = None) -> frozenset[Value]:
    """The values of a filter; an empty set is no filter. Raises ApiError 400 for an unknown value."""
    values = [value.strip() for joined in query.getlist(name) for value in joined.split(",") if value.strip()]
    unknown = [value for value in values if value not in set(kind)]
    if unknown:
        raise invalid(FieldViolation(name, f"'{unknown[0]}' is none of {', '.join(kind)}"))
    chosen = frozenset(kind(value) for value in values)
    return frozenset() if unspecified in chosen else chosen


def region(query: QueryParams) -> str | None:
    """The optional filter ``regionCode``; raises ApiError 400 for a region that is not served."""
    code = query.get("regionCode") or None
    if code not in {None, "US", "CA"}:
        raise invalid(FieldViolation("regionCode", f"'{code}' is neither US nor CA"))
    return code


def number_pattern(query: QueryParams, anywhere: str = "CONTAIN") -> Callable[[str], bool]:
    """The optional filter ``numberPattern`` on E.164 numbers; raises ApiError 400 when it is malformed.

    ``anywhere`` is the literal of the host for a pattern that may stand anywhere, which is the default.
    """
    where = query.get("numberPattern.searchPattern") or anywhere
    return matcher(query.get("numberPattern.pattern", ""), where, anywhere)


def matcher(pattern: str, where: str, anywhere: str) -> Callable[[str], bool]:
    """Whether a pattern stands in an E.164 number ``where`` it should; raises ApiError 400 when it cannot."""
    if where not in {"START", anywhere, "END"}:
        raise invalid(FieldViolation("numberPattern.searchPattern", f"'{where}' is none of START, {anywhere}, END"))
    if pattern and not _PATTERN.fullmatch(pattern):
        complaint = f"'{pattern}' is not made of digits; the + that it may begin with must be sent as %2B"
        raise invalid(FieldViolation("numberPattern.pattern", complaint))
    if where == "START":
        return lambda phone_number: phone_number.startswith(pattern)
    if where == "END":
        return lambda phone_number: phone_number.endswith(pattern)
    return lambda phone_number: pattern in phone_number


def at_most(limit: int, field: str, numbers: Sequence[str]) -> None:
    """Raise ApiError 400 when a request lists more numbers than the limit."""
    if len(numbers) > limit:
        raise invalid(FieldViolation(field, f"{len(numbers)} numbers; at most {limit} in one request"))
