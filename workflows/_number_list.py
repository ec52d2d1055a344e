"""A stored list of numbers, worked through a window at a time; rows of numbers at their ends are put away."""

from collections import Counter
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from temporalio import workflow

from onboarding.batch import StoredFile
from onboarding.calls.documents import STORE_GROUP_ROWS, GroupRows, ResultRow
from onboarding.calls.imported_numbers import (
    READ_NUMBER_LIST,
    WRITE_NUMBER_REPORT,
    NumberReportWritten,
    ReadNumberList,
    WriteNumberReport,
)
from onboarding.number_list import ROWS_A_FILE, ListState
from onboarding.stages import Stage
from workflows._calling import call


class Listed(Protocol):
    """A number of the list."""

    @property
    def phone_number(self) -> str:
        """E.164."""
        ...

    @property
    def is_final(self) -> bool:
        """Whether it has come to its end."""
        ...


Number = TypeVar("Number", bound=Listed)


class NumberList(Generic[Number]):
    """Takes numbers in and puts them away; `numbers` and `state` are parts of the workflow's state."""

    def __init__(
        self,
        file: StoredFile,
        total: int,
        window: int,
        state: ListState,
        numbers: dict[str, Number],
        new: Callable[[str], Number],
        row: Callable[[Number], ResultRow],
    ) -> None:
        """`window` is how many numbers may be at work at a time."""
        self._file = file
        self._total = total
        self._window = window
        self._state = state
        self._numbers = numbers
        self._new = new
        self._row = row

    @property
    def open(self) -> list[Number]:
        """The numbers at work."""
        return [number for number in self._numbers.values() if not number.is_final]

    @property
    def is_over(self) -> bool:
        """True when every number has come to its end and is put away."""
        return not self._numbers and not self._left

    @property
    def _left(self) -> int:
        return 0 if self._state.cancelled else self._total - self._state.started

    @property
    def has_room(self) -> bool:
        """Whether numbers can be taken in; a quarter of the window at least, so that the list is read rarely."""
        at_work, left = len(self.open), self._left
        return left > 0 and self._window - at_work >= min(left, self._window // 4 + 1)

    @property
    def can_put_away(self) -> bool:
        """Whether enough numbers have come to their ends, or the last ones."""
        ended = len(self._numbers) - len(self.open)
        return ended >= ROWS_A_FILE or (0 < ended == len(self._numbers) and not self._left)

    async def take_in(self) -> None:
        """Fill the window up with the next numbers of the list."""
        if not self.has_room:
            return
        count = self._window - len(self.open)
        request = ReadNumberList(file=self._file, offset=self._state.started, count=count)
        page = await call(READ_NUMBER_LIST, request, f"read the next {count} numbers of the list")
        self._state.started = self._state.started + len(page.phone_numbers) if page.phone_numbers else self._total
        for phone_number in page.phone_numbers:
            self._numbers[phone_number] = self._new(phone_number)

    async def put_away(self) -> None:
        """Store the rows of numbers that have come to their ends, and forget those numbers."""
        if not self.can_put_away:
            return
        ended = [number for number in self._numbers.values() if number.is_final]
        rows = tuple(self._row(number) for number in ended)
        request = GroupRows(batch=workflow.info().workflow_id, sequence=len(self._state.rows) + 1, rows=rows)
        stored = await call(STORE_GROUP_ROWS, request, f"store {len(rows)} result rows")
        self._state.rows.append(stored.file)
        self._state.stages = dict(Counter(self._state.stages) + Counter(row.stage.value for row in rows))
        for number in ended:
            del self._numbers[number.phone_number]

    async def report(self) -> NumberReportWritten:
        """Write the report; numbers that were never started only count, as cancelled."""
        request = WriteNumberReport(workflow_id=workflow.info().workflow_id, rows=tuple(self._state.rows))
        written = await call(WRITE_NUMBER_REPORT, request, "write the report")
        not_started = self._total - self._state.started
        if not not_started:
            return written
        stages = written.stages | {Stage.CANCELLED.value: not_started}
        return written.model_copy(update={"stages": stages})

    def counts(self, of: Callable[[Number], str]) -> dict[str, int]:
        """How many numbers there are of each kind, those that are put away under their stage."""
        return dict(Counter(self._state.stages) + Counter(of(number) for number in self._numbers.values()))
