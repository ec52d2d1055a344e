"""Spans of time as people write them, and where they lead in the calendar."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from onboarding.spans import Span

MONDAY, FRIDAY, SATURDAY, SUNDAY = (datetime(2026, 3, day, 9, 30, tzinfo=UTC) for day in (2, 6, 7, 8))
NEXT_MONDAY, NEXT_TUESDAY = (datetime(2026, 3, day, 9, 30, tzinfo=UTC) for day in (9, 10))
MOMENTS = st.integers(0, 10_000_000).map(lambda minutes: MONDAY + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("0s", timedelta(0)),
        ("45s", timedelta(seconds=45)),
        ("1.5s", timedelta(seconds=1.5)),
        ("10m", timedelta(minutes=10)),
        ("24h", timedelta(hours=24)),
        ("7d", timedelta(days=7)),
    ],
)
def test_a_fixed_span_lies_as_far_ahead_as_it_says(written: str, length: timedelta) -> None:
    assert Span(written).fixed == length
    assert Span(written).after(FRIDAY) == FRIDAY + length


@pytest.mark.parametrize(
    ("start", "written", "end"),
    [
        (MONDAY, "0bd", MONDAY),
        (SATURDAY, "0bd", SATURDAY),
        (MONDAY, "4bd", FRIDAY),
        (MONDAY, "5bd", NEXT_MONDAY),
        (FRIDAY, "1bd", NEXT_MONDAY),
        (FRIDAY, "2bd", NEXT_TUESDAY),
        (SATURDAY, "1bd", NEXT_MONDAY),
        (SUNDAY, "1bd", NEXT_MONDAY),
        (SUNDAY, "2bd", NEXT_TUESDAY),
        (MONDAY, "10bd", MONDAY + timedelta(weeks=2)),
    ],
)
def test_business_days_leave_out_weekends(start: datetime, written: str, end: datetime) -> None:
    assert Span(written).after(start) == end


@given(MOMENTS, st.integers(1, 60))
def test_business_days_end_on_a_business_day_with_that_many_on_the_way(start: datetime, count: int) -> None:
    end = Span(f"{count}bd").after(start)
    on_the_way = [start + timedelta(days=day) for day in range(1, (end - start).days + 1)]
    assert end.weekday() < 5
    assert end.time() == start.time()
    assert sum(day.weekday() < 5 for day in on_the_way) == count


def test_business_days_count_a_day_each_where_a_fixed_length_is_needed() -> None:
    assert Span("3bd").fixed == timedelta(days=3)


@pytest.mark.parametrize("written", ["", "3", "d", "-1d", "1 d", "3w", "3D", "1,5h", "1.5bd", "1h30m", " 1h", "1h\n"])
def test_another_spelling_is_refused_with_what_would_be_right(written: str) -> None:
    with pytest.raises(ValueError, match="write for example 45s, 10m, 24h, 7d or 3bd"):
        Span(written)


def test_a_span_reads_in_json_as_it_was_written() -> None:
    adapter = TypeAdapter(dict[str, Span])
    read = adapter.validate_json('{"deadline": "10bd"}')
    assert type(read["deadline"]) is Span
    assert json.loads(adapter.dump_json(read)) == {"deadline": "10bd"}


@pytest.mark.parametrize("written", ["soon", 3, None])
def test_a_model_refuses_what_is_no_span(written: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Span).validate_python(written)
