"""`ImportNumbers`: import numbers that carry their NNID already, by themselves or a few to an order.

Callbacks alone are enough to finish, and so are polls alone. What T-Mobile refuses with 60135 waits for somebody's
consent to migrate it. Numbers come in as there is room, and leave for the document store as they settle.
"""

from collections import Counter

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from onboarding import reasons
from onboarding.callbacks import CALLBACK_SIGNAL, CallbackEvents
from onboarding.calls.documents import WRITE_REPORT, WriteReport
from onboarding.contracts import import_numbers as contract
from onboarding.contracts.import_numbers import (
    CONSENT_UPDATE,
    Consent,
    ImportRequest,
    ImportResult,
    ImportState,
    ImportStatus,
    Step,
)
from onboarding.contracts.operator import (
    CANCEL_UPDATE,
    RETRY_UPDATE,
    SKIP_UPDATE,
    STATUS_QUERY,
    ActionTaken,
    NumbersAction,
    OperatorAction,
)
from onboarding.group_numbers import GroupNumbers
from onboarding.import_details import import_details
from onboarding.stages import Stage
from workflows._calling import call
from workflows._display import Display
from workflows._import_sending import ImportSending
from workflows._import_slices import ImportSlices
from workflows._import_waits import ImportWaits
from workflows._imports_in_flight import ImportsInFlight
from workflows._lifecycle import go_on_as_new, history_is_long
from workflows._migrations import Migrations
from workflows._waiting import news_or

_NEW = (Step.ORDER, Step.ALONE)


