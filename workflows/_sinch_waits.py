"""Patience with Sinch about the numbers of a list: a long silence shows as an operator's wait, and it has an end."""

from datetime import datetime
from typing import Generic

from onboarding.pace import Pace
from onboarding.stages import WaitingOn
from workflows._number_list import Number, NumberList
from workflows._waiting import is_due


class SinchWaits(Generic[Number]):
    """The waits for the numbers that Sinch was asked about."""

    def __init__(self, pace: Pace, numbers: NumberList[Number]) -> None:
        """`pace.no_news` and `pace.carrier.deadline` count."""
        self._pace = pace
        self._numbers = numbers

    @property
    def overdue(self) -> list[Number]:
        """Numbers at the end of the patience."""
        return [number for number in self._awaited if is_due(self._pace.carrier.deadline.after(number.since))]

    @property
    def waiting_on(self) -> WaitingOn:
        """Where nothing is heard of a number for long, an operator has to look into it."""
        if any(is_due(self._pace.no_news.after(number.since)) for number in self._awaited):
            return WaitingOn.OPERATOR
        return WaitingOn.NOBODY if self._numbers.is_over else WaitingOn.CARRIER

    def dues(self) -> list[datetime]:
        """When the next silence is long, and when the patience with each number ends."""
        silences = [self._pace.no_news.after(number.since) for number in self._awaited]
        deadlines = [self._pace.carrier.deadline.after(number.since) for number in self._awaited]
        return [*(moment for moment in silences if not is_due(moment)), *deadlines]

    @property
    def _awaited(self) -> list[Number]:
        return [number for number in self._numbers.open if number.is_awaited]
