"""`RentNumbers`: search numbers, rent them within a spending limit, see them linked for SMS and voice.

Callbacks alone are enough to finish, and so are polls alone. No place of a wish gets two numbers: where the answer to
a rent was lost, the number is looked for before the next request, which comes no sooner than the next poll, and for
one of Sinch's own choice no sooner than an hour later.
"""

from collections import Counter
from datetime import datetime

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

from onboarding import reasons, renting
from onboarding.callbacks import CALLBACK_SIGNAL, CallbackEvents
from onboarding.calls.active_numbers import READ_ACTIVE_NUMBERS, READS_A_CALL, ReadActiveNumbers
from onboarding.calls.documents import STORE_GROUP_ROWS, GroupRows, ResultRow
from onboarding.calls.imported_numbers import WRITE_NUMBER_REPORT, WriteNumberReport
from onboarding.calls.notifications import Notice
from onboarding.chunks import in_chunks
from onboarding.contracts import rent_numbers as contract
from onboarding.contracts.operator import CANCEL_UPDATE, STATUS_QUERY, ActionTaken, OperatorAction
from onboarding.contracts.rent_numbers import RentRequest, RentResult, RentState, RentStatus
from onboarding.number_list import ROWS_A_FILE
from onboarding.pace import Vigil
from onboarding.reasons import reason
from onboarding.renting import RentPlace, RentStep
from onboarding.renting_texts import rent_details, rent_silence_notice
from onboarding.stages import Stage, WaitingOn
from workflows._calling import call
from workflows._display import Display
from workflows._lifecycle import go_on_as_new, history_is_long
from workflows._rents import Rents
from workflows._silence import Silence
from workflows._waiting import due_or_over, earliest, is_due

_AT_SINCH = (RentStep.RENTING, RentStep.PROVISIONING, RentStep.RELEASING)
_TOO_LATE = {
    RentStep.WANTED: reasons.SEARCH_UNANSWERED,
    RentStep.RENTING: reasons.RENT_OUTCOME_UNKNOWN,
    RentStep.PROVISIONING: reasons.PROVISIONING_DEADLINE_PASSED,
    RentStep.RELEASING: reasons.RELEASE_DEADLINE_PASSED,
}
_MOST_EARLY_EVENTS = 200
"""Numbers whose events are kept before it is known whose they are."""


