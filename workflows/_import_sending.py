"""Starting imports: numbers that wait go into imports as there is room; each is sent once, answers are taken in."""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError

from onboarding import reasons
from onboarding.calls.imports import (
    IMPORT_NUMBER,
    ORDER_IMPORT,
    ImportOrder,
    ImportOutcome,
    NumberImport,
    StartImport,
)
from onboarding.chunks import in_chunks
from onboarding.contracts.import_numbers import ImportInFlight, ImportRequest, ImportState, Step
from onboarding.errors import FailureType
from onboarding.group_numbers import GroupNumbers
from onboarding.ids import import_display_name
from onboarding.imports import linked_elsewhere, ordered_for_import
from onboarding.progress import NumberProgress, submitted
from onboarding.reasons import Reason, reason
from onboarding.stages import Stage
from workflows._calling import call, failure_of
from workflows._imports_in_flight import ImportsInFlight

_REFUSED = (FailureType.INVALID_ARGUMENT, FailureType.NOT_FOUND, FailureType.CONFLICT)
_REFUSALS = {ImportOutcome.TAKEN: reasons.NUMBER_TAKEN, ImportOutcome.REFUSED: reasons.IMPORT_REFUSED}


class ImportSending:
    """Gets numbers to Sinch, at most a window of imports at a time."""

    def __init__(
        self, request: ImportRequest, state: ImportState, numbers: GroupNumbers, imports: ImportsInFlight
    ) -> None:
        """The imports stand in `state`."""
        self._batch = request.batch
        self._window = request.window
        self._state = state
        self._numbers = numbers
        self._imports = imports

    @property
    def room(self) -> int:
        """How many more imports may be at Sinch."""
        return self._window - len(self._state.in_flight)

    def _waiting(self, *steps: Step) -> list[str]:
        return [number for number, step in self._state.steps.items() if step in steps]

    def form(self) -> None:
        """Put numbers that wait into imports, as far as there is room; an order takes several at a time."""
        for step, size in ((Step.ALONE, 1), (Step.MIGRATE, 1), (Step.ORDER, self._batch.numbers_per_order)):
            chosen = self._waiting(step)[: max(0, self.room) * size]
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
            news_at=now,
        )
        for number in phone_numbers:
            del state.steps[number]
            self._numbers.put(ordered_for_import(self._numbers[number], now, self._batch))

    async def send_due(self) -> None:
        """Send what Sinch has not accepted yet."""
        await asyncio.gather(*(self._send(one) for one in self._imports.due(accepted=False)))

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
            self._imports.look_later(one, news=False)

    def _take_order(self, one: ImportInFlight, request: StartImport, answer: ImportOrder) -> None:
        created = answer.created
        if created is None:
            self._take_refusal(one, request, answer)
            return
        one.accepted, one.order_state = True, created.state
        one.hosting_order_id = created.hosting_order_id
        for number in self._open_in(one):
            self._numbers.put(submitted(number, created.hosting_order_id, created.created_time))
        self._imports.look_later(one, news=True)
        self._imports.react(one)

    def _take_refusal(self, one: ImportInFlight, request: StartImport, answer: ImportOrder) -> None:
        """One number at fault holds up no other: it is imported by itself, the others are ordered again.

        A number that is to be migrated may have to wait until the order it failed in is through with its others.
        """
        if answer.busy and one.migrate:
            self._imports.look_later(one, news=False)
            return
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
            self._imports.learn(answer.seen)
            self._imports.look_later(one, news=True)
            self._imports.react(one)
            return
        self._state.in_flight.pop(one.display_name, None)
        if answer.outcome is ImportOutcome.ADOPTED:
            self._numbers.put(number.moved(Stage.DONE, workflow.now(), reason(reasons.ADOPTED)))
        elif answer.outcome is ImportOutcome.LINKED_ELSEWHERE and answer.seen:
            self._end(number, linked_elsewhere(answer.seen, self._batch))
        else:
            self._end(number, reason(_REFUSALS.get(answer.outcome, reasons.IMPORT_REFUSED), answer.message))

    def dues(self) -> list[datetime]:
        """Now, where numbers wait and there is room for them."""
        return [workflow.now()] if self.room > 0 and self._waiting(Step.ORDER, Step.ALONE, Step.MIGRATE) else []

    def _end(self, number: NumberProgress, why: Reason) -> None:
        self._numbers.put(number.moved(Stage.FAILED, workflow.now(), why))

    def _open_in(self, one: ImportInFlight) -> Iterable[NumberProgress]:
        return [number for n in one.phone_numbers if not (number := self._numbers[n]).is_final]
