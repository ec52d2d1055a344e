"""The slices of an import: read as there is room for their numbers, their rows kept as numbers come to an end."""

from temporalio import workflow

from onboarding.calls.documents import READ_MANIFEST, GroupRows, ReadManifest, ResultRow
from onboarding.calls.imports import KEEP_ROWS, KeepRows
from onboarding.contracts.import_numbers import ImportRequest, ImportState, Step
from onboarding.group_numbers import GroupNumbers
from onboarding.progress import NumberProgress
from onboarding.stages import Stage
from workflows._calling import call

MOST_OPEN = 500
"""Open numbers beyond which no further slice is read: what the next run is handed stays small."""

_KEPT_AT_A_TIME = 100


class ImportSlices:
    """Brings numbers into the state, and takes those that are settled out of it."""

    def __init__(self, request: ImportRequest, state: ImportState, numbers: GroupNumbers) -> None:
        """Which slices were read stands in `state`."""
        self._request = request
        self._state = state
        self._numbers = numbers

    def more_to_read(self) -> bool:
        """True while slices of the manifest are not read."""
        state = self._state
        all_read = state.slices_total is not None and state.next_slice >= state.slices_total
        return not all_read and not state.cancelled

    async def read(self, wanted: int) -> None:
        """Read slices until `wanted` numbers wait to be imported, or enough are open."""
        state = self._state
        while self.more_to_read() and self._waiting() < wanted and len(self._numbers.open()) < MOST_OPEN:
            page = await call(
                READ_MANIFEST,
                ReadManifest(manifest=self._request.manifest, offset=state.next_slice, count=1),
                "read the next slice",
            )
            state.slices_total = page.slices_total
            if state.cancelled:
                return
            state.next_slice += len(page.slices)
            for part in page.slices:
                for phone_number in part.numbers:
                    self.add(phone_number, part.sequence, Step.ORDER)

    def add(self, phone_number: str, sequence: int, step: Step) -> None:
        """Bring a number of a slice in."""
        self._numbers.put(NumberProgress(phone_number=phone_number, since=workflow.now()))
        self._state.slice_of[phone_number] = sequence
        self._state.steps[phone_number] = step

    def bring_back(self, phone_number: str) -> None:
        """Bring a failed number in again whose row is kept already."""
        state = self._state
        sequence = state.failed.pop(phone_number)
        state.stages[Stage.FAILED] -= 1
        self.add(phone_number, sequence, Step.ALONE)

    async def keep_settled(self) -> None:
        """Keep the rows of settled numbers, many at a time; the last ones as soon as nothing else is to be done."""
        settled = self.settled()
        through = not self._numbers.open() and len(settled) == len(self._state.numbers) and not self.more_to_read()
        if len(settled) < _KEPT_AT_A_TIME and not through:
            return
        for sequence in dict.fromkeys(self._state.slice_of[number.phone_number] for number in settled):
            part = [number for number in settled if self._state.slice_of.get(number.phone_number) == sequence]
            await self._keep(sequence, part)

    def settled(self) -> list[NumberProgress]:
        """Numbers at an end that no import has to be looked at for."""
        in_flight = {number for one in self._state.in_flight.values() for number in one.phone_numbers}
        return [n for n in self._numbers.all() if n.is_final and n.phone_number not in in_flight]

    async def _keep(self, sequence: int, part: list[NumberProgress]) -> None:
        state, batch = self._state, self._request.batch.id
        rows = GroupRows(batch=batch, sequence=sequence, rows=tuple(map(_row, part)))
        request = KeepRows(rows=rows, earlier=state.rows.get(sequence))
        kept = await call(KEEP_ROWS, request, f"keep {len(part)} rows of slice {sequence}")
        state.rows[sequence] = kept.file
        for number in part:
            if self._numbers[number.phone_number] == number:
                self._forget(number, sequence)

    def _forget(self, number: NumberProgress, sequence: int) -> None:
        state, phone_number = self._state, number.phone_number
        del state.numbers[phone_number], state.slice_of[phone_number]
        state.stages[number.stage] = state.stages.get(number.stage, 0) + 1
        if number.stage is Stage.FAILED:
            state.failed[phone_number] = sequence

    def _waiting(self) -> int:
        return sum(step is Step.ORDER for step in self._state.steps.values())


def _row(number: NumberProgress) -> ResultRow:
    return ResultRow(
        phone_number=number.phone_number,
        stage=number.stage,
        reason=number.reason,
        hosting_order_id=number.hosting_order_id or None,
        ordered_at=number.ordered_at,
        settled_at=number.settled_at,
    )
