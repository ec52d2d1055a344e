"""One row of the result: a figure, what it should be, and whether it is."""

from onboarding.model import Model


class Measure(Model):
    """A figure; `target` is what it has to be (`<= 0.4`), None for a figure that is only told.

    `value` is None where the measure failed; the `note` then says how.
    """

    name: str
    value: float | None
    unit: str
    target: str | None = None
    ok: bool = True
    note: str = ""


class BenchmarkFailed(Exception):
    """A run did not do what it was to be measured at; the message says what came instead."""


def told(name: str, value: float, unit: str, note: str = "") -> Measure:
    """A figure without a target."""
    return Measure(name=name, value=value, unit=unit, note=note)


def at_most(name: str, value: float, unit: str, limit: float, note: str = "") -> Measure:
    """A figure that should be small."""
    return Measure(name=name, value=value, unit=unit, target=f"<= {limit:g}", ok=value <= limit, note=note)


def at_least(name: str, value: float, unit: str, limit: float, note: str = "") -> Measure:
    """A figure that should be large."""
    return Measure(name=name, value=value, unit=unit, target=f">= {limit:g}", ok=value >= limit, note=note)


def failed(name: str, error: BaseException) -> Measure:
    """The row of a measure that came to nothing."""
    causes = error.exceptions if isinstance(error, BaseExceptionGroup) else (error,)
    said = "; ".join(f"{type(cause).__name__}: {cause}" for cause in causes)
    return Measure(name=name, value=None, unit="", ok=False, note=said)
