"""The numbers of one wish at the legacy API: which are where, and what a step has made of them. Pure."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from onboarding import reasons
from onboarding.calls.legacy_numbers import ApplicationSet
from onboarding.contracts.legacy_turns import LegacyRentResult
from onboarding.legacy_wishes import LegacyNumber
from onboarding.reasons import Reason, reason
from onboarding.stages import Stage


class LegacyNumbers:
    """Changes the list it is given, which is part of a workflow's state."""

    def __init__(self, numbers: list[LegacyNumber]) -> None:
        """A number keeps its place in the list."""
        self._numbers = numbers

    @property
    def is_over(self) -> bool:
        """Whether every number is at its end."""
        return all(number.stage.is_final for number in self._numbers)

    @property
    def missing(self) -> int:
        """How many are not rented."""
        return sum(number.stage is Stage.PENDING for number in self._numbers)

    @property
    def ordered(self) -> tuple[str, ...]:
        """Those that the application is to get or to lose."""
        return tuple(number.phone_number for number in self._numbers if number.stage is Stage.ORDERED)

    def counts(self) -> dict[str, int]:
        """Stage -> how many numbers, in the order of the main path."""
        counts = Counter(number.stage for number in self._numbers)
        return {stage.value: counts[stage] for stage in Stage if counts[stage]}

    def rented(self, result: LegacyRentResult, at: datetime) -> None:
        """Rented numbers take the first free places; further ones belong to what Sinch does not show."""
        free = [index for index, number in enumerate(self._numbers) if number.stage is Stage.PENDING]
        shown = len(result.phone_numbers)
        for index, phone_number in zip(free, result.phone_numbers, strict=False):
            self._numbers[index] = LegacyNumber(phone_number=phone_number, stage=Stage.ORDERED, since=at)
        not_shown = reason(reasons.RENTED_BUT_NOT_SHOWN)
        for index in free[shown : shown + result.not_shown]:
            self._numbers[index] = self._numbers[index].at(Stage.FAILED, at, not_shown)

    def application_set(self, done: ApplicationSet, asked: Iterable[str], at: datetime) -> None:
        """What was asked and is neither changed nor overwritten was refused."""
        refused = set(asked) - set(done.changed) - set(done.lost)
        said = reason(reasons.ASSIGNMENT_REFUSED, done.refusal)
        for index, number in enumerate(self._numbers):
            if number.stage is Stage.ORDERED and number.phone_number in done.changed:
                self._numbers[index] = number.at(Stage.DONE, at)
            elif number.stage is Stage.ORDERED and number.phone_number in refused:
                self._numbers[index] = number.at(Stage.FAILED, at, said)

    def end(self, stages: Iterable[Stage], end: Stage, why: Reason, at: datetime) -> None:
        """All numbers in one of these stages come to this end."""
        for index, number in enumerate(self._numbers):
            if number.stage in stages:
                self._numbers[index] = number.at(end, at, why)
