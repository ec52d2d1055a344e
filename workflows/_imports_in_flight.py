"""The imports at Sinch: read when due, told of by events, left by each number at its own end."""

import asyncio
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError

from onboarding import reasons
from onboarding.calls.hosting_orders import OBSERVE_ORDER, ObserveOrder, OrderObserved
from onboarding.calls.imports import (
    OBSERVE_IMPORTED,
    ImportedObserved,
    ObserveImported,
)
from onboarding.contracts.import_numbers import ImportInFlight, ImportRequest, ImportState
from onboarding.group_numbers import GroupNumbers
from onboarding.imports import (
    DELETION,
    ImportSeen,
    failure_code_due,
    why_failed,
)
from onboarding.model import Model
from onboarding.observations import CallbackEvent, OrderRecords, OrderSeen
from onboarding.progress import NumberProgress, advance
from onboarding.reasons import Reason, reason
from onboarding.stages import Stage
from workflows._calling import call
from workflows._migrations import Migrations

_ENDED = ("COMPLETED", "REJECTED")
_NOT_BEGUN = ("DRAFT", "SUBMITTED")


class ImportsInFlight:
    """Takes what comes of imports into the numbers."""

    def __init__(
        self, request: ImportRequest, state: ImportState, numbers: GroupNumbers, migrations: Migrations
    ) -> None:
        """The imports stand in `state`."""
        self._batch = request.batch
        self._state = state
        self._numbers = numbers
        self._migrations = migrations

    # following

    async def read_due(self) -> None:
        """Read what is due: an order by its report, single numbers all in one go."""
        due = self.due(accepted=True)
        singles = [one for one in due if not one.is_order]
        reads = [self._read_order(one) for one in due if one.is_order]
        await asyncio.gather(*reads, *([self._read_singles(singles)] if singles else []))

    async def _read_order(self, one: ImportInFlight) -> None:
        failed = any(why_failed(self._numbers[number]) for number in one.phone_numbers)
        request = ObserveOrder(hosting_order_id=one.hosting_order_id or "", known_report=None if failed else one.report)
        label = f"read import order {one.hosting_order_id}"
        news = False
        try:
            news = self._learn_order(one, await call(OBSERVE_ORDER, request, label, profile=self._batch.profile))
        except ActivityError as error:
            workflow.logger.warning("%s could not be read: %s", one.display_name, error.cause)
        self.look_later(one, news=news)
        self._leave_failed(one)

    def _learn_order(self, one: ImportInFlight, observed: OrderObserved) -> bool:
        news = observed.state != one.order_state
        known = [self._numbers[number] for number in one.phone_numbers]
        one.order_state, one.report = observed.state, observed.report
        records = {record.phone_number: record for record in observed.records}
        for number in one.phone_numbers:
            self._advance(number, OrderSeen(state=observed.state))
            record = records.get(number) or (OrderRecords(phone_number=number) if observed.state in _ENDED else None)
            if record is not None and observed.state not in _NOT_BEGUN:
                self._advance(number, record.model_copy(update={"order_state": observed.state}))
        return news or known != [self._numbers[number] for number in one.phone_numbers]

    async def _read_singles(self, singles: list[ImportInFlight]) -> None:
        request = ObserveImported(phone_numbers=tuple(number for one in singles for number in one.phone_numbers))
        label = f"read {len(request.phone_numbers)} imported numbers"
        try:
            observed = await call(OBSERVE_IMPORTED, request, label, profile=self._batch.profile)
        except ActivityError as error:
            workflow.logger.warning("imported numbers could not be read: %s", error.cause)
            observed = ImportedObserved(numbers=(), unread=request.phone_numbers)
        seen = {number.phone_number: number for number in observed.numbers}
        for one in singles:
            known = [self._numbers[number] for number in one.phone_numbers]
            for number in known:
                if number.phone_number in seen:
                    self.learn(seen[number.phone_number])
                elif not number.is_final and number.phone_number not in observed.unread:
                    self._end(number, reason(reasons.NO_LONGER_IMPORTED))
            self.look_later(one, news=known != [self._numbers[number] for number in one.phone_numbers])
            self._leave_failed(one)

    def take_event(self, event: CallbackEvent) -> bool:
        """Take in what Sinch tells; True where there is something to do about it."""
        one = self._of_number(event.phone_number)
        if one is None:
            return not event.phone_number and self._look_at_all_orders()
        before = self._numbers[event.phone_number]
        self._advance(event.phone_number, event)
        if self._numbers[event.phone_number] != before:
            one.news_at = workflow.now()
        if event.event_type == DELETION:
            one.next_look = workflow.now()
        else:
            self.react(one)
        return event.event_type == DELETION or self._numbers[event.phone_number] != before

    def _look_at_all_orders(self) -> bool:
        """An event may name its order instead of the number (Sinch API: callback `resourceId`)."""
        orders = [one for one in self._state.in_flight.values() if one.accepted and one.is_order]
        for one in orders:
            one.next_look = workflow.now()
        return bool(orders)

    # leaving

    def drop(self, phone_number: str) -> None:
        """Follow this number no more."""
        one = self._of_number(phone_number)
        if one is not None:
            one.phone_numbers = tuple(number for number in one.phone_numbers if number != phone_number)
            if not one.phone_numbers:
                del self._state.in_flight[one.display_name]

    def react(self, one: ImportInFlight) -> None:
        """What is done leaves; what has failed is looked at once more, for an event says less than a record."""
        for phone_number in one.phone_numbers:
            number = self._numbers[phone_number]
            if why_failed(number):
                one.next_look = workflow.now()
            elif number.is_final:
                self.drop(phone_number)

    def _leave_failed(self, one: ImportInFlight) -> None:
        """After a look: what failed at T-Mobile may be migrated, everything else that is at an end leaves."""
        for phone_number in one.phone_numbers:
            number = self._numbers[phone_number]
            why = why_failed(number)
            code_due = failure_code_due(number, self._batch.pace.poll_first.fixed, workflow.now())
            if code_due is not None:
                one.next_look = code_due
            elif why is not None:
                self.drop(phone_number)
                self._leave(number, why, may_migrate=not one.migrate)
            elif number.is_final:
                self.drop(phone_number)

    def _leave(self, number: NumberProgress, why: Reason, *, may_migrate: bool) -> None:
        if may_migrate and why.code == reasons.T_MOBILE_MIGRATION_REQUIRED and not self._state.cancelled:
            self._migrations.is_needed_for(number, why)
        else:
            self._end(number.model_copy(update={"recovery": None}), why)

    # what all this is made of

    def dues(self) -> list[datetime]:
        """When something has to be sent or read."""
        return [one.next_look for one in self._state.in_flight.values()]

    def due(self, *, accepted: bool) -> list[ImportInFlight]:
        """Imports that have to be read, or (not accepted yet) to be sent."""
        now = workflow.now()
        return [one for one in self._state.in_flight.values() if one.accepted is accepted and one.next_look <= now]

    def look_later(self, one: ImportInFlight, *, news: bool) -> None:
        """Do no more about this import before its polling says so."""
        if news:
            one.news_at = workflow.now()
        one.polling = one.polling.after_read(self._batch.pace, news=news)
        one.next_look = workflow.now() + one.polling.wait

    def learn(self, seen: ImportSeen | None) -> None:
        """Take in what a number says of itself."""
        if seen is not None:
            for observation in seen.observations():
                self._advance(seen.phone_number, observation)

    def _advance(self, phone_number: str, observation: Model) -> None:
        known = self._numbers[phone_number]
        self._numbers.put(advance(known, observation, workflow.now(), self._batch.rules))

    def _end(self, number: NumberProgress, why: Reason) -> None:
        self._numbers.put(number.moved(Stage.FAILED, workflow.now(), why))

    def _of_number(self, phone_number: str) -> ImportInFlight | None:
        return next((one for one in self._state.in_flight.values() if phone_number in one.phone_numbers), None)
