"""Numbers that T-Mobile refuses with 60135: somebody consents, they are removed, and then ordered to be migrated."""

from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError

from onboarding.calls.imports import REMOVE_IMPORTED, RemoveImported
from onboarding.contracts.import_numbers import Consent, ImportRequest, ImportState, Step
from onboarding.group_numbers import GroupNumbers
from onboarding.imports import DELETION, not_consented
from onboarding.observations import CallbackEvent
from onboarding.progress import NumberProgress
from onboarding.reasons import Reason
from onboarding.stages import Stage
from workflows._calling import call

_REMOVED_AT_A_TIME = 50


class Migrations:
    """Takes numbers from T-Mobile's refusal to the point where they may be ordered anew."""

    def __init__(self, request: ImportRequest, state: ImportState, numbers: GroupNumbers) -> None:
        """The steps stand in `state`."""
        self._batch = request.batch
        self._state = state
        self._numbers = numbers

    def is_needed_for(self, number: NumberProgress, why: Reason) -> None:
        """T-Mobile refuses the number: it goes on where somebody has consented, else it waits for that."""
        if self._batch.migrate_to_sinch_tmo or self._state.consented:
            self._go_on(number)
        else:
            self._put(number, why)
            self._state.steps[number.phone_number] = Step.CONSENT

    def _go_on(self, number: NumberProgress) -> None:
        self._put(number, None)
        self._state.steps[number.phone_number] = Step.REMOVE
        self._state.next_removal = None

    def _put(self, number: NumberProgress, why: Reason | None) -> None:
        begins = {"stage": Stage.PROVISIONING, "since": workflow.now(), "reason": why}
        self._numbers.put(number.model_copy(update={**begins, "settled_at": None, "recovery": None}))

    def awaiting_consent(self) -> list[str]:
        """Numbers that somebody has to decide about."""
        return [number for number, step in self._state.steps.items() if step is Step.CONSENT]

    def decide(self, consent: Consent) -> int:
        """Take in a consent or its refusal; how many waiting numbers it is about."""
        chosen = list(consent.phone_numbers) or self.awaiting_consent()
        if consent.granted and not consent.phone_numbers:
            self._state.consented = True
        for phone_number in chosen:
            if consent.granted:
                self._go_on(self._numbers[phone_number])
            else:
                self.give_up(phone_number, "Its migration to Sinch was declined")
        return len(chosen)

    def give_up(self, phone_number: str, happened: str) -> None:
        """The number ends as T-Mobile left it."""
        number = self._numbers[phone_number]
        self._state.steps.pop(phone_number, None)
        why = not_consented(number.reason, happened, self._batch.id)
        self._numbers.put(number.moved(Stage.FAILED, workflow.now(), why))

    async def remove_consented(self) -> None:
        """Remove what is to be migrated, since Sinch takes no order for a number that is imported."""
        state, waiting = self._state, self.waiting_for_removal()
        if not waiting or (state.next_removal is not None and workflow.now() < state.next_removal):
            return
        request = RemoveImported(phone_numbers=tuple(waiting[:_REMOVED_AT_A_TIME]))
        label = f"remove {len(request.phone_numbers)} numbers that are to be migrated"
        gone: tuple[str, ...] = ()
        try:
            gone = (await call(REMOVE_IMPORTED, request, label, profile=self._batch.profile)).gone
        except ActivityError as error:
            workflow.logger.warning("numbers could not be removed: %s", error.cause)
        for number in gone:
            if state.steps.get(number) is Step.REMOVE:
                state.steps[number] = Step.MIGRATE
        state.next_removal = workflow.now() + self._batch.pace.poll_first.fixed

    def take_event(self, event: CallbackEvent) -> bool:
        """True where Sinch tells of a deletion that was waited for."""
        if event.event_type != DELETION or self._state.steps.get(event.phone_number) is not Step.REMOVE:
            return False
        self._state.next_removal = None
        return True

    def dues(self) -> list[datetime]:
        """When numbers are removed, or looked for again."""
        return [self._state.next_removal or workflow.now()] if self.waiting_for_removal() else []

    def waiting_for_removal(self) -> list[str]:
        """Numbers that are to be migrated and still imported."""
        return [number for number, step in self._state.steps.items() if step is Step.REMOVE]
