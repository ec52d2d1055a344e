"""Putting numbers up for qualification and reading their review (Sinch API: Qualified Numbers)."""

from collections.abc import Iterable, Mapping, Sequence

from temporalio import activity

from activities.failures import sinch_failures
from activities.reviews import (
    ALL_STATES,
    HOSTING_FAILED,
    REVIEW_STATES,
    QualifiedNumberReader,
    ReviewedNumber,
    reviewed,
)
from onboarding.calls.qualification import (
    ADD_NUMBERS,
    FIND_HOSTING_FAILURES,
    READ_REVIEWS,
    AddNumbers,
    FindHostingFailures,
    HostingFailures,
    NumbersAdded,
    ReadReviews,
    RefusedNumber,
    Reviews,
)
from onboarding.observations import HostingFailureSeen
from sinch_numbers import Conflict, InvalidArgument, QualifiedNumber, SinchNumbers

_KNOWN_IS_FRESH = 300.0
"""Seconds a listing may be old when a first attempt looks which numbers Sinch has already."""


class Qualification:
    """Qualified numbers of one Sinch project."""

    def __init__(self, sinch: SinchNumbers, reader: QualifiedNumberReader) -> None:
        """Both belong to the same project."""
        self._sinch = sinch
        self._reader = reader

    @activity.defn(name=ADD_NUMBERS.name)
    async def add_numbers(self, request: AddNumbers) -> NumbersAdded:
        """Read which numbers Sinch has, add the others; one that Sinch refuses does not hold up the rest."""
        younger_than = _KNOWN_IS_FRESH if activity.info().attempt == 1 else 0.0
        with sinch_failures():
            try:
                return await self._add_missing(request.phone_numbers, younger_than)
            except Conflict:
                return await self._add_missing(request.phone_numbers, 0.0)

    async def _add_missing(self, phone_numbers: Sequence[str], younger_than: float) -> NumbersAdded:
        """Raises Conflict when another group or batch has added one of the numbers since the list was read."""
        known = await self._reader.read(phone_numbers, ALL_STATES, younger_than)
        added, refused = await self._add([number for number in phone_numbers if number not in known])
        return NumbersAdded(refused=tuple(refused), reviews=_reviews([*known.values(), *map(reviewed, added)]))

    async def _add(self, numbers: Sequence[str]) -> tuple[list[QualifiedNumber], list[RefusedNumber]]:
        """Add all at once; when Sinch refuses the request, halve it until the number at fault stands alone."""
        if not numbers:
            return [], []
        try:
            return list(await self._sinch.qualified_numbers.add_numbers(numbers)), []
        except InvalidArgument as error:
            if len(numbers) == 1:
                return [], [RefusedNumber(phone_number=numbers[0], message=error.message)]
        half = len(numbers) // 2
        first, first_refused = await self._add(numbers[:half])
        second, second_refused = await self._add(numbers[half:])
        return first + second, first_refused + second_refused

    @activity.defn(name=READ_REVIEWS.name)
    async def read_reviews(self, request: ReadReviews) -> Reviews:
        """Where the numbers stand; those without news for a review are left out."""
        with sinch_failures():
            found = await self._reader.read(request.phone_numbers, REVIEW_STATES, request.younger_than)
        return _reviews(found.values())

    @activity.defn(name=FIND_HOSTING_FAILURES.name)
    async def find_hosting_failures(self, request: FindHostingFailures) -> HostingFailures:
        """Of the numbers, those that Sinch shows as failed now."""
        with sinch_failures():
            found = await self._reader.read(request.phone_numbers, HOSTING_FAILED, younger_than=0.0)
        return HostingFailures(
            failures=tuple(
                HostingFailureSeen(phone_number=phone_number, updated=number.updated)
                for phone_number, number in found.items()
            )
        )


def _reviews(numbers: Iterable[ReviewedNumber]) -> Reviews:
    states: dict[str, list[str]] = {}
    errors: dict[str, str] = {}
    for number in numbers:
        states.setdefault(number.state, []).append(number.phone_number)
        if number.error:
            errors[number.phone_number] = number.error
    return Reviews(states=_frozen(states), errors=errors)


def _frozen(states: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {state: tuple(numbers) for state, numbers in states.items()}
