"""The imports at Sinch, at most a window of them: sent once, read when due, left by each number at its own end."""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError

from onboarding import reasons
from onboarding.calls.hosting_orders import OBSERVE_ORDER, ObserveOrder, OrderObserved
from onboarding.calls.imports import (
    IMPORT_NUMBER,
    OBSERVE_IMPORTED,
    ORDER_IMPORT,
    ImportedObserved,
    ImportOrder,
    ImportOutcome,
    NumberImport,
    ObserveImported,
    StartImport,
)
from onboarding.contracts.import_numbers import ImportInFlight, ImportRequest, ImportState, Step
from onboarding.errors import FailureType
from onboarding.group_numbers import GroupNumbers
from onboarding.ids import import_display_name
from onboarding.imports import (
    DELETION,
    ImportSeen,
    failure_code_due,
    in_chunks,
    linked_elsewhere,
    ordered_for_import,
    why_failed,
)
from onboarding.model import Model
from onboarding.observations import CallbackEvent, OrderRecords, OrderSeen
from onboarding.progress import NumberProgress, advance, submitted
from onboarding.reasons import Reason, reason
from onboarding.stages import Stage
from workflows._calling import call, failure_of
from workflows._migrations import Migrations

_ENDED = ("COMPLETED", "REJECTED")
_NOT_BEGUN = ("DRAFT", "SUBMITTED")
_REFUSED = (FailureType.INVALID_ARGUMENT, FailureType.NOT_FOUND, FailureType.CONFLICT)
_REFUSALS = {ImportOutcome.TAKEN: reasons.NUMBER_TAKEN, ImportOutcome.REFUSED: reasons.IMPORT_REFUSED}


