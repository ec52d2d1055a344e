"""Spans of time as people write them: `45s`, `10m`, `24h`, `7d`, and `3bd` for business days.

Business days are Monday to Friday in UTC; public holidays count as business days.
"""

import re
from datetime import datetime, timedelta
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

_WRITTEN = re.compile(r"(?P<count>\d+(?:\.\d+)?)(?P<unit>s|m|h|d|bd)")
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_FIRST_WEEKEND_DAY = 5


class Span(str):
    """A span of time, kept as it was written (`str`), so that it reads the same in files, histories and reports.

    Raises ValueError for anything but a count and one of the units s, m, h, d, bd.
    """

    __slots__ = ()

    def __new__(cls, written: str) -> "Span":
        """Checks the spelling; `3bd` needs a whole number of days."""
        match = _WRITTEN.fullmatch(written)
        if match is None or (match["unit"] == "bd" and "." in match["count"]):
            raise ValueError(
                f"{written!r} is no span of time; write for example 45s, 10m, 24h, 7d or 3bd (business days)"
            )
        return super().__new__(cls, written)

    def after(self, moment: datetime) -> datetime:
        """The moment that lies this span after `moment`."""
        count, unit = self._parts()
        if unit != "bd":
            return moment + timedelta(seconds=count * _SECONDS[unit])
        return _business_days_after(moment, int(count))

    @property
    def fixed(self) -> timedelta:
        """The span as a fixed length; business days, which have none, count 24 hours."""
        count, unit = self._parts()
        return timedelta(seconds=count * _SECONDS.get(unit, 86400.0))

    def _parts(self) -> tuple[float, str]:
        match = _WRITTEN.fullmatch(self)
        assert match is not None  # noqa: S101 - checked when the span was made
        return float(match["count"]), match["unit"]

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validates from `str`; serialises as `str`."""
        return core_schema.no_info_after_validator_function(
            cls, core_schema.str_schema(), serialization=core_schema.to_string_ser_schema()
        )


def _business_days_after(moment: datetime, days: int) -> datetime:
    while days > 0:
        moment += timedelta(days=1)
        if moment.weekday() < _FIRST_WEEKEND_DAY:
            days -= 1
    return moment
