"""The table at the end of a chaos run."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tests.chaos.checker import Broken
from tests.chaos.run import Outcome


def table(outcome: Outcome) -> str:
    """What happened, a line each, and below every broken promise in words."""
    rows = dict(_rows(outcome))
    width = max(map(len, rows))
    lines = [f"{name:<{width}}  {value}" for name, value in rows.items()]
    lines += [f"{found.broken}: {found.subject}: {found.what}" for found in outcome.violations]
    return "\n".join(lines)


def _rows(outcome: Outcome) -> Iterator[tuple[str, str]]:
    broken = Counter(violation.broken for violation in outcome.violations)
    yield "kills", _counts(outcome.kills)
    yield "faults", _counts(outcome.faults)
    yield "callbacks", _counts(outcome.events)
    yield "numbers", f"{outcome.numbers} in {outcome.batches} batches and {outcome.orders} hosting orders"
    yield "ended as demanded", str(outcome.ends_as_demanded)
    yield from ((promise.value, str(broken[promise])) for promise in Broken)
    yield "ended by themselves", _counts(Counter(outcome.ended_by_themselves)) or "0"
    yield "longest stall", f"{outcome.longest_stall:.1f} s without a request to Sinch"


def _counts(counts: Mapping[Any, int]) -> str:
    total = f"{sum(counts.values())}: " if "events" not in counts else ""
    return total + ", ".join(f"{name} {count}" for name, count in counts.items()) if counts else ""