class ImportsInFlight:
    """Starts imports and takes what comes of them into the numbers."""

    def __init__(
        self, request: ImportRequest, state: ImportState, numbers: GroupNumbers, migrations: Migrations
    ) -> None:
        """The imports stand in `state`."""
        self._batch = request.batch
        self._window = request.window
        self._state = state
        self._numbers = numbers
        self._migrations = migrations

    # starting

    @property
    def room(self) -> int:
        """How many more imports may be at Sinch."""
        return self._window - len(self._state.in_flight)

    def waiting(self, *steps: Step) -> list[str]:
        """Numbers that are at one of these steps."""
        return [number for number, step in self._state.steps.items() if step in steps]

    def form(self) -> None:
        """Put numbers that wait into imports, as far as there is room; an order takes several at a time."""
        for step, size in ((Step.ALONE, 1), (Step.MIGRATE, 1), (Step.ORDER, self._batch.numbers_per_order)):
            chosen = self.waiting(step)[: max(0, self.room) * size]
            for chunk in in_chunks(chosen, size):
                self._form(chunk, migrate=step is Step.MIGRATE)

    def _form(self, phone_numbers: tuple[str, ...], *, migrate: bool) -> None:
        state, now = self._state, workflow.now()
        state.imports_made += 1
        name = import_display_name(self._batch.id, state.imports_made)
        state.in_flight[name] = ImportInFlight(
            display_name=name,
            phone_numbers=phone_numbers,
            migrate=migrate,
            is_order=migrate or len(phone_numbers) > 1,
            next_look=now,
        )
        for number in phone_numbers:
            del state.steps[number]
            self._numbers.put(ordered_for_import(self._numbers[number], now, self._batch))

    async def send_due(self) -> None:
        """Send what Sinch has not accepted yet."""
        await asyncio.gather(*(self._send(one) for one in self._due(accepted=False)))

    async def _send(self, one: ImportInFlight) -> None:
        request = StartImport(
            display_name=one.display_name,
            region=self._batch.region,
            numbers=one.phone_numbers,
            service_plan_id=self._batch.service_plan_id,
            campaign_id=self._batch.campaign_id,
            migrate_to_sinch_tmo=one.migrate,
            sent_before=one.sent,
        )
        one.sent = True
        label, profile = f"import {len(one.phone_numbers)} numbers", self._batch.profile
        try:
            if one.is_order:
                self._take_order(one, request, await call(ORDER_IMPORT, request, label, profile=profile))
            else:
                self._take_number(one, request, await call(IMPORT_NUMBER, request, label, profile=profile))
        except ActivityError as error:
            kind, message = failure_of(error)
            if kind in _REFUSED:
                self._take_refusal(one, request, ImportOrder(alone=request.numbers, message=message))
                return
            workflow.logger.warning("%s could not be sent: %s", one.display_name, error.cause)
            self._look_later(one, news=False)

    def _take_order(self, one: ImportInFlight, request: StartImport, answer: ImportOrder) -> None:
        created = answer.created
        if created is None:
            self._take_refusal(one, request, answer)
            return
        one.accepted, one.order_state = True, created.state
        one.hosting_order_id = created.hosting_order_id
        for number in self._open_in(one):
            self._numbers.put(submitted(number, created.hosting_order_id, created.created_time))
        self._look_later(one, news=True)
        self._react(one)

    def _take_refusal(self, one: ImportInFlight, request: StartImport, answer: ImportOrder) -> None:
        """One number at fault holds up no other: it is imported by itself, the others are ordered again."""
        self._state.in_flight.pop(one.display_name, None)
        for number in self._open_in(one):
            if len(request.numbers) == 1:
                self._end(number, reason(reasons.IMPORT_REFUSED, answer.message))
            else:
                alone = number.phone_number in answer.alone
                self._state.steps[number.phone_number] = Step.ALONE if alone else Step.ORDER

    def _take_number(self, one: ImportInFlight, request: StartImport, answer: NumberImport) -> None:
        number = self._numbers[request.numbers[0]]
        if number.is_final:
            return
        if answer.outcome is ImportOutcome.UNDER_WAY:
            one.accepted = True
            self._numbers.put(submitted(number, "", answer.seen.updated if answer.seen else None))
            self._learn(answer.seen)
            self._look_later(one, news=True)
            self._react(one)
            return
        self._state.in_flight.pop(one.display_name, None)
        if answer.outcome is ImportOutcome.ADOPTED:
            self._numbers.put(number.moved(Stage.DONE, workflow.now(), reason(reasons.ADOPTED)))
        elif answer.outcome is ImportOutcome.LINKED_ELSEWHERE and answer.seen:
            self._end(number, linked_elsewhere(answer.seen, self._batch))
        else:
            self._end(number, reason(_REFUSALS.get(answer.outcome, reasons.IMPORT_REFUSED), answer.message))

    # following

    async def read_due(self) -> None:
        """Read what is due: an order by its report, single numbers all in one go."""
        due = self._due(accepted=True)
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
        self._look_later(one, news=news)
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
                    self._learn(seen[number.phone_number])
                elif not number.is_final and number.phone_number not in observed.unread:
                    self._end(number, reason(reasons.NO_LONGER_IMPORTED))
            self._look_later(one, news=known != [self._numbers[number] for number in one.phone_numbers])
            self._leave_failed(one)

    def take_event(self, event: CallbackEvent) -> bool:
        """Take in what Sinch tells; True where there is something to do about it."""
        one = self._of_number(event.phone_number)
        if one is None:
            return not event.phone_number and self._look_at_all_orders()
        before = self._numbers[event.phone_number]
        self._advance(event.phone_number, event)
        if event.event_type == DELETION:
            one.next_look = workflow.now()
        else:
            self._react(one)
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

    def _react(self, one: ImportInFlight) -> None:
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
        moments = [one.next_look for one in self._state.in_flight.values()]
        if self.room > 0 and self.waiting(Step.ORDER, Step.ALONE, Step.MIGRATE):
            moments.append(workflow.now())
        return moments

    def _due(self, *, accepted: bool) -> list[ImportInFlight]:
        now = workflow.now()
        return [one for one in self._state.in_flight.values() if one.accepted is accepted and one.next_look <= now]

    def _look_later(self, one: ImportInFlight, *, news: bool) -> None:
        one.polling = one.polling.after_read(self._batch.pace, news=news)
        one.next_look = workflow.now() + one.polling.wait

    def _learn(self, seen: ImportSeen | None) -> None:
        if seen is not None:
            for observation in seen.observations():
                self._advance(seen.phone_number, observation)

    def _advance(self, phone_number: str, observation: Model) -> None:
        known = self._numbers[phone_number]
        self._numbers.put(advance(known, observation, workflow.now(), self._batch.rules))

    def _end(self, number: NumberProgress, why: Reason) -> None:
        self._numbers.put(number.moved(Stage.FAILED, workflow.now(), why))

    def _open_in(self, one: ImportInFlight) -> Iterable[NumberProgress]:
        return [number for n in one.phone_numbers if not (number := self._numbers[n]).is_final]

    def _of_number(self, phone_number: str) -> ImportInFlight | None:
        return next((one for one in self._state.in_flight.values() if phone_number in one.phone_numbers), None)
