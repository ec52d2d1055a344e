"""A stored list of numbers, worked through a window at a time; rows of numbers at their ends are put away."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from onboarding.callbacks import CallbackEvents
from onboarding.calls.documents import STORE_GROUP_ROWS, GroupRows, ResultRow
from onboarding.calls.imported_numbers import (
    READ_NUMBER_LIST,
    WRITE_NUMBER_REPORT,
    NotBegun,
    NumberReportWritten,
    ReadNumberList,
    WriteNumberReport,
)
from onboarding.contracts.number_list import NumberListRequest, NumberListResult, NumberListState
from onboarding.number_list import ROWS_A_FILE
from onboarding.observations import CallbackEvent
from onboarding.reasons import Reason
from onboarding.stages import Stage
from workflows._calling import call
from workflows._lifecycle import go_on_as_new, history_is_long
from workflows._waiting import due_or_over, earliest, is_due


class Listed(Protocol):
    """A number of the list."""

    @property
    def phone_number(self) -> str:
        """E.164."""
        ...

    @property
    def stage(self) -> Stage:
        """The stage that reports show."""
        ...

    @property
    def reason(self) -> Reason | None:
        """Why it has ended as it has, where that is not plain."""
        ...

    @property
    def since(self) -> datetime:
        """When something was learned of it last."""
        ...

    @property
    def is_final(self) -> bool:
        """Whether it has come to its end."""
        ...

    @property
    def is_awaited(self) -> bool:
        """Whether Sinch was asked about it, and its answer or the end of its work is waited for."""
        ...


Number = TypeVar("Number", bound=Listed)


class NumberList(Generic[Number]):
    """Gives a workflow its turns, and keeps the numbers at work in the workflow's state."""

    def __init__(
        self,
        request: NumberListRequest,
        state: NumberListState,
        numbers: dict[str, Number],
        new: Callable[[str, datetime], Number],
        cancelled: Callable[[Number, datetime], Number],
    ) -> None:
        """`numbers` (by E.164) are part of `state`; `new` makes one that is taken in now.

        `cancelled` is what becomes of one when the whole is cancelled: left alone, or followed to its end.
        """
        self._request = request
        self._state = state
        self._numbers = numbers
        self._new = new
        self._cancelled = cancelled

    async def turns(
        self, dues: Callable[[], Iterable[datetime | None]], show: Callable[[], None]
    ) -> AsyncIterator[bool]:
        """A turn whenever something is due, until the list is through; True where a poll is due.

        Before a turn numbers are taken in; after it those at their ends are put away, and a long run ends. `dues` are
        the moments of the workflow's own next steps; one in the past is now.
        """
        while not self.is_over:
            await self._take_in()
            yield is_due(self._next_poll())
            await self._put_away()
            show()
            await due_or_over(lambda: self._next_due(dues), lambda: self.is_over)
            if not self.is_over and history_is_long(self._request.events_a_run):
                await go_on_as_new(self._request, self._state)

    async def result(self, show: Callable[[], None]) -> NumberListResult:
        """Write the report, once the list is through."""
        report = await self._report()
        show()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return NumberListResult(id=self._request.id, stages=report.stages, report=report)

    @property
    def open(self) -> list[Number]:
        """The numbers at work."""
        return [number for number in self._numbers.values() if not number.is_final]

    @property
    def is_over(self) -> bool:
        """True when every number has come to its end and is put away."""
        return not self._numbers and not self._left

    @property
    def has_room(self) -> bool:
        """Whether numbers can be taken in; a quarter of the window at least, so that the list is read rarely."""
        window, at_work, left = self._request.window, len(self.open), self._left
        return left > 0 and window - at_work >= min(left, window // 4 + 1)

    def cancel(self) -> None:
        """Begin no further number; see `cancelled`."""
        self._state.list.cancelled = True
        for number in self.open:
            self.put(self._cancelled(number, workflow.now()))

    def refuse_useless_cancel(self) -> None:
        """Raises ApplicationError, which refuses the update."""
        if self.is_over or self._state.list.cancelled:
            raise ApplicationError(f"{self._request.id} is over or cancelled already.", type="Ended")

    def counts(self, of: Callable[[Number], str]) -> dict[str, int]:
        """How many numbers there are of each kind, those that are put away under their stage."""
        return dict(Counter(self._state.list.stages) + Counter(of(number) for number in self._numbers.values()))

    def put(self, number: Number) -> None:
        """Keep a number as it is now."""
        self._numbers[number.phone_number] = number

    def told_of(self, callbacks: CallbackEvents) -> Iterator[tuple[Number, CallbackEvent]]:
        """The events about numbers at work, each with its number as it is by then."""
        for event in callbacks.events:
            known = self._numbers.get(event.phone_number)
            if known is not None:
                yield known, event

    def polled(self, *, news: bool) -> None:
        """The next poll comes a poll interval from now."""
        self._state.last_read = workflow.now()
        self._state.polling = self._state.polling.after_read(self._request.pace, news=news)

    def _next_poll(self) -> datetime | None:
        """When the numbers that are waited for are looked at next; None while there are none."""
        if not any(number.is_awaited for number in self.open):
            return None
        last = self._state.last_read
        return last + self._state.polling.wait if last else workflow.now()

    def _next_due(self, dues: Callable[[], Iterable[datetime | None]]) -> datetime | None:
        if self.has_room or self._can_put_away:
            return workflow.info().start_time
        return earliest([self._next_poll(), *dues()])

    @property
    def _left(self) -> int:
        return 0 if self._state.list.cancelled else self._request.numbers_total - self._state.list.started

    @property
    def _can_put_away(self) -> bool:
        """Whether enough numbers have come to their ends, or the last ones."""
        ended = len(self._numbers) - len(self.open)
        return ended >= ROWS_A_FILE or (0 < ended == len(self._numbers) and not self._left)

    async def _take_in(self) -> None:
        """Fill the window up with the next numbers of the list."""
        if not self.has_room:
            return
        done, count = self._state.list, self._request.window - len(self.open)
        request = ReadNumberList(file=self._request.numbers, offset=done.started, count=count)
        page = await call(READ_NUMBER_LIST, request, f"read the next {count} numbers of the list")
        done.started = done.started + len(page.phone_numbers) if page.phone_numbers else self._request.numbers_total
        now = workflow.now()
        for phone_number in page.phone_numbers:
            number = self._new(phone_number, now)
            # The list may have been read while the whole was cancelled.
            self.put(self._cancelled(number, now) if done.cancelled else number)

    async def _put_away(self) -> None:
        """Store the rows of numbers that have come to their ends, and forget those numbers."""
        if not self._can_put_away:
            return
        done, ended = self._state.list, [number for number in self._numbers.values() if number.is_final]
        rows = tuple(
            ResultRow(phone_number=n.phone_number, stage=n.stage, reason=n.reason, settled_at=n.since) for n in ended
        )
        request = GroupRows(batch=workflow.info().workflow_id, sequence=len(done.rows) + 1, rows=rows)
        stored = await call(STORE_GROUP_ROWS, request, f"store {len(rows)} result rows")
        done.rows.append(stored.file)
        done.stages = dict(Counter(done.stages) + Counter(row.stage.value for row in rows))
        for number in ended:
            del self._numbers[number.phone_number]

    async def _report(self) -> NumberReportWritten:
        """Write the report, in which numbers that were never taken in are cancelled."""
        request, state = self._request, self._state.list
        left_alone = state.started < request.numbers_total
        not_begun = NotBegun(file=request.numbers, offset=state.started, since=workflow.now()) if left_alone else None
        rows = tuple(state.rows)
        write = WriteNumberReport(workflow_id=workflow.info().workflow_id, rows=rows, not_begun=not_begun)
        return await call(WRITE_NUMBER_REPORT, write, "write the report")
