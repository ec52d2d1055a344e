"""The numbers on offer: what a search finds, what is taken, and what a test keeps back.

Sinch API: Available Number. All projects rent from the same inventory. Its order is drawn from the seed; numbers with
an outcome card come behind all others, so that a search which does not ask for them does not find them.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from simulator.active_number_outcomes import ORDINARY, card_of
from simulator.errors import not_found
from simulator.number_ranges import LINE_DIGITS, RANGES, Capability, NumberRange, NumberType


@dataclass(frozen=True, slots=True)
class Offer:
    """One number that can be rented."""

    phone_number: str
    range: NumberRange

    def wire(self) -> dict[str, Any]:
        """The resource ``AvailableNumber``."""
        return {
            "phoneNumber": self.phone_number,
            "regionCode": self.range.region_code,
            "type": self.range.type.value,
            "capability": [capability.value for capability in self.range.capabilities],
            "setupPrice": self.range.setup_price.wire(),
            "monthlyPrice": self.range.monthly_price.wire(),
            "paymentIntervalMonths": 1,
            "supportingDocumentationRequired": self.range.needs_documents,
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a search asks for: numbers capable of everything named, that match the pattern."""

    region_code: str
    type: NumberType
    capabilities: frozenset[Capability]
    matches: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Limit:
    """Of the numbers that match a pattern, only those left on offer can be had."""

    pattern: str
    search_pattern: str
    matches: Callable[[str], bool]
    left_on_offer: frozenset[str]

    def allows(self, phone_number: str) -> bool:
        """Whether the limit leaves the number to be had."""
        return phone_number in self.left_on_offer or not self.matches(phone_number)


class NumberInventory:
    """Every number of the ranges that is neither taken nor kept back."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._taken: set[str] = set()
        self._limits: list[Limit] = []
        self._orders: dict[str, tuple[str, ...]] = {}

    def search(self, wanted: Wanted) -> Iterator[Offer]:
        """The numbers on offer that are wanted, in the inventory's order."""
        ranges = [
            of_prefix
            for of_prefix in RANGES
            if (of_prefix.region_code, of_prefix.type) == (wanted.region_code, wanted.type)
            and wanted.capabilities <= set(of_prefix.capabilities)
        ]
        return self._offers(ranges, wanted.matches)

    def get(self, phone_number: str) -> Offer:
        """The offer of one number; raises ApiError 404 when it is not to be had."""
        for of_prefix in RANGES:
            line = phone_number.removeprefix(of_prefix.prefix)
            is_of_range = line != phone_number and len(line) == LINE_DIGITS and line.isascii() and line.isdigit()
            if is_of_range and self._is_to_be_had(phone_number):
                return Offer(phone_number, of_prefix)
        raise not_found("available number", phone_number)

    def take(self, offer: Offer) -> None:
        """Take a number out of the inventory, for good."""
        self._taken.add(offer.phone_number)

    def limit(self, pattern: str, search_pattern: str, matches: Callable[[str], bool], available: int) -> None:
        """From now on let only so many of the numbers that match be had, the first ones of every search."""
        matching = (offer.phone_number for offer in self._offers(RANGES, matches))
        self._limits.append(Limit(pattern, search_pattern, matches, frozenset(islice(matching, available))))

    def lift_limits(self) -> None:
        """Remove every limit."""
        self._limits.clear()

    def wire(self) -> dict[str, Any]:
        """The limits in force, each with the number of numbers it still leaves, as the control API shows them."""
        limits = [
            {
                "pattern": limit.pattern,
                "search_pattern": limit.search_pattern,
                "available": len(limit.left_on_offer - self._taken),
            }
            for limit in self._limits
        ]
        return {"limits": limits}

    def _offers(self, ranges: Sequence[NumberRange], matches: Callable[[str], bool]) -> Iterator[Offer]:
        """Of the ranges in turn, the numbers to be had that match."""
        for numbers in zip(*map(self._in_order, ranges), strict=True):
            for of_prefix, phone_number in zip(ranges, numbers, strict=True):
                if matches(phone_number) and self._is_to_be_had(phone_number):
                    yield Offer(phone_number, of_prefix)

    def _in_order(self, of_prefix: NumberRange) -> tuple[str, ...]:
        prefix = of_prefix.prefix
        if prefix not in self._orders:
            numbers = [f"{prefix}{line:0{LINE_DIGITS}d}" for line in range(10**LINE_DIGITS)]
            random.Random(f"{self._seed}/{prefix}").shuffle(numbers)  # noqa: S311 - repeatable on purpose
            self._orders[prefix] = tuple(sorted(numbers, key=lambda number: card_of(number) is not ORDINARY))
        return self._orders[prefix]

    def _is_to_be_had(self, phone_number: str) -> bool:
        return phone_number not in self._taken and all(limit.allows(phone_number) for limit in self._limits)
