"""The numbers of one group by stage, and what is due for them when. Pure: the clock is given."""

from collections.abc import Iterable
from datetime import datetime

from onboarding.batch import GROUP_SIZE
from onboarding.pace import Pace, Patience
from onboarding.progress import NumberProgress
from onboarding.reasons import reason
from onboarding.stages import Stage


class GroupNumbers:
    """A view of the numbers in a group's state; it changes them in place."""

    def __init__(self, numbers: dict[str, NumberProgress], pace: Pace) -> None:
        """`numbers` is the dictionary in the state, by E.164."""
        self._numbers = numbers
        self._pace = pace

    def __getitem__(self, phone_number: str) -> NumberProgress:
        """One number as it is now."""
        return self._numbers[phone_number]

    def __contains__(self, phone_number: str) -> bool:
        """Whether the number belongs to the group."""
        return phone_number in self._numbers

    def put(self, number: NumberProgress) -> None:
        """Take in a number's new state."""
        self._numbers[number.phone_number] = number

    def all(self) -> list[NumberProgress]:
        """All numbers, in the order of the batch."""
        return list(self._numbers.values())

    def open(self) -> list[NumberProgress]:
        """Numbers that have not come to an end."""
        return [number for number in self._numbers.values() if not number.is_final]

    def at(self, *stages: Stage) -> list[NumberProgress]:
        """Numbers in one of the stages."""
        return [number for number in self._numbers.values() if number.stage in stages]

    def not_ordered(self) -> list[NumberProgress]:
        """Open numbers that no order holds yet."""
        return [number for number in self.open() if number.ordered_at is None]

    def still_open(self, numbers: Iterable[NumberProgress]) -> list[NumberProgress]:
        """The numbers as they are now, without those that came to an end meanwhile."""
        now = (self._numbers[number.phone_number] for number in numbers)
        return [number for number in now if not number.is_final]

    def move(self, number: NumberProgress, stage: Stage, at: datetime) -> None:
        """Put one number into another stage."""
        self.put(number.moved(stage, at))

    def end(self, numbers: Iterable[NumberProgress], stage: Stage, code: str, at: datetime, said: str = "") -> None:
        """Bring numbers to an end, with a reason."""
        why = reason(code, said)
        for number in numbers:
            self.put(number.moved(stage, at, why))

    def overdue(self, numbers: Iterable[NumberProgress], at: datetime) -> list[NumberProgress]:
        """Of the numbers, those whose deadline in their stage has come."""
        return [number for number in numbers if (due := self.deadline(number)) is not None and at >= due]

    def deadline(self, number: NumberProgress) -> datetime | None:
        """When the number's wait in its stage ends; None where the stage has no wait of its own."""
        patience = self.patience(number.stage)
        return patience.deadline.after(number.since) if patience and number.since else None

    def patience(self, stage: Stage) -> Patience | None:
        """How long a number may stay in a stage before it is ordered."""
        return {
            Stage.QUALIFYING: self._pace.eligibility,
            Stage.IN_REVIEW: self._pace.invoice_review,
            Stage.NEEDS_VERIFICATION: self._pace.voice_code,
        }.get(stage)

    def wave_due(self, now: datetime) -> datetime | None:
        """When the next order leaves: now if nobody else can still join it or it is full, else by the wave timer."""
        ready = self.at(Stage.VERIFIED)
        if not ready:
            return None
        if len(ready) >= GROUP_SIZE or len(ready) == len(self.not_ordered()):
            return now
        return self._pace.wave.after(min(number.since or now for number in ready))
