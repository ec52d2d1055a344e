"""Which processes a chaos run kills, and when: drawn from the seed, so that the same seed kills in the same way."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Victim(StrEnum):
    """What can be killed: three processes of the stack, and all connections to Sinch at once."""

    WORKER = "worker"
    RECEIVER = "receiver"
    TEMPORAL = "temporal"
    CONNECTIONS = "connections"


_SHORTEST_PAUSE, _LONGEST_PAUSE = 1.5, 4.5
_TWO_AT_ONCE = 0.15
_WEIGHTS = {Victim.WORKER: 4, Victim.RECEIVER: 2, Victim.TEMPORAL: 2, Victim.CONNECTIONS: 2}


@dataclass(frozen=True)
class Strike:
    """A pause in seconds, then one or two kills at the same moment."""

    pause: float
    victims: tuple[Victim, ...]


def schedule(seed: int, kills: int) -> tuple[Strike, ...]:
    """Strikes that kill `kills` victims in all; every victim is among the first ones."""
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose
    left = kills
    strikes: list[Strike] = []
    first = chance.sample(list(Victim), len(Victim))
    while left > 0:
        victims = tuple(first[:1]) or _drawn(chance, left)
        first = first[1:]
        left -= len(victims)
        strikes.append(Strike(chance.uniform(_SHORTEST_PAUSE, _LONGEST_PAUSE), victims))
    return tuple(strikes)


def _drawn(chance: random.Random, most: int) -> tuple[Victim, ...]:
    count = 2 if most > 1 and chance.random() < _TWO_AT_ONCE else 1
    drawn: list[Victim] = []
    while len(drawn) < count:
        [victim] = chance.choices(list(_WEIGHTS), list(_WEIGHTS.values()))
        if victim not in drawn:
            drawn.append(victim)
    return tuple(drawn)


def kills_by_victim(strikes: Sequence[Strike]) -> dict[Victim, int]:
    """How often each victim is killed."""
    return {victim: sum(victim in strike.victims for strike in strikes) for victim in Victim}