@workflow.defn(name=contract.WORKFLOW)
class RentNumbers:
    """One wish for numbers of one kind."""

    @workflow.init
    def __init__(self, request: RentRequest) -> None:
        """State exists before the first callback arrives."""
        self._request = request
        self._wish = request.wish
        self._state = request.state or RentState(
            places={
                place: RentPlace(place=place, since=workflow.now()) for place in range(1, request.wish.quantity + 1)
            }
        )
        self._rents = Rents(self._wish, self._state)
        self._silence = Silence(
            self._state.listening, self._wish.pace, self._quiet_since, self._silence_notice, _never_reminded
        )
        self._display = Display()

    @workflow.run
    async def run(self, request: RentRequest) -> RentResult:
        """Go on until every place has come to its end; then write the report."""
        with self._display.until_cancelled():
            while not self._is_over:
                polls = is_due(self._next_poll())
                if polls:
                    self._state.last_read = workflow.now()
                await self._rents.search(polls)
                await self._rents.rent(polls)
                news = await self._read(polls)
                await self._rents.give_back(polls)
                self._end_waits()
                if polls:
                    self._state.polling = self._state.polling.after_read(self._wish.pace, news=news)
                await self._silence.mind()
                self._show()
                await due_or_over(self._next_due, lambda: self._is_over)
                await self._continue_as_new_if_long()
        return await self._report()

    # the steps

    async def _read(self, polls: bool) -> bool:
        """Read the numbers that are being provisioned; True where one of them has moved."""
        if not polls:
            return False
        before = dict(self._state.places)
        search = self._wish.search
        for chunk in in_chunks(self._rents.at(RentStep.PROVISIONING), READS_A_CALL):
            numbers = tuple(place.phone_number for place in chunk)
            request = ReadActiveNumbers(phone_numbers=numbers, region=search.region, type=search.type)
            summary = f"read {len(numbers)} rented numbers"
            try:
                found = await call(READ_ACTIVE_NUMBERS, request, summary, profile=self._wish.profile)
            except ActivityError as error:
                workflow.logger.warning("rented numbers could not be read: %s", error.cause)
                continue
            for place, seen in zip(chunk, found.numbers, strict=True):
                known = self._state.places[place.place]
                self._rents.put(renting.read(known, seen, self._wish.links, workflow.now()))
        return before != self._state.places

    def _end_waits(self) -> None:
        for place in list(self._state.places.values()):
            if not is_due(self._deadline_of(place)):
                continue
            why = reason(_TOO_LATE[place.step])
            if place.step is RentStep.WANTED:
                self._rents.stop(why)
            else:
                self._rents.put(place.at(RentStep.FAILED, workflow.now(), why))

    async def _continue_as_new_if_long(self) -> None:
        if not self._is_over and history_is_long(self._request.events_a_run):
            await go_on_as_new(self._request, self._state)

    async def _report(self) -> RentResult:
        rows, files = [_row(place) for place in self._state.places.values()], []
        workflow_id = workflow.info().workflow_id
        for sequence, chunk in enumerate(in_chunks(rows, ROWS_A_FILE), 1):
            kept = GroupRows(batch=workflow_id, sequence=sequence, rows=chunk)
            files.append((await call(STORE_GROUP_ROWS, kept, f"store {len(chunk)} result rows")).file)
        request = WriteNumberReport(workflow_id=workflow_id, rows=tuple(files))
        report = await call(WRITE_NUMBER_REPORT, request, "write the report")
        self._show()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return RentResult(
            id=self._wish.id, stages=report.stages, spent=renting.spent(self._state.places.values()), report=report
        )

    # what the steps are made of

    @property
    def _is_over(self) -> bool:
        return all(place.is_final for place in self._state.places.values())

    def _next_due(self) -> datetime | None:
        """When the next step can be done; a moment in the past is now."""
        wants = self._rents.at(RentStep.WANTED) and not self._state.search_unanswered
        gives_back = any(not place.unanswered for place in self._rents.at(RentStep.RELEASING))
        if wants or gives_back:
            return workflow.info().start_time
        moments = [self._next_poll(), self._silence.next_due()]
        moments += [self._deadline_of(place) for place in self._state.places.values()]
        return earliest(moments)

    def _next_poll(self) -> datetime | None:
        if not self._rents.at(*_AT_SINCH) and not self._state.search_unanswered:
            return None
        last = self._state.last_read or workflow.info().start_time
        return last + (self._state.polling.wait or self._wish.pace.poll_first.fixed)

    def _deadline_of(self, place: RentPlace) -> datetime | None:
        waits = place.step in _AT_SINCH or (place.step is RentStep.WANTED and self._state.search_unanswered)
        return self._wish.pace.carrier.deadline.after(place.since) if waits else None

    def _quiet_since(self) -> datetime | None:
        return min((place.since for place in self._rents.at(*_AT_SINCH)), default=None)

    def _silence_notice(self, vigil: Vigil) -> Notice:
        silent = [p for p in self._rents.at(*_AT_SINCH) if is_due(self._wish.pace.no_news.after(p.since))]
        return rent_silence_notice(self._wish, vigil, silent)

    @property
    def _waiting_on(self) -> WaitingOn:
        if self._silence.since:
            return WaitingOn.OPERATOR
        return WaitingOn.NOBODY if self._is_over else WaitingOn.CARRIER

    def _show(self) -> None:
        status = self.status()
        stages = [place.stage for place in self._state.places.values() if not place.is_final]
        deadlines = [self._deadline_of(place) for place in self._state.places.values()]
        self._display.show(
            stage=min(stages, key=lambda stage: stage.rank, default=Stage.DONE),
            waiting_on=status.waiting_on,
            numbers_done=status.steps.get(RentStep.DONE, 0),
            numbers_failed=status.steps.get(RentStep.FAILED, 0),
            deadline=earliest(deadlines),
            details=rent_details(status),
        )

    # what the outside can tell and ask

    @workflow.signal(name=CALLBACK_SIGNAL)
    def callback_events(self, callbacks: CallbackEvents) -> None:
        """Take Sinch's events; repeated and late ones change nothing, and early ones wait for their number."""
        places = {place.phone_number: place for place in self._state.places.values() if place.is_rented}
        early = self._state.early_events
        for event in callbacks.events:
            place = places.get(event.phone_number)
            if place is not None:
                place = renting.told(place, event, self._wish.links, workflow.now())
                places[event.phone_number] = place
                self._rents.put(place)
            elif self._rents.at(RentStep.RENTING) and (event.phone_number in early or len(early) < _MOST_EARLY_EVENTS):
                early.setdefault(event.phone_number, []).append(event)

    @workflow.query(name=STATUS_QUERY)
    def status(self) -> RentStatus:
        """Where the wish stands."""
        state, wish = self._state, self._wish
        counts = Counter(place.step for place in state.places.values())
        return RentStatus(
            id=wish.id,
            wish=wish,
            numbers_total=wish.quantity,
            steps={step.value: counts[step] for step in RentStep if counts[step]},
            spent=renting.spent(state.places.values()),
            waiting_on=self._waiting_on,
            waiting_since=self._silence.waiting_since,
            silent_since=self._silence.since,
            why_no_more=state.why_no_more,
            cancelled=state.cancelled,
            numbers=tuple(state.places.values()),
        )

    @workflow.update(name=CANCEL_UPDATE)
    def cancel(self, action: OperatorAction) -> ActionTaken:
        """Rent no further number; those rented are followed to their end, or given back where all were wanted."""
        self._state.cancelled = True
        self._rents.stop(reason(reasons.RENT_CANCELLED))
        back = len(self._rents.at(RentStep.RELEASING))
        if back:
            return ActionTaken(message=f"No further number is rented; {back} numbers are given back.")
        return ActionTaken(message="No further number is rented; those that are rented are followed to their end.")

    @cancel.validator
    def _may_cancel(self, action: OperatorAction) -> None:
        if self._is_over or self._state.cancelled:
            raise ApplicationError(f"{self._wish.id} is over or cancelled already.", type="Ended")


def _never_reminded(_since: datetime) -> None:
    """Of numbers at Sinch the mails about silence are the only ones."""


def _row(place: RentPlace) -> ResultRow:
    return ResultRow(phone_number=place.phone_number, stage=place.stage, reason=place.reason, settled_at=place.since)
