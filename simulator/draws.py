"""Chance that repeats itself: every draw is a pure function of the seed and of what is drawn for."""

import hashlib
from uuid import UUID

from simulator.settings import Range

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


class Draws:
    """Draws durations, codes and identifiers from a seed."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def seconds(self, span: Range, subject: str, step: str) -> float:
        """A duration in the span, for one step of one number or order."""
        return span.shortest + self._fraction(subject, step) * (span.longest - span.shortest)

    def code(self, phone_number: str, call: int) -> str:
        """The four digits that a voice call speaks; they may start with 0."""
        return f"{int(self._fraction(phone_number, f'call {call}') * 10_000):04d}"

    def ulid(self, moment: float, subject: str) -> str:
        """A lower-case ULID: 48 bits of milliseconds, then 80 bits drawn for the subject."""
        drawn = int.from_bytes(self._digest(subject, "ulid")[:10])
        value = int(moment * 1000) << 80 | drawn
        return "".join(_CROCKFORD[value >> shift & 31] for shift in range(125, -1, -5))

    def uuid(self, subject: str) -> str:
        """A UUID drawn for the subject."""
        return str(UUID(bytes=self._digest(subject, "uuid")))

    def _fraction(self, subject: str, step: str) -> float:
        return int.from_bytes(self._digest(subject, step)[:8]) / 2**64

    def _digest(self, subject: str, step: str) -> bytes:
        return hashlib.blake2b(f"{self._seed}/{subject}/{step}".encode(), digest_size=16).digest()
