"""Durations of a pace that are spelled right and still cannot work: a wait of no time, or of a lifetime."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from onboarding.pace import Pace
from onboarding.spans import Span

_LONGEST = timedelta(days=3650)
_MAY_BE_ZERO = frozenset({"wave", "call_pause"})


_DEFAULTS = Pace()


def over_the_defaults(pace: Mapping[str, Any], default: Pace = _DEFAULTS) -> dict[str, Any]:
    """A pace table as it was written, with every key that it leaves out, of a wait too, taken from the default pace."""
    defaults = default.model_dump()
    return defaults | {
        key: {**defaults[key], **value} if isinstance(value, dict) and isinstance(defaults.get(key), dict) else value
        for key, value in pace.items()
    }


def pace_problems(pace: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], str]]:
    """(key path, what would be right) of every value that is out of range; misspelled ones are left to the model."""
    for path, value in _leaves(pace):
        match path[-1], value:
            case "poll_growth", int() | float() if not value >= 1:
                yield path, "1 or more: the poll interval is multiplied by it"
            case "calls_at_most", int() if value < 1:
                yield path, "1 or more"
            case _, str() if not _is_usable(value, may_be_zero=path[-1] in _MAY_BE_ZERO):
                yield path, "longer than no time and at most 3650d"
    first, longest = (pace.get(key, getattr(Pace(), key)) for key in ("poll_first", "poll_longest"))
    if _is_shorter(longest, first):
        written = "poll_first" if "poll_first" in pace else "poll_longest"
        yield (written,), f"poll_first ({first}) may not be longer than poll_longest ({longest})"


def _leaves(table: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from (((key, *path), leaf) for path, leaf in _leaves(value))
        else:
            yield (key,), value


def _is_usable(written: str, *, may_be_zero: bool) -> bool:
    """True also for what is no span at all."""
    try:
        length = Span(written).fixed
    except ValueError:
        return True
    except OverflowError:
        return False
    return length <= _LONGEST and (may_be_zero or length > timedelta(0))


def _is_shorter(longest: Any, first: Any) -> bool:
    try:
        return Span(longest).fixed < Span(first).fixed
    except (TypeError, ValueError, OverflowError):
        return False
