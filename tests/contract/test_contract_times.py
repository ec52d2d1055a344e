"""Times at the ends of the calendar: what schemathesis once found, kept as it stands."""

import pytest

from tests.simulator.driver import driving

NUMBER = "+12025550134"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("0021-12-18T19:33:10Z", "0021-12-18T19:33:10.000000Z"),
        ("9999-12-31T23:59:59+14:00", "9999-12-31T09:59:59.000000Z"),
    ],
)
async def test_a_time_in_any_year_is_shown_in_full_and_in_utc(sent: str, shown: str) -> None:
    async with driving() as sinch:
        order = await sinch.order(NUMBER, scheduledOsrUpdateTime=sent)
        assert order.json()["scheduledOsrUpdateTime"] == shown


@pytest.mark.parametrize("sent", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
async def test_a_time_beyond_the_calendar_is_refused(sent: str) -> None:
    async with driving() as sinch:
        refused = await sinch.order(NUMBER, scheduledOsrUpdateTime=sent)
        assert refused.status_code == 400
        assert "the time lies outside the calendar" in refused.json()["message"]
