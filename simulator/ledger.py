"""The ledger: every side effect of the simulator in order, so that a test can prove "once"."""

from bisect import bisect_right
from collections import defaultdict
from typing import Any, NamedTuple

from simulator.clock import VirtualClock, rfc3339


class Entry(NamedTuple):
    """One side effect, of a project or (None) of none in particular; ``time`` is in virtual seconds since 1970."""

    sequence: int
    time: float
    project_id: str | None
    kind: str
    subject: str
    details: dict[str, Any]

    def wire(self) -> dict[str, Any]:
        """The entry as the control API shows it."""
        return self._asdict() | {"time": rfc3339(self.time)}


class Ledger:
    """An append-only list of side effects, readable by kind and from a sequence number on."""

    def __init__(self, clock: VirtualClock) -> None:
        self._clock = clock
        self._entries: list[Entry] = []
        self._by_kind: dict[str, list[Entry]] = defaultdict(list)

    def write(self, kind: str, subject: str, project_id: str | None = None, /, **details: object) -> None:
        """Note a side effect on a subject (a phone number, an order, a mail) at the virtual present."""
        entry = Entry(len(self._entries) + 1, self._clock.now(), project_id, kind, subject, details)
        self._entries.append(entry)
        self._by_kind[kind].append(entry)

    def read(self, kind: str | None = None, since: int = 0) -> list[Entry]:
        """The entries after sequence number ``since``, all or of one kind."""
        entries = self._entries if kind is None else self._by_kind.get(kind, [])
        return entries[bisect_right(entries, since, key=lambda entry: entry.sequence) :]


class ProjectLedger:
    """The ledger as the parts of one project write to it."""

    def __init__(self, ledger: Ledger, project_id: str) -> None:
        self._ledger = ledger
        self._project_id = project_id

    def write(self, kind: str, subject: str, **details: object) -> None:
        """Note a side effect on a subject of the project at the virtual present."""
        self._ledger.write(kind, subject, self._project_id, **details)
