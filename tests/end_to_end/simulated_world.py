"""What a test sees and does behind the simulated Sinch: time, phones, side effects, faults."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import httpx

HOUR = 3600


class SimulatedWorld:
    """The control API of a running simulator (docs/simulator.md)."""

    def __init__(self, control: httpx.AsyncClient) -> None:
        """`control` has the control host as its base URL."""
        self._control = control

    async def pass_hours(self, hours: float) -> None:
        """Jump ahead in virtual time; everything due on the way has happened when this returns."""
        await self._post("/_sim/clock", advance_seconds=hours * HOUR)

    async def ledger(self, kind: str) -> list[Mapping[str, Any]]:
        """All side effects of one kind, in order."""
        entries: list[Mapping[str, Any]] = (await self._get("/_sim/ledger", kind=kind))["entries"]
        return entries

    async def whole_ledger(self) -> list[Mapping[str, Any]]:
        """All side effects of every kind, in order."""
        entries: list[Mapping[str, Any]] = (await self._get("/_sim/ledger"))["entries"]
        return entries

    async def side_effects_on(self, numbers: tuple[str, ...]) -> list[Mapping[str, Any]]:
        """Everything that has to do with any of these numbers."""
        return [entry for entry in await self.whole_ledger() if any(number in str(entry) for number in numbers)]

    async def codes_heard(self, phone_number: str) -> list[str]:
        """The codes that were spoken on a phone that somebody answered, the first one first."""
        calls = (await self._get(f"/_sim/phones/{phone_number}"))["calls"]
        return [call["code"] for call in calls if call["code"] is not None]

    async def requests_ended(self, how: str) -> int:
        """How many API requests ended with this status, `cut` or `timeout`."""
        return (await self.requests())[how]

    async def requests(self) -> Counter[str]:
        """How many API requests ended how: with a status, `cut` or `timeout`."""
        total: Counter[str] = Counter()
        for endings in (await self._get("/_sim/requests")).values():
            total.update(endings)
        return total

    async def reset_connections(self) -> None:
        """Reset every connection to the API, with whatever is under way there."""
        await self._post("/_sim/connections/reset")

    async def add_fault(self, **fault: object) -> None:
        """Make requests go wrong."""
        await self._post("/_sim/faults", **fault)

    async def remove_faults(self) -> None:
        """Let all requests through again."""
        (await self._control.delete("/_sim/faults")).raise_for_status()

    async def leave_on_offer(self, count: int, begins: str) -> None:
        """Of the numbers that begin so, let only this many be rented from now on."""
        await self._post("/_sim/inventory", pattern=begins, search_pattern="START", available=count)

    async def offer_all(self) -> None:
        """Let all numbers be rented again."""
        (await self._control.delete("/_sim/inventory")).raise_for_status()

    async def callbacks(self, **policy: object) -> None:
        """How unreliable callbacks are; without arguments they are reliable again."""
        await self._post("/_sim/callbacks", **policy)

    async def callbacks_held(self) -> int:
        """How many events are held back."""
        held: int = (await self._get("/_sim/callbacks"))["held"]
        return held

    async def mail_server(self, mode: str) -> None:
        """`up`, `temporary_error` or `refuse`."""
        await self._post("/_sim/smtp", mode=mode)

    async def be_well(self) -> None:
        """Undo everything that a test made go wrong."""
        await self.remove_faults()
        await self.offer_all()
        await self.callbacks()
        await self.mail_server("up")

    async def _get(self, path: str, **query: str) -> Any:
        return (await self._control.get(path, params=query)).raise_for_status().json()

    async def _post(self, path: str, **body: object) -> None:
        (await self._control.post(path, json=body)).raise_for_status()
