"""The numbers of chaos batches: half of them test cards, the rest ordinary, and no number in two batches."""

from itertools import islice

from simulator.outcomes import CARDS

_AREA_CODE = 415
_FIRST_EXCHANGE = 300
_EXCHANGES_A_BATCH = 10
_FIRST_ORDINARY = 1000

ALL_CARDS = tuple(card.digits for card in CARDS if card.digits)
"""The last four digits of every test card."""

WITHOUT_DEADLINES = tuple(digits for digits in ALL_CARDS if digits not in {"4105", "6001"})
"""Those whose numbers end without somebody's patience having to end first."""


def numbers_of_batch(position: int, count: int, cards: tuple[str, ...] = ALL_CARDS) -> tuple[str, ...]:
    """`count` numbers for the batch at this position (from 0), all test cards equally often."""
    first = _FIRST_EXCHANGE + position * _EXCHANGES_A_BATCH
    exchanges = range(first, first + _EXCHANGES_A_BATCH)
    copies = max(1, count // 2 // len(cards))
    special = [f"+1{_AREA_CODE}{exchange}{card}" for exchange in islice(exchanges, copies) for card in cards][:count]
    ordinary = range(_FIRST_ORDINARY, _FIRST_ORDINARY + count - len(special))
    return (*special, *(f"+1{_AREA_CODE}{first}{digits}" for digits in ordinary))