@workflow.defn(name=contract.WORKFLOW)
class ImportNumbers:
    """One batch of imports of any size."""

    @workflow.init
    def __init__(self, request: ImportRequest) -> None:
        """State exists before the first callback arrives."""
        self._request = request
        self._state = request.state or ImportState()
        self._numbers = GroupNumbers(self._state.numbers, request.batch.pace)
        self._migrations = Migrations(request, self._state, self._numbers)
        self._slices = ImportSlices(request, self._state, self._numbers)
        self._imports = ImportsInFlight(request, self._state, self._numbers, self._migrations)
        self._sending = ImportSending(request, self._state, self._numbers, self._imports)
        self._waits = ImportWaits(request, self._state, self._numbers, self._imports, self._migrations)
        self._display = Display()
        self._woken = False

    @workflow.run
    async def run(self, request: ImportRequest) -> ImportResult:
        """Keep a window of imports at Sinch until every number is settled; then write the report."""
        with self._display.until_cancelled():
            while self._slices.more_to_read() or self._state.numbers:
                await self._slices.read(self._sending.room * request.batch.numbers_per_order)
                await self._migrations.remove_consented()
                self._sending.form()
                await self._sending.send_due()
                await self._imports.read_due()
                await self._waits.mind()
                await self._slices.keep_settled()
                self._show()
                await self._wait_for_news()
                await self._continue_as_new_if_long()
        return await self._report()

    # the steps

    async def _wait_for_news(self) -> None:
        if self._state.numbers and not self._woken:
            parts = (self._sending, self._imports, self._migrations, self._waits)
            dues = [due for part in parts for due in part.dues()]
            await news_or(min(dues, default=None), lambda: self._woken, "until the next look")
        self._woken = False

    async def _continue_as_new_if_long(self) -> None:
        if history_is_long(self._request.events_a_run):
            await go_on_as_new(self._request, self._state)

    async def _report(self) -> ImportResult:
        state, request = self._state, self._request
        state.reporting = True
        written = await call(
            WRITE_REPORT, WriteReport(manifest=request.manifest, groups=state.rows), "write the final report"
        )
        state.stages = written.stages
        self._show()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return ImportResult(batch=request.batch.id, stages=written.stages, report=written)

    # what the steps are made of

    def _show(self) -> None:
        status = self.status()
        open_numbers = self._numbers.open()
        end = Stage.CANCELLED if self._state.cancelled else Stage.DONE
        self._display.show(
            stage=min((number.stage for number in open_numbers), key=lambda stage: stage.rank, default=end),
            waiting_on=status.waiting_on,
            numbers_done=status.stages.get(Stage.DONE, 0),
            numbers_failed=status.stages.get(Stage.FAILED, 0),
            deadline=self._waits.deadline(),
            details=import_details(status),
        )

    def _stages(self) -> dict[str, int]:
        """Stage -> numbers; those that were not read yet are pending."""
        counts = Counter(self._state.stages) + Counter(number.stage.value for number in self._numbers.all())
        counts[Stage.PENDING] += self._request.numbers_total - counts.total()
        return {stage.value: counts[stage] for stage in Stage if counts[stage]}

    # what the outside can tell and ask

    @workflow.signal(name=CALLBACK_SIGNAL)
    def callback_events(self, callbacks: CallbackEvents) -> None:
        """Take Sinch's events; repeated and late ones change nothing."""
        self._state.callbacks_received += len(callbacks.events)
        for event in callbacks.events:
            self._woken |= self._migrations.take_event(event) or self._imports.take_event(event)

    @workflow.query(name=STATUS_QUERY)
    def status(self) -> ImportStatus:
        """Where the import stands."""
        state, batch = self._state, self._request.batch
        return ImportStatus(
            batch=batch.id,
            customer=batch.customer,
            numbers_total=self._request.numbers_total,
            stages=self._stages(),
            waiting_on=self._waits.waiting_on,
            waiting_since=self._waits.since,
            silent_since=self._waits.silence.since,
            imports_in_flight=len(state.in_flight),
            awaiting_consent=tuple(self._migrations.awaiting_consent()),
            callbacks_received=state.callbacks_received,
            cancelled=state.cancelled,
            numbers=tuple(self._numbers.all()),
            rows=state.rows,
        )

    @workflow.update(name=CONSENT_UPDATE)
    def consent(self, consent: Consent) -> ActionTaken:
        """Somebody consents to the migration of numbers that T-Mobile refuses, or declines it."""
        count = self._migrations.decide(consent)
        self._woken = True
        if not consent.granted:
            return ActionTaken(message=f"{count} numbers are not migrated and have failed.")
        later = "" if consent.phone_numbers else "; so are all numbers that T-Mobile refuses from now on"
        return ActionTaken(message=f"{count} numbers are removed and ordered anew to be migrated{later}.")

    @consent.validator
    def _may_consent(self, consent: Consent) -> None:
        self._refuse_when_ended()
        self._refuse_unless(consent.phone_numbers, self._migrations.awaiting_consent(), "do not wait for a consent")

    @workflow.update(name=RETRY_UPDATE)
    def retry(self, action: NumbersAction) -> ActionTaken:
        """Import failed numbers again, each by itself; without numbers, all. What is imported is linked again."""
        chosen = action.phone_numbers or tuple(self._failed())
        for phone_number in chosen:
            if phone_number in self._state.failed:
                self._slices.bring_back(phone_number)
            else:
                self._slices.add(phone_number, self._state.slice_of[phone_number], Step.ALONE)
        self._woken = True
        return ActionTaken(message=f"{len(chosen)} numbers are tried again.")

    @retry.validator
    def _may_retry(self, action: NumbersAction) -> None:
        self._refuse_when_ended()
        if self._state.cancelled:
            raise ApplicationError("The import is cancelled.", type="Ended")
        self._refuse_unless(action.phone_numbers, self._failed(), "have not failed")

    @workflow.update(name=SKIP_UPDATE)
    def skip(self, action: NumbersAction) -> ActionTaken:
        """Take numbers out; Sinch goes on with those that are there."""
        chosen = [self._numbers[number] for number in action.phone_numbers]
        for number in chosen:
            self._state.steps.pop(number.phone_number, None)
            self._imports.drop(number.phone_number)
        self._numbers.end(chosen, Stage.SKIPPED, reasons.SKIPPED_BY_OPERATOR, workflow.now())
        self._woken = True
        return ActionTaken(message=f"{len(chosen)} numbers are skipped; Sinch may still finish them.")

    @skip.validator
    def _may_skip(self, action: NumbersAction) -> None:
        self._refuse_when_ended()
        still_open = [number.phone_number for number in self._numbers.open()]
        self._refuse_unless(action.phone_numbers, still_open, "are not open here")

    @workflow.update(name=CANCEL_UPDATE)
    def cancel(self, action: OperatorAction) -> ActionTaken:
        """Start nothing new; what is at Sinch is followed to its end."""
        state = self._state
        state.cancelled = self._woken = True
        for phone_number, step in list(state.steps.items()):
            if step in _NEW:
                del state.steps[phone_number]
                free = [self._numbers[phone_number]]
                self._numbers.end(free, Stage.CANCELLED, reasons.CANCELLED_BY_OPERATOR, workflow.now())
            else:
                self._migrations.give_up(phone_number, "The import was cancelled before its migration")
        return ActionTaken(
            message=f"Import {self._request.batch.id} starts nothing new; what is at Sinch is followed to its end."
        )

    @cancel.validator
    def _may_cancel(self, action: OperatorAction) -> None:
        self._refuse_when_ended()
        if self._state.cancelled:
            raise ApplicationError(f"Import {self._request.batch.id} is cancelled already.", type="Ended")

    def _failed(self) -> list[str]:
        """Failed numbers that nothing is to be looked up for any more."""
        here = [number.phone_number for number in self._slices.settled() if number.stage is Stage.FAILED]
        return [*self._state.failed, *here]

    def _refuse_when_ended(self) -> None:
        if self._state.reporting:
            raise ApplicationError("All numbers of the import are settled and reported.", type="Ended")

    def _refuse_unless(self, asked: tuple[str, ...], fitting: list[str], otherwise: str) -> None:
        unfit = [number for number in asked if number not in fitting]
        if unfit:
            raise ApplicationError(f"These numbers {otherwise}: {', '.join(unfit)}.", type="WrongStage")
